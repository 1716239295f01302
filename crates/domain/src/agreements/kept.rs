//! What was promised, and what was kept of it.

use chrono::{Datelike as _, NaiveDate};

use super::Agreement;

/// What was done for a person, within the days looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Deeds {
    /// Time that was handed in and not turned down. Minutes.
    pub minutes: i64,
    /// What was given for it. Cents.
    pub cents: i64,
    /// Claims that were paid in time.
    pub paid_in_time: i64,
    /// Claims that were paid late, or are late.
    pub paid_late: i64,
    /// What they brought and was answered within the days promised.
    pub answered_in_time: i64,
    /// What they brought and was answered later, or isn't and should have been.
    pub answered_late: i64,
    /// Whether they are noted as trained.
    pub trained: bool,
}

/// What was promised within the days looked at, beside what was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// How much time was expected. Minutes.
    pub expected_minutes: Option<i64>,
    /// What was done.
    pub deeds: Deeds,
    /// What was given for an hour, where time was handed in. Cents.
    pub cents_an_hour: Option<i64>,
}

/// How much of an agreement's time falls within these days: by whole months that begin in
/// them.
fn months_within(agreement: &Agreement, (from, to): (NaiveDate, NaiveDate)) -> i64 {
    let first = agreement.promises.starts_on.max(from);
    let last = agreement.promises.ends_on.map_or(to, |end| end.min(to));
    if last < first {
        return 0;
    }
    let months = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month0());
    months(last) - months(first) + 1
}

/// What was promised and what was kept, from the first to the last of these days.
pub fn kept(agreement: &Agreement, deeds: Deeds, within: (NaiveDate, NaiveDate)) -> Kept {
    let months = months_within(agreement, within);
    let expected = agreement.promises.expected_minutes.map(|minutes| i64::from(minutes).saturating_mul(months));
    let an_hour = deeds.cents.saturating_mul(60).checked_div(deeds.minutes);
    Kept { expected_minutes: expected, deeds, cents_an_hour: an_hour }
}
