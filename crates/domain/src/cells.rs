//! Counts of people, and when a count may be seen: no figure for a group small
//! enough to recognise somebody in, and none from which such a figure follows.
//!
//! Reading along with this code must not help. So the choice depends only on
//! how the counts compare (everything up to a limit is hidden, equal counts
//! together), and under a shown total every hidden cell bears the same word.
//! Then swapping two hidden counts gives the same answer, and whoever knows the
//! total and this rule still can't tell which cell holds what.

mod overlap;
mod table;

pub use overlap::{ChoicesEach, protect_overlapping};
pub use table::{Table, protect_overlapping_table, protect_table, rows_broken_down};

use crate::vocabulary::vocabulary;

/// The smallest group that an organisation sees a figure of. Persons.
pub const ORGANISATION_MINIMUM: i64 = 5;

/// The smallest group that the public sees a figure of. Persons.
pub const PUBLIC_MINIMUM: i64 = 10;

vocabulary! {
    /// Why a cell has no figure.
    Why {
        /// Fewer people than the minimum, and no total stands beside it.
        Minimum => "minimum",
        /// With the total beside it, a figure under the minimum could be
        /// computed: this one's or another's; which, is not said.
        Complementary => "complementary",
        /// Almost everybody gave the same answer to a sensitive question.
        Homogeneous => "homogeneous",
        /// Fewer people than the minimum in all.
        Base => "base",
    }
}

/// A count, or the reason why it isn't shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cell {
    /// The count. Persons.
    Shown(i64),
    /// No figure.
    Suppressed(Why),
}

impl Cell {
    /// The figure, if there is one.
    pub const fn figure(self) -> Option<i64> {
        match self {
            Self::Shown(count) => Some(count),
            Self::Suppressed(_) => None,
        }
    }
}

/// The total of a table: shown from the minimum on. A total of none at all
/// isn't shown either, or its absence would tell that there is somebody.
pub fn protect_total(total: i64, minimum: i64) -> Cell {
    if total < minimum.max(ORGANISATION_MINIMUM) { Cell::Suppressed(Why::Base) } else { Cell::Shown(total) }
}

/// One cell per count, in the same order, for a table in one direction: every
/// person counted once, so that the counts add up to the base.
///
/// - A base under the minimum: nothing but [`Why::Base`] (then the total is to
///   be hidden too: [`protect_total`]).
/// - `0 < n < minimum` is hidden.
/// - Where the total is shown, no cell is hidden or at least two are, and the
///   hidden ones hold at least the minimum together; the smallest further cells
///   go too, zeros first (standards SDC-3).
///
/// A minimum under [`ORGANISATION_MINIMUM`] counts as that: it can only be
/// raised. Counts in several directions, or of which a person can be in more
/// than one, must be protected per cell against the rest: `[n, total - n]`.
pub fn protect(counts: &[i64], total_shown: bool, minimum: i64) -> Vec<Cell> {
    let minimum = minimum.max(ORGANISATION_MINIMUM);
    let small = |count: i64| 0 < count && count < minimum;
    if sum(counts) < minimum {
        return vec![Cell::Suppressed(Why::Base); counts.len()];
    }
    let cells = counts.iter().copied();
    if !total_shown {
        return cells.map(|n| if small(n) { Cell::Suppressed(Why::Minimum) } else { Cell::Shown(n) }).collect();
    }
    if !counts.iter().any(|count| small(*count)) {
        return cells.map(Cell::Shown).collect();
    }
    let limit = limit(counts, minimum);
    cells.map(|n| if n <= limit { Cell::Suppressed(Why::Complementary) } else { Cell::Shown(n) }).collect()
}

/// Up to which count cells have to be hidden under a shown total.
fn limit(counts: &[i64], minimum: i64) -> i64 {
    let mut limit = minimum - 1;
    while !holds(counts, limit, minimum) {
        match counts.iter().copied().filter(|count| *count > limit).min() {
            Some(next) => limit = next,
            None => break,
        }
    }
    limit
}

/// Whether hiding everything up to the limit leaves each hidden count open.
fn holds(counts: &[i64], limit: i64, minimum: i64) -> bool {
    let hidden: Vec<i64> = counts.iter().copied().filter(|count| *count <= limit).collect();
    if hidden.len() < 2 || sum(&hidden) < minimum {
        return false;
    }
    let Some(first) = hidden.first().copied().filter(|first| hidden.iter().all(|count| count == first)) else {
        // Two that differ could stand the other way round.
        return true;
    };
    // All alike, with nothing to swap: one more here and one less there must
    // have looked the same. Just under the minimum, "one more" is no longer
    // small, and is hidden only as the one companion that a single small cell
    // needs, and only if no cell of that size is shown.
    first + 1 < minimum || (hidden.len() == 2 && !counts.contains(&minimum))
}

