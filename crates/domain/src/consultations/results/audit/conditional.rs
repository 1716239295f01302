//! Questions that are asked of some alone, beside the ones on which they rest: everything that is published of
//! them as equations.

use proptest::prelude::*;

use super::attacker::{Basis, Row, follows, value};
use super::*;
use crate::consultations::{Condition, Placement, Wanted};

/// What of a consultation of three questions somebody gave: to the first, the second, the third.
type Sort = [Choice; 3];

/// A consultation whose second question is asked after some answers to the first, and the third after some to
/// the second.
#[derive(Debug, Clone)]
struct Asked {
    questions: Vec<Question>,
    /// After which choices the second and the third are asked.
    after: [Vec<usize>; 2],
}

fn of_kind(at: usize, kind: &QuestionKind, required: bool, after: Option<(u128, &[usize])>) -> Question {
    let only_if = after.map(|(earlier, picked)| Condition {
        question_id: id(earlier),
        wanted: if kind_of(at - 1, kind) == QuestionKind::Statement {
            Wanted::Said { stances: picked.iter().map(|at| Stance::ALL[*at]).collect() }
        } else {
            Wanted::Chosen { option_ids: picked.iter().map(|at| option(*at)).collect() }
        },
    });
    let placement = Placement { only_if, ..Placement::default() };
    Question { required, placement, ..question(u128::try_from(at).unwrap(), kind_of(at, kind)) }
}

/// The first is of this kind, what follows a single choice of three and of two.
fn kind_of(at: usize, first: &QuestionKind) -> QuestionKind {
    match at {
        1 => first.clone(),
        2 => QuestionKind::SingleChoice { options: options(3) },
        _ => QuestionKind::SingleChoice { options: options(2) },
    }
}

fn option(at: usize) -> Uuid {
    id(1000 + u128::try_from(at).unwrap())
}

fn shapes() -> impl Strategy<Value = Asked> {
    let firsts = vec![
        (QuestionKind::SingleChoice { options: options(3) }, vec![0, 1]),
        (QuestionKind::SingleChoice { options: options(3) }, vec![2]),
        (QuestionKind::Statement, vec![1]),
        (QuestionKind::MultipleChoice { options: options(2), least: None, most: None }, vec![1]),
        (QuestionKind::MultipleChoice { options: options(3), least: None, most: None }, vec![0]),
    ];
    let then = prop::sample::select(vec![vec![0], vec![1, 2]]);
    (prop::sample::select(firsts), then, any::<[bool; 4]>()).prop_map(|((kind, first), second, flags)| {
        let mut questions = vec![
            of_kind(1, &kind, flags[0], None),
            of_kind(2, &kind, flags[1], Some((1, &first))),
            of_kind(3, &kind, flags[2], Some((2, &second))),
        ];
        questions[1].sensitive = flags[3];
        Asked { questions, after: [first, second] }
    })
}

impl Asked {
    fn choices(&self, at: usize) -> Vec<Choice> {
        let number = pickable(&self.questions[at].kind).len();
        let mut all: Vec<Choice> = (0..number).map(|one| Some(vec![one])).collect();
        if matches!(self.questions[at].kind, QuestionKind::MultipleChoice { .. }) {
            let several = (1_usize..1 << number).filter(|set| set.count_ones() > 1);
            all.extend(several.map(|set| Some((0..number).filter(|at| set >> at & 1 == 1).collect())));
        }
        all.extend((!self.questions[at].required).then_some(None));
        all
    }

    /// Every way to answer what one is asked.
    fn sorts(&self) -> Vec<Sort> {
        let asked = |given: &Choice, after: &[usize]| given.iter().flatten().any(|at| after.contains(at));
        let next = |given: &Choice, at: usize| {
            if asked(given, &self.after[at - 1]) { self.choices(at) } else { vec![None] }
        };
        let with_second = |first: Choice| next(&first, 1).into_iter().map(move |second| (first.clone(), second));
        let pairs = self.choices(0).into_iter().flat_map(with_second);
        pairs
            .flat_map(|(first, second)| {
                next(&second, 2).into_iter().map(move |third| [first.clone(), second.clone(), third])
            })
            .collect()
    }

