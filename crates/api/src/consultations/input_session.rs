//! Input sessions: people talk, and a facilitator writes down that they did.

use actix_web::{delete, get, patch, post};
use chrono_tz::Tz;
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::calendar::day_of;
use klankbord_domain::consultations::operations as op;
use klankbord_domain::consultations::{
    InputSession as Domain, may_be_talked_about, may_be_unwritten, may_see_sessions,
};
use klankbord_domain::policy::Operation;
use klankbord_persistence::consultations::{consultation, input_session, session_note, setting};
use klankbord_persistence::{Failure, Stored, Tx};
use serde_json::Value;
use uuid::Uuid;

use super::consultation::{Loaded, permitted, seen};
use super::input_session_wire::{InputSession, InputSessionCreate, InputSessionPage, InputSessionPatch, view};
use crate::web::page::{Ordering, Paging};
use crate::web::{Answer, Call, Problem, patch};

/// Write down that an input session was held
///
/// By a facilitator named on the consultation, from its opening until people heard back. Who took part is told in
/// numbers, never by name.
#[utoipa::path(operation_id = "createInputSession", tag = "Consultations",
    request_body(content = InputSessionCreate, example = json!({
        "title": [{"language": "nl", "value": "Wereldcafé in de wijk"}], "method": "world_cafe", "heldOn": "2026-11-12",
        "place": "Buurthuis De Brug", "attendance": [{"perspective": "resident", "people": 24}]})),
    responses((status = 201, description = "Written down", body = InputSession)))]
#[post("/consultations/{consultationId}/input-sessions")]
pub(super) async fn create_input_session(call: Call<op::CreateInputSession>) -> Result<Answer, Problem> {
    let input: (Uuid, InputSessionCreate, Tz) = (call.id("consultationId")?, call.body()?, call.app.config.time.zone);
    call.command(input, |tx, (id, new, zone)| create(tx, *id, new, *zone).boxed()).await
}

async fn create(tx: &Tx, id: Uuid, new: &InputSessionCreate, zone: Tz) -> Result<Answer, Failure> {
    let loaded = facilitated(tx, permitted(tx, consultation::find_to_add(tx, id).await?).await?)?;
    let (made, faults) = new.clone().into_domain((tx.new_id(), id), day_of(tx.now(), zone));
    Refusal::unless_clean(faults)?;
    may_be_talked_about(loaded.consultation())?;
    let stored = input_session::insert(tx, loaded.consultation(), made).await?;
    let location = format!("/v1/input-sessions/{}", stored.value.id);
    Ok(Answer::created(location, stored.version, &view(&stored, minimum(&loaded), true)))
}

/// What a command starts from, where the caller is named as facilitator.
pub(super) fn facilitated(tx: &Tx, loaded: Loaded) -> Result<Loaded, Failure> {
    let named = loaded.consultation().is_facilitated_by(tx.caller().account, loaded.permit.roles());
    if named { Ok(loaded) } else { Err(Refusal::Forbidden.into()) }
}

fn minimum(loaded: &Loaded) -> i64 {
    loaded.networks.minimum(&loaded.found.value, loaded.permit.roles())
}

/// List the input sessions of a consultation
///
/// For the facilitators named on it; for everybody in it once people heard back, with numbers that betray nobody.
#[utoipa::path(operation_id = "listInputSessions", tag = "Consultations", params(Paging, Ordering),
    responses((status = 200, description = "A page", body = InputSessionPage),
        (status = 409, description = "People didn't hear back yet")))]
#[get("/consultations/{consultationId}/input-sessions")]
pub(super) async fn list_input_sessions(call: Call<op::ListInputSessions>) -> Result<Answer, Problem> {
    let (found, permit, networks) = seen(&call).await?;
    let (_, request) = call.listing::<Paging>()?;
    let asked = &found.value.consultation;
    let facilitates = asked.is_facilitated_by(call.caller().account, permit.roles());
    may_see_sessions(asked, facilitates)?;
    let minimum = networks.minimum(&found.value, permit.roles());
    let page = input_session::list(call.reader(), asked.id, &request).await?;
    call.page(page.map(|stored| view(&stored, minimum, facilitates)))
}

/// Read an input session
#[utoipa::path(operation_id = "getInputSession", tag = "Consultations",
    responses((status = 200, description = "The session", body = InputSession),
        (status = 409, description = "People didn't hear back yet")))]
