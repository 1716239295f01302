//! What may I do here: for a frontend that shows what can be done, before it is tried.

use actix_web::get;
use klankbord_domain::Refusal;
use klankbord_domain::access::operations as op;
use klankbord_domain::policy::{self, Access, Place, Roles, Rule, Standing};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::web::{Answer, Call, Problem};
use crate::{consultations, feedback, networks, organisations, participants, programmes};

/// What you may do, with one thing or at large.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Permissions {
    /// The thing: its path, without the version.
    #[schema(max_length = 80, example = "networks/0197c000-0000-7000-8000-000600000001")]
    on: Option<String>,
    /// What you are to it; at large: what you are somewhere.
    #[schema(max_items = 30, example = json!(["coordinator"]))]
    roles: Vec<&'static str>,
    /// The operations that you may call, by their ids in this document: on the
    /// thing, and on what belongs to it; at large: those that need no thing's id,
    /// for what you are somewhere.
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
    on: Option<String>,
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
    let Some(on) = on else { return Ok(Answer::plain(&at_large(&call))) };
    let (collection, id) = on.split_once('/').unwrap_or_default();
    let id: Uuid = id.parse().map_err(|_| Refusal::Hidden)?;
    let (place, kept) = whereabouts(&call, collection, id).await?;
    let caller = call.caller();
    // Whoever is a participant somewhere may apply to a network.
    let applies = collection == "networks" && !caller.persons_as(Standing::Participant).is_empty();
    let may = |rule: &&Rule| match rule.operation {
        "createMembership" if applies => true,
        operation => !kept.contains(&operation) && policy::authorise(rule, caller, &place).is_ok(),
    };
    let allowed = call.app.contract.rules_on(collection).filter(may);
    let roles = place.roles_of(caller).list().map(Standing::code).collect();
    Ok(Answer::plain(&Permissions { operations: in_order(allowed), on: Some(on), roles }))
}

fn in_order<'r>(rules: impl Iterator<Item = &'r Rule>) -> Vec<&'static str> {
    let mut operations: Vec<&str> = rules.map(|rule| rule.operation).collect();
    operations.sort_unstable();
    operations
}

/// What the caller may do somewhere.
fn at_large(call: &Call<op::GetMyPermissions>) -> Permissions {
    let held = call.caller().held.iter();
    let roles = held.fold(Roles::NONE, |roles, held| roles.with(held.standing));
    let may = |rule: &&Rule| match rule.access {
        Access::SignedIn => true,
        Access::Held(standings) => roles.has_any(standings),
        // Those are for who has no account yet, or isn't signed in.
        Access::Public | Access::Link => false,
    };
    let admitted = |rule: &&Rule| policy::admits(rule, call.caller()).is_ok();
    let operations = in_order(call.app.contract.rules_at_large().filter(admitted).filter(may));
    Permissions { on: None, roles: roles.list().map(Standing::code).collect(), operations }
}

/// Where the thing stands, for who may read it, and what is kept from them there
/// though their roles allow it.
async fn whereabouts(
    call: &Call<op::GetMyPermissions>,
    collection: &str,
    id: Uuid,
) -> Result<(Place, Vec<&'static str>), Problem> {
    let (reader, caller) = (call.reader(), call.caller());
    let none = |place| (place, Vec::new());
    let ((place, kept), read) = match collection {
        "consultations" => (consultations::place(reader, caller, id).await?, "getConsultation"),
        "feedback" => (feedback::place(reader, caller, id).await?, "getFeedback"),
        "memberships" => (none(participants::membership_place(reader, caller, id).await?), "getMembership"),
        "networks" => (none(networks::place(reader, caller, id).await?), "getNetwork"),
        "organisations" => (none(organisations::place(reader, id).await?), "getOrganisation"),
        "participants" => (none(participants::place(reader, id).await?), "getParticipant"),
        "programmes" => (none(programmes::place(reader, id).await?), "getProgramme"),
        _ => return Err(Refusal::Hidden.into()),
    };
    let rule = policy::rule(read).ok_or_else(|| Problem::internal(format!("{read} has no rule")))?;
    policy::authorise(rule, caller, &place)?;
    Ok((place, kept))
}
