//! What is known of somebody's age: from what is kept of their birth, and from
//! what somebody recorded who saw proof that they turned 16, 18 or 21. That, and
//! its day, is kept; the day of birth isn't.

use chrono::NaiveDate;

use super::Birth;
use crate::refusal::Refusal;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// An age that law hangs on, and that somebody proved to have reached.
    ProvenAge {
        /// 16: from here on people speak for themselves.
        Sixteen => "turned_16",
        /// 18: of age.
        Eighteen => "turned_18",
        /// 21: the volunteer allowance is an adult's.
        TwentyOne => "turned_21",
    }
}

impl ProvenAge {
    /// The age. Years.
    pub const fn years(self) -> i32 {
        match self {
            Self::Sixteen => 16,
            Self::Eighteen => 18,
            Self::TwentyOne => 21,
        }
    }
}

/// On which days it was recorded that somebody who saw proof knows them to be so old.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Turned {
    /// That they turned 16.
    pub sixteen: Option<NaiveDate>,
    /// That they turned 18.
    pub eighteen: Option<NaiveDate>,
    /// That they turned 21.
    pub twenty_one: Option<NaiveDate>,
}

impl Turned {
    /// The day on which this age was recorded.
    pub const fn of(&self, age: ProvenAge) -> Option<NaiveDate> {
        match age {
            ProvenAge::Sixteen => self.sixteen,
            ProvenAge::Eighteen => self.eighteen,
            ProvenAge::TwentyOne => self.twenty_one,
        }
    }

    /// The ages that were recorded, each with its day, in order.
    pub fn all(&self) -> impl Iterator<Item = (ProvenAge, NaiveDate)> + use<> {
        let this = *self;
        ProvenAge::ALL.iter().filter_map(move |age| Some((*age, this.of(*age)?)))
    }

    /// The same with one more, recorded on this day.
    ///
    /// # Errors
    /// `participant.age_recorded_already` (409).
    pub fn record(self, age: ProvenAge, day: NaiveDate) -> Result<Self, Refusal> {
        if self.of(age).is_some() {
            return Err(Refusal::Conflict("participant.age_recorded_already"));
        }
        let mut next = self;
        match age {
            ProvenAge::Sixteen => next.sixteen = Some(day),
            ProvenAge::Eighteen => next.eighteen = Some(day),
            ProvenAge::TwentyOne => next.twenty_one = Some(day),
        }
        Ok(next)
    }
}

/// What is known of somebody's age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Age {
    /// What is kept of their birth.
    pub birth: Option<Birth>,
    /// What was proven.
    pub turned: Turned,
}

impl Age {
    /// Whether anything is known.
    pub fn is_known(&self) -> bool {
        self.birth.is_some() || self.turned.all().next().is_some()
    }

    /// How old they count as on this day; none where nothing is known. Years.
    pub fn on(&self, day: NaiveDate) -> Option<i32> {
        let proven = self.turned.all().filter(|(_, recorded)| *recorded <= day).map(|(age, _)| age.years()).max();
        self.birth.map(|birth| birth.age_on(day)).max(proven)
    }

    /// Whether they count as at least this age on this day; not where nothing is
    /// known. Years.
    pub fn is_at_least(&self, years: i32, day: NaiveDate) -> bool {
        self.on(day).is_some_and(|age| age >= years)
    }

    /// The first day on which they count as this age, as far as that is known. Years.
    pub fn reaches_on(&self, years: i32) -> Option<NaiveDate> {
        let proven = self.turned.all().filter(|(age, _)| age.years() >= years).map(|(_, day)| day).min();
        let born = self.birth.and_then(|birth| birth.reaches_on(years));
        [proven, born].into_iter().flatten().min()
    }
}

#[cfg(test)]
mod tests {
    use chrono::{Datelike, Days, Months};
    use proptest::prelude::*;

    use super::*;
    use crate::participants::AgeBand;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn proof_counts_from_the_day_on_which_it_was_recorded() {
        let birth = Some(Birth::Month { year: 2010, month: 12 });
        let turned = Turned::default().record(ProvenAge::Sixteen, day("2026-12-03")).unwrap();
        let age = Age { birth, turned };
        assert!(!age.is_at_least(16, day("2026-12-02")));
        assert!(age.is_at_least(16, day("2026-12-03")));
        assert_eq!(age.reaches_on(16), Some(day("2026-12-03")));
        assert_eq!(Age { birth, turned: Turned::default() }.reaches_on(16), Some(day("2027-01-01")));
        assert_eq!(age.reaches_on(18), Some(day("2029-01-01")));
        assert!(turned.record(ProvenAge::Sixteen, day("2026-12-04")).is_err());
        let only = Age { birth: None, turned };
        assert_eq!((only.is_known(), only.on(day("2026-12-02")), only.on(day("2026-12-03"))), (true, None, Some(16)));
    }

    proptest! {
        /// The turn of 16, whatever is kept: on the last day of the birth month they are
        /// 15, on the first of the next month 16; proof that was recorded earlier counts
        /// from its own day; of a band alone the lower bound counts, ageing from the day
        /// on which it was told.
        #[test]
        fn the_turn_of_sixteen(
            (year, month) in (1990_i32..2020, 1_u32..=12),
            earlier in prop::option::of(1_u64..31),
            band in prop::option::of((0_usize..AgeBand::ALL.len(), 0_u64..3000)),
        ) {
            let first = NaiveDate::from_ymd_opt(year + 16, month, 1).unwrap() + Months::new(1);
            let last = first - Days::new(1);
            let born = Age { birth: Some(Birth::Month { year, month }), turned: Turned::default() };
            prop_assert!(!born.is_at_least(16, last) && born.is_at_least(16, first));
            prop_assert_eq!((born.on(last), born.on(first), born.reaches_on(16)), (Some(15), Some(16), Some(first)));
            if let Some(earlier) = earlier {
                let recorded = first - Days::new(earlier);
                let proven = Age { turned: Turned::default().record(ProvenAge::Sixteen, recorded).unwrap(), ..born };
                prop_assert!(!proven.is_at_least(16, recorded - Days::new(1)) && proven.is_at_least(16, recorded));
                prop_assert_eq!(proven.reaches_on(16), Some(recorded));
            }
            if let Some((index, later)) = band {
                let (band, declared_on) = (AgeBand::ALL[index], day("2019-03-01") + Days::new(later));
                let told = Age { birth: Some(Birth::Band { band, declared_on }), turned: Turned::default() };
                let turns = told.reaches_on(16).unwrap();
                prop_assert!(told.is_at_least(16, turns));
                if band.least() < 16 {
                    prop_assert!(!told.is_at_least(16, turns - Days::new(1)));
                    prop_assert_eq!(turns.year() - declared_on.year(), 16 - band.least());
                } else {
                    prop_assert_eq!(turns, declared_on);
                }
            }
        }
    }
}
