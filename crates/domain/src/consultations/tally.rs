//! Counting answers: per question, per choice, per channel.

use uuid::Uuid;

use super::{Answer, Given, Question, QuestionKind};
use crate::participants::Channel;

/// What can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Picked {
    /// An option.
    Option(Uuid),
    /// A value on a scale.
    Value(i32),
}

/// What one question was answered. Counts stand in the order of
/// [`Channel::ALL`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionTally {
    /// Which question.
    pub question_id: Uuid,
    /// How many people answered it, per channel.
    pub answered: Vec<i64>,
    /// How many people chose each, per channel, in the question's order; for
    /// an open question nothing.
    pub picked: Vec<(Picked, Vec<i64>)>,
}

/// What was answered, counted and not yet protected: never to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// How many people answered, per channel, in the order of
    /// [`Channel::ALL`].
    pub people: Vec<i64>,
    /// Question by question.
    pub questions: Vec<QuestionTally>,
}

impl Tally {
    /// Counts what came in, each with its channel, to these questions.
    pub fn count<'a>(questions: &[Question], given: &(impl Iterator<Item = (Channel, &'a [Answer])> + Clone)) -> Self {
        let mut people = none();
        for (channel, _) in given.clone() {
            add(&mut people, channel);
        }
        let of = |question: &Question| QuestionTally::count(question, given.clone());
        Self { people, questions: questions.iter().map(of).collect() }
    }
}

impl QuestionTally {
    fn count<'a>(question: &Question, given: impl Iterator<Item = (Channel, &'a [Answer])>) -> Self {
        let mut answered = none();
        let mut picked: Vec<_> = pickable(&question.kind).into_iter().map(|one| (one, none())).collect();
        for (channel, answers) in given {
            let Some(answer) = answers.iter().find(|answer| answer.question_id == question.id) else {
                continue;
            };
            add(&mut answered, channel);
            for (one, counts) in &mut picked {
                if is_in(*one, &answer.given) {
                    add(counts, channel);
                }
            }
        }
        Self { question_id: question.id, answered, picked }
    }
}

fn none() -> Vec<i64> {
    vec![0; Channel::ALL.len()]
}

fn add(counts: &mut [i64], channel: Channel) {
    let places = Channel::ALL.iter().zip(counts);
    places.filter(|(one, _)| **one == channel).for_each(|(_, count)| *count += 1);
}

fn is_in(picked: Picked, given: &Given) -> bool {
    match (picked, given) {
        (Picked::Option(option), Given::SingleChoice { option_id }) => option == *option_id,
        (Picked::Option(option), Given::MultipleChoice { option_ids }) => option_ids.contains(&option),
        (Picked::Value(picked), Given::Scale { value }) => picked == *value,
        (Picked::Option(_) | Picked::Value(_), _other) => false,
    }
}

/// Everything that can be chosen, in order.
pub(super) fn pickable(kind: &QuestionKind) -> Vec<Picked> {
    match kind {
        QuestionKind::SingleChoice { options } | QuestionKind::MultipleChoice { options, .. } => {
            options.iter().map(|option| Picked::Option(option.id)).collect()
        }
        QuestionKind::Scale { least, most, .. } => (*least..=*most).map(Picked::Value).collect(),
        QuestionKind::OpenText { .. } => Vec::new(),
    }
}
