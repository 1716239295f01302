use std::collections::{BTreeSet, HashMap};

use proptest::prelude::*;

use super::*;
use crate::consultations::samples::{id, options, question, questions};
use crate::consultations::{Answer, Breakdowns, Given, QuestionKind, Response, Submission, Tally};
use crate::participants::Channel;

/// As they come out of one snapshot without breakdowns.
fn results(questions: &[Question], tally: &Tally, minimum: i64) -> Results {
    let counts = [Counts { channels: tally.clone(), cuts: Vec::new(), records: None, weighed: Vec::new() }];
    Snapshots { questions, counts: &counts, regions: &Regions::new() }.results(minimum, true).unwrap().1
}

fn single(required: bool, sensitive: bool) -> Question {
    Question { required, sensitive, ..question(1, QuestionKind::SingleChoice { options: options(3) }) }
}

fn tally(question: &Question, people: &[i64], picked: &[&[i64]]) -> Tally {
    let all = crate::consultations::tally::pickable(&question.kind);
    let picked: Vec<_> = all.into_iter().zip(picked).map(|(one, counts)| (one, counts.to_vec())).collect();
    let answered = (0..people.len()).map(|at| picked.iter().map(|(_, counts)| counts[at]).sum()).collect();
    let questions = vec![QuestionTally { question_id: question.id, row_id: None, answered, picked }];
    Tally { people: people.to_vec(), questions }
}

fn of(question: &Question, people: &[i64], picked: &[&[i64]]) -> Results {
    results(std::slice::from_ref(question), &tally(question, people, picked), 5)
}

fn counts(results: &Results) -> Vec<Option<i64>> {
    results.questions[0].choices.iter().map(|choice| choice.count.figure()).collect()
}

fn every_cell(results: &Results) -> Vec<Cell> {
    let mut cells = vec![results.responses];
    cells.extend(&results.channels);
    for question in &results.questions {
        cells.extend([question.answered, question.unanswered]);
        cells.extend(question.choices.iter().flat_map(|choice| choice.channels.iter().chain([&choice.count])));
    }
    cells
}

#[test]
fn fewer_than_the_minimum_is_all_that_is_said() {
    let shown = of(&single(false, true), &[2, 1, 1], &[&[2, 0, 0], &[0, 1, 0], &[0, 0, 0]]);
    assert!(every_cell(&shown).iter().all(|cell| *cell == Cell::Suppressed(Why::Base)), "{shown:?}");
    let nobody = of(&single(true, false), &[0, 0, 0], &[&[0; 3], &[0; 3], &[0; 3]]);
    assert!(every_cell(&nobody).iter().all(|cell| *cell == Cell::Suppressed(Why::Base)), "{nobody:?}");
}

#[test]
fn a_panel_sees_its_answers_per_channel() {
    let shown = of(&single(true, false), &[110, 30, 20], &[&[60, 20, 10], &[42, 8, 8], &[8, 2, 2]]);
    assert_eq!(shown.responses, Cell::Shown(160));
    assert_eq!(counts(&shown), [Some(90), Some(58), Some(12)]);
    let channels = |at: usize| shown.questions[0].choices[at].channels.iter().map(|cell| cell.figure()).collect();
    let per_channel: Vec<Vec<_>> = (0..3).map(channels).collect();
    assert_eq!(per_channel, [vec![Some(60), Some(20), Some(10)], vec![None; 3], vec![None; 3]]);
    assert_eq!(shown.questions[0].answered, Cell::Shown(160));
    assert_eq!(shown.questions[0].unanswered, Cell::Shown(0));
}

