//! Samples: how they were drawn, and who was.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use klankbord_domain::consultations::{Allocation, Candidate, Stratum, StratumBy};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::entity::consultation_samples::{Column, Entity, Model};
use super::entity::sample_members as members;
use crate::store::{Failure, Page, PageRequest, Source, Tx, fetch_page, from_json, keyset, parse, rows, to_json};

/// The kind of thing, in the audit trail.
pub const KIND: &str = "consultation_sample";
const TABLE: &str = "consultation_samples";

/// Somebody's turn in a draw: the first half of the SHA-256 of the seed and their id. Whoever
/// has both computes the same.
pub fn rank(seed: &str, person: Uuid) -> u128 {
    let digest =
        Sha256::new().chain_update(seed.as_bytes()).chain_update([0]).chain_update(person.as_bytes()).finalize();
    digest.iter().take(16).fold(0, |rank, byte| (rank << 8) | u128::from(*byte))
}

/// A part of an audience, and what was drawn from it. Persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawnStratum {
    /// Which.
    pub stratum: Stratum,
    /// How many people could be drawn.
    pub frame: i64,
    /// How many were wanted.
    pub target: i64,
    /// How many were drawn.
    pub drawn: i64,
}

/// How a sample was drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Its id.
    pub id: Uuid,
    /// The consultation.
    pub consultation_id: Uuid,
    /// By what the audience was divided.
    pub by: Vec<StratumBy>,
    /// How it was divided over the strata.
    pub allocation: Allocation,
    /// How many were wanted in all, unless the numbers were given.
    pub size: Option<i32>,
    /// What decided the turns.
    pub seed: String,
    /// Whether whoever drew chose that.
    pub seed_given: bool,
    /// The strata.
    pub strata: Vec<DrawnStratum>,
    /// How many people could be drawn.
    pub frame: i32,
    /// How many couldn't: for an objection, without consent, asked often enough.
    pub left_out: [i32; 3],
    /// How often was drawn: once, and each time that more were.
    pub draws: i32,
    /// When.
    pub drawn_at: DateTime<Utc>,
    /// The account that did.
    pub drawn_by: Option<Uuid>,
}

/// Keeps a sample of a draft and who was drawn, in place of who was drawn before; how that
/// was done stays.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, organisation: Uuid, sample: &Sample, drawn: &[Candidate]) -> Result<(), Failure> {
    forget_members(tx, sample.consultation_id).await?;
    rows::insert(tx, row_of(sample)?).await?;
    tx.happened("consultation.sampled", Some(organisation), KIND, sample.id);
    keep(tx, sample, drawn).await
}

/// Keeps that more were drawn.
///
/// # Errors
/// When the database refuses.
pub async fn add(tx: &Tx, organisation: Uuid, sample: &Sample, drawn: &[Candidate]) -> Result<(), Failure> {
    let row = row_of(sample)?.into_active_model().reset_all();
    Entity::update_many().set(row).filter(Column::Id.eq(sample.id)).exec(tx.beneath()).await?;
    tx.happened("consultation.sampled", Some(organisation), KIND, sample.id);
    keep(tx, sample, drawn).await
}

async fn keep(tx: &Tx, sample: &Sample, drawn: &[Candidate]) -> Result<(), Failure> {
    let found: Result<Vec<members::Model>, Failure> = drawn
        .iter()
        .map(|one| {
            let stratum = to_json(&one.stratum)?;
            Ok(members::Model { sample_id: sample.id, participant_id: one.person, stratum, draw: sample.draws })
        })
        .collect();
    rows::insert_all(tx, found?).await
}

/// The sample that holds in a consultation: the one drawn last.
///
/// # Errors
/// When the database refuses.
pub async fn latest(source: &impl Source, consultation: Uuid) -> Result<Option<Sample>, Failure> {
    let found = Entity::find()
        .filter(Column::ConsultationId.eq(consultation))
        .order_by_desc(Column::DrawnAt)
        .order_by_desc(Column::Id)
        .limit(1);
    found.one(source.beneath()).await?.map(read).transpose()
}

