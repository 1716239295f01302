//! How far coders agree, beside chance.
//!
//! For one theme: Cohen's kappa (J. Cohen, "A coefficient of agreement for nominal scales", Educational and
//! Psychological Measurement 20, 1960, pp. 37–46), of whether each of the two put it on a piece. For all themes
//! together: the pooled kappa (H. de Vries, M. N. Elliott, D. E. Kanouse and S. S. Teleki, "Using pooled kappa to
//! summarize interrater agreement across many items", Field Methods 20, 2008, pp. 272–282), the same from the
//! means of what was seen and what chance would give. All in whole numbers, so that nothing depends on rounding.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::coded::{Coding, Piece};

/// How far two coders agree, on the pieces that both coded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairAgreement {
    /// Who: two accounts, in the order of their ids.
    pub coders: (Uuid, Uuid),
    /// How many pieces both coded.
    pub pieces: i64,
    /// By theme, in their order: kappa in thousandths, −1000 to 1000, rounded half away from zero. None where it
    /// isn't defined: where chance alone would make them agree on everything, because neither used the theme, or
    /// both put it on every piece; and where there is no piece.
    pub themes: Vec<(Uuid, Option<i64>)>,
    /// The pooled kappa of all themes, the same way.
    pub overall: Option<i64>,
}

/// What two coders made of one theme.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Table {
    /// How many pieces both coded.
    pieces: i64,
    /// On how many both say the same.
    alike: i64,
    /// On how many the one put it.
    one: i64,
    /// On how many the other put it.
    other: i64,
}

impl Table {
    /// How far they agree beyond chance, and how far they could: as parts of the square of the pieces.
    const fn beyond_chance(self) -> (i64, i64) {
        let Self { pieces, alike, one, other } = self;
        let expected = one * other + (pieces - one) * (pieces - other);
        (pieces * alike - expected, pieces * pieces - expected)
    }
}

/// A part in thousandths, rounded half away from zero; none of nothing.
const fn thousandths(part: i64, whole: i64) -> Option<i64> {
    if whole <= 0 {
        return None;
    }
    let size = (2000 * part.abs() + whole) / (2 * whole);
    Some(if part < 0 { -size } else { size })
}

/// The agreement of each pair of coders, on these themes.
pub fn agreement(themes: &[Uuid], codings: &[Coding]) -> Vec<PairAgreement> {
    let mut by_coder: BTreeMap<Uuid, BTreeMap<Piece, BTreeSet<Uuid>>> = BTreeMap::new();
    for coding in codings {
        let theirs = by_coder.entry(coding.coded_by).or_default();
        theirs.insert(coding.piece, coding.theme_ids.iter().copied().collect());
    }
    let all: Vec<_> = by_coder.iter().collect();
    let mut pairs = Vec::new();
    for (at, one) in all.iter().enumerate() {
        pairs.extend(all.iter().skip(at + 1).map(|other| of_pair(themes, one, other)));
    }
    pairs
}

type Coder<'a> = (&'a Uuid, &'a BTreeMap<Piece, BTreeSet<Uuid>>);