#[test]
fn who_left_it_open_is_a_group_too() {
    let shown = of(&single(false, false), &[40, 0, 0], &[&[20, 0, 0], &[10, 0, 0], &[8, 0, 0]]);
    assert_eq!(counts(&shown), [Some(20), Some(10), None]);
    assert_eq!(shown.questions[0].answered, HIDDEN);
    let nobody = of(&single(false, false), &[40, 0, 0], &[&[0; 3], &[0; 3], &[0; 3]]);
    assert_eq!(counts(&nobody), [None; 3]);
    assert_eq!(nobody.questions[0].unanswered, HIDDEN);
}

#[test]
fn almost_alike_on_a_sensitive_question_is_hidden() {
    let picked: [&[i64]; 3] = [&[36, 0, 0], &[4, 0, 0], &[0, 0, 0]];
    let shown = of(&single(true, true), &[40, 0, 0], &picked);
    assert!(shown.questions[0].choices.iter().all(|choice| choice.count == ALIKE && choice.channels == [ALIKE; 3]));
    assert_eq!(shown.questions[0].answered, Cell::Shown(40));
    // Not in all, but by phone.
    let picked: [&[i64]; 3] = [&[20, 19, 0], &[20, 1, 0], &[0, 0, 0]];
    let shown = of(&single(true, true), &[40, 20, 0], &picked);
    assert_eq!(counts(&shown), [Some(39), Some(21), Some(0)]);
    assert!(shown.questions[0].choices.iter().all(|choice| choice.channels == [ALIKE; 3]));
    let asked_lightly = of(&single(true, false), &[40, 0, 0], &[&[40, 0, 0], &[0; 3], &[0; 3]]);
    assert_eq!(counts(&asked_lightly), [Some(40), Some(0), Some(0)]);
}

#[test]
fn a_scale_has_a_middle_only_when_all_of_it_is_shown() {
    let scale = Question { required: true, ..question(1, QuestionKind::Scale { least: -1, most: 2, labels: vec![] }) };
    let shown = of(&scale, &[25, 0, 0], &[&[5, 0, 0], &[0, 0, 0], &[10, 0, 0], &[10, 0, 0]]);
    assert_eq!(shown.questions[0].mean_hundredths, Some(100));
    assert_eq!(shown.questions[0].median_hundredths, Some(100));
    let even = of(&scale, &[20, 0, 0], &[&[0, 0, 0], &[10, 0, 0], &[5, 0, 0], &[5, 0, 0]]);
    assert_eq!(even.questions[0].mean_hundredths, Some(75));
    assert_eq!(even.questions[0].median_hundredths, Some(50));
    let below = of(&scale, &[30, 0, 0], &[&[20, 0, 0], &[10, 0, 0], &[0, 0, 0], &[0, 0, 0]]);
    assert_eq!(below.questions[0].mean_hundredths, Some(-67));
    assert_eq!(below.questions[0].median_hundredths, Some(-100));
    let hidden = of(&scale, &[25, 0, 0], &[&[4, 0, 0], &[1, 0, 0], &[10, 0, 0], &[10, 0, 0]]);
    assert_eq!((hidden.questions[0].mean_hundredths, hidden.questions[0].median_hundredths), (None, None));
}

#[test]
fn of_an_open_question_only_how_many_wrote() {
    let open = question(1, QuestionKind::OpenText { max_length: 100 });
    let with = |answered: i64| {
        let questions =
            vec![QuestionTally { question_id: open.id, row_id: None, answered: vec![answered, 0, 0], picked: vec![] }];
        let tally = Tally { people: vec![20, 0, 0], questions };
        results(std::slice::from_ref(&open), &tally, 5).questions[0].answered
    };
    assert_eq!(with(12), Cell::Shown(12));
    assert_eq!(with(20), Cell::Shown(20));
    assert_eq!([with(18), with(3), with(0)], [HIDDEN; 3]);
}

