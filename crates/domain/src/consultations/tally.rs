//! Counting answers: per question, per choice, in columns: how they came in, and what was
//! declared of who gave them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::breakdown::{Breakdowns, Characteristic, UNKNOWN, Values};
use super::{Answer, Given, Period, Question, QuestionKind, RecordCounts, Stance, Weighed};
use crate::participants::Channel;

/// What can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Picked {
    /// An option.
    Option(Uuid),
    /// A value on a scale.
    Value(i32),
    /// A band of numbers, from the first up to the last.
    Band(i32, i32),
    /// A year or a month, by its first day.
    Period(Period, NaiveDate),
    /// What is said to a statement.
    Stance(Stance),
}

/// What one question was answered, column by column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionTally {
    /// Which question.
    pub question_id: Uuid,
    /// Of a matrix which row: each is counted by itself.
    pub row_id: Option<Uuid>,
    /// How many people answered it.
    pub answered: Vec<i64>,
    /// How many people chose each, in the question's order; for an open question nothing.
    pub picked: Vec<(Picked, Vec<i64>)>,
}

/// What was answered, counted in columns and not yet protected: never to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// How many people answered.
    pub people: Vec<i64>,
    /// Question by question.
    pub questions: Vec<QuestionTally>,
}

impl QuestionTally {
    fn lists(&mut self) -> impl Iterator<Item = &mut Vec<i64>> {
        let picked = self.picked.iter_mut().map(|(_, counts)| counts);
        [&mut self.answered].into_iter().chain(picked)
    }
}

impl Tally {
    /// Nobody yet, in so many columns.
    fn empty(questions: &[Question], columns: usize) -> Self {
        let none = || vec![0; columns];
        let of = |question: &Question, row_id: Option<Uuid>| QuestionTally {
            question_id: question.id,
            row_id,
            answered: none(),
            picked: pickable(&question.kind).into_iter().map(|one| (one, none())).collect(),
        };
        let parts = |question: &Question| match question.kind.rows() {
            [] => vec![of(question, None)],
            rows => rows.iter().map(|row| of(question, Some(row.id))).collect(),
        };
        Self { people: none(), questions: questions.iter().flat_map(parts).collect() }
    }

    fn lists(&mut self) -> impl Iterator<Item = &mut Vec<i64>> {
        [&mut self.people].into_iter().chain(self.questions.iter_mut().flat_map(QuestionTally::lists))
    }

    fn widen(&mut self) {
        self.lists().for_each(|counts| counts.push(0));
    }

    fn add(&mut self, column: usize, given: &[Answer]) {
        let one_more = |counts: &mut Vec<i64>| counts.get_mut(column).into_iter().for_each(|count| *count += 1);
        one_more(&mut self.people);
        for question in &mut self.questions {
            let row = question.row_id;
            let fits = |answer: &&Answer| answer.question_id == question.question_id && answer.given.answers(row);
            let Some(answer) = given.iter().find(fits) else { continue };
            one_more(&mut question.answered);
            for (one, counts) in &mut question.picked {
                if is_in(*one, row, &answer.given) {
                    one_more(counts);
                }
            }
        }
    }

    /// Less what another counted, each of its columns from the one that `to` says.
    fn subtract(&mut self, mut earlier: Self, to: &[Option<usize>]) {
        let before: Vec<Vec<i64>> = earlier.lists().map(std::mem::take).collect();
        for (counts, before) in self.lists().zip(before) {
            for (count, to) in before.into_iter().zip(to) {
                to.and_then(|to| counts.get_mut(to)).into_iter().for_each(|all| *all -= count);
            }
        }
    }
}

/// What was answered by a declared breakdown, a column for each value or pair of values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// By what: one or two.
    pub by: Vec<Characteristic>,
    /// The column of each value, or pair.
    pub columns: BTreeMap<Vec<String>, usize>,
    /// The counts.
    pub tally: Tally,
}

impl Cut {
    pub(super) fn empty(questions: &[Question], by: Vec<Characteristic>) -> Self {
        // Pairs are many: those that nobody is in have no column.
        let known = if let [one] = by.as_slice() { one.values() } else { Vec::new() };
        let columns: BTreeMap<_, _> = known.into_iter().enumerate().map(|(at, value)| (vec![value], at)).collect();
        let tally = Tally::empty(questions, columns.len());
        Self { by, columns, tally }
    }

    /// How answers came in, as a breakdown.
    pub(super) fn of_channels(tally: &Tally) -> Self {
        let columns = Channel::ALL.iter().enumerate().map(|(at, one)| (vec![one.code().to_owned()], at)).collect();
        Self { by: vec![Characteristic::Channel], columns, tally: tally.clone() }
    }

    pub(super) fn add(&mut self, one: &Submission<'_>) {
        let key: Vec<String> = self.by.iter().map(|by| one.value(*by).to_owned()).collect();
        let column = self.columns.get(&key).copied().unwrap_or_else(|| {
            self.tally.widen();
            let column = self.columns.len();
            self.columns.insert(key, column);
            column
        });
        self.tally.add(column, one.answers);
    }

    fn since(mut self, earlier: &Self) -> Self {
        let mut to = vec![None; earlier.columns.len()];
        for (key, column) in &earlier.columns {
            to.get_mut(*column).into_iter().for_each(|to| *to = self.columns.get(key).copied());
        }
        self.tally.subtract(earlier.tally.clone(), &to);
        self
    }
}

