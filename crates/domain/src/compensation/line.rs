//! The lines of a claim.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{ClaimBasis, LineKind, Rate, RateUse, private_number};
use crate::refusal::Fault;

/// What a line gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineAmount {
    /// Counted at a rate.
    Counted {
        /// Minutes, meetings or kilometres.
        quantity: i64,
        /// At which rate.
        rate_id: Uuid,
        /// What that rate gives for one. Cents.
        rate_cents: i64,
    },
    /// Told. Cents.
    Told(i64),
}

/// One line of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimLine {
    /// Its id.
    pub id: Uuid,
    /// For what.
    pub kind: LineKind,
    /// When it was earned or spent.
    pub happened_on: NaiveDate,
    /// What it gives.
    pub amount: LineAmount,
    /// What it was for, in words.
    pub description: Option<String>,
    /// Whether a receipt was shown; no copy of it is kept.
    pub proven: bool,
}

/// The most minutes of one line: a day.
const MOST_MINUTES: i64 = 24 * 60;
/// How long ago something may be claimed. Years.
const LONGEST_AGO: u32 = 5;

impl ClaimLine {
    /// What it comes to. Cents, half a cent upwards.
    pub fn cents(&self) -> i64 {
        match self.amount {
            LineAmount::Told(cents) => cents,
            LineAmount::Counted { quantity, rate_cents, .. } => match self.kind {
                LineKind::Hours => (quantity * rate_cents + 30) / 60,
                LineKind::Meetings | LineKind::Kilometres | LineKind::Costs | LineKind::Gift => quantity * rate_cents,
            },
        }
    }

    /// What an hour of it gives, where it is time. Cents.
    pub const fn hour_cents(&self) -> Option<i64> {
        match (self.kind, self.amount) {
            (LineKind::Hours, LineAmount::Counted { rate_cents, .. }) => Some(rate_cents),
            _other => None,
        }
    }

    /// What is wrong with it on a claim on this footing, all at once:
    /// `claim_line.kind_unsuited`, `claim_line.in_future`, `claim_line.too_long_ago`,
    /// `claim_line.too_many_minutes`, and those of [`private_number`]. Pointers
    /// relative to the line.
    pub fn check(&self, basis: ClaimBasis, today: NaiveDate) -> Vec<Fault> {
        let mut faults = Vec::new();
        if !self.kind.suits(basis) {
            faults.push(Fault::body("/kind", "claim_line.kind_unsuited"));
        }
        if self.happened_on > today {
            faults.push(Fault::body("/happenedOn", "claim_line.in_future"));
        } else if self
            .happened_on
            .checked_add_months(chrono::Months::new(LONGEST_AGO * 12))
            .is_none_or(|end| end < today)
        {
            faults.push(Fault::body("/happenedOn", "claim_line.too_long_ago"));
        }
        match self.amount {
            LineAmount::Counted { quantity, .. } if self.kind == LineKind::Hours && quantity > MOST_MINUTES => {
                faults.push(Fault::body("/quantity", "claim_line.too_many_minutes"));
            }
            LineAmount::Counted { .. } | LineAmount::Told(_) => {}
        }
        if let Some(code) = self.description.as_deref().and_then(private_number) {
            faults.push(Fault::body("/description", code));
        }
        faults
    }

    /// The amount of a line as it was told: a quantity at a rate, where its kind
    /// has one, else the amount itself. The rate must hold for this work.
    ///
    /// # Errors
    /// All that is missing or too much: `claim_line.quantity_missing`,
    /// `claim_line.rate_missing`, `claim_line.amount_counted`,
    /// `claim_line.amount_missing`, `claim_line.quantity_unused`,
    /// `claim_line.rate_unused`, `reference.unknown`, `claim_line.rate_unsuited`.
    pub fn amount(
        (kind, quantity, cents): (LineKind, Option<i64>, Option<i64>),
        (rate_id, rate): (Option<Uuid>, Option<&Rate>),
        work: Option<RateUse>,
    ) -> Result<LineAmount, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut wrong = |location: &str, code| faults.push(Fault::body(location, code));
        let Some(work) = work.filter(|_| kind.unit().is_some()) else {
            if quantity.is_some() {
                wrong("/quantity", "claim_line.quantity_unused");
            }
            if rate_id.is_some() {
                wrong("/rateId", "claim_line.rate_unused");
            }
            if cents.is_none() {
                wrong("/amountCents", "claim_line.amount_missing");
            }
            return cents.filter(|_| faults.is_empty()).map(LineAmount::Told).ok_or(faults);
        };
        if cents.is_some() {
            wrong("/amountCents", "claim_line.amount_counted");
        }
        if quantity.is_none() {
            wrong("/quantity", "claim_line.quantity_missing");
        }
        match (rate_id, rate) {
            (None, _) => wrong("/rateId", "claim_line.rate_missing"),
            (Some(_), None) => wrong("/rateId", "reference.unknown"),
            (Some(_), Some(rate)) if !rate.is_for(work) => wrong("/rateId", "claim_line.rate_unsuited"),
            (Some(_), Some(_)) => {}
        }
        match (quantity, rate) {
            (Some(quantity), Some(rate)) if faults.is_empty() => {
                Ok(LineAmount::Counted { quantity, rate_id: rate.id, rate_cents: rate.cents })
            }
            _incomplete => Err(faults),
        }
    }
}
