//! Burden: how often a person may be asked. What counts is how often they were
//! asked over all networks within a window of days; the lowest of their own, the
//! network's and the installation's ceiling holds.

use std::collections::BTreeMap;

use chrono::{Datelike as _, Days, Months, NaiveDate};

use crate::cells::{Cell, PUBLIC_MINIMUM, protect};
use crate::networks::{Network, View};

/// How often somebody may be asked within the window. Times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AskCeilings {
    /// The person's own; nobody passes it.
    pub own: Option<i32>,
    /// The lowest of the networks through which they are reached.
    pub network: Option<i32>,
    /// The installation's.
    pub installation: Option<i32>,
}

/// Whether somebody may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MayBeAsked {
    /// Now.
    Yes,
    /// Not before this day. By what is never told: it would say where else they
    /// take part.
    NotBefore(NaiveDate),
}

impl AskCeilings {
    /// The lowest; past the network's and the installation's where those were
    /// overridden, never past the person's own.
    fn lowest(self, overridden: bool) -> Option<i32> {
        let others = [self.network, self.installation].into_iter().flatten().filter(|_| !overridden);
        self.own.into_iter().chain(others).min()
    }
}

impl MayBeAsked {
    /// The day that is told: the first of the month after. The day itself, counted back,
    /// would say on which day somebody was asked elsewhere.
    pub fn told(self) -> Option<NaiveDate> {
        match self {
            Self::Yes => None,
            Self::NotBefore(day) => {
                let first = day.with_day(1);
                if first == Some(day) {
                    first
                } else {
                    first.and_then(|first| first.checked_add_months(Months::new(1)))
                }
            }
        }
    }
}

/// Whether somebody who was asked on these days may be asked today. A day counts
/// for `window` days, itself included. Days.
pub fn may_be_asked(
    asked_on: &[NaiveDate],
    (ceilings, overridden): (AskCeilings, bool),
    (window, today): (u64, NaiveDate),
) -> MayBeAsked {
    let Some(ceiling) = ceilings.lowest(overridden) else { return MayBeAsked::Yes };
    let ceiling = usize::try_from(ceiling).unwrap_or(0);
    let ends = |day: &NaiveDate| day.checked_add_days(Days::new(window)).unwrap_or(NaiveDate::MAX);
    let mut counting: Vec<NaiveDate> = asked_on.iter().map(ends).filter(|end| *end > today).collect();
    counting.sort_unstable();
    // When so many of the oldest no longer count that one more fits under the ceiling.
    match counting.len().checked_sub(ceiling) {
        None => MayBeAsked::Yes,
        Some(over) => MayBeAsked::NotBefore(counting.get(over).copied().unwrap_or(NaiveDate::MAX)),
    }
}

/// The first day that counts towards today. `window` in days.
pub fn counts_from(window: u64, today: NaiveDate) -> NaiveDate {
    today.checked_sub_days(Days::new(window.saturating_sub(1))).unwrap_or(NaiveDate::MIN)
}

/// How many people of a network it asked how often within the window: 0, 1, 2,
/// and so on, the last for that and more.
pub const LOAD_STEPS: usize = 6;

/// The load of a network as a distribution: how many people it asked 0, 1, 2, 3, 4
/// times, and 5 or more. Only what this network asked counts.
pub fn load(times: impl Iterator<Item = usize>, view: View) -> Vec<Cell> {
    let mut counted: BTreeMap<usize, i64> = (0..LOAD_STEPS).map(|step| (step, 0)).collect();
    for one in times {
        *counted.entry(one.min(LOAD_STEPS - 1)).or_default() += 1;
    }
    let counted: Vec<i64> = counted.into_values().collect();
    match view {
        View::Whole => counted.into_iter().map(Cell::Shown).collect(),
        View::Outside { minimum } => protect(&counted, true, minimum.max(PUBLIC_MINIMUM)),
    }
}

