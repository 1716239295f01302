//! Counts of which a person can be in more than one: what people chose where
//! they may choose several.

use super::{Cell, ORGANISATION_MINIMUM, Why, protect};

/// In how many counts each person is: how many they chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChoicesEach {
    /// At least.
    pub least: i64,
    /// At most.
    pub most: i64,
}

impl ChoicesEach {
    /// Whether all counts together tell of a group under the minimum that they chose more than they had to, or
    /// fewer than they could. With two options, that is who chose both, and who didn't.
    pub fn tells(self, choices: i64, people: i64, minimum: i64) -> bool {
        let small = |count: i64| 0 < count && count < minimum;
        let more = choices.saturating_sub(self.least.saturating_mul(people));
        let fewer = self.most.saturating_mul(people).saturating_sub(choices);
        self.least < self.most && (self.least > 0 && small(more) || small(fewer))
    }
}

/// One cell per count, in the same order, for counts that overlap: each is a
/// part of the same people, who are at least in one of them. Both who are in a
/// count and who aren't make a group, so `0 < n < minimum` and
/// `0 < people - n < minimum` are hidden, each with the company that
/// [`protect`] gives it.
///
/// That holds against somebody who even knows how many choices were made in
/// all (where everybody must choose exactly two, that is twice the people).
/// With fewer than two minimums of people, being in and being out can't be
/// told apart well enough: then all counts are hidden, or none. All are hidden, too, where their sum tells of
/// a few that they chose more than they had to (`each`), or fewer than they could.
pub fn protect_overlapping(counts: &[i64], people: i64, each: ChoicesEach, minimum: i64) -> Vec<Cell> {
    let minimum = minimum.max(ORGANISATION_MINIMUM);
    if people < minimum {
        return vec![Cell::Suppressed(Why::Base); counts.len()];
    }
    let betrays = counts.iter().any(|count| 0 < *count && *count < people);
    if people < minimum.saturating_mul(2) && betrays {
        return vec![Cell::Suppressed(Why::Complementary); counts.len()];
    }
    let out: Vec<i64> = counts.iter().map(|count| people - count).collect();
    let pairs = layer(counts, minimum).into_iter().zip(layer(&out, minimum));
    let both = pairs.map(|(within, without)| within && without);
    let both: Vec<bool> = both.collect();
    let tells = both.iter().all(|shown| *shown) && each.tells(counts.iter().sum(), people, minimum);
    let cell = |(shown, count): (bool, &i64)| {
        if shown && !tells { Cell::Shown(*count) } else { Cell::Suppressed(Why::Complementary) }
    };
    both.into_iter().zip(counts).map(cell).collect()
}

/// Which of these may be shown. Nobody at all betrays nobody.
fn layer(counts: &[i64], minimum: i64) -> Vec<bool> {
    if counts.iter().all(|count| *count == 0) {
        return vec![true; counts.len()];
    }
    protect(counts, true, minimum).into_iter().map(|cell| cell.figure().is_some()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashMap};

    use proptest::prelude::*;

    use super::*;

    /// One at least, all at most.
    fn freely(options: usize) -> ChoicesEach {
        ChoicesEach { least: 1, most: i64::try_from(options).unwrap() }
    }

    fn protected(counts: &[i64], people: i64) -> Vec<Cell> {
        protect_overlapping(counts, people, freely(counts.len()), 5)
    }

    fn shown(counts: &[i64], people: i64) -> Vec<Option<i64>> {
        protected(counts, people).into_iter().map(Cell::figure).collect()
    }

    #[test]
    fn who_chose_both_of_two_is_a_group() {
        assert_eq!(shown(&[12, 20], 29), [None, None]);
        assert_eq!(shown(&[12, 22], 29), [Some(12), Some(22)]);
        assert_eq!(shown(&[12, 17], 29), [Some(12), Some(17)]);
        let two_of_three = ChoicesEach { least: 2, most: 3 };
        let of = |counts: &[i64]| protect_overlapping(counts, 30, two_of_three, 5)[0].figure();
        // Three chose all three; ten did; all but three did.
        assert_eq!([of(&[20, 20, 23]), of(&[20, 25, 25]), of(&[30, 30, 27])], [None, Some(20), None]);
    }

    #[test]
    fn being_in_and_being_out_are_both_groups() {
        assert_eq!(shown(&[12, 20, 30], 40), [Some(12), Some(20), Some(30)]);
        assert_eq!(shown(&[12, 3, 30], 40), [None, None, Some(30)]);
        assert_eq!(shown(&[12, 38, 20], 40), [Some(12), None, None]);
        assert_eq!(shown(&[40, 0, 20], 40), [Some(40), Some(0), Some(20)]);
        assert_eq!(shown(&[4, 4], 4), [None, None]);
        assert_eq!(protected(&[4, 4], 4), [Cell::Suppressed(Why::Base); 2]);
        assert_eq!(shown(&[9, 5], 9), [None, None]);
        assert_eq!(shown(&[9, 0], 9), [Some(9), Some(0)]);
    }

    /// Lists every set of choices that gives the same answer, for somebody who
    /// knows the rule, the people, and how many choices were made in all.
    fn attack(options: usize, people: i64) {
        let mut all = vec![Vec::new()];
        for _ in 0..options {
            all = all.into_iter().flat_map(|t: Vec<i64>| (0..=people).map(move |n| [&t[..], &[n]].concat())).collect();
        }
        let mut seen: HashMap<(i64, Vec<Cell>), Vec<BTreeSet<i64>>> = HashMap::new();
        for counts in all.iter().filter(|counts| counts.iter().sum::<i64>() >= people) {
            let answer = (counts.iter().sum(), protected(counts, people));
            let possible = seen.entry(answer).or_insert_with(|| vec![BTreeSet::new(); options]);
            possible.iter_mut().zip(counts).for_each(|(set, count)| {
                set.insert(*count);
            });
        }
        for ((total, answer), possible) in &seen {
            for known in possible.iter().filter(|set| set.len() == 1).filter_map(|set| set.first()) {
                let small = |n: i64| 0 < n && n < 5;
                assert!(!small(*known) && !small(people - known), "{answer:?}, {total} choices of {people}: {known}");
            }
            // Of two options, who isn't told how many choices were made still finds nobody who chose both.
            let told = options == 2 && answer.iter().all(|cell| cell.figure().is_some());
            assert!(!(told && 0 < total - people && total - people < 5), "{answer:?} of {people}: {total} choices");
        }
    }

    #[test]
    fn who_knows_the_rule_and_the_number_of_choices_computes_no_small_cell() {
        for people in 5..=30 {
            attack(2, people);
        }
        for people in 5..=16 {
            attack(3, people);
        }
        for people in 5..=9 {
            attack(4, people);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5_000))]

        #[test]
        fn no_shown_count_and_no_rest_is_small(counts in prop::collection::vec(0i64..60, 2..10), minimum in 5i64..15) {
            let people = 60;
            let cells = protect_overlapping(&counts, people, freely(counts.len()), minimum);
            for (cell, count) in cells.into_iter().zip(&counts) {
                let safe = |n: i64| n == 0 || n >= minimum;
                prop_assert!(cell.figure().is_none_or(|n| n == *count && safe(n) && safe(people - n)));
            }
        }
    }
}
