//! What was said in input sessions.

use klankbord_domain::consultations::{Consultation, SessionNote};
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::entity::session_notes::{Column, Entity, Model};
use super::input_session;
use crate::store::{Failure, Page, PageRequest, Source, Stored, Tx, bury, fetch_page, keyset, rows};

/// The kind of thing, in the audit trail.
pub const KIND: &str = "session_note";

/// Keeps a new note.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, of: &Consultation, note: SessionNote) -> Result<Stored<SessionNote>, Failure> {
    let stored = Stored { value: note, version: 1, created_at: tx.now(), updated_at: tx.now() };
    rows::insert(tx, row_of(&stored)).await?;
    tx.happened("session_note.written", Some(of.organisation_id), KIND, stored.value.id);
    Ok(stored)
}

/// Saves a note that changed.
///
/// # Errors
/// 412 when somebody changed it meanwhile.
pub async fn save(tx: &Tx, of: &Consultation, changed: Stored<SessionNote>) -> Result<Stored<SessionNote>, Failure> {
    let read = changed.version;
    let stored = Stored { version: read + 1, updated_at: tx.now(), ..changed };
    rows::save(tx, row_of(&stored), [Column::Id, Column::Version], read).await?;
    tx.happened("session_note.changed", Some(of.organisation_id), KIND, stored.value.id);
    Ok(stored)
}

/// Deletes a note.
///
/// # Errors
/// When the database refuses.
pub async fn delete(tx: &Tx, of: &Consultation, id: Uuid) -> Result<(), Failure> {
    Entity::delete_by_id(id).exec(tx.beneath()).await?;
    bury(tx, of.organisation_id, KIND, id).await
}

/// One of a session's notes.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, session: Uuid, id: Uuid) -> Result<Option<Stored<SessionNote>>, Failure> {
    let found = rows::one::<Entity>(source, id).await?;
    Ok(found.filter(|row| row.session_id == session).map(read))
}

/// One of a session's notes, for changing it.
///
/// # Errors
/// When the database refuses.
pub async fn find_to_change(tx: &Tx, session: Uuid, id: Uuid) -> Result<Option<Stored<SessionNote>>, Failure> {
    let found = rows::locked::<Entity>(tx, id).await?;
    Ok(found.filter(|row| row.session_id == session).map(read))
}

/// One of the notes of a consultation's sessions.
pub(super) async fn find_of(
    source: &impl Source,
    consultation: Uuid,
    id: Uuid,
) -> Result<Option<SessionNote>, Failure> {
    let Some(row) = rows::one::<Entity>(source, id).await? else { return Ok(None) };
    let session = input_session::find(source, row.session_id).await?;
    let ours = session.is_some_and(|session| session.value.consultation_id == consultation);
    Ok(ours.then(|| read(row).value))
}

/// How many a session has.
///
/// # Errors
/// When the database refuses.
pub async fn count(source: &impl Source, session: Uuid) -> Result<u64, Failure> {
    Ok(Entity::find().filter(Column::SessionId.eq(session)).count(source.beneath()).await?)
}

/// A page of a session's notes.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    session: Uuid,
    request: &PageRequest,
) -> Result<Page<Stored<SessionNote>>, Failure> {
    let own = Entity::find().filter(Column::SessionId.eq(session));
    Ok(fetch_page(source, own, keyset!(super::entity::session_notes), request).await?.map(read))
}

fn row_of(stored: &Stored<SessionNote>) -> Model {
    let SessionNote { id, session_id, question_id, text, language } = stored.value.clone();
    let Stored { version, created_at, updated_at, .. } = *stored;
    Model { id, version, created_at, updated_at, session_id, question_id, text, language }
}

fn read(row: Model) -> Stored<SessionNote> {
    let Model { id, version, created_at, updated_at, session_id, question_id, text, language } = row;
    let value = SessionNote { id, session_id, question_id, text, language };
    Stored { value, version, created_at, updated_at }
}
