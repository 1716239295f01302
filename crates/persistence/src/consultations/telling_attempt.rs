//! Calls and visits to tell somebody of a report-back.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::participants::{AttemptOutcome, ContactChannel};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _, QueryTrait as _};
use uuid::Uuid;

use super::entity::report_back_tellings as tellings;
use super::entity::telling_attempts::{Column, Entity, Model};
use crate::store::{Failure, Page, PageRequest, Source, Tx, fetch_page, keyset, parse, rows};

/// The kind of thing, in the audit trail.
pub const KIND: &str = "telling_attempt";
const TABLE: &str = "telling_attempts";

/// A call or a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TellingAttempt {
    /// Its id.
    pub id: Uuid,
    /// What was to be told, to whom.
    pub telling_id: Uuid,
    /// How.
    pub channel: ContactChannel,
    /// What came of it.
    pub outcome: AttemptOutcome,
    /// On which day.
    pub happened_on: NaiveDate,
    /// What to know of it the next time.
    pub note: Option<String>,
    /// The account that noted it.
    pub noted_by: Option<Uuid>,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Keeps a call or a visit. `host`: who hosts the network.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, host: Uuid, attempt: TellingAttempt) -> Result<TellingAttempt, Failure> {
    let TellingAttempt { id, telling_id, channel, outcome, happened_on, note, noted_by, created_at } = attempt.clone();
    let (channel, outcome) = (channel.code().to_owned(), outcome.code().to_owned());
    rows::insert(tx, Model { id, telling_id, channel, outcome, happened_on, note, noted_by, created_at }).await?;
    tx.happened("telling_attempt.made", Some(host), KIND, id);
    Ok(attempt)
}

/// A page of the calls and visits to tell this person anything, with the report-back that
/// each was about. Of what was asked in this network.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    (person, network): (Uuid, Uuid),
    request: &PageRequest,
) -> Result<Page<(TellingAttempt, Uuid)>, Failure> {
    use super::entity::consultation_networks as asked;
    let of_network = asked::Entity::find()
        .select_only()
        .column(asked::Column::ConsultationId)
        .filter(asked::Column::NetworkId.eq(network));
    let theirs = tellings::Entity::find()
        .filter(tellings::Column::ParticipantId.eq(person))
        .filter(tellings::Column::ConsultationId.in_subquery(of_network.into_query()));
    let about: HashMap<Uuid, Uuid> =
        theirs.all(source.beneath()).await?.into_iter().map(|row| (row.id, row.report_back_id)).collect();
    let selection = Entity::find().filter(Column::TellingId.is_in(about.keys().copied()));
    let keyset = keyset!(super::entity::telling_attempts, CreatedAt as created_at);
    let page = fetch_page(source, selection, keyset, request).await?;
    page.try_map(|row| {
        let report_back = about.get(&row.telling_id).copied().unwrap_or_default();
        Ok((read(row)?, report_back))
    })
}

/// How often it was tried to tell each of these; what never was isn't there.
///
/// # Errors
/// When the database refuses.
pub async fn counts(source: &impl Source, tellings: &[Uuid]) -> Result<HashMap<Uuid, i64>, Failure> {
    let mut found = HashMap::new();
    for batch in tellings.chunks(500) {
        let selection = Entity::find()
            .select_only()
            .column(Column::TellingId)
            .column_as(Column::Id.count(), "times")
            .filter(Column::TellingId.is_in(batch.iter().copied()))
            .group_by(Column::TellingId);
        found.extend(selection.into_tuple::<(Uuid, i64)>().all(source.beneath()).await?);
    }
    Ok(found)
}

fn read(row: Model) -> Result<TellingAttempt, Failure> {
    Ok(TellingAttempt {
        id: row.id,
        telling_id: row.telling_id,
        channel: parse((TABLE, "channel"), &row.channel)?,
        outcome: parse((TABLE, "outcome"), &row.outcome)?,
        happened_on: row.happened_on,
        note: row.note,
        noted_by: row.noted_by,
        created_at: row.created_at,
    })
}
