//! Who answered to a campaign.

use std::collections::HashMap;

use chrono::NaiveDate;
use klankbord_domain::recruitment::{Came, RecruitmentAnswer};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::batch::Batch;
use super::entity::recruitment_candidates::{Column, Entity, Model};
use crate::participants::membership;
use crate::store::{Failure, Source, Tx, parse, rows};

/// The kind of thing, in the audit trail.
pub const KIND: &str = "recruitment_candidate";

/// One who answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its id.
    pub id: Uuid,
    /// With whom they were reached.
    pub batch_id: Uuid,
    /// Their membership, where they came forward.
    pub membership_id: Option<Uuid>,
    /// What they said.
    pub answer: RecruitmentAnswer,
    /// On which day.
    pub came_on: NaiveDate,
}

/// Keeps an answer.
///
/// # Errors
/// 409 `recruitment.counted_already` where the membership came from a campaign before.
pub async fn insert(tx: &Tx, organisation: Uuid, candidate: Candidate) -> Result<Candidate, Failure> {
    let row = Model {
        id: candidate.id,
        batch_id: candidate.batch_id,
        membership_id: candidate.membership_id,
        answer: candidate.answer.code().to_owned(),
        came_on: candidate.came_on,
    };
    rows::insert(tx, row).await?;
    tx.happened("recruitment_candidate.made", Some(organisation), KIND, candidate.id);
    Ok(candidate)
}

/// What came of these batches, for the funnel.
///
/// # Errors
/// When the database refuses.
pub async fn came(source: &impl Source, batches: &[Batch]) -> Result<Vec<Came>, Failure> {
    let ids = batches.iter().map(|batch| batch.id);
    let found = Entity::find().filter(Column::BatchId.is_in(ids)).all(source.beneath()).await?;
    let memberships: Vec<Uuid> = found.iter().filter_map(|row| row.membership_id).collect();
    let states: HashMap<Uuid, _> = membership::statuses(source, &memberships).await?;
    let of: HashMap<Uuid, &Batch> = batches.iter().map(|batch| (batch.id, batch)).collect();
    let mut all = Vec::new();
    for row in found {
        let Some(batch) = of.get(&row.batch_id) else { continue };
        all.push(Came {
            source: batch.source,
            answer: parse(("recruitment_candidates", "answer"), &row.answer)?,
            membership: row.membership_id.and_then(|id| states.get(&id).copied()),
        });
    }
    Ok(all)
}
