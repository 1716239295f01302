//! Who lays everything that was published side by side, and solves it.

use std::collections::BTreeMap;

use super::{Shape, weighed_choices};
use crate::cells::Cell;
use crate::consultations::{Characteristic, QuestionKind, QuestionResults, Results};
use crate::participants::Channel;

/// What is counted of a group: who took part, answered, left it open, chose one, didn't; gave exactly the answer at
/// this place; and what an option got in all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum What {
    People,
    Answered,
    Open,
    In(usize),
    Out(usize),
    /// Of several choices: how many more each made than one.
    More,
    /// How many fewer each made than all.
    Fewer,
    Alike(usize),
    Total(usize),
}

/// A sum of people of certain sorts, at certain moments.
pub(super) type Row = Vec<u64>;
const PRIME: u64 = 2_147_483_647;

/// Who lays everything side by side.
pub(super) struct Attacker<'a> {
    pub(super) shape: &'a Shape,
    /// How many of each sort came in at each moment.
    pub(super) truth: Vec<i64>,
    pub(super) moments: usize,
    pub(super) known: Vec<(Row, i64)>,
    /// Where among what is known is what options got in all.
    totals: Vec<usize>,
}

impl<'a> Attacker<'a> {
    pub(super) fn of(shape: &'a Shape, truth: &[i64], moments: usize) -> Self {
        Self { shape, truth: truth.to_vec(), moments, known: Vec::new(), totals: Vec::new() }
    }

    pub(super) fn row(&self, (first, second): (&[String], &[String]), what: What, moments: &[usize]) -> Row {
        let has = |members: &[String], value: &str| members.is_empty() || members.iter().any(|one| one == value);
        let options = self.shape.places();
        let counted = |number: usize| u64::try_from(number).unwrap();
        let mut row = Vec::new();
        for moment in 0..self.moments {
            for (choice, one, two) in self.shape.sorts() {
                let counts = match what {
                    What::People => 1,
                    What::Answered => u64::from(choice.is_some()),
                    What::Open => u64::from(choice.is_none()),
                    What::In(at) => u64::from(choice.as_ref().is_some_and(|picked| self.shape.is_in(picked, at))),
                    What::Out(at) => u64::from(choice.as_ref().is_some_and(|picked| !self.shape.is_in(picked, at))),
                    What::More => choice.as_ref().map_or(0, |picked| counted(picked.len() - 1)),
                    What::Fewer => choice.as_ref().map_or(0, |picked| counted(options - picked.len())),
                    What::Alike(at) => u64::from(self.shape.choices.get(at) == Some(choice)),
                    What::Total(at) => choice.as_ref().map_or(0, |picked| self.shape.weight(picked, at)),
                };
                let here = has(first, &self.shape.value(0, one)) && has(second, &self.shape.value(1, two));
                row.push(if here && moments.contains(&moment) { counts } else { 0 });
            }
        }
        row
    }

    pub(super) fn value(&self, row: &Row) -> i64 {
        value(row, &self.truth)
    }

    fn learn(&mut self, group: (&[String], &[String]), what: What, moments: &[usize], cell: Cell) {
        if let Cell::Shown(figure) = cell {
            let row = self.row(group, what, moments);
            assert_eq!(self.value(&row), figure, "{what:?} of {group:?} is shown wrong");
            if let What::Total(_) = what {
                self.totals.push(self.known.len());
            }
            self.known.push((row, figure));
        }
    }

    /// What is told of the question, or of the row of it that stands at this place.
    fn learn_question(&mut self, group: (&[String], &[String]), moments: &[usize], part: (usize, &QuestionResults)) {
        let (row, told) = part;
        self.learn(group, What::Answered, moments, told.answered);
        self.learn(group, What::Open, moments, told.unanswered);
        for (at, choice) in told.choices.iter().enumerate() {
            self.learn(group, What::In(row * told.choices.len() + at), moments, choice.count);
            choice.total.into_iter().for_each(|total| self.learn(group, What::Total(at), moments, total));
        }
    }

    pub(super) fn read(&mut self, results: &Results, moments: &[usize]) {
        self.learn((&[], &[]), What::People, moments, results.responses);
        for (row, told) in results.questions.iter().enumerate() {
            self.learn_question((&[], &[]), moments, (row, told));
            for (at, choice) in (row * told.choices.len()..).zip(&told.choices) {
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
                group.questions.iter().enumerate().for_each(|part| self.learn_question(who, moments, part));
            }
        }
    }

