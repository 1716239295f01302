//! Days and instants. A day belongs to a time zone (Europe/Amsterdam unless the
//! installation says otherwise); it ends at 24:00 there.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

/// The day on which this instant falls.
pub fn day_of(instant: DateTime<Utc>, zone: Tz) -> NaiveDate {
    instant.with_timezone(&zone).date_naive()
}

/// The first instant after the day: 24:00 in the zone.
pub fn end_of(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let next = day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
    start_of(next, zone)
}

/// The first instant of the day in the zone.
pub fn start_of(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    match zone.from_local_datetime(&midnight) {
        chrono::LocalResult::Single(start) | chrono::LocalResult::Ambiguous(start, _) => start.with_timezone(&Utc),
        // A zone whose clocks jump over midnight: the day starts an hour later.
        chrono::LocalResult::None => Utc.from_utc_datetime(&midnight),
    }
}

/// A day this many weeks later.
pub fn weeks_after(day: NaiveDate, weeks: u64) -> NaiveDate {
    day.checked_add_days(Days::new(weeks * 7)).unwrap_or(NaiveDate::MAX)
}

/// Whether a period ends before it starts. Open ends never do.
pub fn reversed(from: Option<NaiveDate>, to: Option<NaiveDate>) -> bool {
    from.zip(to).is_some_and(|(from, to)| to < from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_at_midnight_in_amsterdam() {
        let zone = chrono_tz::Europe::Amsterdam;
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        assert_eq!(end_of(day(2026, 1, 31), zone).to_rfc3339(), "2026-01-31T23:00:00+00:00");
        assert_eq!(end_of(day(2026, 7, 1), zone).to_rfc3339(), "2026-07-01T22:00:00+00:00");
        // The day on which summer time starts has 23 hours.
        assert_eq!((end_of(day(2026, 3, 29), zone) - start_of(day(2026, 3, 29), zone)).num_hours(), 23);
        let last_moment = end_of(day(2026, 7, 1), zone) - chrono::TimeDelta::microseconds(1);
        assert_eq!(day_of(last_moment, zone), day(2026, 7, 1));
        assert_eq!(day_of(end_of(day(2026, 7, 1), zone), zone), day(2026, 7, 2));
    }
}
