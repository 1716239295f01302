//! Invitations to a role, for people who need no account yet, and to be who one
//! was registered as.

use actix_web::{delete, get, post};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt as _;
use klankbord_domain::access::inviting::{self as rules, RoleInvitationStatus};
use klankbord_domain::access::{Role, ScopeKind, operations as op};
use klankbord_domain::text::is_language_tag;
use klankbord_domain::{Fault, Refusal};
use klankbord_persistence::access::role_invitations::{self, KIND};
use klankbord_persistence::access::{NewRoleInvitation, RoleInvitation as Kept, accounts};
use klankbord_persistence::store::mails::{self, NewMail};
use klankbord_persistence::{Failure, Tx};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::inviting::{self, Invited};
use super::{ground, secret};
use crate::mail::{self, Template};
use crate::web::call::unknown_reference;
use crate::web::page::{Paging, page};
use crate::web::{Answer, Call, Problem};

/// Whom to invite, and to what: a role with its scope, or a person who was
/// registered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoleInvitationCreate {
    /// The address that the mail with the link goes to.
    #[schema(format = Email, max_length = 254, example = "nieuwkomer@demo.klankbord.example")]
    email_address: String,
    /// The role. As with a grant, `member`, `participant` and `representative` are not given by hand.
    #[schema(example = "officer")]
    role: Option<Role>,
    /// The organisation or network where the role holds; absent for `admin`.
    #[schema(example = json!("0197c000-0000-7000-8000-000100000001"))]
    scope_id: Option<Uuid>,
    /// The person without an account who is invited to have one, in place of a role.
    participant_id: Option<Uuid>,
    /// The language of the mail (BCP 47); Dutch when it isn't said.
    #[schema(min_length = 2, max_length = 35, example = "nl")]
    language: Option<String>,
    /// Why. Whoever leads there can read it.
    #[schema(min_length = 1, max_length = 2000, example = "Komt de dossierhouder vervangen.")]
    reason: String,
}

/// An invitation to a role.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoleInvitation {
    /// Its id.
    id: Uuid,
    /// Where it stands.
    status: RoleInvitationStatus,
    /// The address that it went to: for who sent it, while it is open.
    #[schema(format = Email, max_length = 254, example = "nieuwkomer@demo.klankbord.example")]
    email_address: Option<String>,
    /// The role; `participant` where it is to be who one was registered as.
    #[schema(example = "officer")]
    role: Role,
    /// What kind of thing the role reaches.
    #[schema(example = "organisation")]
    scope_kind: ScopeKind,
    /// Which one; absent for the installation.
    scope_id: Option<Uuid>,
    /// The language of the mail (BCP 47).
    #[schema(max_length = 35, example = "nl")]
    language: String,
    /// Why.
    #[schema(max_length = 2000, example = "Komt de dossierhouder vervangen.")]
    reason: String,
    /// The account that sent it.
    invited_by: Uuid,
    /// When.
    created_at: DateTime<Utc>,
    /// Until when it can be accepted.
    expires_at: DateTime<Utc>,
    /// When it was accepted.
    accepted_at: Option<DateTime<Utc>>,
    /// The account that accepted it.
    account_id: Option<Uuid>,
    /// When it was withdrawn.
    withdrawn_at: Option<DateTime<Utc>>,
    /// The account that withdrew it.
    withdrawn_by: Option<Uuid>,
}

page!(
    /// A page of invitations to roles.
    RoleInvitationPage of RoleInvitation
);

/// Where to look for invitations.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct RoleInvitationQuery {
    /// What kind of thing the roles reach. Without it: the invitations that you sent.
    scope_kind: Option<ScopeKind>,
    /// Which organisation, network or person.
    scope_id: Option<Uuid>,
}

/// An invitation as this account sees it: the address is for who wrote it there.
fn view(kept: Kept, now: DateTime<Utc>, account: Option<Uuid>) -> RoleInvitation {
    let status = kept.status(now);
    let shown = status == RoleInvitationStatus::Open && account == Some(kept.invited_by);
    RoleInvitation {
        id: kept.id,
        status,
        email_address: kept.email_address.filter(|_| shown),
        role: kept.role,
        scope_kind: kept.scope_kind,
        scope_id: kept.scope_id,
        language: kept.language,
        reason: kept.reason,
        invited_by: kept.invited_by,
        created_at: kept.created_at,
        expires_at: kept.expires_at,
        accepted_at: kept.accepted_at,
        account_id: kept.account_id,
        withdrawn_at: kept.withdrawn_at,
        withdrawn_by: kept.withdrawn_by,
    }
}

