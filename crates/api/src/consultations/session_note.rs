//! What was said in input sessions: for the facilitators named on the consultation.

use actix_web::{delete, get, patch, post};
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::consultations::coding::may_change_piece;
use klankbord_domain::consultations::operations as op;
use klankbord_domain::consultations::{SessionNote as Domain, may_be_talked_about};
use klankbord_domain::policy::Operation;
use klankbord_persistence::consultations::{coding, consultation, session_note};
use klankbord_persistence::{Failure, Stored, Tx};
use serde_json::Value;
use uuid::Uuid;

use super::consultation::Loaded;
use super::input_session::{Read, load, read};
use super::input_session_wire::{SessionNote, SessionNoteCreate, SessionNotePage, SessionNotePatch, view_note};
use crate::web::page::{Ordering, Paging};
use crate::web::{Answer, Call, Problem, patch};

/// Write down what was said in an input session
///
/// Without who said it, and without what tells it.
#[utoipa::path(operation_id = "createSessionNote", tag = "Consultations", request_body = SessionNoteCreate,
    responses((status = 201, description = "Written down", body = SessionNote)))]
#[post("/input-sessions/{inputSessionId}/notes")]
pub(super) async fn create_session_note(call: Call<op::CreateSessionNote>) -> Result<Answer, Problem> {
    let input: (Uuid, SessionNoteCreate) = (call.id("inputSessionId")?, call.body()?);
    call.command(input, |tx, (id, new)| create(tx, *id, new).boxed()).await
}

async fn create(tx: &Tx, id: Uuid, new: &SessionNoteCreate) -> Result<Answer, Failure> {
    let (_, loaded) = load(tx, id).await?;
    let made = new.clone().into_domain(tx.new_id(), id);
    Refusal::unless_clean(made.check(&loaded.consultation().questions))?;
    may_be_talked_about(loaded.consultation())?;
    let stored = session_note::insert(tx, loaded.consultation(), made).await?;
    let location = format!("/v1/input-sessions/{id}/notes/{}", stored.value.id);
    Ok(Answer::created(location, stored.version, &view_note(&stored)))
}

/// List what was said in an input session
#[utoipa::path(operation_id = "listSessionNotes", tag = "Consultations", params(Paging, Ordering),
    responses((status = 200, description = "A page", body = SessionNotePage)))]
#[get("/input-sessions/{inputSessionId}/notes")]
pub(super) async fn list_session_notes(call: Call<op::ListSessionNotes>) -> Result<Answer, Problem> {
    let (_, request) = call.listing::<Paging>()?;
    let session = facilitated(&call).await?;
    let page = session_note::list(call.reader(), session, &request).await?;
    call.page(page.map(|stored| view_note(&stored)))
}

/// Read what was written down of an input session
#[utoipa::path(operation_id = "getSessionNote", tag = "Consultations",
    responses((status = 200, description = "The note", body = SessionNote)))]
#[get("/input-sessions/{inputSessionId}/notes/{sessionNoteId}")]
pub(super) async fn get_session_note(call: Call<op::GetSessionNote>) -> Result<Answer, Problem> {
    let session = facilitated(&call).await?;
    let found = session_note::find(call.reader(), session, call.id("sessionNoteId")?).await?.ok_or(Refusal::Hidden)?;
    Ok(Answer::resource(found.version, &view_note(&found)))
}

/// The session that a query names, for a facilitator named on its consultation: the reading is written down.
async fn facilitated<O: Operation>(call: &Call<O>) -> Result<Uuid, Problem> {
    let Read { found, organisation, facilitates, .. } = read(call).await?;
    if !facilitates {
        return Err(Refusal::Forbidden.into());
    }
    call.witness(organisation, (consultation::KIND, found.value.consultation_id), Vec::new()).await?;
    Ok(found.value.id)
}

/// Change what was written down of an input session
///
/// Until somebody coded it: it stays what it was coded as.
#[utoipa::path(operation_id = "updateSessionNote", tag = "Consultations", request_body(
    content((SessionNotePatch = "application/merge-patch+json"), (SessionNotePatch = "application/json"))),
    responses((status = 200, description = "Changed", body = SessionNote)))]
#[patch("/input-sessions/{inputSessionId}/notes/{sessionNoteId}")]
pub(super) async fn update_session_note(call: Call<op::UpdateSessionNote>) -> Result<Answer, Problem> {
    let input: ((Uuid, Uuid), Value) = ((call.id("inputSessionId")?, call.id("sessionNoteId")?), call.body()?);
    call.command(input, |tx, (ids, merge)| update(tx, *ids, merge).boxed()).await
}

async fn update(tx: &Tx, ids: (Uuid, Uuid), merge: &Value) -> Result<Answer, Failure> {
    let (found, loaded) = load_note(tx, ids).await?;
    let content: SessionNoteCreate = patch::apply(&SessionNoteCreate::from(&found.value), merge)?;
    let next = content.into_domain(found.value.id, found.value.session_id);
    Refusal::unless_clean(next.check(&loaded.consultation().questions))?;
    tx.fresh(found.version)?;
    may_be_talked_about(loaded.consultation())?;
    may_change_piece(coding::coded::is_coded(tx, found.value.id).await?)?;
    let stored = session_note::save(tx, loaded.consultation(), found.with(next)).await?;
    Ok(Answer::resource(stored.version, &view_note(&stored)))
}

/// Delete what was written down of an input session
///
/// Until somebody coded it.
#[utoipa::path(operation_id = "deleteSessionNote", tag = "Consultations",
    responses((status = 204, description = "Deleted")))]
#[delete("/input-sessions/{inputSessionId}/notes/{sessionNoteId}")]
pub(super) async fn delete_session_note(call: Call<op::DeleteSessionNote>) -> Result<Answer, Problem> {
    let ids = (call.id("inputSessionId")?, call.id("sessionNoteId")?);
    call.command(ids, |tx, ids| remove(tx, *ids).boxed()).await
}

async fn remove(tx: &Tx, ids: (Uuid, Uuid)) -> Result<Answer, Failure> {
    let (found, loaded) = load_note(tx, ids).await?;
    tx.fresh(found.version)?;
    may_be_talked_about(loaded.consultation())?;
    may_change_piece(coding::coded::is_coded(tx, found.value.id).await?)?;
    session_note::delete(tx, loaded.consultation(), found.value.id).await?;
    Ok(Answer::nothing())
}

/// The note, for a command on it.
async fn load_note(tx: &Tx, (session, id): (Uuid, Uuid)) -> Result<(Stored<Domain>, Loaded), Failure> {
    let (_, loaded) = load(tx, session).await?;
    let found = session_note::find_to_change(tx, session, id).await?.ok_or(Refusal::Hidden)?;
    Ok((found, loaded))
}
