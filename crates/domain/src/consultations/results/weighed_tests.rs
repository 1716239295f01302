//! Whoever knows the rule, the question and the number of people, and lists everything that would have given the very
//! same results: of what options weigh.

use std::collections::{BTreeSet, HashMap};

use super::tests::spreads;
use super::*;
use crate::cells::ORGANISATION_MINIMUM;
use crate::consultations::samples::{budget, dots, id, options, question};
use crate::consultations::{Answer, Breakdowns, Given, QuestionKind, Submission, Weights};
use crate::participants::Channel;

/// The results of so many people who gave each of these.
fn shown(asked: &Question, given: &[Given], people: &[i64], minimum: i64) -> Results {
    let questions = std::slice::from_ref(asked);
    let (mut counts, mut weights) = (Counts::none(questions, &Breakdowns::default()), Weights::none(questions));
    for (given, people) in given.iter().zip(people) {
        let answers = [Answer { question_id: asked.id, given: given.clone() }];
        for _ in 0..*people {
            counts.add(&Submission { channel: Channel::Internet, values: &Vec::new(), answers: &answers });
            weights.add(&answers);
        }
    }
    counts.weighed = weights.counted();
    let regions = Regions::new();
    Snapshots { questions, counts: &[counts], regions: &regions }.results(minimum, true).unwrap().1
}

/// That from no results of so many people it follows that fewer than the minimum gave the same answer. Of how
/// many results everything was told.
fn attack(kind: &QuestionKind, given: &[Given], total: i64) -> usize {
    let asked = Question { required: true, ..question(1, kind.clone()) };
    let mut seen: HashMap<Results, Vec<BTreeSet<i64>>> = HashMap::new();
    for people in spreads(given.len(), total) {
        let sets = seen
            .entry(shown(&asked, given, &people, ORGANISATION_MINIMUM))
            .or_insert_with(|| vec![BTreeSet::new(); given.len()]);
        for (set, people) in sets.iter_mut().zip(people) {
            set.insert(people);
        }
    }
    for (shown, sets) in &seen {
        for known in sets.iter().filter(|set| set.len() == 1).filter_map(|set| set.first()) {
            assert!(*known == 0 || *known >= ORGANISATION_MINIMUM, "{shown:#?} tells {known}");
        }
    }
    let whole = |choice: &ChoiceResult| {
        choice.count.figure().is_some() && choice.total.is_none_or(|total| total.figure().is_some())
    };
    let tells = |shown: &&Results| shown.questions[0].choices.iter().all(whole);
    seen.keys().filter(tells).count()
}

fn order(options: [u128; 3]) -> Given {
    Given::Ranking { option_ids: options.map(|at| id(1000 + at)).to_vec() }
}

fn paid(options: &[u128]) -> Given {
    Given::Budget { option_ids: options.iter().map(|at| id(1000 + at)).collect() }
}

#[test]
fn no_small_order_follows() {
    let kind = QuestionKind::Ranking { options: options(3), most: None };
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]].map(order);
    for total in [5, 9, 11, 12] {
        assert!(attack(&kind, &orders, total) > 0, "{total}");
    }
    // Where nobody puts the last first, and where it is one of the first two.
    assert!(attack(&kind, &orders[..4], 21) > 0);
    assert!(attack(&kind, &orders[..3], 25) > 0);
}

#[test]
fn no_small_payment_follows() {
    let kind = budget(&[10, 20, 30], 30);
    let payments = [paid(&[0]), paid(&[1]), paid(&[2]), paid(&[0, 1])];
    for total in [5, 9, 13, 18, 22] {
        let told = attack(&kind, &payments, total);
        assert!(told > 0, "{total}");
    }
    assert!(attack(&budget(&[10, 20], 20), &payments[..2], 24) > 0);
}

/// Told where each answer is that of enough people; hidden for one person, at a higher minimum, by group.
#[test]
fn totals_stand_where_they_betray_nobody() {
    let asked = Question { required: true, ..question(1, dots(4, None, true)) };
    let divided = |dots: &[(u128, i32)]| Given::Dots { dots: dots.iter().map(|(at, n)| (id(1000 + at), *n)).collect() };
    let given = [divided(&[(0, 3), (1, 1)]), divided(&[(0, 1), (1, 3)]), divided(&[(0, 1), (2, 3)])];
    let totals = |people: &[i64], minimum: i64| {
        let shown = shown(&asked, &given, people, minimum);
        shown.questions[0].choices.iter().map(|one| one.total.unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(totals(&[20, 12, 11], 5), [Cell::Shown(83), Cell::Shown(56), Cell::Shown(33)]);
    assert_eq!(totals(&[20, 12, 11], 12), [HIDDEN; 3]);
    assert_eq!(totals(&[20, 12, 1], 5), [HIDDEN; 3]);
    assert_eq!(totals(&[3, 1, 0], 5), [Cell::Suppressed(Why::Base); 3]);
    let sensitive = Question { sensitive: true, ..asked };
    let shown = shown(&sensitive, &given, &[20, 12, 0], 5);
    assert!(shown.questions[0].choices.iter().all(|one| one.count == ALIKE && one.total == Some(ALIKE)));
}

/// Dots in all aren't told beside dots by channel.
#[test]
fn dots_are_told_by_channel_or_in_all() {
    let asked = [Question { required: true, ..question(1, dots(4, None, true)) }];
    let both = Given::Dots { dots: vec![(id(1000), 3), (id(1001), 1)] };
    let one = Given::Dots { dots: vec![(id(1002), 4)] };
    let told = |channel: Channel| {
        let (mut counts, mut weights) = (Counts::none(&asked, &Breakdowns::default()), Weights::none(&asked));
        for (channel, given) in
            [(Channel::Internet, &both), (channel, &both), (Channel::Internet, &one), (channel, &one)]
        {
            let answers = [Answer { question_id: id(1), given: given.clone() }];
            for _ in 0..20 {
                counts.add(&Submission { channel, values: &Vec::new(), answers: &answers });
                weights.add(&answers);
            }
        }
        counts.weighed = weights.counted();
        let regions = Regions::new();
        let shown = Snapshots { questions: &asked, counts: &[counts], regions: &regions }.results(5, true).unwrap().1;
        let choice = shown.questions[0].choices[0].clone();
        (choice.total.and_then(Cell::figure), choice.channels.iter().map(|cell| cell.figure()).collect::<Vec<_>>())
    };
    assert_eq!(told(Channel::Internet), (Some(120), vec![Some(40), Some(0), Some(0)]));
    assert_eq!(told(Channel::Phone), (None, vec![Some(20), Some(20), Some(0)]));
}
