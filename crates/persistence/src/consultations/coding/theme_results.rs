//! How many people said each theme, as it was counted when coding was finished: small counts, too, sealed.

use chrono::{DateTime, Utc};
use klankbord_domain::consultations::Consultation;
use klankbord_domain::consultations::coding::ThemeCounts;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::super::consultation;
use super::super::entity::theme_results::{Column, Entity, Model};
use crate::store::{Failure, Source, Tx, from_json, rows, to_json};

const PLACE: (&str, &str) = ("theme_results", "content");

/// What was counted, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// When coding was finished.
    pub at: DateTime<Utc>,
    /// What was counted: never to be shown as it is.
    pub counts: ThemeCounts,
}

/// Fixes what was counted: from now on nothing is coded any more.
///
/// # Errors
/// 409 `coding.finished` where it was before.
pub async fn insert(tx: &Tx, of: &Consultation, by: Uuid, counts: ThemeCounts) -> Result<Finished, Failure> {
    let (id, at) = (tx.new_id(), tx.now());
    let content = tx.keys().seal_ballot(&place(of.id, id), to_json(&counts.0)?.as_bytes())?;
    rows::insert(tx, Model { id, consultation_id: of.id, finished_at: at, finished_by: by, content }).await?;
    tx.happened("consultation.coded", Some(of.organisation_id), consultation::KIND, of.id);
    Ok(Finished { at, counts })
}

/// Whether coding of a consultation is finished.
///
/// # Errors
/// When the database refuses.
pub async fn is_finished(source: &impl Source, consultation: Uuid) -> Result<bool, Failure> {
    let own = Entity::find().filter(Column::ConsultationId.eq(consultation));
    Ok(own.count(source.beneath()).await? > 0)
}

/// What was counted of a consultation; none until coding is finished.
///
/// # Errors
/// When the database refuses, or it can't be opened.
pub async fn find(source: &impl Source, consultation: Uuid) -> Result<Option<Finished>, Failure> {
    let own = Entity::find().filter(Column::ConsultationId.eq(consultation));
    let Some(row) = own.one(source.beneath()).await? else { return Ok(None) };
    let clear = source.keys().open_ballot(&place(consultation, row.id), &row.content)?;
    let json = String::from_utf8(clear).map_err(|error| Failure::unreadable(PLACE.0, PLACE.1, error))?;
    Ok(Some(Finished { at: row.finished_at, counts: ThemeCounts(from_json(PLACE, &json)?) }))
}

fn place(consultation: Uuid, id: Uuid) -> String {
    format!("theme_results.{consultation}.{id}")
}
