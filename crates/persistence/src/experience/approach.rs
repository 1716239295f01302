//! Before whom requests were put, and what they said. No trail of whoever asks, or of the
//! organisation that registered the person, tells of these rows: neither is to know who was
//! found, nor who said no.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use klankbord_domain::experience::{ExperienceApproach, ExperienceApproachStatus};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use uuid::Uuid;

use super::entity::experience_approaches::{Column, Entity, Model};
use super::{offer, request};
use crate::store::{Failure, Page, PageRequest, Source, Stored, Tx, fetch_page, history, keyset, parse, rows};

/// The kind of thing, in histories and the audit trail.
pub const KIND: &str = "experience_approach";
const TABLE: &str = "experience_approaches";
/// How many ids one query names.
const BATCH: usize = 500;

/// Puts a request before these persons.
///
/// # Errors
/// When the database refuses.
pub async fn insert_all(tx: &Tx, request: Uuid, persons: &[Uuid]) -> Result<(), Failure> {
    let row = |person: &Uuid| Model {
        id: tx.new_id(),
        version: 1,
        created_at: tx.now(),
        updated_at: tx.now(),
        request_id: request,
        participant_id: *person,
        status: ExperienceApproachStatus::Waiting.code().to_owned(),
    };
    rows::insert_all(tx, persons.iter().map(row).collect()).await
}

/// Saves what somebody said.
///
/// # Errors
/// 412 when somebody changed it meanwhile.
pub async fn save(tx: &Tx, changed: Stored<ExperienceApproach>) -> Result<Stored<ExperienceApproach>, Failure> {
    let read = changed.version;
    let stored = Stored { version: read + 1, updated_at: tx.now(), ..changed };
    rows::save(tx, row_of(&stored), [Column::Id, Column::Version], read).await?;
    Ok(stored)
}

/// The approach with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid) -> Result<Option<Stored<ExperienceApproach>>, Failure> {
    rows::one::<Entity>(source, id).await?.as_ref().map(read).transpose()
}

/// The approach with this id, for saying something to it.
///
/// # Errors
/// When the database refuses.
pub async fn find_to_change(tx: &Tx, id: Uuid) -> Result<Option<Stored<ExperienceApproach>>, Failure> {
    rows::locked::<Entity>(tx, id).await?.as_ref().map(read).transpose()
}

/// A page of the approaches of these persons; but for those to these requests.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    (persons, but): (&[Uuid], &[Uuid]),
    request: &PageRequest,
) -> Result<Page<Stored<ExperienceApproach>>, Failure> {
    let selection = Entity::find()
        .filter(Column::ParticipantId.is_in(persons.iter().copied()))
        .filter(Column::RequestId.is_not_in(but.iter().copied()));
    fetch_page(source, selection, keyset!(super::entity::experience_approaches), request)
        .await?
        .try_map(|row| read(&row))
}

/// All approaches of these persons, the oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn of_persons(source: &impl Source, persons: &[Uuid]) -> Result<Vec<Stored<ExperienceApproach>>, Failure> {
    let selection = Entity::find().filter(Column::ParticipantId.is_in(persons.iter().copied()));
    let found = selection.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(source.beneath()).await?;
    found.iter().map(read).collect()
}

/// When each of these persons was approached, from this instant on.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn times(
    source: &impl Source,
    persons: &[Uuid],
    since: DateTime<Utc>,
) -> Result<HashMap<Uuid, Vec<DateTime<Utc>>>, Failure> {
    let mut found: HashMap<Uuid, Vec<DateTime<Utc>>> = HashMap::new();
    for batch in persons.chunks(BATCH) {
        let selection = Entity::find()
            .select_only()
            .columns([Column::ParticipantId, Column::CreatedAt])
            .filter(Column::ParticipantId.is_in(batch.iter().copied()))
            .filter(Column::CreatedAt.gte(since));
        let times: Vec<(Uuid, DateTime<Utc>)> = selection.into_tuple().all(source.beneath()).await?;
        for (person, at) in times {
            found.entry(person).or_default().push(at);
        }
    }
    Ok(found)
}

/// Which approaches end with what somebody took back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// What still waits for an answer.
    Waiting,
    /// That, and every yes.
    All,
    /// The same, of other organisations than the one that registered them.
    OfOthers(Uuid),
}

/// Ends approaches of a person: what waits expires, a yes is taken back and shows no more.
///
/// # Errors
/// When the database refuses.
pub async fn end_of(tx: &Tx, person: Uuid, which: Ends) -> Result<(), Failure> {
    for found in of_persons(tx, &[person]).await? {
        let Some(found) = find_to_change(tx, found.value.id).await? else { continue };
        let from = found.value.status;
        let Some(status) = from.ended() else { continue };
        let asked = request::find(tx, found.value.request_id).await?;
        let ends = match which {
            Ends::Waiting => from == ExperienceApproachStatus::Waiting,
            Ends::All => true,
            Ends::OfOthers(own) => asked.is_none_or(|asked| asked.value.organisation_id != own),
        };
        if !ends {
            continue;
        }
        offer::forget(tx, found.value.id).await?;
        let id = found.value.id;
        save(tx, found.with(ExperienceApproach { status, ..found.value })).await?;
        history::record(tx, (KIND, id), (from.code(), status.code()), None).await?;
    }
    Ok(())
}

fn row_of(stored: &Stored<ExperienceApproach>) -> Model {
    let ExperienceApproach { id, request_id, participant_id, status } = stored.value;
    Model {
        id,
        version: stored.version,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        request_id,
        participant_id,
        status: status.code().to_owned(),
    }
}

fn read(row: &Model) -> Result<Stored<ExperienceApproach>, Failure> {
    let Model { id, request_id, participant_id, .. } = *row;
    let value = ExperienceApproach { id, request_id, participant_id, status: parse((TABLE, "status"), &row.status)? };
    Ok(Stored { value, version: row.version, created_at: row.created_at, updated_at: row.updated_at })
}