#[get("/input-sessions/{inputSessionId}")]
pub(super) async fn get_input_session(call: Call<op::GetInputSession>) -> Result<Answer, Problem> {
    let read = read(&call).await?;
    Ok(Answer::resource(read.found.version, &view(&read.found, read.minimum, read.facilitates)))
}

/// A session that a query names, and what its reader is towards it.
pub(super) struct Read {
    pub(super) found: Stored<Domain>,
    pub(super) organisation: Uuid,
    minimum: i64,
    pub(super) facilitates: bool,
}

/// The session that a query names, for who may know of it.
///
/// # Errors
/// 404 for who may not know of the consultation; `session.not_yet` (409) for who doesn't facilitate,
/// until people heard back.
pub(super) async fn read<O: Operation>(call: &Call<O>) -> Result<Read, Problem> {
    let found = input_session::find(call.reader(), call.id("inputSessionId")?).await?.ok_or(Refusal::Hidden)?;
    let about = consultation::find(call.reader(), found.value.consultation_id).await?.ok_or(Refusal::Hidden)?;
    let (networks, place) = setting::of(call.reader(), &about.value, call.caller()).await?;
    let asked = &about.value.consultation;
    if !asked.may_be_seen(place.roles_of(call.caller())) {
        return Err(Refusal::Hidden.into());
    }
    let permit = call.authorise(&place)?;
    let facilitates = asked.is_facilitated_by(call.caller().account, permit.roles());
    may_see_sessions(asked, facilitates)?;
    let minimum = networks.minimum(&about.value, permit.roles());
    Ok(Read { found, organisation: asked.organisation_id, minimum, facilitates })
}

/// Change an input session
///
/// Until people heard back.
#[utoipa::path(operation_id = "updateInputSession", tag = "Consultations", request_body(
    content((InputSessionPatch = "application/merge-patch+json"), (InputSessionPatch = "application/json"))),
    responses((status = 200, description = "Changed", body = InputSession)))]
#[patch("/input-sessions/{inputSessionId}")]
pub(super) async fn update_input_session(call: Call<op::UpdateInputSession>) -> Result<Answer, Problem> {
    let input: (Uuid, Value, Tz) = (call.id("inputSessionId")?, call.body()?, call.app.config.time.zone);
    call.command(input, |tx, (id, merge, zone)| update(tx, *id, merge, *zone).boxed()).await
}

async fn update(tx: &Tx, id: Uuid, merge: &Value, zone: Tz) -> Result<Answer, Failure> {
    let (found, loaded) = load(tx, id).await?;
    let content: InputSessionCreate = patch::apply(&InputSessionCreate::from(&found.value), merge)?;
    let (mut next, faults) = content.into_domain((id, found.value.consultation_id), day_of(tx.now(), zone));
    Refusal::unless_clean(faults)?;
    next.title = found.value.title.revised(next.title);
    tx.fresh(found.version)?;
    may_be_talked_about(loaded.consultation())?;
    let stored = input_session::save(tx, loaded.consultation(), found.with(next)).await?;
    Ok(Answer::resource(stored.version, &view(&stored, minimum(&loaded), true)))
}

/// The session, for a command on it or on what was said in it, by a facilitator named on its consultation.
pub(super) async fn load(tx: &Tx, id: Uuid) -> Result<(Stored<Domain>, Loaded), Failure> {
    let found = input_session::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?;
    let about = consultation::find_to_add(tx, found.value.consultation_id).await?;
    let loaded = facilitated(tx, permitted(tx, about).await?)?;
    Ok((found, loaded))
}

/// Delete an input session of which nothing was written down
#[utoipa::path(operation_id = "deleteInputSession", tag = "Consultations",
    responses((status = 204, description = "Deleted")))]
#[delete("/input-sessions/{inputSessionId}")]
pub(super) async fn delete_input_session(call: Call<op::DeleteInputSession>) -> Result<Answer, Problem> {
    call.command(call.id("inputSessionId")?, |tx, id| remove(tx, *id).boxed()).await
}

async fn remove(tx: &Tx, id: Uuid) -> Result<Answer, Failure> {
    let (found, loaded) = load(tx, id).await?;
    tx.fresh(found.version)?;
    may_be_talked_about(loaded.consultation())?;
    may_be_unwritten(session_note::count(tx, id).await?)?;
    input_session::delete(tx, loaded.consultation(), id).await?;
    Ok(Answer::nothing())
}
