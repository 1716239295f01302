//! The review of roles: everybody who holds one in an organisation, on one list.

use std::collections::HashMap;

use actix_web::get;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use klankbord_domain::access::{Role, ScopeKind, operations as op};
use klankbord_domain::policy::Place;
use klankbord_domain::{Refusal, calendar};
use klankbord_persistence::access::review::{self, Reviewed};
use klankbord_persistence::networks::network;
use klankbord_persistence::organisations::organisation;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::web::csv::Row;
use crate::web::page::{Paging, page};
use crate::web::{Answer, Call, Problem};

/// A table, in the document.
const TABLE: &str = "id,accountId,displayName,role,scopeKind,scopeId,scopeName,grantedBy,reason,createdAt,\
withdrawnAt,withdrawnBy,lastSignedInOn\r\n";

/// A role that somebody holds, or held, as a review needs it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoleReview {
    /// The id of the grant.
    id: Uuid,
    /// Who holds it.
    account_id: Uuid,
    /// The name that they go by.
    #[schema(max_length = 100, example = "Beleidsmedewerker (demo)")]
    display_name: String,
    /// The role.
    #[schema(example = "officer")]
    role: Role,
    /// What kind of thing it reaches.
    #[schema(example = "organisation")]
    scope_kind: ScopeKind,
    /// Which one.
    scope_id: Option<Uuid>,
    /// Its name, in the language that you like.
    #[schema(max_length = 10000, example = "Gemeente Voorbeeld")]
    scope_name: Option<String>,
    /// The account that granted it; absent at the first start.
    granted_by: Option<Uuid>,
    /// Why.
    #[schema(max_length = 2000, example = "Beantwoordt de inbreng namens de gemeente.")]
    reason: Option<String>,
    /// When.
    created_at: DateTime<Utc>,
    /// When it was withdrawn; absent while it holds.
    withdrawn_at: Option<DateTime<Utc>>,
    /// The account that withdrew it.
    withdrawn_by: Option<Uuid>,
    /// The day on which they signed in last; absent when that isn't known.
    last_signed_in_on: Option<NaiveDate>,
}

impl Row for RoleReview {
    const HEAD: &'static [&'static str] = &[
        "id",
        "accountId",
        "displayName",
        "role",
        "scopeKind",
        "scopeId",
        "scopeName",
        "grantedBy",
        "reason",
        "createdAt",
        "withdrawnAt",
        "withdrawnBy",
        "lastSignedInOn",
    ];

    fn cells(&self) -> Vec<String> {
        let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
        let at = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
        vec![
            self.id.to_string(),
            self.account_id.to_string(),
            self.display_name.clone(),
            self.role.code().to_owned(),
            self.scope_kind.code().to_owned(),
            id(self.scope_id),
            self.scope_name.clone().unwrap_or_default(),
            id(self.granted_by),
            self.reason.clone().unwrap_or_default(),
            at(self.created_at),
            self.withdrawn_at.map(at).unwrap_or_default(),
            id(self.withdrawn_by),
            self.last_signed_in_on.map(|day| day.to_string()).unwrap_or_default(),
        ]
    }
}

page!(
    /// A page of roles to review.
    RoleReviewPage of RoleReview
);

/// What to review.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct RoleReviewQuery {
    /// Also what was withdrawn on this day or later.
    #[param(example = "2026-01-01")]
    since: Option<NaiveDate>,
}

/// Review the roles of an organisation
///
/// Everybody who holds a role in the organisation or in its networks, with who
/// granted it, when and why, and when they signed in last. For the
/// organisation's managers; up to 10,000 of them as `text/csv`. The read is
/// written down.
#[utoipa::path(operation_id = "listRoleReviews", tag = "Roles", params(RoleReviewQuery, Paging),
    responses((status = 200, description = "A page", content((RoleReviewPage = "application/json"), (String = "text/csv", example = json!(TABLE))))))]
#[get("/organisations/{organisationId}/role-reviews")]
pub(super) async fn list_role_reviews(call: Call<op::ListRoleReviews>) -> Result<Answer, Problem> {
    let id = call.id("organisationId")?;
    let found = organisation::find(call.reader(), id).await?.ok_or(Refusal::Hidden)?;
    call.authorise(&Place::of_organisation(id))?;
    let (query, request) = call.listing::<RoleReviewQuery>()?;
    let zone = call.app.config.time.zone;
    let since = query.since.map(|day| calendar::start_of(day, zone));
    let page = review::list(call.reader(), id, since, &request).await?;
    call.witness(id, ("organisation", id), Vec::new()).await?;
    let reached: Vec<Uuid> = page.items.iter().filter_map(|one| one.grant.scope_id).collect();
    let networks = network::find_all(call.reader(), &reached).await?;
    let name = |name: &klankbord_domain::Texts| name.pick(call.language.ranges()).map(|text| text.value.clone());
    let mut names: HashMap<Uuid, String> =
        networks.iter().filter_map(|found| Some((found.value.id, name(&found.value.name)?))).collect();
    names.insert(id, found.value.name);
    call.page_or_table(page.map(|one| view(one, &names, zone)))
}

fn view(reviewed: Reviewed, names: &HashMap<Uuid, String>, zone: chrono_tz::Tz) -> RoleReview {
    let Reviewed { grant, display_name, withdrawn_at, withdrawn_by, signed_in_at } = reviewed;
    RoleReview {
        id: grant.id,
        account_id: grant.account_id,
        display_name,
        role: grant.role,
        scope_kind: grant.scope_kind,
        scope_id: grant.scope_id,
        scope_name: grant.scope_id.and_then(|id| names.get(&id).cloned()),
        granted_by: grant.granted_by,
        reason: grant.reason,
        created_at: grant.created_at,
        withdrawn_at,
        withdrawn_by,
        last_signed_in_on: signed_in_at.map(|at| calendar::day_of(at, zone)),
    }
}
