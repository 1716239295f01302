//! What people said: yes, no, and what they took back.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use klankbord_domain::privacy::{Consent, ConsentGiver};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use uuid::Uuid;

use super::entity::consents::{Column, Entity, Model};
use crate::store::{Failure, Page, PageRequest, Source, Stored, Tx, fetch_page, keyset, parse, rows};

/// The kind of thing, in histories and the audit trail.
pub const KIND: &str = "consent";
const TABLE: &str = "consents";
/// How many ids one query names.
const BATCH: usize = 500;

/// Writes down what somebody said.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, consent: Consent) -> Result<Stored<Consent>, Failure> {
    let stored = Stored { value: consent, version: 1, created_at: tx.now(), updated_at: tx.now() };
    rows::insert(tx, row_of(&stored)).await?;
    written(tx, &stored.value, "consent.made");
    Ok(stored)
}

/// Saves a consent that was taken back.
///
/// # Errors
/// 412 when somebody changed it meanwhile.
pub async fn save(tx: &Tx, changed: Stored<Consent>) -> Result<Stored<Consent>, Failure> {
    let read = changed.version;
    let stored = Stored { version: read + 1, updated_at: tx.now(), ..changed };
    rows::save(tx, row_of(&stored), [Column::Id, Column::Version], read).await?;
    written(tx, &stored.value, "consent.withdrawn");
    Ok(stored)
}

fn written(tx: &Tx, consent: &Consent, event: &str) {
    tx.happened(event, Some(consent.organisation_id), KIND, consent.id);
    tx.concerns(consent.participant_id);
}

/// The consent with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid) -> Result<Option<Stored<Consent>>, Failure> {
    rows::one::<Entity>(source, id).await?.map(|row| read(&row)).transpose()
}

/// The consent with this id, for taking it back.
///
/// # Errors
/// When the database refuses.
pub async fn find_to_change(tx: &Tx, id: Uuid) -> Result<Option<Stored<Consent>>, Failure> {
    rows::locked::<Entity>(tx, id).await?.map(|row| read(&row)).transpose()
}

/// A page of what was said for a person. `exceptions`: those as well.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    (participant, exceptions): (Uuid, bool),
    request: &PageRequest,
) -> Result<Page<Stored<Consent>>, Failure> {
    let mut selection = Entity::find().filter(Column::ParticipantId.eq(participant));
    if !exceptions {
        selection = selection.filter(Column::Giver.ne(ConsentGiver::Exception.code()));
    }
    fetch_page(source, selection, keyset!(super::entity::consents), request).await?.try_map(|row| read(&row))
}

/// What was said for each of these persons, the oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn of_participants(source: &impl Source, persons: &[Uuid]) -> Result<HashMap<Uuid, Vec<Consent>>, Failure> {
    let mut found: HashMap<Uuid, Vec<Consent>> = HashMap::new();
    for batch in persons.chunks(BATCH) {
        let selection = Entity::find()
            .filter(Column::ParticipantId.is_in(batch.iter().copied()))
            .order_by_asc(Column::HappenedOn)
            .order_by_asc(Column::CreatedAt)
            .order_by_asc(Column::Id);
        for row in selection.all(source.beneath()).await? {
            found.entry(row.participant_id).or_default().push(read(&row)?.value);
        }
    }
    Ok(found)
}

/// What was said for these persons, each with when it was written down.
///
/// # Errors
/// When the database refuses.
pub async fn of_persons(source: &impl Source, persons: &[Uuid]) -> Result<Vec<(Consent, DateTime<Utc>)>, Failure> {
    let selection = Entity::find().filter(Column::ParticipantId.is_in(persons.iter().copied()));
    let found = selection.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(source.beneath()).await?;
    found.iter().map(|row| Ok((read(row)?.value, row.created_at))).collect()
}

fn row_of(stored: &Stored<Consent>) -> Model {
    let consent = &stored.value;
    Model {
        id: consent.id,
        version: stored.version,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        participant_id: consent.participant_id,
        organisation_id: consent.organisation_id,
        consent_text_id: consent.consent_text_id,
        purpose: consent.purpose.code().to_owned(),
        text_version: consent.text_version,
        answer: consent.answer.code().to_owned(),
        giver: consent.giver.code().to_owned(),
        representative_id: consent.representative_id,
        channel: consent.channel.code().to_owned(),
        happened_on: consent.happened_on,
        reason: consent.reason.clone(),
        recorded_by: consent.recorded_by,
        status: consent.status.code().to_owned(),
        withdrawn_on: consent.withdrawn_on,
    }
}

fn read(row: &Model) -> Result<Stored<Consent>, Failure> {
    let value = Consent {
        id: row.id,
        participant_id: row.participant_id,
        organisation_id: row.organisation_id,
        consent_text_id: row.consent_text_id,
        purpose: parse((TABLE, "purpose"), &row.purpose)?,
        text_version: row.text_version,
        answer: parse((TABLE, "answer"), &row.answer)?,
        giver: parse((TABLE, "giver"), &row.giver)?,
        representative_id: row.representative_id,
        channel: parse((TABLE, "channel"), &row.channel)?,
        happened_on: row.happened_on,
        reason: row.reason.clone(),
        recorded_by: row.recorded_by,
        status: parse((TABLE, "status"), &row.status)?,
        withdrawn_on: row.withdrawn_on,
    };
    Ok(Stored { value, version: row.version, created_at: row.created_at, updated_at: row.updated_at })
}
