//! Requests: written, seen, changed and deleted as long as they are drafts.

use actix_web::{delete, get, patch, post};
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::experience::{ExperienceRequest as Domain, operations as op};
use klankbord_domain::networks::NetworkStatus;
use klankbord_domain::policy::{Operation, Place, Roles, Standing};
use klankbord_persistence::experience::request::{self, ExperienceRequestFilter};
use klankbord_persistence::networks::network;
use klankbord_persistence::organisations::organisation;
use klankbord_persistence::{Failure, Stored, Tx};
use serde_json::Value;
use uuid::Uuid;

use super::request_wire::{
    ExperienceRequest, ExperienceRequestCreate, ExperienceRequestPage, ExperienceRequestPatch, ExperienceRequestQuery,
    view,
};
use crate::web::call::unknown_reference;
use crate::web::page::{Ordering, Paging};
use crate::web::{Answer, Call, Problem, patch};

/// List an organisation's requests
///
/// All of them for its managers and officers; for coordinators those for the networks that
/// they run. Others find nothing.
#[utoipa::path(operation_id = "listExperienceRequests", tag = "Experience",
    params(ExperienceRequestQuery, Paging, Ordering),
    responses((status = 200, description = "A page", body = ExperienceRequestPage)))]
#[get("/organisations/{organisationId}/experience-requests")]
pub(super) async fn list_experience_requests(call: Call<op::ListExperienceRequests>) -> Result<Answer, Problem> {
    let id = call.id("organisationId")?;
    organisation::find(call.reader(), id).await?.ok_or(Refusal::Hidden)?;
    let roles = call.authorise(&Place::of_organisation(id))?.roles();
    let (query, asked) = call.listing::<ExperienceRequestQuery>()?;
    let speaks = roles.has_any(&[Standing::Manager, Standing::Officer]);
    let own = network::reach(call.reader(), call.caller().networks_of(&[Standing::Coordinator])).await?;
    let filter = ExperienceRequestFilter {
        organisation: id,
        networks: (!speaks).then_some(own),
        statuses: query.status.unwrap_or_default(),
    };
    let roles = if speaks { roles } else { roles.with(Standing::Coordinator) };
    let page = request::list(call.reader(), &filter, &asked).await?;
    call.page(page.map(|found| view(found, roles)))
}

/// Write a request
///
/// It starts as a draft: nobody is approached until it is opened. By a manager or officer of
/// the organisation, or by a coordinator for a network that they run.
#[utoipa::path(operation_id = "createExperienceRequest", tag = "Experience",
    request_body(content = ExperienceRequestCreate, example = json!({
        "title": [{"language": "nl", "value": "Lees mee met onze folder"}],
        "purpose": [{"language": "nl", "value": "Pleegkinderen lezen straks deze folder. Is hij duidelijk?"}],
        "themes": ["foster_care"], "forms": ["co_reading"], "minutesPerMonth": 120, "places": ["remote"],
        "compensation": [{"language": "nl", "value": "Een cadeaubon van 25 euro"}], "answerDueOn": "2027-01-15"})),
    responses((status = 201, description = "Made", body = ExperienceRequest)))]
#[post("/organisations/{organisationId}/experience-requests")]
pub(super) async fn create_experience_request(call: Call<op::CreateExperienceRequest>) -> Result<Answer, Problem> {
    let input: (Uuid, ExperienceRequestCreate) = (call.id("organisationId")?, call.body()?);
    call.command(input, |tx, (id, new)| create(tx, *id, new).boxed()).await
}

async fn create(tx: &Tx, id: Uuid, new: &ExperienceRequestCreate) -> Result<Answer, Failure> {
    organisation::find(tx, id).await?.ok_or(Refusal::Hidden)?;
    let networks = match new.network_id {
        Some(network) => networks_of(tx, id, network).await?,
        None => Some(Vec::new()),
    };
    let place = Place { networks: networks.clone().unwrap_or_default(), ..Place::of_organisation(id) };
    let roles = tx.authorise(&place).await?.roles();
    let (made, faults) = new.clone().into_domain((tx.new_id(), id));
    if networks.is_none() {
        return Err(unknown_reference("/networkId").into());
    }
    Refusal::unless_clean(faults)?;
    let stored = request::insert(tx, made).await?;
    let location = format!("/v1/experience-requests/{}", stored.value.id);
    Ok(Answer::created(location, stored.version, &view(stored, roles)))
}

