//! Roles: who holds which where, granted by whom, when and why.

use actix_web::{delete, get, post};
use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use klankbord_domain::access::granting;
use klankbord_domain::access::{Role, ScopeKind, operations as op};
use klankbord_domain::networks::Network;
use klankbord_domain::{Fault, Refusal};
use klankbord_persistence::access::{Grant as Kept, NewGrant, accounts, grants};
use klankbord_persistence::{Failure, Tx};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::ground::{self, Ground};
use crate::web::call::unknown_reference;
use crate::web::page::{Paging, page};
use crate::web::{Answer, Call, Problem};

/// A role to grant.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GrantCreate {
    /// To whom.
    account_id: Uuid,
    /// The role. `member`, `participant` and `representative` are not granted by hand.
    #[schema(example = "officer")]
    role: Role,
    /// The organisation or network where it holds; absent for `admin`.
    #[schema(example = json!("0197c000-0000-7000-8000-000100000001"))]
    scope_id: Option<Uuid>,
    /// Why. Whoever leads there can read it.
    #[schema(min_length = 1, max_length = 2000, example = "Beantwoordt de inbreng namens de gemeente.")]
    reason: String,
}

/// A role that somebody holds.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Grant {
    /// Its id.
    id: Uuid,
    /// Who holds it.
    account_id: Uuid,
    /// The role.
    #[schema(example = "officer")]
    role: Role,
    /// What kind of thing it reaches.
    #[schema(example = "organisation")]
    scope_kind: ScopeKind,
    /// Which one; absent for the installation.
    scope_id: Option<Uuid>,
    /// The account that granted it; absent at the first start.
    granted_by: Option<Uuid>,
    /// Why.
    #[schema(max_length = 2000, example = "Beantwoordt de inbreng namens de gemeente.")]
    reason: Option<String>,
    /// When.
    created_at: DateTime<Utc>,
}

page!(
    /// A page of roles that are held.
    GrantPage of Grant
);

/// Where to look for roles.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct GrantQuery {
    /// What kind of thing they reach. Without it: the roles that you hold yourself.
    scope_kind: Option<ScopeKind>,
    /// Which organisation or network.
    scope_id: Option<Uuid>,
}

impl From<Kept> for Grant {
    fn from(kept: Kept) -> Self {
        let Kept { id, account_id, role, scope_kind, scope_id, organisation_id: _, granted_by, created_at, reason } =
            kept;
        Self { id, account_id, role, scope_kind, scope_id, granted_by, reason, created_at }
    }
}

/// Grant a role
///
/// An admin grants `admin`, and the first `manager` of an organisation. A manager grants the
/// roles of the organisation and of its networks, a coordinator those who help in
/// the network. In a council only its own chair grants; while the council is a
/// draft, its host's manager names the first chair. Nobody grants themselves.
#[utoipa::path(operation_id = "createGrant", tag = "Roles",
    request_body(content = GrantCreate, example = json!({"accountId": "0197c000-0000-7000-8000-00110000000e",
        "role": "officer", "scopeId": "0197c000-0000-7000-8000-000100000001",
        "reason": "Beantwoordt de inbreng namens de organisatie."})),
    responses((status = 201, description = "Granted", body = Grant)))]
#[post("/grants")]
pub(super) async fn create_grant(call: Call<op::CreateGrant>) -> Result<Answer, Problem> {
    let new: GrantCreate = call.body()?;
    call.command(new, |tx, new| create(tx, new).boxed()).await
}

