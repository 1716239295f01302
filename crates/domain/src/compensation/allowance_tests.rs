//! The ceilings, with the figures of 2024 to 2026, and what holds of any claims.

use chrono::{Datelike, NaiveDate};
use proptest::prelude::*;

use super::*;
use crate::participants::{Age, Birth};

const CEILINGS: &[Ceiling] = &[
    Ceiling { year: 2024, hour_cents: 550, young_hour_cents: 325, month_cents: 21_000, year_cents: 210_000 },
    Ceiling { year: 2025, hour_cents: 560, young_hour_cents: 330, month_cents: 21_000, year_cents: 210_000 },
    Ceiling { year: 2026, hour_cents: 575, young_hour_cents: 340, month_cents: 22_000, year_cents: 220_000 },
];

fn day(year: i32, month: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, 15).unwrap()
}

fn given(month: u32, cents: i64) -> Entry {
    let basis = ClaimBasis::VolunteerAllowance;
    Entry { day: day(2025, month), basis, cents, proven: false, hour_cents: None }
}

fn costs(month: u32, cents: i64, proven: bool) -> Entry {
    Entry { basis: ClaimBasis::ActualCosts, proven, ..given(month, cents) }
}

/// As it is seen in January: nothing but the entries tells how far the year is.
const JANUARY: (i32, NaiveDate) = (2025, NaiveDate::from_ymd_opt(2025, 1, 1).unwrap());

fn year(entries: &[Entry]) -> Allowance {
    assess(JANUARY, entries, Age::default(), CEILINGS)
}

#[test]
fn eleven_times_the_most_of_a_month_is_flagged_before_the_month_that_passes() {
    let entries: Vec<Entry> = (2..=12).map(|month| given(month, 21_000)).collect();
    for so_far in 1..=10 {
        let stands = year(&entries[..so_far]);
        assert_eq!(stands.findings, [AllowanceFinding::YearWillPass], "after {so_far}");
        assert_eq!((stands.passes_in, stands.expected_cents), (Some(12), 231_000), "after {so_far}");
    }
    let stands = year(&entries);
    assert_eq!((stands.cents, stands.passes_in), (231_000, Some(12)));
    assert_eq!(stands.findings, [AllowanceFinding::YearPassed]);
    assert!(stands.months.iter().all(|month| !month.passed));
    // Ten of them, at the end of a year, pass nothing.
    let ten = year(&entries[1..].iter().copied().map(|one| Entry { ..one }).collect::<Vec<_>>());
    assert_eq!((ten.cents, ten.findings, ten.passes_in), (210_000, vec![], None));
}

#[test]
fn months_without_anything_count_and_a_year_that_is_over_forecasts_nothing() {
    let january = [given(1, 21_000)];
    let seen = |today| assess((2025, today), &january, Age::default(), CEILINGS);
    assert_eq!(seen(day(2025, 1)).findings, [AllowanceFinding::YearWillPass]);
    let november = seen(day(2025, 11));
    assert_eq!((november.expected_cents, november.findings), (25_200, vec![]));
    let half: Vec<Entry> = (1..=6).map(|month| given(month, 20_000)).collect();
    let over = assess((2025, day(2026, 3)), &half, Age::default(), CEILINGS);
    assert_eq!((over.expected_cents, over.passes_in, over.findings), (120_000, None, vec![]));
}

#[test]
fn allowance_and_costs_count_together_and_proven_costs_alone_have_no_ceiling() {
    let both = year(&[given(3, 15_000), costs(3, 6_001, true)]);
    assert_eq!((both.cents, both.apart_cents), (21_001, 0));
    assert!(both.findings.contains(&AllowanceFinding::MonthPassed));
    let alone = year(&[costs(3, 900_000, true)]);
    assert_eq!((alone.cents, alone.apart_cents, alone.findings), (0, 900_000, vec![]));
    let unproven = year(&[costs(3, 21_001, false)]);
    assert!(unproven.findings.contains(&AllowanceFinding::MonthPassed));
    let fee = Entry { basis: ClaimBasis::AttendanceFee, ..given(3, 50_000) };
    assert_eq!(year(&[fee, given(3, 100)]).cents, 100);
}

#[test]
fn the_hourly_figure_is_a_norm_and_lower_under_21() {
    let hour = |cents| Entry { hour_cents: Some(cents), ..given(6, 1_000) };
    let born = |year| Age { birth: Some(Birth::Month { year, month: 6 }), ..Age::default() };
    let found = |age, cents| assess(JANUARY, &[hour(cents)], age, CEILINGS).findings;
    assert_eq!(found(Age::default(), 560), []);
    assert_eq!(found(Age::default(), 561), [AllowanceFinding::HourAboveNorm]);
    // 21 in June 2025, and so counted from July.
    assert_eq!(found(born(2004), 331), [AllowanceFinding::HourAboveNorm]);
    assert_eq!(found(born(2004), 330), []);
    assert_eq!(found(born(2003), 560), []);
}

#[test]
fn a_year_without_known_ceilings_says_so() {
    let later = Entry { day: day(2031, 1), ..given(1, 100) };
    let stands = assess((2031, day(2031, 2)), &[later], Age::default(), CEILINGS);
    assert_eq!((stands.findings, stands.ceiling), (vec![AllowanceFinding::YearUnknown], None));
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let one = (1_u32..=12, 0_i64..60_000, 0..5_usize, any::<bool>(), 2024..2027_i32);
    let one = one.prop_map(|(month, cents, basis, proven, year)| Entry {
        day: day(year, month),
        basis: ClaimBasis::ALL[basis],
        cents,
        proven,
        hour_cents: None,
    });
    prop::collection::vec(one, 0..40)
}

proptest! {
    #[test]
    fn nothing_is_lost_and_a_passed_ceiling_is_always_told(entries in entries()) {
        let stands = assess(JANUARY, &entries, Age::default(), CEILINGS);
        let of_year: i64 = entries.iter().filter(|one| one.day.year() == 2025).map(|one| one.cents).sum();
        prop_assert_eq!(stands.cents + stands.apart_cents, of_year);
        prop_assert_eq!(stands.findings.contains(&AllowanceFinding::YearPassed), stands.cents > 210_000);
        prop_assert_eq!(
            stands.findings.contains(&AllowanceFinding::MonthPassed),
            stands.months.iter().any(|month| month.cents > 21_000)
        );
        prop_assert!(stands.expected_cents >= stands.cents);
        prop_assert_eq!(stands.passes_in.is_some(), stands.expected_cents > 210_000);
    }

    #[test]
    fn more_never_makes_a_passed_ceiling_unpassed(entries in entries(), more in 0_i64..60_000, month in 1_u32..=12) {
        let before = assess(JANUARY, &entries, Age::default(), CEILINGS);
        let after = assess(JANUARY, &[entries, vec![given(month, more)]].concat(), Age::default(), CEILINGS);
        for finding in [AllowanceFinding::YearPassed, AllowanceFinding::MonthPassed] {
            prop_assert!(!before.findings.contains(&finding) || after.findings.contains(&finding));
        }
    }
}
