//! Everything that is published, as equations: whoever solves them finds no group under the minimum.
//! Twenty thousand random consultations on the way that the service goes: counted,
//! kept as snapshots, shown to the organisation and the public.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::consultations::samples::{id, options, question};
use crate::consultations::{Answer, Breakdowns, Characteristic, Given, Submission};
use crate::participants::Channel;

const FIRST: [&str; 4] = ["s1", "s2", "s3", "unknown"];
const PLACES: [&str; 4] = ["GM0001", "GM0002", "GM0003", "GM0004"];

/// How many sorts of people are told apart.
const MOST_SORTS: usize = 48;

/// What somebody gave: nothing, or the options at these places.
type Choice = Option<Vec<usize>>;

/// A way in which a consultation can be asked.
#[derive(Debug, Clone)]
struct Shape {
    question: Question,
    breakdowns: Breakdowns,
    /// How many values the first and the second have.
    values: (usize, usize),
    choices: Vec<Choice>,
}

fn shapes() -> Vec<Shape> {
    use Characteristic::{Channel as ByChannel, Municipality, RecruitmentSource, Region};
    let kinds = |options_: u128| {
        [
            QuestionKind::SingleChoice { options: options(options_) },
            QuestionKind::MultipleChoice { options: options(options_), least: None, most: None },
        ]
    };
    let mut all = Vec::new();
    for (one, two, crossed, values) in [
        (RecruitmentSource, None, false, (4, 1)),
        (Municipality, None, false, (4, 1)),
        (RecruitmentSource, Some(Region), false, (3, 3)),
        (RecruitmentSource, Some(Region), true, (2, 2)),
        (RecruitmentSource, Some(Region), true, (3, 3)),
        (RecruitmentSource, Some(ByChannel), true, (3, 2)),
        (Municipality, Some(RecruitmentSource), true, (4, 2)),
    ] {
        for kind in kinds(2).into_iter().chain(kinds(3)) {
            for (required, sensitive) in [(true, false), (false, false), (false, true), (true, true)] {
                let number = kind.options().len();
                let exclusive = matches!(kind, QuestionKind::SingleChoice { .. });
                let mut choices: Vec<Choice> = (0..number).map(|at| Some(vec![at])).collect();
                choices.extend((!required).then_some(None));
                let several = (1_usize..1 << number).filter(|set| set.count_ones() > 1 && !exclusive);
                choices.extend(several.map(|set| Some((0..number).filter(|at| set >> at & 1 == 1).collect())));
                if choices.len() * values.0 * values.1 > MOST_SORTS {
                    continue;
                }
                all.push(Shape {
                    question: Question { required, sensitive, ..question(1, kind.clone()) },
                    breakdowns: Breakdowns {
                        by: [one].into_iter().chain(two).collect(),
                        crossed: two.filter(|_| crossed).map(|two| (one, two)).into_iter().collect(),
                    },
                    values,
                    choices,
                });
            }
        }
    }
    all
}

impl Shape {
    fn value(&self, place: usize, at: usize) -> String {
        match self.breakdowns.by.get(place) {
            Some(Characteristic::Municipality) => PLACES[at].to_owned(),
            Some(Characteristic::Channel) | None => Channel::ALL[at].code().to_owned(),
            Some(_) => FIRST[at].to_owned(),
        }
    }

    fn cells(&self) -> usize {
        self.choices.len() * self.values.0 * self.values.1
    }

    /// Adds so many people of each sort.
    fn count(&self, counts: &mut Counts, people: &[i64]) {
        for (number, (choice, one, two)) in people.iter().zip(self.sorts()) {
            let given = |picked: &Vec<usize>| {
                let ids: Vec<Uuid> = picked.iter().map(|at| id(1000 + *at as u128)).collect();
                match self.question.kind {
                    QuestionKind::SingleChoice { .. } => Given::SingleChoice { option_id: ids[0] },
                    _ => Given::MultipleChoice { option_ids: ids },
                }
            };
            let answers: Vec<Answer> =
                choice.iter().map(|picked| Answer { question_id: self.question.id, given: given(picked) }).collect();
            let places = self.breakdowns.by.iter().enumerate();
            let declared = places.filter(|(_, by)| **by != Characteristic::Channel);
            let values = declared.map(|(place, by)| (*by, self.value(place, [one, two][place]))).collect();
            let by_channel = self.breakdowns.by.get(1) == Some(&Characteristic::Channel);
            let channel = if by_channel { Channel::ALL[two] } else { Channel::Internet };
            (0..*number).for_each(|_| counts.add(&Submission { channel, values: &values, answers: &answers }));
        }
    }

