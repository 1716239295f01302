//! Quotes of what people wrote.

use klankbord_domain::consultations::Consultation;
use klankbord_domain::consultations::coding::{Quote, QuoteStatus};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::super::entity::quotes::{Column, Entity, Model};
use super::of_the_day;
use super::piece::Columns;
use crate::store::{
    Failure, Page, PageRequest, Source, Stored, Tx, fetch_page, keyset, parse, read_texts, rows, write_texts,
};

/// The kind of thing, in histories and the audit trail.
pub const KIND: &str = "quote";
const TABLE: &str = "quotes";

/// Keeps a new quote.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, of: &Consultation, quote: Quote) -> Result<Stored<Quote>, Failure> {
    let day = of_the_day(tx);
    let stored = Stored { value: quote, version: 1, created_at: day, updated_at: day };
    rows::insert(tx, row_of(&stored)?).await?;
    tx.happened("quote.written", Some(of.organisation_id), KIND, stored.value.id);
    Ok(stored)
}

/// Saves a quote that changed or moved; the event says which (`quote.changed`, `quote.released`,
/// `quote.withdrawn`).
///
/// # Errors
/// 412 when somebody changed it meanwhile.
pub async fn save(tx: &Tx, of: &Consultation, changed: Stored<Quote>, event: &str) -> Result<Stored<Quote>, Failure> {
    let read = changed.version;
    let stored = Stored { version: read + 1, updated_at: of_the_day(tx), ..changed };
    rows::save(tx, row_of(&stored)?, [Column::Id, Column::Version], read).await?;
    tx.happened(event, Some(of.organisation_id), KIND, stored.value.id);
    Ok(stored)
}

/// The quote with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid) -> Result<Option<Stored<Quote>>, Failure> {
    rows::one::<Entity>(source, id).await?.as_ref().map(read).transpose()
}

/// The quote with this id, for changing it.
///
/// # Errors
/// When the database refuses.
pub async fn find_to_change(tx: &Tx, id: Uuid) -> Result<Option<Stored<Quote>>, Failure> {
    rows::locked::<Entity>(tx, id).await?.as_ref().map(read).transpose()
}

/// A page of a consultation's quotes; only those that are released, unless all.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    consultation: Uuid,
    all: bool,
    request: &PageRequest,
) -> Result<Page<Stored<Quote>>, Failure> {
    let mut own = Entity::find().filter(Column::ConsultationId.eq(consultation));
    if !all {
        own = own.filter(Column::Status.eq(QuoteStatus::Released.code()));
    }
    fetch_page(source, own, keyset!(super::super::entity::quotes), request).await?.try_map(|row| read(&row))
}

fn row_of(stored: &Stored<Quote>) -> Result<Model, Failure> {
    let quote = &stored.value;
    let Columns { response_id, open_answer_id, .. } = quote.piece.into();
    Ok(Model {
        id: quote.id,
        version: stored.version,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        consultation_id: quote.consultation_id,
        response_id,
        open_answer_id,
        question_id: quote.question_id,
        written_by: quote.written_by,
        text: write_texts(&quote.text)?,
        paraphrased: quote.paraphrased,
        status: quote.status.code().to_owned(),
        checked_by: quote.checked_by,
        checked_on: quote.checked_on,
    })
}

fn read(row: &Model) -> Result<Stored<Quote>, Failure> {
    let Model { response_id, open_answer_id, question_id, .. } = *row;
    let piece = Columns { response_id, open_answer_id, session_note_id: None, question_id: Some(question_id) };
    let value = Quote {
        id: row.id,
        consultation_id: row.consultation_id,
        question_id,
        piece: piece.read(TABLE)?,
        written_by: row.written_by,
        text: read_texts((TABLE, "text"), &row.text)?,
        paraphrased: row.paraphrased,
        status: parse((TABLE, "status"), &row.status)?,
        checked_by: row.checked_by,
        checked_on: row.checked_on,
    };
    Ok(Stored { value, version: row.version, created_at: row.created_at, updated_at: row.updated_at })
}