/// One answer as it is counted: how it came in, what goes with it, what was answered.
#[derive(Debug, Clone, Copy)]
pub struct Submission<'a> {
    /// How it came in.
    pub channel: Channel,
    /// What goes with it of who gave it.
    pub values: &'a Values,
    /// The answers.
    pub answers: &'a [Answer],
}

impl Submission<'_> {
    pub(super) fn value(&self, by: Characteristic) -> &str {
        if by == Characteristic::Channel {
            return self.channel.code();
        }
        self.values.iter().find(|(one, _)| *one == by).map_or(UNKNOWN, |(_, value)| value)
    }
}

/// Everything that is counted of a consultation, by how it came in and by each declared
/// breakdown: never to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// By how it came in, in the order of [`Channel::ALL`].
    pub channels: Tally,
    /// By each declared breakdown.
    pub cuts: Vec<Cut>,
    /// Several answers side by side, where that was announced.
    pub records: Option<RecordCounts>,
    /// What options weighed in all, question by question; nothing before everything was counted.
    pub weighed: Vec<Weighed>,
}

impl Counts {
    /// Nobody yet.
    pub fn none(questions: &[Question], breakdowns: &Breakdowns) -> Self {
        let cuts = breakdowns.cuts().into_iter().map(|by| Cut::empty(questions, by));
        Self {
            channels: Tally::empty(questions, Channel::ALL.len()),
            cuts: cuts.collect(),
            records: RecordCounts::none(questions, breakdowns),
            weighed: Vec::new(),
        }
    }

    /// One more.
    pub fn add(&mut self, one: &Submission<'_>) {
        let column = Channel::ALL.iter().position(|channel| *channel == one.channel).unwrap_or_default();
        self.channels.add(column, one.answers);
        for cut in &mut self.cuts {
            cut.add(one);
        }
        if let Some(records) = &mut self.records {
            records.add(&self.channels.questions, one);
        }
    }

    /// So many wrote something to a question, of whom nothing else is known.
    pub fn written(&mut self, question_id: Uuid, people: i64) {
        for question in self.channels.questions.iter_mut().filter(|one| one.question_id == question_id) {
            question.answered.fill(0);
            question.answered.first_mut().into_iter().for_each(|count| *count = people);
        }
    }

    /// How many people answered.
    pub fn people(&self) -> i64 {
        self.channels.people.iter().sum()
    }

    /// Only what came in after these were counted; not what options weighed.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let mut new = Self { weighed: Vec::new(), ..self.clone() };
        let same: Vec<_> = (0..Channel::ALL.len()).map(Some).collect();
        new.channels.subtract(earlier.channels.clone(), &same);
        new.records = None;
        new.cuts = new.cuts.into_iter().zip(&earlier.cuts).map(|(cut, before)| cut.since(before)).collect();
        new
    }
}

/// Whether somebody who gave this, to this row of a matrix or to the whole, is counted there: of options put in
/// order with the first.
pub(super) fn is_in(picked: Picked, row: Option<Uuid>, given: &Given) -> bool {
    match (picked, given) {
        (Picked::Option(option), Given::SingleChoice { option_id, .. }) => option == *option_id,
        (Picked::Option(option), Given::MultipleChoice { option_ids, .. } | Given::Budget { option_ids }) => {
            option_ids.contains(&option)
        }
        (Picked::Option(option), Given::Ranking { option_ids }) => option_ids.first() == Some(&option),
        (Picked::Option(option), Given::Matrix { rows }) => {
            rows.iter().any(|(one, column)| row == Some(*one) && option == *column)
        }
        (Picked::Option(option), Given::Dots { dots }) => {
            dots.iter().any(|(one, number)| option == *one && *number > 0)
        }
        (Picked::Value(picked), Given::Scale { value }) => picked == *value,
        (Picked::Stance(picked), Given::Statement { stance }) => picked == *stance,
        (Picked::Band(first, last), Given::Number { value }) => (first..=last).contains(value),
        (Picked::Period(by, first), Given::Date { day }) => by.of(*day) == first,
        (Picked::Option(_) | Picked::Value(_) | Picked::Band(..) | Picked::Period(..) | Picked::Stance(_), _other) => {
            false
        }
    }
}

impl QuestionKind {
    /// Everything that can be chosen, in order.
    pub fn pickable(&self) -> Vec<Picked> {
        pickable(self)
    }
}

/// Everything that can be chosen, in order.
pub(super) fn pickable(kind: &QuestionKind) -> Vec<Picked> {
    match kind {
        QuestionKind::SingleChoice { .. }
        | QuestionKind::MultipleChoice { .. }
        | QuestionKind::Ranking { .. }
        | QuestionKind::Matrix { .. }
        | QuestionKind::Dots { .. }
        | QuestionKind::Budget { .. } => kind.options().iter().map(|option| Picked::Option(option.id)).collect(),
        QuestionKind::Scale { least, most, .. } => (*least..=*most).map(Picked::Value).collect(),
        QuestionKind::Number { most, bands, .. } => {
            let last = bands.iter().skip(1).map(|next| next - 1).chain([*most]);
            bands.iter().zip(last).map(|(first, last)| Picked::Band(*first, last)).collect()
        }
        QuestionKind::Date { earliest, latest, counted_by } => {
            counted_by.between(*earliest, *latest).map(|first| Picked::Period(*counted_by, first)).collect()
        }
        QuestionKind::Statement => Stance::ALL.iter().copied().map(Picked::Stance).collect(),
        QuestionKind::OpenText { .. } => Vec::new(),
    }
}