    fn sorts(&self) -> impl Iterator<Item = (&Choice, usize, usize)> {
        let (ones, twos) = self.values;
        self.choices
            .iter()
            .flat_map(move |choice| (0..ones).flat_map(move |one| (0..twos).map(move |two| (choice, one, two))))
    }

    fn regions(&self) -> Regions {
        let place = |(at, code): (usize, &&str)| ((*code).to_owned(), format!("region {}", at / 2));
        PLACES.iter().enumerate().map(place).collect()
    }
}

/// What is counted of a group: who took part, answered, left it open, chose one, didn't.
#[derive(Debug, Clone, Copy, PartialEq)]
enum What {
    People,
    Answered,
    Open,
    In(usize),
    Out(usize),
}

/// A sum of people of certain sorts, at certain moments.
type Row = Vec<u64>;
const PRIME: u64 = 2_147_483_647;

/// Who lays everything side by side.
struct Attacker<'a> {
    shape: &'a Shape,
    /// How many of each sort came in at each moment.
    truth: Vec<i64>,
    moments: usize,
    known: Vec<(Row, i64)>,
}

impl<'a> Attacker<'a> {
    fn row(&self, (first, second): (&[String], &[String]), what: What, moments: &[usize]) -> Row {
        let has = |members: &[String], value: &str| members.is_empty() || members.iter().any(|one| one == value);
        let mut row = Vec::new();
        for moment in 0..self.moments {
            for (choice, one, two) in self.shape.sorts() {
                let counts = match what {
                    What::People => true,
                    What::Answered => choice.is_some(),
                    What::Open => choice.is_none(),
                    What::In(at) => choice.as_ref().is_some_and(|picked| picked.contains(&at)),
                    What::Out(at) => choice.as_ref().is_some_and(|picked| !picked.contains(&at)),
                };
                let here = has(first, &self.shape.value(0, one)) && has(second, &self.shape.value(1, two));
                row.push(u64::from(counts && here && moments.contains(&moment)));
            }
        }
        row
    }

    fn value(&self, row: &Row) -> i64 {
        row.iter().zip(&self.truth).map(|(count, people)| *count as i64 * people).sum()
    }

    fn learn(&mut self, group: (&[String], &[String]), what: What, moments: &[usize], cell: Cell) {
        if let Cell::Shown(figure) = cell {
            let row = self.row(group, what, moments);
            assert_eq!(self.value(&row), figure, "{what:?} of {group:?} is shown wrong");
            self.known.push((row, figure));
        }
    }

    fn learn_question(&mut self, group: (&[String], &[String]), moments: &[usize], told: &QuestionResults) {
        self.learn(group, What::Answered, moments, told.answered);
        self.learn(group, What::Open, moments, told.unanswered);
        for (at, choice) in told.choices.iter().enumerate() {
            self.learn(group, What::In(at), moments, choice.count);
        }
    }

    fn read(&mut self, results: &Results, moments: &[usize]) {
        self.learn((&[], &[]), What::People, moments, results.responses);
        for told in &results.questions {
            self.learn_question((&[], &[]), moments, told);
            for (at, choice) in told.choices.iter().enumerate() {
                if self.shape.breakdowns.by.get(1) == Some(&Characteristic::Channel) {
                    for (channel, cell) in Channel::ALL.iter().zip(&choice.channels) {
                        self.learn((&[], &[channel.code().to_owned()]), What::In(at), moments, *cell);
                    }
                }
            }
        }
        for table in &results.breakdowns {
            let place = |by| self.shape.breakdowns.by.iter().position(|one| *one == by).unwrap();
            let first = place(table.by[0]);
            for group in &table.groups {
                let members = |at: usize| group.values[at].members.as_slice();
                let who = match (table.by.len(), first) {
                    (2, _) => (members(0), members(1)),
                    (_, 0) => (members(0), [].as_slice()),
                    _ => ([].as_slice(), members(0)),
                };
                self.learn(who, What::People, moments, group.people);
                group.questions.iter().for_each(|told| self.learn_question(who, moments, told));
            }
        }
    }