struct Sending {
    account: Uuid,
    new: RoleInvitationCreate,
    token: String,
    days: i64,
}

/// Invite somebody
///
/// To a role, by whoever may grant it there (`createGrant`), whether or not there
/// is an account with the address; or, with `participantId`, to be who they were
/// registered as, by the organisation that registered them. A link goes to the
/// address; its token is redeemed at `POST /role-invitation-acceptances`. The
/// answer says nothing of whether there is an account. Nobody invites themselves.
#[utoipa::path(operation_id = "createRoleInvitation", tag = "Roles",
    request_body(content = RoleInvitationCreate, example = json!({"emailAddress": "nieuwkomer@demo.klankbord.example",
        "role": "officer", "scopeId": "0197c000-0000-7000-8000-000100000001",
        "reason": "Komt de dossierhouder vervangen."})),
    responses((status = 201, description = "Invited", body = RoleInvitation), (status = 429, description = "Too many mails")))]
#[post("/role-invitations")]
pub(super) async fn create_role_invitation(call: Call<op::CreateRoleInvitation>) -> Result<Answer, Problem> {
    let new: RoleInvitationCreate = call.body()?;
    let address = call.app.store.keys().secret_lookup("invited", &new.email_address.trim().to_lowercase());
    call.app.tries.mailed(&address, &call.origin_hash(), call.now)?;
    let (token, days) = (secret::token()?, call.app.config.sign_in.invitation_days);
    let sending = Sending { account: call.account()?, new, token, days };
    let answer = call.command(sending, |tx, sending| create(tx, sending).boxed()).await?;
    call.app.post.wake();
    Ok(answer)
}

async fn create(tx: &Tx, Sending { account, new, token, days }: &Sending) -> Result<Answer, Failure> {
    let RoleInvitationCreate { email_address, role, scope_id, participant_id, language, reason } = new.clone();
    let (email_address, language) = (email_address.trim().to_owned(), language.unwrap_or_else(|| "nl".to_owned()));
    let unsound = (!is_language_tag(&language)).then(|| Fault::body("/language", "text.language_malformed"));
    Refusal::unless_clean(unsound.into_iter().collect())?;
    let (role, scope_id) = rules::Asked { role, scope_id, participant_id }.target()?;
    let scope = (role.scope(), scope_id);
    inviting::lock(tx, scope).await?;
    let pointer = if participant_id.is_some() { "/participantId" } else { "/scopeId" };
    let invited = Invited::find(tx, scope, tx.caller()).await?.ok_or_else(|| unknown_reference(pointer))?;
    tx.authorise(invited.place()).await?;
    invited.may_invite(role)?;
    if accounts::has_address(tx, *account, &email_address).await? {
        return Err(Refusal::Conflict("grant.to_oneself").into());
    }
    invited.is_to_give()?;
    let new = NewRoleInvitation {
        role,
        scope_id,
        organisation_id: invited.organisation(),
        email_address,
        language,
        reason,
        invited_by: *account,
        token: token.clone(),
        expires_at: tx.now() + TimeDelta::days(*days),
    };
    let made = role_invitations::insert(tx, new.clone()).await?;
    invited.person().into_iter().for_each(|person| tx.concerns(person));
    mails::queue(tx, letter(new, *days)).await?;
    let location = format!("/v1/role-invitations/{}", made.id);
    Ok(Answer::made(location, &view(made, tx.now(), Some(*account))))
}

/// The mail with the link. Whose the address is, it doesn't know.
fn letter(new: NewRoleInvitation, days: i64) -> NewMail {
    let values = [("token".to_owned(), new.token), ("days".to_owned(), days.to_string())];
    NewMail {
        organisation: new.organisation_id,
        account: None,
        participant: None,
        template: Template::Invitation.code(),
        language: new.language,
        address: new.email_address,
        values: mail::Values::from(values),
        good_until: Some(new.expires_at),
    }
}

