//! Samples: who of an audience is asked, drawn by strata, so that the same draw from the
//! same people gives the same people.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Consultation, ConsultationStatus, Recruitment};
use crate::cells::{Cell, Why, protect};
use crate::networks::Perspective;
use crate::participants::{AgeBand, Channel};
use crate::refusal::{Fault, Refusal};
use crate::vocabulary::vocabulary;

/// The most strata of a sample.
pub const MOST_STRATA: usize = 100;

vocabulary! {
    /// By what an audience is divided into strata.
    StratumBy {
        /// From where people take part.
        Perspective => "perspective",
        /// How old they are.
        AgeBand => "age_band",
        /// In which network.
        Network => "network",
        /// Which organisation registered them.
        Organisation => "organisation",
        /// How they want to be reached.
        Channel => "channel",
    }
}

vocabulary! {
    /// How a sample is divided over its strata.
    Allocation {
        /// The same number in each.
        Equal => "equal",
        /// As many in proportion as there are people in each.
        Proportional => "proportional",
        /// The numbers that were given.
        Given => "given",
    }
}

/// A part of an audience. What it isn't divided by is empty; of who is divided by age and
/// has none that is known, that is empty, too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Stratum {
    /// From where they take part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub perspective: Option<Perspective>,
    /// How old they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_band: Option<AgeBand>,
    /// In which network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_id: Option<Uuid>,
    /// Which organisation registered them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation_id: Option<Uuid>,
    /// How they want to be reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
}

impl Stratum {
    /// The same with no more than what is divided by.
    #[must_use]
    pub fn by(self, by: &[StratumBy]) -> Self {
        Self {
            perspective: self.perspective.filter(|_| by.contains(&StratumBy::Perspective)),
            age_band: self.age_band.filter(|_| by.contains(&StratumBy::AgeBand)),
            network_id: self.network_id.filter(|_| by.contains(&StratumBy::Network)),
            organisation_id: self.organisation_id.filter(|_| by.contains(&StratumBy::Organisation)),
            channel: self.channel.filter(|_| by.contains(&StratumBy::Channel)),
        }
    }
}

/// How a sample is to be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// By what the audience is divided; nothing: one stratum.
    pub by: Vec<StratumBy>,
    /// How the sample is divided over the strata.
    pub allocation: Allocation,
    /// How many people in all, unless the numbers are given.
    pub size: Option<i64>,
    /// The numbers that are given.
    pub quotas: Vec<(Stratum, i64)>,
}

impl Plan {
    /// What is wrong with it, all at once: `sample.by_repeated`, `value.required` at
    /// `/size` or `/quotas`, `sample.size_with_quotas`, `sample.quotas_not_given`,
    /// `sample.stratum_repeated`, `sample.stratum_unfit`.
    pub fn check(&self) -> Vec<Fault> {
        let mut faults = Fault::repeated(&self.by, "/by", "sample.by_repeated");
        let given = self.allocation == Allocation::Given;
        let found = [
            (!given && self.size.is_none(), "/size", "value.required"),
            (given && self.size.is_some(), "/size", "sample.size_with_quotas"),
            (given && self.quotas.is_empty(), "/quotas", "value.required"),
            (!given && !self.quotas.is_empty(), "/quotas", "sample.quotas_not_given"),
        ];
        faults.extend(found.into_iter().filter(|(wrong, ..)| *wrong).map(|(_, at, code)| Fault::body(at, code)));
        let strata: Vec<Stratum> = self.quotas.iter().map(|(stratum, _)| *stratum).collect();
        faults.extend(Fault::repeated(&strata, "/quotas", "sample.stratum_repeated"));
        let unfit = strata.iter().enumerate().filter(|(_, stratum)| stratum.by(&self.by) != **stratum);
        faults.extend(unfit.map(|(index, _)| Fault::body(format!("/quotas/{index}/stratum"), "sample.stratum_unfit")));
        faults
    }

    /// How many are to be drawn from each stratum, of a frame with so many people in each;
    /// in the order of the strata. Where a stratum has fewer people than that, the rest
    /// isn't taken from others: it shows that it fell short.
    ///
    /// # Errors
    /// [`Refusal::Conflict`] `sample.too_many_strata`.
    pub fn targets(&self, frame: &BTreeMap<Stratum, i64>) -> Result<BTreeMap<Stratum, i64>, Refusal> {
        let strata: BTreeSet<Stratum> =
            frame.keys().copied().chain(self.quotas.iter().map(|(stratum, _)| *stratum)).collect();
        if strata.len() > MOST_STRATA {
            return Err(Refusal::Conflict("sample.too_many_strata"));
        }
        let size = self.size.unwrap_or_default();
        Ok(match self.allocation {
            Allocation::Given => {
                let given = |stratum: &Stratum| self.quotas.iter().find(|(one, _)| one == stratum);
                strata.iter().map(|one| (*one, given(one).map_or(0, |(_, target)| *target))).collect()
            }
            Allocation::Equal => {
                let weights: Vec<(Stratum, i64)> = strata.iter().map(|one| (*one, 1)).collect();
                shared(size, &weights)
            }
            Allocation::Proportional => {
                let weights: Vec<(Stratum, i64)> = frame.iter().map(|(one, people)| (*one, *people)).collect();
                shared(size, &weights)
            }
        })
    }
}

