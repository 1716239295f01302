//! Official responses; only added, never changed.

use klankbord_domain::feedback::{Feedback, OfficialResponse};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use uuid::Uuid;

use super::entity::official_responses::{Column, Entity, Model};
use super::entry;
use crate::store::{
    Failure, Page, PageRequest, Source, Tx, fetch_page, keyset, optional, read_texts, rows, write_texts,
};

const KIND: &str = "official_response";
const TABLE: &str = "official_responses";

/// Keeps an official response to this feedback.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, feedback: &Feedback, response: OfficialResponse) -> Result<OfficialResponse, Failure> {
    let row = Model {
        id: response.id,
        feedback_id: response.feedback_id,
        text: write_texts(&response.text)?,
        reasons: response.reasons.as_ref().map(write_texts).transpose()?,
        made_by: tx.caller().account,
        made_at: response.made_at,
    };
    rows::insert(tx, row).await?;
    tx.happened("feedback.responded", Some(feedback.organisation_id), entry::KIND, feedback.id);
    tx.touches(Some(feedback.organisation_id), KIND, response.id);
    entry::concerns(tx, feedback);
    Ok(response)
}

/// The official responses to this feedback, in pages.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    feedback: Uuid,
    request: &PageRequest,
) -> Result<Page<OfficialResponse>, Failure> {
    let keyset = keyset!(super::entity::official_responses, MadeAt as made_at);
    let selection = Entity::find().filter(Column::FeedbackId.eq(feedback));
    fetch_page(source, selection, keyset, request).await?.try_map(read)
}

/// The newest official response to each of these, where there is one.
///
/// # Errors
/// When the database refuses.
pub async fn newest(source: &impl Source, feedback: &[Uuid]) -> Result<Vec<OfficialResponse>, Failure> {
    let found = Entity::find()
        .filter(Column::FeedbackId.is_in(feedback.iter().copied()))
        .order_by_desc(Column::MadeAt)
        .order_by_desc(Column::Id)
        .all(source.beneath())
        .await?;
    let mut seen = std::collections::HashSet::new();
    found.into_iter().filter(|row| seen.insert(row.feedback_id)).map(read).collect()
}

fn read(row: Model) -> Result<OfficialResponse, Failure> {
    Ok(OfficialResponse {
        id: row.id,
        feedback_id: row.feedback_id,
        text: read_texts((TABLE, "text"), &row.text)?,
        reasons: optional(row.reasons, |json| read_texts((TABLE, "reasons"), &json))?,
        made_at: row.made_at,
    })
}
