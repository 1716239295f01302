//! Counting answers: per question, per choice, per channel.

use uuid::Uuid;

use super::{Given, Question, QuestionKind, Response};
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
    /// Counts these responses to these questions.
    pub fn count(questions: &[Question], responses: &[Response]) -> Self {
        let mut people = none();
        for response in responses {
            add(&mut people, response.channel);
        }
        Self { people, questions: questions.iter().map(|question| QuestionTally::count(question, responses)).collect() }
    }
}

impl QuestionTally {
    fn count(question: &Question, responses: &[Response]) -> Self {
        let mut answered = none();
        let mut picked: Vec<_> = pickable(&question.kind).into_iter().map(|one| (one, none())).collect();
        for response in responses {
            let Some(answer) = response.answers.iter().find(|answer| answer.question_id == question.id) else {
                continue;
            };
            add(&mut answered, response.channel);
            for (one, counts) in &mut picked {
                if is_in(*one, &answer.given) {
                    add(counts, response.channel);
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