#[test]
fn responses_are_counted_per_question_choice_and_channel() {
    let response = |number: u128, channel, answers: Vec<(u128, Given)>| Response {
        id: id(number),
        consultation_id: id(1),
        participant_id: id(number),
        channel,
        entered_by: None,
        values: Vec::new(),
        answers: answers.into_iter().map(|(at, given)| Answer { question_id: id(at), given }).collect(),
    };
    let one = |option: u128| Given::SingleChoice { option_id: id(option), other: None };
    let both = Given::MultipleChoice { option_ids: vec![id(1000), id(1002)], other: None };
    let responses = [
        response(1, Channel::Internet, vec![(101, one(1000)), (102, both.clone()), (103, Given::Scale { value: 5 })]),
        response(2, Channel::InPerson, vec![(101, one(1001)), (102, both)]),
    ];
    let mut counts = Counts::none(&questions(), &Breakdowns::default());
    for Response { channel, values, answers, .. } in &responses {
        counts.add(&Submission { channel: *channel, values, answers });
    }
    let tally = counts.channels;
    assert_eq!(tally.people, [1, 0, 1]);
    let counts = |at: usize| tally.questions[at].picked.iter().map(|(_, counts)| counts.clone()).collect::<Vec<_>>();
    assert_eq!(counts(0), [[1, 0, 0], [0, 0, 1], [0, 0, 0]]);
    assert_eq!(counts(1), [[1, 0, 1], [0, 0, 0], [1, 0, 1]]);
    assert_eq!(tally.questions[2].answered, [1, 0, 0]);
    assert_eq!(counts(2)[4], [1, 0, 0]);
    assert_eq!((tally.questions[3].answered.clone(), counts(3).len()), (vec![0, 0, 0], 0));
}

/// Every way to spread `total` over so many places.
pub(super) fn spreads(places: usize, total: i64) -> Vec<Vec<i64>> {
    let mut all = vec![Vec::new()];
    for left in (0..places).rev() {
        let more = |spread: Vec<i64>| {
            let rest = total - spread.iter().sum::<i64>();
            (if left == 0 { rest } else { 0 }..=rest).map(move |n| [&spread[..], &[n]].concat())
        };
        all = all.into_iter().flat_map(more).collect();
    }
    all
}

/// What somebody would like to know: everything that was counted, per channel
/// and in all, those who didn't, those who left it open, and, of two options, who chose both.
fn secrets(tally: &Tally, question: &Question) -> Vec<i64> {
    let overlapping = matches!(question.kind, QuestionKind::MultipleChoice { .. });
    let counted = &tally.questions[0];
    let open = tally.people.iter().zip(&counted.answered).map(|(all, some)| all - some).collect();
    let mut lists = vec![tally.people.clone(), counted.answered.clone(), open];
    for (_, counts) in &counted.picked {
        lists.push(counts.clone());
        if overlapping {
            lists.push(counted.answered.iter().zip(counts).map(|(all, some)| all - some).collect());
        }
    }
    if let (true, [(_, first), (_, second)]) = (overlapping, counted.picked.as_slice()) {
        let both = |((one, other), all): ((&i64, &i64), &i64)| one + other - all;
        let both: Vec<i64> = first.iter().zip(second).zip(&counted.answered).map(both).collect();
        lists.push(counted.answered.iter().zip(&both).map(|(all, some)| all - some).collect());
        lists.push(both);
    }
    lists.iter().flat_map(|list| list.iter().copied().chain([list.iter().sum()])).collect()
}

/// The strongest attacker: knows the rule, the question and the number of
/// people, and lists everything that would have given the very same results,
/// at these minimums side by side.
fn attack_at(minimums: &[i64], question: &Question, tallies: impl Iterator<Item = Tally>) {
    let mut seen: HashMap<Vec<Results>, Vec<BTreeSet<i64>>> = HashMap::new();
    for tally in tallies {
        let secrets = secrets(&tally, question);
        let shown = minimums.iter().map(|minimum| results(std::slice::from_ref(question), &tally, *minimum));
        let sets = seen.entry(shown.collect()).or_insert_with(|| vec![BTreeSet::new(); secrets.len()]);
        for (set, secret) in sets.iter_mut().zip(secrets) {
            set.insert(secret);
        }
    }
    for (shown, sets) in seen.iter().filter(|(shown, _)| shown[0].responses.figure().is_some()) {
        for known in sets.iter().filter(|set| set.len() == 1).filter_map(|set| set.first()) {
            assert!(*known <= 0 || *known >= minimums[0], "{shown:#?} tells {known}");
        }
    }
}