    /// Everything that somebody would like to know of a declared group.
    fn secrets(&self) -> Vec<Row> {
        let one = |place: usize, count: usize| (0..count).map(move |at| vec![self.shape.value(place, at)]);
        let mut groups: Vec<(Vec<String>, Vec<String>)> = vec![(vec![], vec![])];
        groups.extend(one(0, self.shape.values.0).map(|first| (first, vec![])));
        if self.shape.breakdowns.by.len() > 1 {
            groups.extend(one(1, self.shape.values.1).map(|second| (vec![], second)));
        }
        if !self.shape.breakdowns.crossed.is_empty() {
            let pairs = one(0, self.shape.values.0)
                .flat_map(|first| one(1, self.shape.values.1).map(move |second| (first.clone(), second)));
            groups.extend(pairs);
        }
        let number = self.shape.question.kind.options().len();
        let mut what = vec![What::People, What::Answered, What::Open];
        what.extend((0..number).flat_map(|at| [What::In(at), What::Out(at)]));
        let spans: Vec<Vec<usize>> = if self.moments == 1 { vec![vec![0]] } else { vec![vec![0], vec![1], vec![0, 1]] };
        let of = |group: &(Vec<String>, Vec<String>)| {
            let group = group.clone();
            let each = spans.iter().flat_map(|moments| what.iter().map(move |one| (moments, *one)));
            each.map(|(moments, one)| self.row((&group.0, &group.1), one, moments)).collect::<Vec<_>>()
        };
        groups.iter().flat_map(of).collect()
    }

    /// Solves: leaves out whoever can't be there, and looks for what follows from the rest.
    fn finds_nobody(&mut self, minimum: i64) {
        let secrets = self.secrets();
        loop {
            let basis = Basis::of(self.known.iter().map(|(row, _)| row.clone()));
            let mut gone = vec![false; self.truth.len()];
            for row in &secrets {
                if row.iter().all(|count| *count == 0) || !basis.holds(row) {
                    continue;
                }
                let value = self.value(row);
                assert!(value <= 0 || value >= minimum, "{value} follows: {:?} {:?}", self.shape, self.truth);
                if value == 0 {
                    row.iter().zip(&mut gone).filter(|(count, _)| **count > 0).for_each(|(_, gone)| *gone = true);
                }
            }
            for (row, _) in self.known.iter().filter(|(_, figure)| *figure == 0) {
                row.iter().zip(&mut gone).filter(|(count, _)| **count > 0).for_each(|(_, gone)| *gone = true);
            }
            let mut less = false;
            for (row, _) in &mut self.known {
                for (count, gone) in row.iter_mut().zip(&gone) {
                    less |= *gone && *count > 0;
                    *count *= u64::from(!gone);
                }
            }
            if !less {
                return;
            }
        }
    }
}

/// Equations solved as far as they go, modulo a prime.
struct Basis(BTreeMap<usize, Row>);

impl Basis {
    fn of(rows: impl Iterator<Item = Row>) -> Self {
        let mut basis = Self(BTreeMap::new());
        for row in rows {
            let mut rest = basis.reduced(row);
            if let Some(lead) = rest.iter().position(|count| *count != 0) {
                let inverse = inverse(rest[lead]);
                rest.iter_mut().for_each(|count| *count = *count * inverse % PRIME);
                basis.0.insert(lead, rest);
            }
        }
        basis
    }

    fn reduced(&self, mut row: Row) -> Row {
        for (lead, known) in &self.0 {
            let times = row[*lead];
            if times != 0 {
                row.iter_mut().zip(known).for_each(|(count, one)| *count = (*count + (PRIME - times) * one) % PRIME);
            }
        }
        row
    }

    fn holds(&self, row: &Row) -> bool {
        self.reduced(row.clone()).iter().all(|count| *count == 0)
    }
}

fn inverse(number: u64) -> u64 {
    let (mut result, mut base, mut left) = (1, number, PRIME - 2);
    while left > 0 {
        if left % 2 == 1 {
            result = result * base % PRIME;
        }
        base = base * base % PRIME;
        left /= 2;
    }
    result
}

fn people() -> impl Strategy<Value = Vec<i64>> {
    let count = prop_oneof![4 => Just(0), 3 => 1i64..6, 3 => 5i64..12, 1 => 10i64..40];
    prop::collection::vec(count, MOST_SORTS)
}

fn counted(shape: &Shape, moments: &[&[i64]]) -> Counts {
    let mut counts = Counts::none(std::slice::from_ref(&shape.question), &shape.breakdowns);
    moments.iter().for_each(|people| shape.count(&mut counts, people));
    counts
}