/// A number shared by weight, to whole numbers that add up to it: the largest remainders
/// get what is left, the first of equals first.
fn shared(size: i64, weights: &[(Stratum, i64)]) -> BTreeMap<Stratum, i64> {
    let total: i128 = weights.iter().map(|(_, weight)| i128::from(*weight)).sum();
    if total == 0 {
        return weights.iter().map(|(stratum, _)| (*stratum, 0)).collect();
    }
    let exact = |weight: i64| i128::from(size) * i128::from(weight);
    let mut shares: Vec<(Stratum, i128, i128)> =
        weights.iter().map(|(one, weight)| (*one, exact(*weight) / total, exact(*weight) % total)).collect();
    let given: i128 = shares.iter().map(|(_, share, _)| *share).sum();
    let left = usize::try_from(i128::from(size) - given).unwrap_or_default();
    shares.sort_by_key(|(stratum, _, rest)| (std::cmp::Reverse(*rest), *stratum));
    for (_, share, _) in shares.iter_mut().take(left) {
        *share += 1;
    }
    shares.into_iter().map(|(stratum, share, _)| (stratum, i64::try_from(share).unwrap_or(i64::MAX))).collect()
}

/// Somebody who can be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// The person.
    pub person: Uuid,
    /// In which stratum they are.
    pub stratum: Stratum,
    /// Their turn in it, which the seed and they decide: the lowest comes first.
    pub rank: u128,
}

/// How many people there are in each stratum.
pub fn frame_of(candidates: &[Candidate]) -> BTreeMap<Stratum, i64> {
    let mut frame = BTreeMap::new();
    for one in candidates {
        *frame.entry(one.stratum).or_default() += 1;
    }
    frame
}

/// Draws so many from each stratum, by their turn, of those who weren't drawn before.
/// Whoever draws some, and then more, draws the same people as who draws them all at once.
pub fn draw(candidates: &[Candidate], wanted: &BTreeMap<Stratum, i64>, before: &BTreeSet<Uuid>) -> Vec<Candidate> {
    let mut by_stratum: BTreeMap<Stratum, Vec<Candidate>> = BTreeMap::new();
    for one in candidates.iter().filter(|one| !before.contains(&one.person)) {
        by_stratum.entry(one.stratum).or_default().push(*one);
    }
    let mut drawn: Vec<Candidate> = Vec::new();
    for (stratum, mut people) in by_stratum {
        people.sort_by_key(|one| (one.rank, one.person));
        people.dedup_by_key(|one| one.person);
        let most = wanted.get(&stratum).copied().unwrap_or_default();
        drawn.extend(people.into_iter().take(usize::try_from(most).unwrap_or_default()));
    }
    drawn
}

/// Why somebody in the audience can't be asked now; the first that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeftOut {
    /// They object, or what is known of them is restricted.
    Objection,
    /// There is no consent to taking part where it is asked.
    NoConsent,
    /// They were asked often enough lately.
    Burden,
}

impl LeftOut {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Objection, Self::NoConsent, Self::Burden];
}

/// How many of an audience were left out of a draw for each reason, as far as it may be shown
/// at this minimum: one person counts under one reason. How many they are in all is known.
pub fn left_out_cells(left_out: [i64; 3], minimum: i64) -> [Cell; 3] {
    let cells = protect(&left_out, true, minimum);
    [0, 1, 2].map(|index| cells.get(index).copied().unwrap_or(Cell::Suppressed(Why::Base)))
}

/// Whether a sample may be drawn for it: while it is a draft that asks a sample.
///
/// # Errors
/// [`Refusal::Conflict`] `sample.not_draft`, `sample.not_sampled`.
pub fn may_draw(consultation: &Consultation) -> Result<(), Refusal> {
    let draft = consultation.status == ConsultationStatus::Draft;
    if draft { is_sampled(consultation) } else { Err(Refusal::Conflict("sample.not_draft")) }
}

/// Whether more may be drawn for it, and are invited at once: while it is a draft, or open,
/// that asks a sample.
///
/// # Errors
/// [`Refusal::Conflict`] `sample.not_sampled`, `consultation.ended`.
pub fn may_top_up(consultation: &Consultation) -> Result<bool, Refusal> {
    is_sampled(consultation)?;
    match consultation.status {
        ConsultationStatus::Draft => Ok(false),
        ConsultationStatus::Open => Ok(true),
        ConsultationStatus::Closed | ConsultationStatus::Concluded | ConsultationStatus::Withdrawn => {
            Err(Refusal::Conflict("consultation.ended"))
        }
    }
}

/// Whether it asks a sample.
fn is_sampled(consultation: &Consultation) -> Result<(), Refusal> {
    let sampled = consultation.asking.recruitment == Recruitment::Sample;
    if sampled { Ok(()) } else { Err(Refusal::Conflict("sample.not_sampled")) }
}

#[cfg(test)]
mod tests;
