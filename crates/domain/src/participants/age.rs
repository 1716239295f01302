//! How old somebody counts as, from as little as is kept: the month of birth,
//! or a band of ages with the day on which it was told. Never the day of birth.

use chrono::{Datelike, Months, NaiveDate};

use crate::refusal::Fault;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// A band of ages in which somebody says to be. Years, both ends included.
    AgeBand {
        /// 0 to 11.
        Age0To11 => "age_0_11",
        /// 12 to 15.
        Age12To15 => "age_12_15",
        /// 16 and 17.
        Age16To17 => "age_16_17",
        /// 18 to 20.
        Age18To20 => "age_18_20",
        /// 21 to 26.
        Age21To26 => "age_21_26",
        /// 27 and up.
        Age27Up => "age_27_up",
    }
}

impl AgeBand {
    /// The lowest age in the band. Years.
    pub const fn least(self) -> i32 {
        match self {
            Self::Age0To11 => 0,
            Self::Age12To15 => 12,
            Self::Age16To17 => 16,
            Self::Age18To20 => 18,
            Self::Age21To26 => 21,
            Self::Age27Up => 27,
        }
    }

    /// The band of somebody of this age. Years; under 0 counts as 0.
    pub const fn of(age: i32) -> Self {
        match age {
            ..12 => Self::Age0To11,
            12..16 => Self::Age12To15,
            16..18 => Self::Age16To17,
            18..21 => Self::Age18To20,
            21..27 => Self::Age21To26,
            27.. => Self::Age27Up,
        }
    }
}

/// What is kept of somebody's birth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Birth {
    /// The month of birth.
    Month {
        /// The year.
        year: i32,
        /// The month, from 1.
        month: u32,
    },
    /// A band of ages.
    Band {
        /// The band.
        band: AgeBand,
        /// The day on which somebody told it.
        declared_on: NaiveDate,
    },
}

/// No older person is known to have lived; older is a slip of the pen. Years.
const OLDEST: i32 = 125;

impl Birth {
    /// What is wrong with it: `birth.month_out_of_range`,
    /// `birth.year_out_of_range`, `birth.in_future`,
    /// `birth.declared_in_future`, `birth.declared_too_long_ago`. Pointers relative to the birth.
    pub fn check(&self, today: NaiveDate) -> Vec<Fault> {
        let mut faults = Vec::new();
        match *self {
            Self::Month { year, month } => {
                if !(1..=12).contains(&month) {
                    faults.push(Fault::body("/month", "birth.month_out_of_range"));
                }
                if year < today.year() - OLDEST {
                    faults.push(Fault::body("/year", "birth.year_out_of_range"));
                } else if (year, month) > (today.year(), today.month()) {
                    faults.push(Fault::body("/year", "birth.in_future"));
                }
            }
            Self::Band { declared_on, .. } => {
                if declared_on > today {
                    faults.push(Fault::body("/declaredOn", "birth.declared_in_future"));
                } else if declared_on.year() < today.year() - OLDEST {
                    faults.push(Fault::body("/declaredOn", "birth.declared_too_long_ago"));
                }
            }
        }
        faults
    }

    /// How old the person counts as on this day, in whole years, never more
    /// than they are: an age is reached on the first day of the month **after**
    /// the birth month. In a band the lower bound counts on the day when it was
    /// told, ageing a year on each of its anniversaries; for an earlier day it is
    /// taken as well.
    pub fn age_on(&self, day: NaiveDate) -> i32 {
        match *self {
            Self::Month { year, month } => {
                let years = day.year().saturating_sub(year);
                let reached = day.month() > month;
                (if reached { years } else { years - 1 }).max(0)
            }
            Self::Band { band, declared_on } => {
                let years = day.year() - declared_on.year();
                // Told on 29 February: a year later is 1 March.
                let reached = (day.month(), day.day()) >= (declared_on.month(), declared_on.day());
                band.least() + (if reached { years } else { years - 1 }).max(0)
            }
        }
    }

    /// The first day on which the person counts as this age; none beyond the calendar. Years.
    pub fn reaches_on(&self, age: i32) -> Option<NaiveDate> {
        match *self {
            Self::Month { year, month } => {
                NaiveDate::from_ymd_opt(year.checked_add(age)?, month, 1)?.checked_add_months(Months::new(1))
            }
            Self::Band { band, declared_on } => {
                let year = declared_on.year().checked_add((age - band.least()).max(0))?;
                // Told on 29 February: a year later is 1 March.
                declared_on.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 3, 1))
            }
        }
    }

    /// Whether the person counts as at least this age on this day. Years.
    pub fn is_at_least(&self, age: i32, day: NaiveDate) -> bool {
        self.age_on(day) >= age
    }
}