async fn create(tx: &Tx, new: &GrantCreate) -> Result<Answer, Failure> {
    let GrantCreate { account_id, role, scope_id, reason } = new.clone();
    Refusal::unless_clean(granting::check(role, scope_id))?;
    ground::lock(tx, (role.scope(), scope_id)).await?;
    let ground = Ground::find(tx, (role.scope(), scope_id), tx.caller()).await?;
    let ground = ground.ok_or_else(|| unknown_reference("/scopeId"))?;
    tx.authorise(&ground.place).await?;
    granting::may_grant(ground.room, ground.roles, role)?;
    let account = accounts::find(tx, account_id).await?.filter(|account| !account.disabled);
    let account = account.ok_or_else(|| unknown_reference("/accountId"))?;
    granting::not_to_oneself(tx.caller(), account.id)?;
    ground.network.as_ref().map_or(Ok(()), Network::may_change)?;
    let organisation_id = ground.organisation;
    let made = grants::insert(tx, NewGrant { account_id, role, scope_id, organisation_id, reason: Some(reason) });
    let made = made.await?;
    Ok(Answer::made(format!("/v1/grants/{}", made.id), &Grant::from(made)))
}

/// List the roles held somewhere
///
/// For those who grant roles there, and for the organisation's managers; the
/// installation's for its admins. Without a scope: the roles that you hold
/// yourself, with who granted them, when and why.
#[utoipa::path(operation_id = "listGrants", tag = "Roles", params(GrantQuery, Paging),
    responses((status = 200, description = "A page", body = GrantPage)))]
#[get("/grants")]
pub(super) async fn list_grants(call: Call<op::ListGrants>) -> Result<Answer, Problem> {
    let (query, request) = call.listing::<GrantQuery>()?;
    let Some(kind) = query.scope_kind else {
        let stray = query.scope_id.map(|_| Fault::query("scopeKind", "value.required"));
        Refusal::unless_clean(stray.into_iter().collect())?;
        let page = grants::of_account(call.reader(), call.account()?, &request).await?;
        return call.page(page.map(Grant::from));
    };
    ground::check_query(kind, query.scope_id)?;
    let ground = Ground::find(call.reader(), (kind, query.scope_id), call.caller()).await?;
    let ground = ground.ok_or_else(ground::unknown_scope)?;
    if !ground.may_be_listed() {
        return Err(Refusal::Forbidden.into());
    }
    let page = grants::list(call.reader(), (kind, query.scope_id), &request).await?;
    call.page(page.map(Grant::from))
}

/// Read a granted role
///
/// For who holds it, and for those who see the roles held there.
#[utoipa::path(operation_id = "getGrant", tag = "Roles", responses((status = 200, description = "The role", body = Grant)))]
#[get("/grants/{grantId}")]
pub(super) async fn get_grant(call: Call<op::GetGrant>) -> Result<Answer, Problem> {
    let found = grants::find(call.reader(), call.id("grantId")?).await?.ok_or(Refusal::Hidden)?;
    if call.caller().account != Some(found.account_id) {
        let ground = Ground::find(call.reader(), (found.scope_kind, found.scope_id), call.caller()).await?;
        ground.filter(Ground::may_be_listed).ok_or(Refusal::Hidden)?;
    }
    Ok(Answer::plain(&Grant::from(found)))
}

/// Withdraw a role
///
/// For whoever may grant it there. It holds no longer from the holder's next call
/// on. The last admin and a council's last chair stay.
#[utoipa::path(operation_id = "deleteGrant", tag = "Roles",
    responses((status = 204, description = "Withdrawn")))]
#[delete("/grants/{grantId}")]
pub(super) async fn delete_grant(call: Call<op::DeleteGrant>) -> Result<Answer, Problem> {
    call.command(call.id("grantId")?, |tx, id| withdraw(tx, *id).boxed()).await
}

async fn withdraw(tx: &Tx, id: Uuid) -> Result<Answer, Failure> {
    let found = grants::find(tx, id).await?.ok_or(Refusal::Hidden)?;
    let ground = Ground::find(tx, (found.scope_kind, found.scope_id), tx.caller()).await?;
    let ground = ground.ok_or(Refusal::Hidden)?;
    let own = tx.caller().account == Some(found.account_id);
    if !ground.may_be_listed() && !own {
        return Err(Refusal::Hidden.into());
    }
    tx.authorise(&ground.place).await?;
    granting::may_grant(ground.room, ground.roles, found.role)?;
    granting::may_withdraw(found.role, grants::others(tx, &found).await?)?;
    grants::withdraw(tx, &found).await?;
    Ok(Answer::nothing())
}
