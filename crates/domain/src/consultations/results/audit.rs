//! Everything that is published, as equations: whoever solves them finds no group under the minimum.
//! Twenty thousand random consultations on the way that the service goes: counted,
//! kept as snapshots, shown to the organisation and the public.

mod attacker;
mod conditional;
mod weighing;

use proptest::prelude::*;

use self::attacker::{Attacker, What};
use self::weighing::{weighed_choices, weighing};
use super::*;
use crate::consultations::samples::{day, id, options, question};
use crate::consultations::tally::pickable;
use crate::consultations::{
    Answer, Breakdowns, Characteristic, Given, Period, QuestionKind, Stance, Submission, Weights,
};
use crate::participants::Channel;

const FIRST: [&str; 4] = ["s1", "s2", "s3", "unknown"];
const PLACES: [&str; 4] = ["GM0001", "GM0002", "GM0003", "GM0004"];

/// How many sorts of people are told apart.
const MOST_SORTS: usize = 48;

/// What somebody gave: nothing, or the options at these places; in order where that counts, one as often as it got
/// dots, of a matrix the column of each row.
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

/// Kinds whose rows are made of what people give: by stance, by band, by year.
fn in_bands() -> [QuestionKind; 3] {
    let (earliest, latest) = (day(2024, 3, 1), day(2026, 8, 1));
    [
        QuestionKind::Statement,
        QuestionKind::Number { least: 0, most: 50, unit: None, bands: vec![0, 5, 20] },
        QuestionKind::Date { earliest, latest, counted_by: Period::Year },
    ]
}

fn shapes() -> Vec<Shape> {
    use Characteristic::{Channel as ByChannel, Municipality, OpinionGroup, RecruitmentSource, Region};
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
        (RecruitmentSource, Some(OpinionGroup), false, (3, 3)),
    ] {
        for kind in kinds(2).into_iter().chain(kinds(3)).chain(in_bands()).chain(weighing()) {
            if two == Some(OpinionGroup) && kind != QuestionKind::Statement {
                continue;
            }
            for (required, sensitive) in [(true, false), (false, false), (false, true), (true, true)] {
                let number = pickable(&kind).len();
                let exclusive = kind.counting() == Counting::One;
                let mut choices: Vec<Choice> = (0..number).map(|at| Some(vec![at])).collect();
                choices.extend((!required).then_some(None));
                let several = (1_usize..1 << number).filter(|set| set.count_ones() > 1 && !exclusive);
                choices.extend(several.map(|set| Some((0..number).filter(|at| set >> at & 1 == 1).collect())));
                if let Some(weighed) = weighed_choices(&kind) {
                    choices = weighed.into_iter().map(Some).chain((!required).then_some(None)).collect();
                }
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
    fn count(&self, (counts, weights): (&mut Counts, &mut Weights<'_>), people: &[i64]) {
        for (number, (choice, one, two)) in people.iter().zip(self.sorts()) {
            let given = |picked: &Vec<usize>| {
                let ids: Vec<Uuid> = picked.iter().map(|at| id(1000 + u128::try_from(*at).unwrap())).collect();
                match self.question.kind {
                    QuestionKind::SingleChoice { .. } => Given::SingleChoice { option_id: ids[0], other: None },
                    QuestionKind::Statement => Given::Statement { stance: Stance::ALL[picked[0]] },
                    QuestionKind::Number { .. } => Given::Number { value: [2, 9, 40][picked[0]] },
                    QuestionKind::Date { .. } => Given::Date { day: day(2024 + [0, 1, 2][picked[0]], 7, 15) },
                    QuestionKind::Ranking { .. }
                    | QuestionKind::Matrix { .. }
                    | QuestionKind::Dots { .. }
                    | QuestionKind::Budget { .. } => weighing::given(&self.question.kind, &ids),
                    QuestionKind::MultipleChoice { .. }
                    | QuestionKind::Scale { .. }
                    | QuestionKind::OpenText { .. } => Given::MultipleChoice { option_ids: ids, other: None },
                }
            };
            let answers: Vec<Answer> =
                choice.iter().map(|picked| Answer { question_id: self.question.id, given: given(picked) }).collect();
            let places = self.breakdowns.by.iter().enumerate();
            let declared = places.filter(|(_, by)| **by != Characteristic::Channel);
            let values = declared.map(|(place, by)| (*by, self.value(place, [one, two][place]))).collect();
            let by_channel = self.breakdowns.by.get(1) == Some(&Characteristic::Channel);
            let channel = if by_channel { Channel::ALL[two] } else { Channel::Internet };
            (0..*number).for_each(|_| {
                counts.add(&Submission { channel, values: &values, answers: &answers });
                weights.add(&answers);
            });
        }
    }

    fn sorts(&self) -> impl Iterator<Item = (&Choice, usize, usize)> {
        let (ones, twos) = self.values;
        self.choices
            .iter()
            .flat_map(move |choice| (0..ones).flat_map(move |one| (0..twos).map(move |two| (choice, one, two))))
    }

    fn regions() -> Regions {
        let place = |(at, code): (usize, &&str)| ((*code).to_owned(), format!("region {}", at / 2));
        PLACES.iter().enumerate().map(place).collect()
    }
}

fn people() -> impl Strategy<Value = Vec<i64>> {
    let count = prop_oneof![4 => Just(0), 3 => 1i64..6, 3 => 5i64..12, 1 => 10i64..40];
    prop::collection::vec(count, MOST_SORTS)
}

fn counted(shape: &Shape, moments: &[&[i64]]) -> Counts {
    let asked = std::slice::from_ref(&shape.question);
    let (mut counts, mut weights) = (Counts::none(asked, &shape.breakdowns), Weights::none(asked));
    for people in moments {
        shape.count((&mut counts, &mut weights), people);
    }
    counts.weighed = weights.counted();
    counts
}

fn shown(shape: &Shape, counts: &[Counts], minimum: i64, whole: bool) -> (usize, Results) {
    let questions = std::slice::from_ref(&shape.question);
    Snapshots { questions, counts, regions: &Shape::regions() }.results(minimum, whole).unwrap()
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
        let mut attacker = Attacker::of(&shape, people, 1);
        for minimum in [raised, 5, 10] {
            attacker.read(&shown(&shape, &counts, minimum, true).1, &[0]);
        }
        attacker.finds_nobody(5);
        let mut public = Attacker::of(&shape, people, 1);
        public.read(&shown(&shape, &counts, 10, true).1, &[0]);
        public.finds_nobody(10);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8_000))]

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
            let mut attacker = Attacker::of(&shape, &truth, 2);
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
    let people: Vec<i64> = (0..shape.cells()).map(|at| if at == 0 { 3 } else { 20 }).collect();
    let mut attacker = Attacker::of(&shape, &people, 1);
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
    // Of a budget that doesn't pay for everything nothing is told by group, nor of a matrix that was left open.
    let plain = |shape: &&Shape| {
        let whole = match shape.question.kind.counting() {
            Counting::Tight => false,
            Counting::Rows => shape.question.required,
            Counting::One | Counting::Several { .. } | Counting::Words => true,
        };
        !shape.breakdowns.by.contains(&Characteristic::Channel) && whole
    };
    assert!(shapes().iter().filter(plain).all(told));
}

#[test]
fn a_municipality_that_is_too_small_is_shown_as_its_region() {
    let shape = shapes().into_iter().find(|one| one.breakdowns.by == [Characteristic::Municipality]).unwrap();
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
