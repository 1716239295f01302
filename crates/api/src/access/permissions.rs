//! What may I do here: for a frontend that shows what can be done, before it is tried.

use actix_web::get;
use klankbord_domain::Refusal;
use klankbord_domain::access::operations as op;
use klankbord_domain::policy::{self, Place, Rule};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::web::{Answer, Call, Problem};
use crate::{consultations, feedback, networks, organisations, participants, programmes};

/// What you may do with one thing.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Permissions {
    /// The thing: its path, without the version.
    #[schema(max_length = 80, example = "networks/0197c000-0000-7000-8000-000600000001")]
    on: String,
    /// What you are to it.
    #[schema(max_items = 30, example = json!(["coordinator"]))]
    roles: Vec<&'static str>,
    /// The operations on it, and on what belongs to it, that you may call: their
    /// ids in this document.
    #[schema(max_items = 100, example = json!(["getNetwork", "updateNetwork"]))]
    operations: Vec<&'static str>,
}

/// On what.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PermissionsQuery {
    /// The thing: its path, without the version.
    #[param(
        max_length = 80,
        example = "networks/0197c000-0000-7000-8000-000600000001",
        pattern = "^(consultations|feedback|memberships|networks|organisations|participants|programmes)/[0-9a-f-]{36}$"
    )]
    on: String,
}

/// What may I do here
///
/// What you are to one thing, and which operations on it and on what belongs to
/// it your roles allow now. Where a thing stands can refuse more
/// (`allowedTransitions`, 409). What you may not know of is 404.
#[utoipa::path(operation_id = "getMyPermissions", tag = "Sign in", params(PermissionsQuery),
    responses((status = 200, description = "What you may do", body = Permissions)))]
#[get("/me/permissions")]
pub(super) async fn get_my_permissions(call: Call<op::GetMyPermissions>) -> Result<Answer, Problem> {
    call.authorise(&Place::installation())?;
    let (PermissionsQuery { on }, _) = call.listing()?;
    let (collection, id) = on.split_once('/').unwrap_or_default();
    let id: Uuid = id.parse().map_err(|_| Refusal::Hidden)?;
    let place = whereabouts(&call, collection, id).await?;
    let caller = call.caller();
    let may = |rule: &&Rule| policy::authorise(rule, caller, &place).is_ok();
    let mut operations: Vec<&str> =
        call.app.contract.rules_on(collection).filter(may).map(|rule| rule.operation).collect();
    operations.sort_unstable();
    let roles = place.roles_of(caller).list().map(|standing| standing.code()).collect();
    Ok(Answer::plain(&Permissions { on, roles, operations }))
}

/// Where the thing stands, for who may read it.
async fn whereabouts(call: &Call<op::GetMyPermissions>, collection: &str, id: Uuid) -> Result<Place, Problem> {
    let (reader, caller) = (call.reader(), call.caller());
    let (place, read) = match collection {
        "consultations" => (consultations::place(reader, caller, id).await?, "getConsultation"),
        "feedback" => (feedback::place(reader, caller, id).await?, "getFeedback"),
        "memberships" => (participants::membership_place(reader, caller, id).await?, "getMembership"),
        "networks" => (networks::place(reader, caller, id).await?, "getNetwork"),
        "organisations" => (organisations::place(reader, id).await?, "getOrganisation"),
        "participants" => (participants::place(reader, id).await?, "getParticipant"),
        "programmes" => (programmes::place(reader, id).await?, "getProgramme"),
        _ => return Err(Refusal::Hidden.into()),
    };
    let rule = policy::rule(read).ok_or_else(|| Problem::internal(format!("{read} has no rule")))?;
    policy::authorise(rule, caller, &place)?;
    Ok(place)
}