fn attack(question: &Question, tallies: impl Iterator<Item = Tally>) {
    attack_at(&[5], question, tallies);
}

/// All answers of so many people by so many channels to a single choice of
/// two or three.
fn exclusive(question: &Question, options: usize, channels: usize, total: i64) -> impl Iterator<Item = Tally> {
    let places = if question.required { options } else { options + 1 };
    let question = question.clone();
    spreads(places * channels, total).into_iter().map(move |spread| {
        let rows: Vec<&[i64]> = spread.chunks(channels).collect();
        let people: Vec<i64> = (0..channels).map(|at| rows.iter().map(|row| row[at]).sum()).collect();
        tally(&question, &people, &rows[..options])
    })
}

fn choice(options_: u128, required: bool, sensitive: bool) -> Question {
    Question { required, sensitive, ..question(1, QuestionKind::SingleChoice { options: options(options_) }) }
}

#[test]
fn who_knows_the_rule_computes_no_small_cell_of_a_single_choice() {
    for (required, sensitive) in [(true, false), (true, true), (false, false), (false, true)] {
        let two = choice(2, required, sensitive);
        for total in 5..=24 {
            attack(&two, exclusive(&two, 2, 1, total));
        }
        for total in 5..=14 {
            attack(&two, exclusive(&two, 2, 2, total));
        }
        for total in 5..=8 {
            attack(&two, exclusive(&two, 2, 3, total));
        }
        let three = choice(3, required, sensitive);
        for total in 5..=18 {
            attack(&three, exclusive(&three, 3, 1, total));
        }
        for total in 5..=10 {
            attack(&three, exclusive(&three, 3, 2, total));
        }
    }
}

#[test]
fn two_minimums_side_by_side_tell_no_more() {
    for (required, sensitive) in [(true, false), (false, true)] {
        let two = choice(2, required, sensitive);
        for total in 10..=24 {
            attack_at(&[5, 10], &two, exclusive(&two, 2, 1, total));
            attack_at(&[10], &two, exclusive(&two, 2, 1, total));
        }
        for total in 10..=12 {
            attack_at(&[5, 10], &two, exclusive(&two, 2, 2, total));
        }
    }
    let four = choice(4, true, false);
    attack_at(&[5, 10], &four, exclusive(&four, 4, 1, 22));
    attack_at(&[10], &four, exclusive(&four, 4, 1, 22));
    let several = several(2, (1, 2), false, false);
    for total in [12, 20, 23] {
        attack_at(&[5, 10], &several, overlapping(&several, &[total], (1, 2), 2).into_iter());
        attack_at(&[10], &several, overlapping(&several, &[total], (1, 2), 2).into_iter());
    }
}

