//! What people can bring. Whose the row is, is what it is known by.

use chrono::{DateTime, Utc};
use klankbord_domain::experience::{ExperienceProfile, ExperienceTraining};
use klankbord_domain::participants::Participant;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::entity::experience_profiles::{Column, Entity, Model};
use crate::store::{Failure, Source, Stored, Tx, from_json, optional, read_texts, rows, to_json, write_texts};

/// The kind of thing, in the audit trail.
pub const KIND: &str = "experience_profile";
const TABLE: &str = "experience_profiles";
/// How many ids one query names.
const BATCH: usize = 500;

#[derive(Serialize, Deserialize)]
struct TrainingRow {
    name: String,
    given_by: Option<String>,
    year: Option<i32>,
    certified: bool,
}

/// The version of an empty profile, of which there is no row. Rows begin after it.
const EMPTY: i64 = 1;

/// What a person can bring; of who wrote nothing an empty one, made when they were
/// registered.
///
/// # Errors
/// When the database refuses.
pub async fn of(source: &impl Source, person: &Stored<Participant>) -> Result<Stored<ExperienceProfile>, Failure> {
    if let Some(row) = rows::one::<Entity>(source, person.value.id).await? {
        return read(&row);
    }
    Ok(empty(&person.value, person.created_at))
}

fn empty(person: &Participant, at: DateTime<Utc>) -> Stored<ExperienceProfile> {
    let value = ExperienceProfile::empty(person.id, person.organisation_id);
    Stored { value, version: EMPTY, created_at: at, updated_at: at }
}

/// Saves a profile; the first time it is made. The person's row is held meanwhile.
///
/// # Errors
/// 412 when somebody changed it meanwhile.
pub async fn save(tx: &Tx, changed: Stored<ExperienceProfile>) -> Result<Stored<ExperienceProfile>, Failure> {
    let before = changed.version;
    let created_at = if before == EMPTY { tx.now() } else { changed.created_at };
    let stored = Stored { version: before + 1, created_at, updated_at: tx.now(), ..changed };
    if before == EMPTY {
        rows::insert(tx, row_of(&stored)?).await?;
    } else {
        rows::save(tx, row_of(&stored)?, [Column::Id, Column::Version], before).await?;
    }
    tx.happened("experience_profile.changed", Some(stored.value.organisation_id), KIND, stored.value.participant_id);
    tx.concerns(stored.value.participant_id);
    Ok(stored)
}

/// The profiles of those whom these organisations registered and who want to be approached.
///
/// # Errors
/// When the database refuses.
pub(super) async fn approachable(
    source: &impl Source,
    organisations: &[Uuid],
) -> Result<Vec<ExperienceProfile>, Failure> {
    let selection = Entity::find()
        .filter(Column::OrganisationId.is_in(organisations.iter().copied()))
        .filter(Column::Approachable.eq(true));
    let found = selection.all(source.beneath()).await?;
    found.iter().map(|row| Ok(read(row)?.value)).collect()
}

/// The profiles of these persons, as far as they wrote any, in the order of their ids.
///
/// # Errors
/// When the database refuses.
pub async fn of_persons(source: &impl Source, persons: &[Uuid]) -> Result<Vec<ExperienceProfile>, Failure> {
    let mut all = Vec::new();
    for batch in persons.chunks(BATCH) {
        let found = Entity::find().filter(Column::Id.is_in(batch.iter().copied())).all(source.beneath()).await?;
        for row in &found {
            all.push(read(row)?.value);
        }
    }
    all.sort_by_key(|profile| profile.participant_id);
    Ok(all)
}

fn row_of(stored: &Stored<ExperienceProfile>) -> Result<Model, Failure> {
    let profile = &stored.value;
    let training = |one: &ExperienceTraining| {
        let ExperienceTraining { name, given_by, year, certified } = one.clone();
        TrainingRow { name, given_by, year, certified }
    };
    Ok(Model {
        id: profile.participant_id,
        version: stored.version,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        organisation_id: profile.organisation_id,
        themes: to_json(&profile.themes)?,
        own_words: profile.own_words.as_ref().map(write_texts).transpose()?,
        forms: to_json(&profile.forms)?,
        day_parts: to_json(&profile.day_parts)?,
        minutes_per_month: profile.minutes_per_month,
        places: to_json(&profile.places)?,
        municipalities: to_json(&profile.municipalities)?,
        trainings: to_json(&profile.trainings.iter().map(training).collect::<Vec<_>>())?,
        approachable: profile.approachable,
        approachable_since_on: profile.approachable_since_on,
    })
}

fn read(row: &Model) -> Result<Stored<ExperienceProfile>, Failure> {
    let trainings: Vec<TrainingRow> = from_json((TABLE, "trainings"), &row.trainings)?;
    let training = |one: TrainingRow| {
        let TrainingRow { name, given_by, year, certified } = one;
        ExperienceTraining { name, given_by, year, certified }
    };
    let value = ExperienceProfile {
        participant_id: row.id,
        organisation_id: row.organisation_id,
        themes: from_json((TABLE, "themes"), &row.themes)?,
        own_words: optional(row.own_words.as_deref(), |texts| read_texts((TABLE, "own_words"), texts))?,
        forms: from_json((TABLE, "forms"), &row.forms)?,
        day_parts: from_json((TABLE, "day_parts"), &row.day_parts)?,
        minutes_per_month: row.minutes_per_month,
        places: from_json((TABLE, "places"), &row.places)?,
        municipalities: from_json((TABLE, "municipalities"), &row.municipalities)?,
        trainings: trainings.into_iter().map(training).collect(),
        approachable: row.approachable,
        approachable_since_on: row.approachable_since_on,
    };
    Ok(Stored { value, version: row.version, created_at: row.created_at, updated_at: row.updated_at })
}