/// The lowest ceiling that these networks set. Times.
pub fn lowest_of<'n>(networks: impl Iterator<Item = &'n Network>) -> Option<i32> {
    networks.filter_map(|network| network.ask_ceiling).min()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn asked(days: &[&str], own: Option<i32>, network: Option<i32>, overridden: bool) -> MayBeAsked {
        let days: Vec<NaiveDate> = days.iter().map(|one| day(one)).collect();
        let ceilings = AskCeilings { own, network, installation: Some(9) };
        may_be_asked(&days, (ceilings, overridden), (92, day("2026-11-23")))
    }

    #[test]
    fn two_a_quarter_is_two_a_quarter() {
        assert_eq!(asked(&[], None, Some(2), false), MayBeAsked::Yes);
        assert_eq!(asked(&["2026-10-01"], None, Some(2), false), MayBeAsked::Yes);
        let full = ["2026-10-01", "2026-11-01"];
        assert_eq!(asked(&full, None, Some(2), false), MayBeAsked::NotBefore(day("2027-01-01")));
        assert_eq!(asked(&["2026-08-23", "2026-11-01"], None, Some(2), false), MayBeAsked::Yes);
        assert_eq!(
            asked(&["2026-08-24", "2026-11-01"], None, Some(2), false),
            MayBeAsked::NotBefore(day("2026-11-24"))
        );
        assert_eq!(asked(&full, None, Some(2), true), MayBeAsked::Yes);
        assert_eq!(asked(&full, Some(2), Some(5), true), MayBeAsked::NotBefore(day("2027-01-01")));
    }

    #[test]
    fn what_is_told_is_the_first_of_a_month() {
        let told = |text| MayBeAsked::NotBefore(day(text)).told();
        assert_eq!(told("2027-02-23"), Some(day("2027-03-01")));
        assert_eq!(told("2027-02-01"), Some(day("2027-02-01")));
        assert_eq!(told("2026-12-02"), Some(day("2027-01-01")));
        assert_eq!(MayBeAsked::Yes.told(), None);
    }

    #[test]
    fn the_load_says_how_many_were_asked_how_often() {
        let times = || [0, 0, 1, 2, 7, 9].into_iter();
        assert_eq!(load(times(), View::Whole), [2, 1, 1, 0, 0, 2].map(Cell::Shown).to_vec());
        let outside = load(times(), View::Outside { minimum: 10 });
        assert!(outside.iter().all(|cell| !matches!(cell, Cell::Shown(1..10))), "{outside:?}");
    }

    proptest! {
        /// Whatever was asked: who is asked only when they may be is never asked more
        /// often within the window than the lowest ceiling, and the day that is told is
        /// the first on which they may be.
        #[test]
        fn nobody_is_asked_more_often_than_the_lowest_ceiling(
            tries in prop::collection::vec((0_u64..400, any::<bool>()), 0..60),
            own in prop::option::of(1_i32..5),
            network in prop::option::of(1_i32..5),
            window in 1_u64..120,
        ) {
            let ceilings = AskCeilings { own, network, installation: None };
            let start = day("2026-01-01");
            let mut tries = tries;
            tries.sort_unstable();
            let mut all: Vec<NaiveDate> = Vec::new();
            let mut strict: Vec<NaiveDate> = Vec::new();
            for (offset, overridden) in tries {
                let today = start + Days::new(offset);
                match may_be_asked(&all, (ceilings, overridden), (window, today)) {
                    MayBeAsked::Yes => all.push(today),
                    MayBeAsked::NotBefore(first) => {
                        prop_assert!(first > today);
                        prop_assert_eq!(may_be_asked(&all, (ceilings, overridden), (window, first)), MayBeAsked::Yes);
                        let eve = first - Days::new(1);
                        prop_assert!(may_be_asked(&all, (ceilings, overridden), (window, eve)) != MayBeAsked::Yes);
                    }
                }
                if may_be_asked(&strict, (ceilings, false), (window, today)) == MayBeAsked::Yes {
                    strict.push(today);
                }
            }
            let most = |days: &[NaiveDate]| days.iter().map(|last| {
                days.iter().filter(|one| **one <= *last && **one >= counts_from(window, *last)).count()
            }).max().unwrap_or(0);
            if let Some(own) = own {
                prop_assert!(most(&all) <= usize::try_from(own).unwrap());
            }
            if let Some(lowest) = [own, network].into_iter().flatten().min() {
                prop_assert!(most(&strict) <= usize::try_from(lowest).unwrap());
            }
        }
    }
}
