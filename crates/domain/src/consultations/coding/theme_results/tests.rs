use std::collections::{BTreeSet, HashMap};

use proptest::prelude::*;

use super::super::coded::coding;
use super::*;
use crate::cells::Why;
use crate::consultations::results::Snapshots;
use crate::consultations::samples::{id, question};
use crate::consultations::{Answer, Breakdowns, Counts, Given, QuestionKind, Regions, Submission};
use crate::participants::Channel;

fn written(pieces: u128) -> Vec<Written> {
    let piece = |at| Piece::OpenAnswer { open_answer_id: id(at), question_id: id(104) };
    vec![Written { question_id: id(104), pieces: (1..=pieces).map(piece).collect() }]
}

fn asked(sensitive: bool) -> Question {
    Question { sensitive, ..question(104, QuestionKind::OpenText { max_length: 20 }) }
}

/// Results of an open question that so many answered and so many left open, at this minimum.
fn results(questions: &[Question], answered: i64, open: i64, minimum: i64) -> Results {
    let mut counts = Counts::none(questions, &Breakdowns::default());
    let words = Given::OpenText { text: "Tijd.".to_owned(), language: "nl".to_owned() };
    let said = [Answer { question_id: id(104), given: words }];
    for at in 0..answered + open {
        let answers = if at < answered { &said[..] } else { &[] };
        counts.add(&Submission { channel: Channel::Internet, values: &Vec::new(), answers });
    }
    let (counts, regions) = ([counts], Regions::default());
    let snapshots = Snapshots { questions, counts: &counts, regions: &regions };
    snapshots.results(minimum, true).unwrap().1
}

/// What is shown of so many who said each theme.
fn shown(said: &[i64], (answered, open): (i64, i64), minimum: i64, sensitive: bool) -> Vec<Cell> {
    let questions = [asked(sensitive)];
    let counts = ThemeCounts(vec![(id(104), (7..).map(id).zip(said.iter().copied()).collect())]);
    let told = counts.shown(&questions, &results(&questions, answered, open, minimum), minimum, true);
    told[0].themes.iter().map(|(_, cell)| *cell).collect()
}

#[test]
fn every_answer_is_coded_before_anything_is_counted() {
    let codings = [coding(1, 1, &[7]), coding(2, 1, &[7, 8]), coding(1, 2, &[8]), coding(1, 3, &[])];
    let counted = count_themes(&[id(7), id(8)], &written(3), &codings).unwrap();
    assert_eq!(counted, ThemeCounts(vec![(id(104), vec![(id(7), 1), (id(8), 1)])]));
    let refused = |result: Result<ThemeCounts, Refusal>| result.unwrap_err();
    assert_eq!(refused(count_themes(&[id(7)], &written(4), &codings)), Refusal::Conflict("coding.incomplete"));
    assert_eq!(refused(count_themes(&[], &written(3), &codings)), Refusal::Conflict("coding.no_themes"));
}

#[test]
fn small_groups_and_all_but_a_few_have_no_figure() {
    let hidden = Cell::Suppressed(Why::Complementary);
    assert_eq!(shown(&[12, 20], (30, 10), 5, false), [Cell::Shown(12), Cell::Shown(20)]);
    assert_eq!(shown(&[12, 3, 27], (30, 10), 5, false), [hidden; 3]);
    assert_eq!(shown(&[12, 0, 30], (30, 10), 5, false), [Cell::Shown(12), Cell::Shown(0), Cell::Shown(30)]);
    assert_eq!(shown(&[7], (30, 10), 10, false), [hidden]);
    // Under the minimum there are themes, and no counts; nor where how many answered is hidden.
    assert_eq!(shown(&[4, 0], (9, 0), 10, false), [Cell::Suppressed(Why::Base); 2]);
    assert_eq!(shown(&[12], (30, 3), 5, false), [hidden]);
    assert_eq!(shown(&[28, 12], (30, 10), 5, true), [Cell::Suppressed(Why::Homogeneous); 2]);
}

/// What came in after the last snapshot isn't told by themes either.
#[test]
fn beside_a_snapshot_on_the_way_there_are_no_counts() {
    let questions = [asked(false)];
    let counts = ThemeCounts(vec![(id(104), vec![(id(7), 20)])]);
    let told = counts.shown(&questions, &results(&questions, 30, 10, 5), 5, false);
    assert_eq!(told[0].answered, Cell::Shown(30));
    assert_eq!(told[0].themes, [(id(7), Cell::Suppressed(Why::Complementary))]);
}

/// Everything that could have been said, by what is shown of it: whoever knows the rules, and all else that is
/// published, computes no small group, nor all but a small group.
fn attack(themes: usize, (answered, open): (i64, i64), sensitive: bool) {
    let mut worlds = vec![Vec::new()];
    for _ in 0..themes {
        let next = |said: Vec<i64>| (0..=answered).map(move |n| [&said[..], &[n]].concat());
        worlds = worlds.into_iter().flat_map(next).collect();
    }
    let questions = [asked(sensitive)];
    let told = [5, 10].map(|minimum| results(&questions, answered, open, minimum));
    let see = |said: &Vec<i64>, minimum: usize| {
        let counts = ThemeCounts(vec![(id(104), (7..).map(id).zip(said.iter().copied()).collect())]);
        counts.shown(&questions, &told[minimum], [5, 10][minimum], true)
    };
    // The public sees its own; the organisation sees both.
    for (minimum, views) in [(10, &[1][..]), (5, &[0, 1][..])] {
        let mut seen: HashMap<Vec<Vec<QuestionThemes>>, Vec<BTreeSet<i64>>> = HashMap::new();
        for said in &worlds {
            let view = views.iter().map(|at| see(said, *at)).collect();
            let possible = seen.entry(view).or_insert_with(|| vec![BTreeSet::new(); themes]);
            possible.iter_mut().zip(said).for_each(|(set, count)| {
                set.insert(*count);
            });
        }
        for (view, possible) in &seen {
            for known in possible.iter().filter(|set| set.len() == 1).filter_map(|set| set.first()) {
                let small = |n: i64| 0 < n && n < minimum;
                assert!(!small(*known) && !small(answered - known), "{view:?} of {answered} tells {known}");
            }
        }
    }
}

#[test]
fn who_knows_the_rules_and_the_results_computes_no_small_group() {
    for answered in 5..=30 {
        for (open, sensitive) in [(0, false), (12, false), (3, false), (12, true)] {
            attack(1, (answered, open), sensitive);
        }
    }
    for answered in 5..=24 {
        attack(2, (answered, 12), false);
    }
    for answered in [5, 8, 10, 11, 13] {
        attack(3, (answered, 12), false);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// What is shown is true, no small group and not all but one, and shown to who sees smaller groups, too.
    #[test]
    fn a_figure_is_of_enough_people(
        said in prop::collection::vec(0i64..=60, 1..8),
        open in 0i64..30,
        sensitive in any::<bool>(),
        minimum in 5i64..15,
    ) {
        let (here, lower) = (shown(&said, (60, open), minimum, sensitive), shown(&said, (60, open), 5, sensitive));
        for ((cell, lower), count) in here.iter().zip(&lower).zip(&said) {
            let safe = |n: i64| n == 0 || n >= minimum;
            prop_assert!(cell.figure().is_none_or(|n| n == *count && safe(n) && safe(60 - n)));
            prop_assert!(cell.figure().is_none() || cell == lower);
        }
    }
}