/// Who was drawn in the sample that holds in a consultation, and in which stratum.
///
/// # Errors
/// When the database refuses.
pub async fn strata_of(source: &impl Source, consultation: Uuid) -> Result<HashMap<Uuid, Stratum>, Failure> {
    let Some(sample) = latest(source, consultation).await? else { return Ok(HashMap::new()) };
    let found = members::Entity::find().filter(members::Column::SampleId.eq(sample.id)).all(source.beneath()).await?;
    let read = |row: members::Model| Ok((row.participant_id, from_json(("sample_members", "stratum"), &row.stratum)?));
    found.into_iter().map(read).collect()
}

/// Who was drawn in the sample that holds in a consultation.
///
/// # Errors
/// When the database refuses.
pub async fn drawn_in(source: &impl Source, consultation: Uuid) -> Result<BTreeSet<Uuid>, Failure> {
    Ok(strata_of(source, consultation).await?.into_keys().collect())
}

/// A page of the samples that were drawn for a consultation.
///
/// # Errors
/// When the database refuses.
pub async fn list(source: &impl Source, consultation: Uuid, request: &PageRequest) -> Result<Page<Sample>, Failure> {
    let selection = Entity::find().filter(Column::ConsultationId.eq(consultation));
    let keyset = keyset!(super::entity::consultation_samples, DrawnAt as drawn_at);
    fetch_page(source, selection, keyset, request).await?.try_map(read)
}

async fn forget_members(tx: &Tx, consultation: Uuid) -> Result<(), Failure> {
    let ours = Entity::find().select_only().column(Column::Id).filter(Column::ConsultationId.eq(consultation));
    let ours = members::Column::SampleId.in_subquery(sea_orm::QueryTrait::into_query(ours));
    members::Entity::delete_many().filter(ours).exec(tx.beneath()).await?;
    Ok(())
}

/// Forgets the samples of a draft that is deleted.
pub(super) async fn forget(tx: &Tx, consultation: Uuid) -> Result<(), Failure> {
    forget_members(tx, consultation).await?;
    Entity::delete_many().filter(Column::ConsultationId.eq(consultation)).exec(tx.beneath()).await?;
    Ok(())
}

fn row_of(sample: &Sample) -> Result<Model, Failure> {
    let [objections, without_consent, burdened] = sample.left_out;
    Ok(Model {
        id: sample.id,
        consultation_id: sample.consultation_id,
        divided_by: to_json(&sample.by)?,
        allocation: sample.allocation.code().to_owned(),
        size: sample.size,
        seed: sample.seed.clone(),
        seed_given: sample.seed_given,
        strata: to_json(&sample.strata)?,
        frame: sample.frame,
        objections,
        without_consent,
        burdened,
        draws: sample.draws,
        drawn_at: sample.drawn_at,
        drawn_by: sample.drawn_by,
    })
}

fn read(row: Model) -> Result<Sample, Failure> {
    Ok(Sample {
        id: row.id,
        consultation_id: row.consultation_id,
        by: from_json((TABLE, "divided_by"), &row.divided_by)?,
        allocation: parse((TABLE, "allocation"), &row.allocation)?,
        size: row.size,
        seed: row.seed,
        seed_given: row.seed_given,
        strata: from_json((TABLE, "strata"), &row.strata)?,
        frame: row.frame,
        left_out: [row.objections, row.without_consent, row.burdened],
        draws: row.draws,
        drawn_at: row.drawn_at,
        drawn_by: row.drawn_by,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who has the seed draws the same in ten years, with whatever tool: this may never change.
    #[test]
    fn a_turn_is_computed_from_seed_and_person_alone() {
        let person = Uuid::from_u128(0x0197_c000_0000_7000_8000_0007_0000_0001);
        assert_eq!(rank("panel", person), rank("panel", person));
        assert_ne!(rank("panel", person), rank("paneel", person));
        assert_ne!(rank("panel", person), rank("panel", Uuid::from_u128(1)));
        assert_eq!(format!("{:032x}", rank("panel", person)), "8b739b26332b2185757eb8f6f53cdd79");
    }
}