fn sum(counts: &[i64]) -> i64 {
    counts.iter().fold(0, |total, count| total.saturating_add(*count))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashMap, HashSet};

    use proptest::prelude::*;

    use super::*;

    fn shown(counts: &[i64]) -> Vec<Option<i64>> {
        protect(counts, true, 5).into_iter().map(Cell::figure).collect()
    }

    #[test]
    fn the_vectors_of_the_standard() {
        assert_eq!(shown(&[12, 9]), [Some(12), Some(9)]);
        assert_eq!(shown(&[12, 3]), [None, None]);
        assert_eq!(shown(&[12, 3, 7]), [Some(12), None, None]);
        assert_eq!(shown(&[12, 1, 2]), [None, None, None]);
        assert_eq!(protect(&[2, 2], true, 5), [Cell::Suppressed(Why::Base); 2]);
        assert_eq!(protect_total(4, 5), Cell::Suppressed(Why::Base));
        assert_eq!(shown(&[5, 0]), [Some(5), Some(0)]);
        assert_eq!(shown(&[8, 4, 4]), [Some(8), None, None]);
    }

    #[test]
    fn without_a_total_only_the_small_ones_go() {
        let minimum = Cell::Suppressed(Why::Minimum);
        assert_eq!(protect(&[12, 3, 0], false, 5), [Cell::Shown(12), minimum, Cell::Shown(0)]);
    }

    #[test]
    fn a_zero_needs_a_base() {
        assert_eq!(protect(&[0, 0], true, 5), [Cell::Suppressed(Why::Base); 2]);
        assert_eq!(protect_total(0, 5), Cell::Suppressed(Why::Base));
        assert_eq!(protect(&[0, 9], true, 10), [Cell::Suppressed(Why::Base); 2]);
        assert_eq!(protect(&[0, 10], true, 10), [Cell::Shown(0), Cell::Shown(10)]);
    }

    #[test]
    fn the_minimum_can_only_be_raised() {
        assert_eq!(protect(&[12, 3], true, 1), protect(&[12, 3], true, 5));
        assert_eq!(protect_total(3, 0), Cell::Suppressed(Why::Base));
    }

    #[test]
    fn alike_just_under_the_minimum_need_company() {
        // Somebody who knows the rule would see that each of the three is four.
        assert_eq!(shown(&[4, 4, 4, 5]), [None; 4]);
        assert_eq!(shown(&[4, 4, 5]), [None; 3]);
        assert_eq!(shown(&[1, 1, 1, 1, 1, 12]), [None, None, None, None, None, Some(12)]);
    }

    /// The strongest attacker: knows the rule and the total, and lists every
    /// table that would have given the very same answer.
    fn attack(cells: usize, most: i64, minimum: i64) {
        let mut tables = vec![Vec::new()];
        for _ in 0..cells {
            tables =
                tables.into_iter().flat_map(|t: Vec<i64>| (0..=most).map(move |n| [&t[..], &[n]].concat())).collect();
        }
        let mut seen: HashMap<(i64, Vec<Cell>), Vec<BTreeSet<i64>>> = HashMap::new();
        for table in &tables {
            let answer = (sum(table), protect(table, true, minimum));
            let options = seen.entry(answer).or_insert_with(|| vec![BTreeSet::new(); cells]);
            options.iter_mut().zip(table).for_each(|(set, count)| {
                set.insert(*count);
            });
        }
        for ((total, answer), options) in seen.iter().filter(|((total, _), _)| *total >= minimum) {
            for (cell, possible) in answer.iter().zip(options) {
                let told = possible.len() == 1 && possible.iter().all(|n| 0 < *n && *n < minimum);
                assert!(!told, "{answer:?} of {total} tells {possible:?}");
                assert!(cell.figure().is_none() || possible.len() == 1);
            }
        }
    }

    #[test]
    fn who_knows_the_rule_and_the_total_computes_no_small_cell() {
        attack(2, 30, 5);
        attack(3, 24, 5);
        attack(4, 13, 5);
        attack(5, 8, 5);
        attack(6, 5, 5);
        attack(3, 32, 10);
    }

    fn tables() -> impl Strategy<Value = Vec<i64>> {
        let count = prop_oneof![2 => Just(0), 4 => 1i64..12, 2 => 0i64..80];
        prop::collection::vec(count, 1..12)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn what_is_left_over_is_nothing_or_enough(counts in tables(), minimum in 5i64..15) {
            let cells = protect(&counts, true, minimum);
            prop_assert_eq!(cells.len(), counts.len());
            for (cell, count) in cells.iter().zip(&counts) {
                if let Some(figure) = cell.figure() {
                    prop_assert_eq!(figure, *count);
                    prop_assert!(!(0 < figure && figure < minimum));
                }
            }
            if sum(&counts) < minimum {
                prop_assert!(cells.iter().all(|cell| *cell == Cell::Suppressed(Why::Base)));
            } else {
                let visible: i64 = cells.iter().filter_map(|cell| cell.figure()).sum();
                let hidden = cells.iter().filter(|cell| cell.figure().is_none()).count();
                prop_assert!(hidden == 0 || (hidden >= 2 && sum(&counts) - visible >= minimum));
                let words: HashSet<_> = cells.iter().filter(|cell| cell.figure().is_none()).collect();
                prop_assert!(words.len() <= 1);
            }
        }

        #[test]
        fn hidden_counts_could_stand_the_other_way_round(counts in tables(), minimum in 5i64..15, turn in 0usize..12) {
            let cells = protect(&counts, true, minimum);
            let hidden: Vec<usize> = (0..counts.len()).filter(|at| cells[*at].figure().is_none()).collect();
            let mut turned = counts.clone();
            for (place, at) in hidden.iter().enumerate() {
                turned[*at] = counts[hidden[(place + turn) % hidden.len()]];
            }
            prop_assert_eq!(protect(&turned, true, minimum), cells);
        }
    }
}
