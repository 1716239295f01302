//! Sessions in which people talked about a consultation.

use klankbord_domain::consultations::{Attendance, Consultation, InputSession};
use klankbord_domain::networks::Perspective;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::entity::input_sessions::{Column, Entity, Model};
use crate::store::{
    Failure, Page, PageRequest, Source, Stored, Tx, bury, fetch_page, from_json, keyset, parse, read_texts, rows,
    to_json, write_texts,
};

/// The kind of thing, in the audit trail.
pub const KIND: &str = "input_session";
const TABLE: &str = "input_sessions";

#[derive(Serialize, Deserialize)]
struct AttendanceRow {
    perspective: Perspective,
    people: i32,
}

/// Keeps a new session.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, of: &Consultation, session: InputSession) -> Result<Stored<InputSession>, Failure> {
    let stored = Stored { value: session, version: 1, created_at: tx.now(), updated_at: tx.now() };
    rows::insert(tx, row_of(&stored)?).await?;
    tx.happened("input_session.held", Some(of.organisation_id), KIND, stored.value.id);
    Ok(stored)
}

/// Saves a session that changed.
///
/// # Errors
/// 412 when somebody changed it meanwhile.
pub async fn save(tx: &Tx, of: &Consultation, changed: Stored<InputSession>) -> Result<Stored<InputSession>, Failure> {
    let read = changed.version;
    let stored = Stored { version: read + 1, updated_at: tx.now(), ..changed };
    rows::save(tx, row_of(&stored)?, [Column::Id, Column::Version], read).await?;
    tx.happened("input_session.changed", Some(of.organisation_id), KIND, stored.value.id);
    Ok(stored)
}

/// Deletes a session of which nothing was written down.
///
/// # Errors
/// When the database refuses.
pub async fn delete(tx: &Tx, of: &Consultation, id: Uuid) -> Result<(), Failure> {
    Entity::delete_by_id(id).exec(tx.beneath()).await?;
    bury(tx, of.organisation_id, KIND, id).await
}

/// The session with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid) -> Result<Option<Stored<InputSession>>, Failure> {
    rows::one::<Entity>(source, id).await?.as_ref().map(read).transpose()
}

/// The session with this id, for changing it or what was said in it.
///
/// # Errors
/// When the database refuses.
pub async fn find_to_change(tx: &Tx, id: Uuid) -> Result<Option<Stored<InputSession>>, Failure> {
    rows::locked::<Entity>(tx, id).await?.as_ref().map(read).transpose()
}

/// A page of a consultation's sessions.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    consultation: Uuid,
    request: &PageRequest,
) -> Result<Page<Stored<InputSession>>, Failure> {
    let own = Entity::find().filter(Column::ConsultationId.eq(consultation));
    fetch_page(source, own, keyset!(super::entity::input_sessions), request).await?.try_map(|row| read(&row))
}

fn row_of(stored: &Stored<InputSession>) -> Result<Model, Failure> {
    let session = &stored.value;
    let attended = |one: &Attendance| AttendanceRow { perspective: one.perspective, people: one.people };
    Ok(Model {
        id: session.id,
        version: stored.version,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        consultation_id: session.consultation_id,
        title: write_texts(&session.title)?,
        method: session.method.code().to_owned(),
        held_on: session.held_on,
        place: session.place.clone(),
        attendance: to_json(&session.attendance.iter().map(attended).collect::<Vec<_>>())?,
    })
}

fn read(row: &Model) -> Result<Stored<InputSession>, Failure> {
    let attended: Vec<AttendanceRow> = from_json((TABLE, "attendance"), &row.attendance)?;
    let attendance = attended.into_iter().map(|one| Attendance { perspective: one.perspective, people: one.people });
    let value = InputSession {
        id: row.id,
        consultation_id: row.consultation_id,
        title: read_texts((TABLE, "title"), &row.title)?,
        method: parse((TABLE, "method"), &row.method)?,
        held_on: row.held_on,
        place: row.place.clone(),
        attendance: attendance.collect(),
    };
    Ok(Stored { value, version: row.version, created_at: row.created_at, updated_at: row.updated_at })
}
