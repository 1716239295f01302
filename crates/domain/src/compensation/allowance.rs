//! The volunteer allowance and its ceilings (Wet op de loonbelasting 1964,
//! art. 2.6; Uitvoeringsregeling loonbelasting 2011, art. 2.4): what counts
//! together, what passes a ceiling, and what will, if it goes on so.
//!
//! One payer knows only what it pays itself: other payers aren't counted.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use super::ClaimBasis;
use crate::participants::Age;
use crate::vocabulary::vocabulary;

/// The ceilings of one year. Cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ceiling {
    /// The year.
    pub year: i32,
    /// The norm for an hour.
    pub hour_cents: i64,
    /// The norm for an hour of somebody under 21.
    pub young_hour_cents: i64,
    /// The most in a month.
    pub month_cents: i64,
    /// The most in a year.
    pub year_cents: i64,
}

/// From this age on the norm for an hour is the adults'. Years.
const ADULT_NORM: i32 = 21;

impl Ceiling {
    /// That of the year of this day.
    pub fn of_day(all: &[Self], day: NaiveDate) -> Option<Self> {
        Self::of_year(all, day.year())
    }

    /// That of a year.
    pub fn of_year(all: &[Self], year: i32) -> Option<Self> {
        all.iter().copied().find(|one| one.year == year)
    }

    /// The norm for an hour of somebody of whose age this is known on this day. Of whom nothing
    /// is known the adults' is taken.
    pub fn norm(self, age: Age, day: NaiveDate) -> i64 {
        let young = age.is_known() && !age.is_at_least(ADULT_NORM, day);
        if young { self.young_hour_cents } else { self.hour_cents }
    }
}

/// Something that was given, or is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// When it was earned or spent.
    pub day: NaiveDate,
    /// On what footing.
    pub basis: ClaimBasis,
    /// How much. Cents.
    pub cents: i64,
    /// Whether it was shown by a receipt; counts for costs alone.
    pub proven: bool,
    /// What an hour of it gives, where it is time. Cents.
    pub hour_cents: Option<i64>,
}

/// How an entry counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// As an allowance.
    Allowance,
    /// As costs, together with an allowance where there is one.
    Costs,
    /// Proven costs: alone they have no ceiling.
    ProvenCosts,
    /// Not at all: an invoice, a gift, a fee are no volunteer's allowance.
    Apart,
}

impl Entry {
    /// How it counts.
    pub const fn counted(self) -> Counted {
        match self.basis {
            ClaimBasis::VolunteerAllowance => Counted::Allowance,
            ClaimBasis::ActualCosts if self.proven => Counted::ProvenCosts,
            ClaimBasis::ActualCosts => Counted::Costs,
            ClaimBasis::AttendanceFee | ClaimBasis::Invoice | ClaimBasis::Gift => Counted::Apart,
        }
    }
}

vocabulary! {
    /// What is to be known of somebody's allowance in a year.
    AllowanceFinding {
        /// An hour gives more than the norm for this person's age.
        HourAboveNorm => "hour_above_norm",
        /// A month passed its ceiling: nothing of that month is a volunteer's allowance.
        MonthPassed => "month_passed",
        /// The year passed its ceiling: nothing of that year is a volunteer's allowance.
        YearPassed => "year_passed",
        /// The year will pass its ceiling, if the coming months are as the past ones.
        YearWillPass => "year_will_pass",
        /// The ceilings of this year aren't known here.
        YearUnknown => "year_unknown",
    }
}

/// What counts in one month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    /// The month, from 1.
    pub month: u32,
    /// What counts together. Cents.
    pub cents: i64,
    /// Whether it passed the month's ceiling.
    pub passed: bool,
}

/// Where somebody stands in a year, with one payer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    /// The year.
    pub year: i32,
    /// Its ceilings, where they are known.
    pub ceiling: Option<Ceiling>,
    /// The months with something in them, in order.
    pub months: Vec<Month>,
    /// What counts together in the year. Cents.
    pub cents: i64,
    /// What stands apart: invoices, gifts, fees, and proven costs in a year
    /// without an allowance. Cents.
    pub apart_cents: i64,
    /// What the year comes to if the coming months are as the past ones. Cents.
    pub expected_cents: i64,
    /// The month in which the year's ceiling is passed: the one that did, or the
    /// one that will, if it goes on so; from 1.
    pub passes_in: Option<u32>,
    /// What is to be known, each once, in the vocabulary's order.
    pub findings: Vec<AllowanceFinding>,
}