/// List the invitations to roles somewhere
///
/// For those who see the roles there (`listGrants`); those to a person for the
/// organisation that registered them. Without a scope: those that you sent. Who
/// sent an invitation is shown its address while it is open. The read is written
/// down.
#[utoipa::path(operation_id = "listRoleInvitations", tag = "Roles", params(RoleInvitationQuery, Paging),
    responses((status = 200, description = "A page", body = RoleInvitationPage)))]
#[get("/role-invitations")]
pub(super) async fn list_role_invitations(call: Call<op::ListRoleInvitations>) -> Result<Answer, Problem> {
    let (query, request) = call.listing::<RoleInvitationQuery>()?;
    let (account, now) = (call.account()?, call.now);
    let Some(kind) = query.scope_kind else {
        let stray = query.scope_id.map(|_| Fault::query("scopeKind", "value.required"));
        Refusal::unless_clean(stray.into_iter().collect())?;
        let page = role_invitations::sent_by(call.reader(), account, &request).await?;
        call.witness_of(None, ("account", account), persons(&page.items)).await?;
        // Who took it is told where the roles are seen.
        let sent = |kept| RoleInvitation { account_id: None, withdrawn_by: None, ..view(kept, now, Some(account)) };
        return call.page(page.map(sent));
    };
    ground::check_query(kind, query.scope_id)?;
    let invited = Invited::find(call.reader(), (kind, query.scope_id), call.caller()).await?;
    let invited = invited.ok_or_else(ground::unknown_scope)?;
    if !invited.may_be_listed() {
        return Err(Refusal::Forbidden.into());
    }
    let page = role_invitations::list(call.reader(), (kind, query.scope_id), &request).await?;
    let object = query.scope_id.map_or(("account", account), |id| (kind.code(), id));
    call.witness_in(invited.place().room(), invited.organisation(), object, persons(&page.items)).await?;
    call.page(page.map(|kept| view(kept, now, Some(account))))
}

/// The persons that these are about.
fn persons(items: &[Kept]) -> Vec<Uuid> {
    let about = items.iter().filter(|one| one.scope_kind == ScopeKind::Participant);
    about.filter_map(|one| one.scope_id).collect()
}

/// Read an invitation to a role
///
/// For those who see the roles there. The read is written down.
#[utoipa::path(operation_id = "getRoleInvitation", tag = "Roles",
    responses((status = 200, description = "The invitation", body = RoleInvitation)))]
#[get("/role-invitations/{roleInvitationId}")]
pub(super) async fn get_role_invitation(call: Call<op::GetRoleInvitation>) -> Result<Answer, Problem> {
    let found = role_invitations::find(call.reader(), call.id("roleInvitationId")?).await?.ok_or(Refusal::Hidden)?;
    let invited = Invited::find(call.reader(), (found.scope_kind, found.scope_id), call.caller()).await?;
    let invited = invited.filter(Invited::may_be_listed).ok_or(Refusal::Hidden)?;
    let subjects = invited.person().into_iter().collect();
    call.witness_in(invited.place().room(), invited.organisation(), (KIND, found.id), subjects).await?;
    Ok(Answer::plain(&view(found, call.now, call.caller().account)))
}

/// Withdraw an invitation to a role
///
/// For whoever may send it, while it is open. Its link works no longer; the
/// invitation stays to be read.
#[utoipa::path(operation_id = "deleteRoleInvitation", tag = "Roles",
    responses((status = 204, description = "Withdrawn")))]
#[delete("/role-invitations/{roleInvitationId}")]
pub(super) async fn delete_role_invitation(call: Call<op::DeleteRoleInvitation>) -> Result<Answer, Problem> {
    call.command(call.id("roleInvitationId")?, |tx, id| withdraw(tx, *id).boxed()).await
}

async fn withdraw(tx: &Tx, id: Uuid) -> Result<Answer, Failure> {
    let found = role_invitations::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?;
    let invited = Invited::find(tx, (found.scope_kind, found.scope_id), tx.caller()).await?;
    let invited = invited.filter(Invited::may_be_listed).ok_or(Refusal::Hidden)?;
    tx.authorise(invited.place()).await?;
    invited.may_invite(found.role)?;
    rules::may_withdraw(found.status(tx.now()))?;
    role_invitations::withdraw(tx, &found).await?;
    invited.person().into_iter().for_each(|person| tx.concerns(person));
    Ok(Answer::nothing())
}