    fn is_asked(&self, sort: &Sort, at: usize) -> bool {
        at == 0 || sort[at - 1].iter().flatten().any(|picked| self.after[at - 1].contains(picked))
    }

    fn answers(&self, sort: &Sort) -> Vec<Answer> {
        let given = |(question, choice): (&Question, &Choice)| {
            let picked = choice.as_ref()?;
            let ids: Vec<Uuid> = picked.iter().map(|at| option(*at)).collect();
            let given = if question.kind == QuestionKind::Statement {
                Given::Statement { stance: Stance::ALL[picked[0]] }
            } else if matches!(question.kind, QuestionKind::MultipleChoice { .. }) {
                Given::MultipleChoice { option_ids: ids, other: None }
            } else {
                Given::SingleChoice { option_id: ids[0], other: None }
            };
            Some(Answer { question_id: question.id, given })
        };
        self.questions.iter().zip(sort).filter_map(given).collect()
    }

    fn count(&self, counts: &mut Counts, sorts: &[Sort], people: &[i64]) {
        for (sort, number) in sorts.iter().zip(people) {
            let answers = self.answers(sort);
            assert_eq!(crate::consultations::check_answers(&self.questions, &answers), []);
            let one = Submission { channel: Channel::Internet, values: &Vec::new(), answers: &answers };
            (0..*number).for_each(|_| counts.add(&one));
        }
    }
}

/// Who lays together what was published at some moments.
struct Reader<'a> {
    asked: &'a Asked,
    sorts: Vec<Sort>,
    truth: Vec<i64>,
    known: Vec<(Row, i64)>,
}

impl Reader<'_> {
    fn moments(&self) -> usize {
        self.truth.len() / self.sorts.len()
    }

    fn row(&self, moments: &[usize], counts: impl Fn(&Sort) -> bool) -> Row {
        let all = (0..self.moments()).flat_map(|moment| self.sorts.iter().map(move |sort| (moment, sort)));
        all.map(|(moment, sort)| u64::from(moments.contains(&moment) && counts(sort))).collect()
    }

    /// Of one question: who is asked, answers, leaves it open, and picks each or doesn't.
    fn rows(&self, moments: &[usize], at: usize) -> Vec<Row> {
        let number = pickable(&self.asked.questions[at].kind).len();
        let asked = |sort: &Sort| self.asked.is_asked(sort, at);
        let picks = |sort: &Sort, one: usize| sort[at].as_ref().is_some_and(|picked| picked.contains(&one));
        let mut rows = vec![
            self.row(moments, |sort| asked(sort)),
            self.row(moments, |sort| sort[at].is_some()),
            self.row(moments, |sort| asked(sort) && sort[at].is_none()),
        ];
        rows.extend((0..number).map(|one| self.row(moments, |sort| picks(sort, one))));
        rows.extend((0..number).map(|one| self.row(moments, |sort| sort[at].is_some() && !picks(sort, one))));
        rows
    }

    fn learn(&mut self, row: Row, cell: Cell) {
        if let Cell::Shown(figure) = cell {
            assert_eq!(value(&row, &self.truth), figure, "shown wrong");
            self.known.push((row, figure));
        }
    }

    fn read(&mut self, results: &Results, moments: &[usize]) {
        let all = self.row(moments, |_| true);
        self.learn(all, results.responses);
        for (at, told) in results.questions.iter().enumerate() {
            assert!(
                at == 0 || told.choices.iter().flat_map(|choice| &choice.channels).all(|cell| cell.figure().is_none())
            );
            let rows = self.rows(moments, at);
            let cells = [told.asked.unwrap_or(HIDDEN), told.answered, told.unanswered];
            let cells = cells.into_iter().chain(told.choices.iter().map(|choice| choice.count));
            rows.into_iter().zip(cells).for_each(|(row, cell)| self.learn(row, cell));
        }
    }

    fn finds_nobody(&mut self, minimum: i64) {
        let spans: &[&[usize]] = if self.moments() == 1 { &[&[0]] } else { &[&[0], &[1], &[0, 1]] };
        let of = |span: &&[usize]| (0..3).flat_map(|at| self.rows(span, at)).collect::<Vec<_>>();
        let secrets: Vec<Row> = spans.iter().flat_map(of).collect();
        let told = |basis: &Basis, _: &[(Row, i64)], at: usize| basis.holds(&secrets[at]);
        let small = follows(&mut self.known, (&secrets, &self.truth), minimum, told);
        assert!(small.is_none(), "{small:?} follows: {:?} {:?}", self.asked, self.truth);
    }
}

