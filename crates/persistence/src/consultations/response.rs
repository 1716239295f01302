//! What people answered.

use chrono::{DateTime, Utc};
use klankbord_domain::Refusal;
use klankbord_domain::consultations::{Reading, Response};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use uuid::Uuid;

use super::codec::{read_answers, write_answers};
use super::entity::responses::{Column, Entity, Model};
use crate::participants::erased;
use crate::store::{Failure, Page, PageRequest, Source, Tx, fetch_page, from_json, keyset, parse, rows, to_json};

/// The kind of thing, in the audit trail.
pub const KIND: &str = "response";
/// How many are counted at a time.
const BATCH: u64 = 2000;

/// A response and when it came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The response.
    pub response: Response,
    /// When it came in.
    pub at: DateTime<Utc>,
}

impl Given {
    /// As far as somebody may read it.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`] where nothing is theirs to see.
    pub fn as_read(self, reading: Reading) -> Result<Self, Refusal> {
        Ok(Self { response: self.response.as_read(reading)?, at: self.at })
    }
}

/// Keeps a response.
///
/// # Errors
/// 409 `response.already_given` when this person answered before.
pub async fn insert(tx: &Tx, organisation: Uuid, response: Response) -> Result<Given, Failure> {
    erased::is_there(tx, response.participant_id).await?;
    let row = Model {
        id: response.id,
        consultation_id: response.consultation_id,
        participant_id: response.participant_id,
        channel: response.channel.code().to_owned(),
        entered_by: response.entered_by,
        answers: write_answers(&response.answers)?,
        characteristics: to_json(&response.values)?,
        created_at: tx.now(),
    };
    rows::insert(tx, row).await?;
    tx.happened("response.given", Some(organisation), KIND, response.id);
    tx.concerns(response.participant_id);
    Ok(Given { response, at: tx.now() })
}

/// The response with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid) -> Result<Option<Given>, Failure> {
    rows::one::<Entity>(source, id).await?.as_ref().map(read).transpose()
}

/// Which of these persons answered.
///
/// # Errors
/// When the database refuses.
pub async fn answered(source: &impl Source, consultation: Uuid, persons: &[Uuid]) -> Result<Vec<Uuid>, Failure> {
    let given = Entity::find()
        .select_only()
        .column(Column::ParticipantId)
        .filter(Column::ConsultationId.eq(consultation))
        .filter(Column::ParticipantId.is_in(persons.iter().copied()));
    Ok(given.into_tuple().all(source.beneath()).await?)
}

/// Gives each response to a consultation for counting, some at a time.
pub(super) async fn each(
    source: &impl Source,
    consultation: Uuid,
    mut count: impl FnMut(&Response) + Send,
) -> Result<(), Failure> {
    let mut after = None;
    loop {
        let mut some = Entity::find().filter(Column::ConsultationId.eq(consultation));
        if let Some(after) = after {
            some = some.filter(Column::ParticipantId.gt(after));
        }
        let rows = some.order_by_asc(Column::ParticipantId).limit(BATCH).all(source.beneath()).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = Some(last.participant_id);
        for row in &rows {
            count(&read(row)?.response);
        }
    }
}

/// What these persons answered, the newest first.
pub(super) async fn of(source: &impl Source, persons: &[Uuid]) -> Result<Vec<Given>, Failure> {
    let given = Entity::find()
        .filter(Column::ParticipantId.is_in(persons.iter().copied()))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id);
    given.all(source.beneath()).await?.iter().map(read).collect()
}

/// A page of the responses to a consultation.
///
/// # Errors
/// When the database refuses.
pub async fn list(source: &impl Source, consultation: Uuid, request: &PageRequest) -> Result<Page<Given>, Failure> {
    let keyset = keyset!(super::entity::responses, CreatedAt as created_at);
    let selection = Entity::find().filter(Column::ConsultationId.eq(consultation));
    fetch_page(source, selection, keyset, request).await?.try_map(|row| read(&row))
}

fn read(row: &Model) -> Result<Given, Failure> {
    let response = Response {
        id: row.id,
        consultation_id: row.consultation_id,
        participant_id: row.participant_id,
        channel: parse(("responses", "channel"), &row.channel)?,
        entered_by: row.entered_by,
        values: from_json(("responses", "characteristics"), &row.characteristics)?,
        answers: read_answers(&row.answers)?,
    };
    Ok(Given { response, at: row.created_at })
}
