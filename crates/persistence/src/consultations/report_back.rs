//! What people heard back.

use std::collections::HashMap;

use klankbord_domain::consultations::{ReportBack, ReportBackKind, ReportBackStatus};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use uuid::Uuid;

use super::codec::{read_points, read_themes, write_points, write_themes};
use super::entity::report_backs::{Column, Entity, Model};
use crate::store::{
    Failure, Page, PageRequest, Source, Stored, Tx, fetch_page, keyset, parse, read_texts, rows, write_texts,
};

/// The kind of thing, in histories and the audit trail.
pub const KIND: &str = "report_back";
const TABLE: &str = "report_backs";

/// Keeps a new report-back.
///
/// # Errors
/// 409 `report_back.final_exists`.
pub async fn insert(tx: &Tx, organisation: Uuid, report_back: ReportBack) -> Result<Stored<ReportBack>, Failure> {
    let stored = Stored { value: report_back, version: 1, created_at: tx.now(), updated_at: tx.now() };
    rows::insert(tx, row_of(&stored)?).await?;
    tx.happened("report_back.made", Some(organisation), KIND, stored.value.id);
    Ok(stored)
}

/// Saves a changed report-back; the event says what happened to it
/// (`report_back.changed`, `report_back.published`, `report_back.corrected`).
///
/// # Errors
/// 412 when somebody changed it meanwhile.
pub async fn save(
    tx: &Tx,
    organisation: Uuid,
    changed: Stored<ReportBack>,
    event: &str,
) -> Result<Stored<ReportBack>, Failure> {
    let read = changed.version;
    let stored = Stored { version: read + 1, updated_at: tx.now(), ..changed };
    rows::save(tx, row_of(&stored)?, [Column::Id, Column::Version], read).await?;
    tx.happened(event, Some(organisation), KIND, stored.value.id);
    Ok(stored)
}

/// The report-back with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid) -> Result<Option<Stored<ReportBack>>, Failure> {
    rows::one::<Entity>(source, id).await?.as_ref().map(read).transpose()
}

/// The report-back with this id, for changing it.
///
/// # Errors
/// When the database refuses.
pub async fn find_to_change(tx: &Tx, id: Uuid) -> Result<Option<Stored<ReportBack>>, Failure> {
    rows::locked::<Entity>(tx, id).await?.as_ref().map(read).transpose()
}

/// The consultation's final report-back, if there is one.
///
/// # Errors
/// When the database refuses.
pub async fn final_of(source: &impl Source, consultation: Uuid) -> Result<Option<Stored<ReportBack>>, Failure> {
    let found = Entity::find().filter(Column::FinalKey.eq(consultation.to_string()));
    found.one(source.beneath()).await?.as_ref().map(read).transpose()
}

/// The report-backs with these ids.
///
/// # Errors
/// When the database refuses.
pub async fn by_id(source: &impl Source, ids: &[Uuid]) -> Result<HashMap<Uuid, ReportBack>, Failure> {
    let mut found = HashMap::new();
    for batch in ids.chunks(500) {
        for row in Entity::find().filter(Column::Id.is_in(batch.iter().copied())).all(source.beneath()).await? {
            found.insert(row.id, read(&row)?.value);
        }
    }
    Ok(found)
}

/// What was published on these consultations, the newest first.
///
/// # Errors
/// When the database refuses.
pub async fn published(source: &impl Source, consultations: &[Uuid]) -> Result<Vec<ReportBack>, Failure> {
    if consultations.is_empty() {
        return Ok(Vec::new());
    }
    let found = Entity::find()
        .filter(Column::ConsultationId.is_in(consultations.iter().copied()))
        .filter(Column::Status.eq(ReportBackStatus::Published.code()))
        .order_by_desc(Column::PublishedAt)
        .order_by_desc(Column::Id);
    found.all(source.beneath()).await?.iter().map(|row| Ok(read(row)?.value)).collect()
}

/// A page of a consultation's report-backs; drafts only for who prepares them.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    consultation: Uuid,
    drafts: bool,
    request: &PageRequest,
) -> Result<Page<Stored<ReportBack>>, Failure> {
    let mut selection = Entity::find().filter(Column::ConsultationId.eq(consultation));
    if !drafts {
        selection = selection.filter(Column::Status.eq(ReportBackStatus::Published.code()));
    }
    fetch_page(source, selection, keyset!(super::entity::report_backs), request).await?.try_map(|row| read(&row))
}

fn row_of(stored: &Stored<ReportBack>) -> Result<Model, Failure> {
    let report_back = &stored.value;
    let is_final = report_back.kind == ReportBackKind::Final;
    Ok(Model {
        id: report_back.id,
        version: stored.version,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        consultation_id: report_back.consultation_id,
        kind: report_back.kind.code().to_owned(),
        status: report_back.status.code().to_owned(),
        heard: write_texts(&report_back.heard)?,
        points: write_points(&report_back.points)?,
        themes: write_themes(&report_back.themes)?,
        edition: report_back.edition,
        published_at: report_back.published_at,
        final_key: is_final.then(|| report_back.consultation_id.to_string()),
    })
}

fn read(row: &Model) -> Result<Stored<ReportBack>, Failure> {
    let value = ReportBack {
        id: row.id,
        consultation_id: row.consultation_id,
        kind: parse((TABLE, "kind"), &row.kind)?,
        status: parse((TABLE, "status"), &row.status)?,
        heard: read_texts((TABLE, "heard"), &row.heard)?,
        themes: read_themes(&row.themes)?,
        points: read_points(&row.points)?,
        edition: row.edition,
        published_at: row.published_at,
    };
    Ok(Stored { value, version: row.version, created_at: row.created_at, updated_at: row.updated_at })
}