fn at(asked: &Asked, counts: &[Counts], minimum: i64, whole: bool) -> (usize, Results) {
    Snapshots { questions: &asked.questions, counts, regions: &Regions::new() }.results(minimum, whole).unwrap()
}

/// Enough for every way to answer three questions.
fn many() -> impl Strategy<Value = Vec<i64>> {
    let count = prop_oneof![3 => Just(0), 2 => 1i64..6, 3 => 5i64..14, 1 => 10i64..40];
    prop::collection::vec(count, 64)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8_000))]

    #[test]
    fn nobody_follows_from_questions_that_are_asked_of_some(
        asked in shapes(), before in many(), after in many(), later: bool, rare: bool,
    ) {
        let sorts = asked.sorts();
        let of = |people: &[i64], less: i64| people.iter().map(|one| one / less).take(sorts.len()).collect::<Vec<_>>();
        let (before, after) = (of(&before, 1), of(&after, if rare { 5 } else { 1 }));
        let mut counts = Counts::none(&asked.questions, &Breakdowns::default());
        asked.count(&mut counts, &sorts, &before);
        let mut snapshots = vec![counts.clone()];
        let mut truth = before;
        if later {
            asked.count(&mut counts, &sorts, &after);
            snapshots.push(counts);
            truth.extend(after);
        }
        for minimums in [[5, 10].as_slice(), &[10]] {
            let (sorts, truth) = (sorts.clone(), truth.clone());
            let mut reader = Reader { asked: &asked, sorts, truth, known: Vec::new() };
            for minimum in minimums {
                reader.read(&at(&asked, &snapshots[..1], *minimum, !later).1, &[0]);
                if later {
                    let (newest, results) = at(&asked, &snapshots, *minimum, true);
                    reader.read(&results, if newest == 0 { &[0] } else { &[0, 1] });
                }
            }
            reader.finds_nobody(minimums[0]);
        }
    }
}

/// What rests on large groups is told, with how many were asked.
#[test]
fn of_large_groups_it_is_told() {
    let kind = QuestionKind::SingleChoice { options: options(3) };
    let questions = vec![
        of_kind(1, &kind, true, None),
        of_kind(2, &kind, true, Some((1, &[0, 1]))),
        of_kind(3, &kind, true, Some((2, &[0]))),
    ];
    let asked = Asked { questions, after: [vec![0, 1], vec![0]] };
    let sorts = asked.sorts();
    let mut counts = Counts::none(&asked.questions, &Breakdowns::default());
    asked.count(&mut counts, &sorts, &vec![12; sorts.len()]);
    let told = at(&asked, &[counts], 10, true).1.questions;
    // Eight sorts were asked the second, four of them the third; one sort wasn't.
    assert_eq!(sorts.len(), 9);
    let all = told.iter().flat_map(|one| &one.choices);
    assert!(all.clone().all(|choice| choice.count.figure().is_some()));
    assert_eq!(
        told.iter().map(|one| one.asked).collect::<Vec<_>>(),
        [None, Some(Cell::Shown(96)), Some(Cell::Shown(48))]
    );
    // Of few who were asked nothing is told, whatever the first question tells.
    let mut few = Counts::none(&asked.questions, &Breakdowns::default());
    let people: Vec<i64> = sorts.iter().map(|sort| if sort[0] == Some(vec![2]) { 40 } else { 1 }).collect();
    asked.count(&mut few, &sorts, &people);
    let told = at(&asked, &[few], 10, true).1.questions;
    assert!(told[1..].iter().flat_map(|one| &one.choices).all(|choice| choice.count.figure().is_none()));
}