/// Where somebody stands in a year: entries of other years are
/// passed over. Allowance and costs count together; proven costs count only
/// where there is an allowance in that year.
pub fn assess((year, today): (i32, NaiveDate), entries: &[Entry], age: Age, ceilings: &[Ceiling]) -> Allowance {
    let ceiling = Ceiling::of_year(ceilings, year);
    let within: Vec<Entry> = entries.iter().copied().filter(|entry| entry.day.year() == year).collect();
    let allowed = within.iter().any(|entry| entry.counted() == Counted::Allowance);
    let counts = |entry: &Entry| match entry.counted() {
        Counted::Allowance | Counted::Costs => true,
        Counted::ProvenCosts => allowed,
        Counted::Apart => false,
    };
    let mut by_month: BTreeMap<u32, i64> = BTreeMap::new();
    for entry in within.iter().filter(|entry| counts(entry)) {
        *by_month.entry(entry.day.month()).or_default() += entry.cents;
    }
    let month_passed = |cents: i64| ceiling.is_some_and(|ceiling| cents > ceiling.month_cents);
    let months: Vec<Month> = by_month
        .iter()
        .map(|(month, cents)| Month { month: *month, cents: *cents, passed: month_passed(*cents) })
        .collect();
    let cents = months.iter().map(|month| month.cents).sum();
    let apart_cents = within.iter().filter(|entry| !counts(entry)).map(|entry| entry.cents).sum();
    let (expected_cents, will_pass) = forecast(&months, ceiling, (year, today));
    let passed = passed_in(&months, ceiling);
    let above = |entry: &Entry| {
        let norm = ceiling.map(|ceiling| ceiling.norm(age, entry.day));
        entry.counted() == Counted::Allowance && entry.hour_cents.zip(norm).is_some_and(|(given, norm)| given > norm)
    };
    let mut findings = BTreeSet::new();
    let mut note = |finding, holds: bool| holds.then(|| findings.insert(finding));
    note(AllowanceFinding::HourAboveNorm, within.iter().any(above));
    note(AllowanceFinding::MonthPassed, months.iter().any(|month| month.passed));
    note(AllowanceFinding::YearPassed, passed.is_some());
    note(AllowanceFinding::YearWillPass, passed.is_none() && will_pass.is_some());
    note(AllowanceFinding::YearUnknown, ceiling.is_none() && cents > 0);
    Allowance {
        year,
        ceiling,
        months,
        cents,
        apart_cents,
        expected_cents,
        passes_in: passed.or(will_pass),
        findings: findings.into_iter().collect(),
    }
}

/// The month in which the sum passed the year's ceiling.
fn passed_in(months: &[Month], ceiling: Option<Ceiling>) -> Option<u32> {
    let most = ceiling?.year_cents;
    let mut sum = 0;
    months.iter().find_map(|month| {
        sum += month.cents;
        (sum > most).then_some(month.month)
    })
}

/// What the year comes to, when each coming month is as the past ones were on average,
/// those without anything in them included, and the month in which that passes the
/// ceiling. Of a year that is over nothing comes any more.
fn forecast(months: &[Month], ceiling: Option<Ceiling>, (year, today): (i32, NaiveDate)) -> (i64, Option<u32>) {
    let sum: i64 = months.iter().map(|month| month.cents).sum();
    let (Some(first), Some(last)) = (months.first(), months.last()) else { return (0, None) };
    // The running month isn't over: it counts once there is something in it.
    let through = match year.cmp(&today.year()) {
        Ordering::Less => 12,
        Ordering::Equal => last.month.max(today.month().saturating_sub(1)),
        Ordering::Greater => last.month,
    };
    let past = i64::from(through - first.month) + 1;
    // Multiplied before it is divided: no cent is lost on the way.
    let after = |more: i64| sum + sum * more / past;
    let passes = ceiling.and_then(|ceiling| {
        (1..=12 - through).find(|more| after(i64::from(*more)) > ceiling.year_cents).map(|more| through + more)
    });
    (after(i64::from(12 - through)), passes)
}