/// All answers of these people to a multiple choice: any number of each option
/// that so many choices by so many people can come to.
fn overlapping(question: &Question, people: &[i64], (least, most): (i64, i64), number: usize) -> Vec<Tally> {
    let mut all = vec![(Vec::new(), Vec::new())];
    for of in people {
        let mut columns = Vec::new();
        for answered in if question.required { *of..=*of } else { 0..=*of } {
            let mut column = vec![Vec::new()];
            for _ in 0..number {
                column = column
                    .into_iter()
                    .flat_map(|t: Vec<i64>| (0..=answered).map(move |n| [&t[..], &[n]].concat()))
                    .collect();
            }
            let fits = |made: i64| least * answered <= made && made <= most * answered;
            columns.extend(column.into_iter().filter(|c| fits(c.iter().sum())).map(|c| (answered, c)));
        }
        all = all
            .into_iter()
            .flat_map(|(answered, picked): (Vec<i64>, Vec<Vec<i64>>)| {
                columns.iter().map(move |(more, column)| {
                    ([&answered[..], &[*more]].concat(), [&picked[..], std::slice::from_ref(column)].concat())
                })
            })
            .collect();
    }
    let tallies = all.into_iter().map(|(answered, columns)| {
        let row = |at: usize| columns.iter().map(|column| column[at]).collect::<Vec<_>>();
        let rows: Vec<Vec<i64>> = (0..number).map(row).collect();
        let rows: Vec<&[i64]> = rows.iter().map(Vec::as_slice).collect();
        let mut tally = tally(question, people, &rows);
        tally.questions[0].answered = answered;
        tally
    });
    tallies.collect()
}

fn several(options_: u128, (least, most): (i32, i32), required: bool, sensitive: bool) -> Question {
    let kind = QuestionKind::MultipleChoice { options: options(options_), least: Some(least), most: Some(most) };
    Question { required, sensitive, ..question(1, kind) }
}

#[test]
fn who_knows_the_rule_computes_no_small_cell_of_a_multiple_choice() {
    for (required, sensitive) in [(true, false), (true, true), (false, false), (false, true)] {
        for (least, most) in [(1, 2), (2, 2)] {
            let two = several(2, (least, most), required, sensitive);
            let limits = (i64::from(least), i64::from(most));
            for total in 5..=16 {
                attack(&two, overlapping(&two, &[total], limits, 2).into_iter());
            }
            for total in [5, 8, 10, 11, 12] {
                let ways = (0..=total).map(|one| [one, total - one]);
                attack(&two, ways.flat_map(|people| overlapping(&two, &people, limits, 2)));
            }
        }
        for (least, most) in [(1, 2), (1, 3), (2, 2), (2, 3)] {
            let three = several(3, (least, most), required, sensitive);
            let limits = (i64::from(least), i64::from(most));
            for total in 9..=13 {
                attack(&three, overlapping(&three, &[total], limits, 3).into_iter());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn no_figure_is_small_and_totals_leave_nobody_over(
        rows in prop::collection::vec(prop::collection::vec(0i64..40, 3), 4),
        required in any::<bool>(),
        sensitive in any::<bool>(),
        minimum in 5i64..12,
    ) {
        let asked = Question { required, sensitive, ..choice(3, required, sensitive) };
        let open = if required { vec![0; 3] } else { rows[3].clone() };
        let people: Vec<i64> = (0..3).map(|at| rows[..3].iter().map(|row| row[at]).sum::<i64>() + open[at]).collect();
        let picked: Vec<&[i64]> = rows[..3].iter().map(Vec::as_slice).collect();
        let shown = results(std::slice::from_ref(&asked), &tally(&asked, &people, &picked), minimum);
        let clean = |n: i64| n == 0 || n >= minimum;
        prop_assert!(every_cell(&shown).iter().all(|cell| cell.figure().is_none_or(clean)));
        let question = &shown.questions[0];
        let visible: i64 = question.choices.iter().map(|choice| &choice.count).chain([&question.unanswered])
            .filter_map(|cell| cell.figure()).sum();
        prop_assert!(shown.responses.figure().is_none_or(|total| clean(total - visible)));
        for choice in &question.choices {
            let visible: i64 = choice.channels.iter().filter_map(|cell| cell.figure()).sum();
            prop_assert!(choice.count.figure().is_none_or(|total| clean(total - visible)));
        }
        for (at, total) in shown.channels.iter().enumerate() {
            let visible: i64 = question.choices.iter().filter_map(|choice| choice.channels[at].figure()).sum();
            prop_assert!(!required || total.figure().is_none_or(|total| clean(total - visible)));
        }
    }
}