#[cfg(test)]
mod tests {
    use chrono::Days;
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn an_age_is_reached_on_the_first_of_the_month_after() {
        let birth = Birth::Month { year: 2010, month: 3 };
        assert_eq!(birth.age_on(day("2026-03-01")), 15);
        assert_eq!(birth.age_on(day("2026-03-31")), 15);
        assert_eq!(birth.age_on(day("2026-04-01")), 16);
        assert!(!birth.is_at_least(18, day("2028-03-31")));
        assert!(birth.is_at_least(18, day("2028-04-01")));
        assert!(birth.is_at_least(21, day("2031-04-01")));
        let december = Birth::Month { year: 2010, month: 12 };
        assert_eq!(december.age_on(day("2026-12-31")), 15);
        assert_eq!(december.age_on(day("2027-01-01")), 16);
        let leap = Birth::Month { year: 2008, month: 2 };
        assert_eq!(leap.age_on(day("2024-02-29")), 15);
        assert_eq!(leap.age_on(day("2024-03-01")), 16);
        assert_eq!(birth.age_on(day("2009-01-01")), 0);
    }

    #[test]
    fn in_a_band_the_lower_bound_counts_and_ages() {
        let birth = Birth::Band { band: AgeBand::Age12To15, declared_on: day("2024-02-29") };
        assert_eq!(birth.age_on(day("2024-02-28")), 12);
        assert_eq!(birth.age_on(day("2024-02-29")), 12);
        assert_eq!(birth.age_on(day("2025-02-28")), 12);
        assert_eq!(birth.age_on(day("2025-03-01")), 13);
        assert_eq!(birth.age_on(day("2028-02-28")), 15);
        assert!(birth.is_at_least(16, day("2028-02-29")));
    }

    #[test]
    fn a_birth_lies_behind_us() {
        let today = day("2026-05-10");
        let codes = |birth: Birth| birth.check(today).into_iter().map(|fault| fault.code).collect::<Vec<_>>();
        let month = |year, month| Birth::Month { year, month };
        assert!(codes(month(2026, 5)).is_empty());
        assert_eq!(codes(month(2026, 6)), ["birth.in_future"]);
        assert_eq!(codes(month(2027, 13)), ["birth.month_out_of_range", "birth.in_future"]);
        assert_eq!(codes(month(2010, 0)), ["birth.month_out_of_range"]);
        assert_eq!(codes(month(1900, 1)), ["birth.year_out_of_range"]);
        let band = |declared_on| Birth::Band { band: AgeBand::Age27Up, declared_on };
        assert!(codes(band(today)).is_empty());
        assert_eq!(codes(band(day("2026-05-11"))), ["birth.declared_in_future"]);
        assert!(codes(band(day("1901-01-01"))).is_empty());
        assert_eq!(codes(band(day("1900-12-31"))), ["birth.declared_too_long_ago"]);
    }

    #[test]
    fn bands_follow_each_other() {
        assert_eq!(AgeBand::ALL.len(), 6);
        for band in AgeBand::ALL {
            assert_eq!(AgeBand::of(band.least()), *band);
        }
        assert_eq!(AgeBand::of(11), AgeBand::Age0To11);
        assert_eq!(AgeBand::of(17), AgeBand::Age16To17);
        assert_eq!(AgeBand::of(26), AgeBand::Age21To26);
    }

    proptest! {
        #[test]
        fn nobody_counts_as_older_than_they_are(born in 0u64..40_000, lived in 0u64..40_000, age in 0i32..100) {
            let born = day("1930-01-01") + Days::new(born);
            let on = born + Days::new(lived);
            let birth = Birth::Month { year: born.year(), month: born.month() };
            let years = on.years_since(born).unwrap();
            let counts_as = u32::try_from(birth.age_on(on)).unwrap();
            prop_assert!(counts_as <= years && years <= counts_as + 1);
            // It changes on the first of a month only, and never back.
            let next = on + Days::new(1);
            prop_assert!(birth.age_on(next) >= birth.age_on(on));
            prop_assert!(birth.age_on(next) == birth.age_on(on) || next.day() == 1);
            prop_assert_eq!(birth.is_at_least(age, on), birth.age_on(on) >= age);
        }

        #[test]
        fn a_band_never_makes_older(age in 0i32..90, extra in 0u64..360, later in 0u64..9_000) {
            // Somebody of this age, and `extra` days, tells their band.
            let told = day("2024-02-29") + Days::new(extra);
            let born = told.with_year(told.year() - age).unwrap_or(told) - Days::new(extra);
            let age = i32::try_from(told.years_since(born).unwrap()).unwrap();
            let birth = Birth::Band { band: AgeBand::of(age), declared_on: told };
            let on = told + Days::new(later);
            prop_assert!(birth.age_on(on) <= i32::try_from(on.years_since(born).unwrap()).unwrap());
            prop_assert_eq!(birth.age_on(told), AgeBand::of(birth.age_on(told)).least());
        }
    }
}
