//! Who got longer to answer, and why.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::entity::deadline_extensions::{Column, Entity, Model};
use crate::store::{Failure, Page, PageRequest, Source, Tx, fetch_page, keyset, rows};

/// The kind of thing, in the audit trail.
pub const KIND: &str = "deadline_extension";

/// That somebody got longer to answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadlineExtension {
    /// Its id.
    pub id: Uuid,
    /// In which consultation.
    pub consultation_id: Uuid,
    /// Who.
    pub participant_id: Uuid,
    /// Until when they had.
    pub had_until: Option<NaiveDate>,
    /// Until when they have now.
    pub answer_by: NaiveDate,
    /// Why; none where it was erased.
    pub reason: Option<String>,
    /// The account that gave it.
    pub made_by: Option<Uuid>,
    /// When.
    pub made_at: DateTime<Utc>,
}

/// Keeps that somebody got longer to answer what this organisation asks.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, organisation: Uuid, made: DeadlineExtension) -> Result<DeadlineExtension, Failure> {
    let DeadlineExtension { id, consultation_id, participant_id, had_until, answer_by, reason, made_by, made_at } =
        made.clone();
    let answer_due_on = answer_by;
    let row = Model { id, consultation_id, participant_id, had_until, answer_due_on, reason, made_by, made_at };
    rows::insert(tx, row).await?;
    tx.happened("deadline_extension.made", Some(organisation), KIND, id);
    tx.concerns(participant_id);
    Ok(made)
}

/// A page of the extensions in a consultation.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    consultation: Uuid,
    request: &PageRequest,
) -> Result<Page<DeadlineExtension>, Failure> {
    let selection = Entity::find().filter(Column::ConsultationId.eq(consultation));
    let keyset = keyset!(super::entity::deadline_extensions, MadeAt as made_at);
    Ok(fetch_page(source, selection, keyset, request).await?.map(|row| {
        let Model { id, consultation_id, participant_id, had_until, answer_due_on, reason, made_by, made_at } = row;
        let answer_by = answer_due_on;
        DeadlineExtension { id, consultation_id, participant_id, had_until, answer_by, reason, made_by, made_at }
    }))
}
