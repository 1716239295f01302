//! Rates: what is given for an hour, a meeting, a kilometre, to whom, in which
//! period. They are data: of an organisation, or of one network alone.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{Ceiling, ClaimBasis, RateUnit, Training, private_number};
use crate::calendar::reversed;
use crate::networks::Perspective;
use crate::refusal::Fault;
use crate::text::Texts;

/// A rate (tarief).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// Its id.
    pub id: Uuid,
    /// The organisation that pays.
    pub organisation_id: Uuid,
    /// The one network that it is for; none: all that the organisation hosts.
    pub network_id: Option<Uuid>,
    /// What it is called.
    pub name: Texts,
    /// For what.
    pub unit: RateUnit,
    /// On what footing.
    pub basis: ClaimBasis,
    /// What is given for one. Cents.
    pub cents: i64,
    /// For whom; empty: whatever their perspective.
    pub perspectives: Vec<Perspective>,
    /// For whom, by training; none: either.
    pub training: Option<Training>,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day, where it is known.
    pub ends_on: Option<NaiveDate>,
    /// Within how many days after a claim the money comes. Days.
    pub days_to_payment: i32,
    /// Why it is higher than the norm.
    pub reason: Option<String>,
}

/// Work for which a rate is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateUse {
    /// The network.
    pub network: Uuid,
    /// For what.
    pub unit: RateUnit,
    /// On what footing.
    pub basis: ClaimBasis,
    /// From which perspective it was done.
    pub perspective: Perspective,
    /// Whether by somebody trained.
    pub trained: bool,
    /// On which day.
    pub day: NaiveDate,
}

impl Rate {
    /// What is wrong with it, all at once: `period.reversed`, `perspective.repeated`,
    /// `rate.basis_without_rate`, `rate.kilometre_is_costs`, `rate.reason_required`
    /// where an hour of a volunteer's allowance gives more than the norm of the year
    /// in which it starts (and, where the year's norm isn't known, whatever it gives),
    /// and those of [`private_number`].
    pub fn check(&self, ceilings: &[Ceiling]) -> Vec<Fault> {
        let mut faults = Vec::new();
        if reversed(Some(self.starts_on), self.ends_on) {
            faults.push(Fault::body("/endsOn", "period.reversed"));
        }
        faults.extend(Fault::repeated(&self.perspectives, "/perspectives", "perspective.repeated"));
        let is_costs = self.basis == ClaimBasis::ActualCosts;
        if self.basis == ClaimBasis::Gift {
            faults.push(Fault::body("/basis", "rate.basis_without_rate"));
        } else if is_costs != (self.unit == RateUnit::Kilometre) && self.basis != ClaimBasis::Invoice {
            faults.push(Fault::body("/basis", "rate.kilometre_is_costs"));
        }
        let said = self.reason.as_deref().is_some_and(|reason| !reason.trim().is_empty());
        if self.is_above_norm(ceilings) && !said {
            faults.push(Fault::body("/reason", "rate.reason_required"));
        }
        if let Some(code) = self.reason.as_deref().and_then(private_number) {
            faults.push(Fault::body("/reason", code));
        }
        faults
    }

    /// Whether an hour gives more than the norm for an adult.
    pub fn is_above_norm(&self, ceilings: &[Ceiling]) -> bool {
        let hourly = self.basis == ClaimBasis::VolunteerAllowance && self.unit == RateUnit::Hour;
        let norm = Ceiling::of_day(ceilings, self.starts_on).map(|ceiling| ceiling.hour_cents);
        hourly && norm.is_none_or(|norm| self.cents > norm)
    }

    /// Whether it holds for this work.
    pub fn is_for(&self, work: RateUse) -> bool {
        let RateUse { network, unit, basis, perspective, trained, day } = work;
        let within = self.starts_on <= day && self.ends_on.is_none_or(|end| day <= end);
        let training = if trained { Training::Trained } else { Training::Untrained };
        within
            && self.network_id.is_none_or(|own| own == network)
            && (self.unit, self.basis) == (unit, basis)
            && (self.perspectives.is_empty() || self.perspectives.contains(&perspective))
            && self.training.is_none_or(|one| one == training)
    }
}
