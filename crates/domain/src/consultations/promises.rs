//! Whether people heard back when that was promised: in time, after one move of the
//! day, or late.

use chrono::NaiveDate;

use crate::vocabulary::vocabulary;

vocabulary! {
    /// Of whom it is counted how promises to report back are kept.
    PromiseScope {
        /// Of each organisation that asks.
        Organisation => "organisation",
        /// Of each network that is asked.
        Network => "network",
    }
}

/// What was promised about one consultation, and what came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    /// The day until which people may wait to hear back, as it stands.
    pub due_on: NaiveDate,
    /// Whether that day was moved.
    pub moved: bool,
    /// The day that was promised first, where it was moved and that is known.
    pub first_due_on: Option<NaiveDate>,
    /// The day on which people heard back in the end.
    pub told_on: Option<NaiveDate>,
}

/// How a promise was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// By the day that was promised first.
    InTime,
    /// By the day to which it was moved.
    AfterMove,
    /// So many days after the day that stood last.
    Late(i64),
    /// Not yet, so many days after that day.
    Overdue(i64),
}

impl Promise {
    /// How it was kept, as it stands on this day; none while there is time.
    pub fn kept(&self, today: NaiveDate) -> Option<Kept> {
        let late = |day: NaiveDate| (day - self.due_on).num_days();
        match self.told_on {
            Some(told) if told > self.due_on => Some(Kept::Late(late(told))),
            Some(told) if !self.moved || self.first_due_on.is_some_and(|first| told <= first) => Some(Kept::InTime),
            Some(_) => Some(Kept::AfterMove),
            None if today > self.due_on => Some(Kept::Overdue(late(today))),
            None => None,
        }
    }
}

/// How the promises of somebody were kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PromiseRecord {
    /// Of how many consultations people heard back, or should have.
    pub due: i64,
    /// How many of them by the day that was promised first.
    pub in_time: i64,
    /// How many of them by the day to which it was moved.
    pub after_move: i64,
    /// How many of them after that day.
    pub late: i64,
    /// How many of them not yet.
    pub overdue: i64,
    /// The median of the days by which those that are late, or not yet there, passed
    /// the day that stood last; in halves of a day.
    pub late_half_days: Option<i64>,
}

impl PromiseRecord {
    /// The record of these promises on this day.
    pub fn of(promises: impl IntoIterator<Item = Promise>, today: NaiveDate) -> Self {
        let mut record = Self::default();
        let mut days = Vec::new();
        for kept in promises.into_iter().filter_map(|promise| promise.kept(today)) {
            record.due += 1;
            match kept {
                Kept::InTime => record.in_time += 1,
                Kept::AfterMove => record.after_move += 1,
                Kept::Late(late) => {
                    record.late += 1;
                    days.push(late);
                }
                Kept::Overdue(late) => {
                    record.overdue += 1;
                    days.push(late);
                }
            }
        }
        record.late_half_days = median_in_halves(days);
        record
    }

    /// Of those that were due, how many in time: by the first day alone, and with those
    /// that came by the day to which it was moved. Percent, rounded to the nearest whole,
    /// but never to 100 or 0 where it isn't all or none. None where none were due.
    pub fn percentages(&self) -> Option<(i64, i64)> {
        (self.due > 0).then(|| (percent(self.in_time, self.due), percent(self.in_time + self.after_move, self.due)))
    }
}

fn percent(some: i64, all: i64) -> i64 {
    let rounded = (200 * some + all) / (2 * all);
    match (some, rounded) {
        (some, 100) if some < all => 99,
        (some, 0) if some > 0 => 1,
        _ => rounded,
    }
}

fn median_in_halves(mut days: Vec<i64>) -> Option<i64> {
    days.sort_unstable();
    let (low, high) = (days.get(days.len().checked_sub(1)? / 2)?, days.get(days.len() / 2)?);
    Some(low + high)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::consultations::samples::day;

    fn promise(due: u32, first: Option<u32>, told: Option<u32>) -> Promise {
        let on = |number| day(2026, 5, number);
        Promise { due_on: on(due), moved: first.is_some(), first_due_on: first.map(on), told_on: told.map(on) }
    }

    #[test]
    fn a_day_is_in_time_to_its_end_and_a_move_is_told() {
        let today = day(2026, 5, 20);
        let kept = |one: Promise| one.kept(today);
        assert_eq!(kept(promise(10, None, Some(10))), Some(Kept::InTime));
        assert_eq!(kept(promise(10, None, Some(11))), Some(Kept::Late(1)));
        assert_eq!(kept(promise(10, Some(5), Some(5))), Some(Kept::InTime));
        assert_eq!(kept(promise(10, Some(5), Some(6))), Some(Kept::AfterMove));
        assert_eq!(kept(promise(10, Some(5), Some(12))), Some(Kept::Late(2)));
        assert_eq!(kept(promise(20, None, None)), None);
        assert_eq!(kept(promise(19, None, None)), Some(Kept::Overdue(1)));
        // Moved and not yet due: no promise is broken, and none is kept yet.
        assert_eq!(kept(promise(25, Some(5), None)), None);
        // Moved in a time when the first day wasn't kept.
        assert_eq!(Promise { first_due_on: None, ..promise(10, Some(5), Some(4)) }.kept(today), Some(Kept::AfterMove));
    }

    #[test]
    fn a_rate_says_of_how_many() {
        let today = day(2026, 5, 20);
        let all = [
            promise(10, None, Some(9)),
            promise(10, Some(5), Some(6)),
            promise(10, None, Some(13)),
            promise(12, None, None),
            promise(30, None, None),
        ];
        let record = PromiseRecord::of(all, today);
        assert_eq!((record.due, record.in_time, record.after_move, record.late, record.overdue), (4, 1, 1, 1, 1));
        assert_eq!((record.late_half_days, record.percentages()), (Some(11), Some((25, 50))));
        assert_eq!(PromiseRecord::of([promise(30, None, None)], today).percentages(), None);
        assert_eq!((percent(999, 1000), percent(1, 1000), percent(1, 3), percent(2, 3)), (99, 1, 33, 67));
    }

    proptest! {
        #[test]
        fn every_promise_that_was_due_counts_once(
            all in prop::collection::vec((1u32..28, prop::option::of(1u32..28), prop::option::of(1u32..28)), 0..40),
            today in 1u32..28,
        ) {
            let all: Vec<Promise> = all.into_iter().map(|(due, first, told)| promise(due, first, told)).collect();
            let record = PromiseRecord::of(all.clone(), day(2026, 5, today));
            let due = all.iter().filter(|one| one.told_on.is_some() || one.due_on < day(2026, 5, today)).count();
            prop_assert_eq!(record.due, i64::try_from(due).unwrap());
            prop_assert_eq!(record.in_time + record.after_move + record.late + record.overdue, record.due);
            prop_assert_eq!(record.late_half_days.is_some(), record.late + record.overdue > 0);
        }
    }
}