fn shown(shape: &Shape, counts: &[Counts], minimum: i64, whole: bool) -> (usize, Results) {
    let questions = std::slice::from_ref(&shape.question);
    Snapshots { questions, counts, regions: &shape.regions() }.results(minimum, whole).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    /// The organisation lays its own results and the public's side by side: every breakdown, pair and
    /// channel at once, so that whichever are asked for alone tell no more.
    #[test]
    fn nobody_follows_from_everything_that_is_shown(
        shape in prop::sample::select(shapes()), people in people(), raised in 5i64..14,
    ) {
        let people = &people[..shape.cells()];
        let counts = [counted(&shape, &[people])];
        let mut attacker = Attacker { shape: &shape, truth: people.to_vec(), moments: 1, known: vec![] };
        for minimum in [raised, 5, 10] {
            attacker.read(&shown(&shape, &counts, minimum, true).1, &[0]);
        }
        attacker.finds_nobody(5);
        let mut public = Attacker { shape: &shape, truth: people.to_vec(), moments: 1, known: vec![] };
        public.read(&shown(&shape, &counts, 10, true).1, &[0]);
        public.finds_nobody(10);
    }

    /// Two moments side by side, at two minimums.
    #[test]
    fn nobody_follows_from_two_moments(
        shape in prop::sample::select(shapes()), before in people(), after in people(), rare in any::<bool>(),
    ) {
        let cells = shape.cells();
        let later: Vec<i64> = after.iter().map(|count| if rare { count / 5 } else { *count }).take(cells).collect();
        let before = &before[..cells];
        let snapshots = [counted(&shape, &[before]), counted(&shape, &[before, &later])];
        let truth = [before, &later].concat();
        for minimums in [[5, 10].as_slice(), &[10]] {
            let mut attacker = Attacker { shape: &shape, truth: truth.clone(), moments: 2, known: vec![] };
            for minimum in minimums {
                attacker.read(&shown(&shape, &snapshots[..1], *minimum, false).1, &[0]);
                let (at, results) = shown(&shape, &snapshots, *minimum, true);
                attacker.read(&results, if at == 0 { &[0] } else { &[0, 1] });
            }
            attacker.finds_nobody(minimums[0]);
        }
    }
}

#[test]
fn the_attacker_solves_what_is_not_protected() {
    let shape = shapes().into_iter().next().unwrap();
    let people: Vec<i64> = (0..shape.cells() as i64).map(|at| if at == 0 { 3 } else { 20 }).collect();
    let mut attacker = Attacker { shape: &shape, truth: people, moments: 1, known: vec![] };
    let total = attacker.row((&[], &[]), What::People, &[0]);
    attacker.known.push((total.clone(), attacker.value(&total)));
    for at in 1..4 {
        let row = attacker.row((&[shape.value(0, at)], &[]), What::People, &[0]);
        attacker.known.push((row.clone(), attacker.value(&row)));
    }
    let all = attacker.row((&[], &[]), What::In(1), &[0]);
    let first = attacker.row((&[shape.value(0, 0)], &[]), What::In(1), &[0]);
    attacker.known.extend([(all.clone(), attacker.value(&all)), (first.clone(), attacker.value(&first))]);
    let found = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| attacker.finds_nobody(5)));
    assert!(found.is_err());
}

/// What may be told is told: a table of groups that are large enough stands there whole.
#[test]
fn large_groups_are_told_apart() {
    let told = |shape: &Shape| {
        let counts = [counted(shape, &[&vec![12; shape.cells()]])];
        let results = shown(shape, &counts, 10, true).1;
        results.breakdowns.iter().all(|table| {
            let all = |one: &QuestionResults| one.choices.iter().all(|choice| choice.count.figure().is_some());
            table.groups.iter().all(|group| group.people.figure().is_some() && group.questions.iter().all(all))
        })
    };
    let plain = |shape: &&Shape| !shape.breakdowns.by.contains(&Characteristic::Channel);
    assert!(shapes().iter().filter(plain).all(told));
}

#[test]
fn a_municipality_that_is_too_small_is_shown_as_its_region() {
    let shape = shapes().into_iter().nth(16).unwrap();
    assert_eq!(shape.breakdowns.by, [Characteristic::Municipality]);
    let people: Vec<i64> = [20, 3, 14, 15, 20, 9, 15, 14].into();
    let counts = [counted(&shape, &[&people])];
    let named = |minimum: i64| {
        let groups = shown(&shape, &counts, minimum, true).1.breakdowns[0].groups.clone();
        groups
            .into_iter()
            .map(|group| (group.values[0].value.clone(), group.values[0].rolled_up, group.people.figure()))
            .collect::<Vec<_>>()
    };
    let each = |value: &str, rolled: bool, people: i64| (value.to_owned(), rolled, Some(people));
    let places =
        [each("GM0001", false, 40), each("GM0002", false, 12), each("GM0003", false, 29), each("GM0004", false, 29)];
    assert_eq!(named(10), places);
    assert_eq!(named(13), [each("region 0", true, 52), each("GM0003", false, 29), each("GM0004", false, 29)]);
}
