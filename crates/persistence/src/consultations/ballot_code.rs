//! Printed codes with which people answer once, without anybody knowing who has which.

use chrono::{DateTime, Utc};
use klankbord_domain::text::Texts;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};
use uuid::Uuid;

use super::entity::ballot_code_batches::{Column, Entity, Model};
use crate::store::{
    Failure, Page, PageRequest, Source, Tx, fetch_page, keyset, optional, read_texts, rows, write_texts,
};

/// The kind of thing, in the audit trail.
pub const KIND: &str = "ballot_code_batch";
const TABLE: &str = "ballot_code_batches";

/// That codes were made, and for whom to hand out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BallotCodeBatch {
    /// Its id.
    pub id: Uuid,
    /// The consultation.
    pub consultation_id: Uuid,
    /// The organisation that hands them out; none: who asks.
    pub source_id: Option<Uuid>,
    /// For which part of those asked they are meant: a kind of care, for instance. It stands
    /// here, and on no answer.
    pub meant_for: Option<Texts>,
    /// How many.
    pub codes: i32,
    /// When.
    pub made_at: DateTime<Utc>,
    /// The account that did.
    pub made_by: Option<Uuid>,
}

/// Makes codes for a consultation of this organisation, and keeps how many.
///
/// # Errors
/// When the key or the database refuses.
pub async fn make(
    tx: &Tx,
    organisation: Uuid,
    batch: BallotCodeBatch,
) -> Result<(BallotCodeBatch, Vec<String>), Failure> {
    let key = tx.keys().ballots.get(batch.consultation_id)?;
    let mut codes = std::collections::BTreeSet::new();
    while codes.len() < usize::try_from(batch.codes).unwrap_or_default() {
        codes.insert(key.new_code()?);
    }
    let BallotCodeBatch { id, consultation_id, source_id, meant_for, codes: count, made_at, made_by } = batch.clone();
    let meant_for = meant_for.as_ref().map(write_texts).transpose()?;
    rows::insert(tx, Model { id, consultation_id, source_id, meant_for, codes: count, made_at, made_by }).await?;
    tx.happened("ballot_codes.made", Some(organisation), KIND, id);
    Ok((batch, codes.into_iter().collect()))
}

/// How many codes were made for a consultation.
///
/// # Errors
/// When the database refuses.
pub async fn made(source: &impl Source, consultation: Uuid) -> Result<i64, Failure> {
    let counts = Entity::find().select_only().column(Column::Codes).filter(Column::ConsultationId.eq(consultation));
    let counts: Vec<i32> = counts.into_tuple().all(source.beneath()).await?;
    Ok(counts.into_iter().map(i64::from).sum())
}

/// A page of the batches of a consultation.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    consultation: Uuid,
    request: &PageRequest,
) -> Result<Page<BallotCodeBatch>, Failure> {
    let selection = Entity::find().filter(Column::ConsultationId.eq(consultation));
    let keyset = keyset!(super::entity::ballot_code_batches, MadeAt as made_at);
    fetch_page(source, selection, keyset, request).await?.try_map(read)
}

fn read(row: Model) -> Result<BallotCodeBatch, Failure> {
    let Model { id, consultation_id, source_id, meant_for, codes, made_at, made_by } = row;
    let meant_for = optional(meant_for, |json| read_texts((TABLE, "meant_for"), &json))?;
    Ok(BallotCodeBatch { id, consultation_id, source_id, meant_for, codes, made_at, made_by })
}