fn of_pair(themes: &[Uuid], one: &Coder<'_>, other: &Coder<'_>) -> PairAgreement {
    let both: Vec<_> =
        one.1.iter().filter_map(|(piece, first)| other.1.get(piece).map(|second| (first, second))).collect();
    let table = |theme: &Uuid| {
        let mut table = Table::default();
        for (first, second) in &both {
            let (first, second) = (first.contains(theme), second.contains(theme));
            table.pieces += 1;
            table.alike += i64::from(first == second);
            table.one += i64::from(first);
            table.other += i64::from(second);
        }
        table
    };
    let beyond: Vec<(i64, i64)> = themes.iter().map(|theme| table(theme).beyond_chance()).collect();
    let kappas = beyond.iter().map(|(part, whole)| thousandths(*part, *whole));
    PairAgreement {
        coders: (*one.0, *other.0),
        pieces: i64::try_from(both.len()).unwrap_or(i64::MAX),
        themes: themes.iter().copied().zip(kappas).collect(),
        overall: thousandths(beyond.iter().map(|one| one.0).sum(), beyond.iter().map(|one| one.1).sum()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::coded::coding;
    use super::*;
    use crate::consultations::samples::id;

    /// Two coders, piece by piece: whether each put the one theme on it.
    fn of_one(pieces: &[(bool, bool)]) -> PairAgreement {
        let mut codings = Vec::new();
        for (at, (one, other)) in (1..).zip(pieces) {
            codings.push(coding(1, at, if *one { &[7] } else { &[] }));
            codings.push(coding(2, at, if *other { &[7] } else { &[] }));
        }
        agreement(&[id(7)], &codings).remove(0)
    }

    fn times(number: usize, pair: (bool, bool)) -> Vec<(bool, bool)> {
        vec![pair; number]
    }

    /// Fifty pieces: both 20, neither 15, the one alone 5, the other alone 10. Seen 0.7, by chance 0.5: 0.4.
    #[test]
    fn the_worked_example_holds() {
        let all =
            [times(20, (true, true)), times(5, (true, false)), times(10, (false, true)), times(15, (false, false))];
        let found = of_one(&all.concat());
        assert_eq!((found.pieces, found.themes, found.overall), (50, vec![(id(7), Some(400))], Some(400)));
    }

    #[test]
    fn where_chance_gives_everything_there_is_no_figure() {
        for alike in [times(9, (false, false)), times(9, (true, true))] {
            let found = of_one(&alike);
            assert_eq!((found.themes, found.overall), (vec![(id(7), None)], None));
        }
        let apart = [coding(1, 1, &[7]), coding(2, 2, &[7])];
        let found = agreement(&[id(7)], &apart);
        assert_eq!((found[0].pieces, found[0].overall), (0, None));
        assert_eq!(agreement(&[id(7)], &apart[..1]), []);
    }

    /// A theme without a figure takes no part in that of all, and the others weigh as they can differ from chance.
    #[test]
    fn all_themes_together_are_pooled() {
        let pieces: [(&[u128], &[u128]); 4] = [(&[7, 8], &[7]), (&[7], &[7, 8]), (&[], &[]), (&[8], &[8])];
        let pairs = (1..).zip(pieces).flat_map(|(at, (one, other))| [coding(1, at, one), coding(2, at, other)]);
        let found = agreement(&[id(7), id(8), id(9)], &pairs.collect::<Vec<_>>()).remove(0);
        // Of 7 all four alike (8 of 8 beyond chance), of 8 two of four (0 of 8), of 9 nothing.
        assert_eq!(found.themes, [(id(7), Some(1000)), (id(8), Some(0)), (id(9), None)]);
        assert_eq!(found.overall, Some(500));
    }

    fn coders() -> impl Strategy<Value = Vec<(Vec<bool>, Vec<bool>)>> {
        let three = || prop::collection::vec(any::<bool>(), 3);
        prop::collection::vec((three(), three()), 1..40)
    }

    fn coded(coder: u128, pieces: &[Vec<bool>]) -> Vec<Coding> {
        let themes = |said: &Vec<bool>| {
            (7..).zip(said).filter(|(_, said)| **said).map(|(theme, _)| theme).collect::<Vec<u128>>()
        };
        (1..).zip(pieces).map(|(at, said)| coding(coder, at, &themes(said))).collect()
    }

    proptest! {
        #[test]
        fn kappa_is_bounded_symmetric_and_one_where_all_is_alike(both in coders()) {
            let (one, other): (Vec<_>, Vec<_>) = both.into_iter().unzip();
            let themes = [id(7), id(8), id(9)];
            let of = |first: &[Vec<bool>], second: &[Vec<bool>]| {
                agreement(&themes, &[coded(1, first), coded(2, second)].concat()).remove(0)
            };
            let (found, turned) = (of(&one, &other), of(&other, &one));
            let figures = |of: &PairAgreement| of.themes.iter().map(|one| one.1).chain([of.overall]).collect::<Vec<_>>();
            prop_assert!(figures(&found).into_iter().flatten().all(|kappa| (-1000..=1000).contains(&kappa)));
            prop_assert_eq!(figures(&found), figures(&turned));
            let alike = of(&one, &one);
            prop_assert!(figures(&alike).into_iter().flatten().all(|kappa| kappa == 1000));
            let used = |theme: usize| one.iter().any(|said| said[theme]) && one.iter().any(|said| !said[theme]);
            for theme in 0..3 {
                prop_assert_eq!(alike.themes[theme].1.is_some(), used(theme));
            }
        }
    }
}