    /// Everything that somebody would like to know of a declared group; or of those in it who answered alike.
    fn secrets(&self, alike: bool) -> Vec<Row> {
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
        let mut what = vec![What::People, What::Answered, What::Open];
        what.extend((0..self.shape.places()).flat_map(|at| [What::In(at), What::Out(at)]));
        if matches!(self.shape.question.kind, QuestionKind::MultipleChoice { .. }) {
            what.extend([What::More, What::Fewer]);
        }
        if alike {
            what = (0..self.shape.choices.len()).map(What::Alike).collect();
        }
        let spans: Vec<Vec<usize>> = if self.moments == 1 { vec![vec![0]] } else { vec![vec![0], vec![1], vec![0, 1]] };
        let of = |group: &(Vec<String>, Vec<String>)| {
            let group = group.clone();
            let each = spans.iter().flat_map(|moments| what.iter().map(move |one| (moments, *one)));
            each.map(|(moments, one)| self.row((&group.0, &group.1), one, moments)).collect::<Vec<_>>()
        };
        groups.iter().flat_map(of).collect()
    }

    /// Solves it: nothing that follows is of a few.
    ///
    /// Rows of a matrix are counted apart, so that whole answers are in no figure. Who gave dots to which options is
    /// told as in a multiple choice; there it is asked what more follows from totals.
    pub(super) fn finds_nobody(&mut self, minimum: i64) {
        let kind = &self.shape.question.kind;
        let weighs = weighed_choices(kind).is_some() && !matches!(kind, QuestionKind::Matrix { .. });
        let dots = matches!(kind, QuestionKind::Dots { .. });
        let mut secrets = self.secrets(false);
        let plain = secrets.len();
        secrets.extend(if weighs { self.secrets(true) } else { Vec::new() });
        let totals = &self.totals;
        let told = |basis: &Basis, known: &[(Row, i64)], at: usize| {
            let follows = basis.holds(&secrets[at]);
            if !follows || at < plain || !dots {
                return follows;
            }
            let without = known.iter().enumerate().filter(|(at, _)| !totals.contains(at));
            !Basis::of(without.map(|(_, (row, _))| row.clone())).holds(&secrets[at])
        };
        let small = follows(&mut self.known, (&secrets, &self.truth), minimum, told);
        assert!(small.is_none(), "{small:?} follows: {:?} {:?}", self.shape, self.truth);
    }
}

/// So many people of each sort, counted in this row.
pub(super) fn value(row: &Row, truth: &[i64]) -> i64 {
    row.iter().zip(truth).map(|(count, people)| i64::try_from(*count).unwrap() * people).sum()
}

/// The first secret of fewer than the minimum that is told by what is known: leaves out whoever can't be
/// there, and looks for what follows from the rest.
pub(super) fn follows(
    known: &mut [(Row, i64)],
    (secrets, truth): (&[Row], &[i64]),
    minimum: i64,
    told: impl Fn(&Basis, &[(Row, i64)], usize) -> bool,
) -> Option<(usize, i64)> {
    let not_there = |gone: &mut [bool], row: &Row| {
        row.iter().zip(gone).filter(|(count, _)| **count > 0).for_each(|(_, gone)| *gone = true);
    };
    loop {
        let basis = Basis::of(known.iter().map(|(row, _)| row.clone()));
        let mut gone = vec![false; truth.len()];
        for (at, row) in secrets.iter().enumerate() {
            if row.iter().all(|count| *count == 0) || !told(&basis, known, at) {
                continue;
            }
            let value = value(row, truth);
            if value > 0 && value < minimum {
                return Some((at, value));
            }
            if value == 0 {
                not_there(&mut gone, row);
            }
        }
        for (row, _) in known.iter().filter(|(_, figure)| *figure == 0) {
            not_there(&mut gone, row);
        }
        let mut less = false;
        for (row, _) in known.iter_mut() {
            for (count, gone) in row.iter_mut().zip(&gone) {
                less |= *gone && *count > 0;
                *count *= u64::from(!gone);
            }
        }
        if !less {
            return None;
        }
    }
}

/// Equations solved as far as they go, modulo a prime.
pub(super) struct Basis(BTreeMap<usize, Row>);

impl Basis {
    fn of(rows: impl Iterator<Item = Row>) -> Self {
        let mut basis = Self(BTreeMap::new());
        for row in rows {
            let mut rest = basis.reduced(row);
            if let Some(lead) = rest.iter().position(|count| *count != 0) {
                let inverse = inverse(rest[lead]);
                for count in &mut rest {
                    *count = *count * inverse % PRIME;
                }
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

    pub(super) fn holds(&self, row: &Row) -> bool {
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