/// A network of this organisation that can be asked for, and the hub above it; none where
/// there is no such network. A council's room is its own: nobody asks in its name here.
async fn networks_of(tx: &Tx, organisation: Uuid, id: Uuid) -> Result<Option<Vec<Uuid>>, Failure> {
    let Some(found) = network::find(tx, id).await? else { return Ok(None) };
    let at_work = !matches!(found.value.status, NetworkStatus::Draft | NetworkStatus::Closed);
    let place = network::place(tx, &found.value).await?;
    let known = found.value.host_id == organisation && at_work && !place.council;
    Ok(known.then_some(place.networks))
}

/// Read a request
#[utoipa::path(operation_id = "getExperienceRequest", tag = "Experience",
    responses((status = 200, description = "The request", body = ExperienceRequest)))]
#[get("/experience-requests/{experienceRequestId}")]
pub(super) async fn get_experience_request(call: Call<op::GetExperienceRequest>) -> Result<Answer, Problem> {
    let (found, roles) = read(&call).await?;
    Ok(Answer::resource(found.version, &view(found, roles)))
}

/// Change a draft
///
/// A variant that stays as it was while the default changed is marked stale.
#[utoipa::path(operation_id = "updateExperienceRequest", tag = "Experience", request_body(
    content((ExperienceRequestPatch = "application/merge-patch+json"), (ExperienceRequestPatch = "application/json"))),
    responses((status = 200, description = "Changed", body = ExperienceRequest)))]
#[patch("/experience-requests/{experienceRequestId}")]
pub(super) async fn update_experience_request(call: Call<op::UpdateExperienceRequest>) -> Result<Answer, Problem> {
    let input: (Uuid, Value) = (call.id("experienceRequestId")?, call.body()?);
    call.command(input, |tx, (id, merge)| update(tx, *id, merge).boxed()).await
}

async fn update(tx: &Tx, id: Uuid, merge: &Value) -> Result<Answer, Failure> {
    let (found, roles) = load(tx, id).await?;
    let content: ExperienceRequestCreate = patch::apply(&found.value.clone().into(), merge)?;
    let next = content.over(&found.value)?;
    tx.fresh(found.version)?;
    found.value.may_change()?;
    let stored = request::save(tx, found.with(next), "experience_request.changed").await?;
    Ok(Answer::resource(stored.version, &view(stored, roles)))
}

/// Delete a draft
#[utoipa::path(operation_id = "deleteExperienceRequest", tag = "Experience",
    responses((status = 204, description = "Deleted")))]
#[delete("/experience-requests/{experienceRequestId}")]
pub(super) async fn delete_experience_request(call: Call<op::DeleteExperienceRequest>) -> Result<Answer, Problem> {
    call.command(call.id("experienceRequestId")?, |tx, id| remove(tx, *id).boxed()).await
}

async fn remove(tx: &Tx, id: Uuid) -> Result<Answer, Failure> {
    let (found, _) = load(tx, id).await?;
    tx.fresh(found.version)?;
    found.value.may_change()?;
    request::delete(tx, &found.value).await?;
    Ok(Answer::nothing())
}

/// The request, for a command on it, and what the caller is towards it.
pub(super) async fn load(tx: &Tx, id: Uuid) -> Result<(Stored<Domain>, Roles), Failure> {
    let found = request::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?;
    let permit = tx.authorise(&request::place(tx, &found.value).await?).await?;
    Ok((found, permit.roles()))
}

/// The request that a query names, for who asks.
pub(super) async fn read<O: Operation>(call: &Call<O>) -> Result<(Stored<Domain>, Roles), Problem> {
    let found = request::find(call.reader(), call.id("experienceRequestId")?).await?.ok_or(Refusal::Hidden)?;
    let permit = call.authorise(&request::place(call.reader(), &found.value).await?)?;
    Ok((found, permit.roles()))
}
