//! What options weigh where people weigh them against each other: points for places in an order, dots, what a
//! budget is spent on. Everybody's answers to one question are counted at once, and alike ones together.
//!
//! From totals more follows than they say: of three options that are put in order, with how many put each first,
//! each whole order. So totals are told only where answers that enough people gave alike hold everything that they
//! can tell ([`Weighed::holds`]). Then every smaller group of people who answered alike can be exchanged for some of
//! those without any total changing, and no group that is smaller follows from them, whatever else is known of what
//! nobody answered.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{Answer, Given, Question, QuestionKind};

const PRIME: i64 = 2_147_483_647;

/// What the options of one question weigh.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighed {
    /// Which question.
    pub question_id: Uuid,
    /// Of each option, in the question's order: the points of all its places, its dots, or how many chose it.
    pub totals: Vec<i64>,
    /// How many people at least gave each of the answers that hold everything the totals can tell. Persons.
    pub firm: i64,
    /// How many people could have paid another option, too.
    pub less: i64,
    /// Whether nine in ten or more gave an option the same weight.
    pub alike: bool,
}

impl Weighed {
    /// Whether the totals tell nothing of fewer people than the minimum.
    pub fn holds(&self, minimum: i64) -> bool {
        self.firm >= minimum && (self.less == 0 || self.less >= minimum)
    }
}

/// What everybody answered to the questions that weigh, on the way to being counted.
#[derive(Debug, Clone)]
pub struct Weights<'a> {
    gathered: Vec<(&'a Question, BTreeMap<Vec<i64>, i64>)>,
}

impl<'a> Weights<'a> {
    /// Of nobody yet.
    pub fn none(questions: &'a [Question]) -> Self {
        let weigh = questions.iter().filter(|question| weighs(&question.kind));
        Self { gathered: weigh.map(|question| (question, BTreeMap::new())).collect() }
    }

    /// One more.
    pub fn add(&mut self, answers: &[Answer]) {
        for (question, alike) in &mut self.gathered {
            let answer = answers.iter().find(|answer| answer.question_id == question.id);
            if let Some(weights) = answer.map(|answer| weights_of(&question.kind, &answer.given)) {
                *alike.entry(weights).or_default() += 1;
            }
        }
    }

    /// What was gathered, without the answers themselves.
    pub fn counted(self) -> Vec<Weighed> {
        self.gathered.into_iter().map(|(question, alike)| weighed(question, &alike)).collect()
    }
}

fn weighs(kind: &QuestionKind) -> bool {
    match kind {
        QuestionKind::Ranking { .. } | QuestionKind::Dots { .. } | QuestionKind::Budget { .. } => true,
        QuestionKind::SingleChoice { .. }
        | QuestionKind::MultipleChoice { .. }
        | QuestionKind::Scale { .. }
        | QuestionKind::Number { .. }
        | QuestionKind::Date { .. }
        | QuestionKind::Statement
        | QuestionKind::Matrix { .. }
        | QuestionKind::OpenText { .. } => false,
    }
}

/// What an answer gives each option: the first place as many points as there are places, each next one less.
fn weights_of(kind: &QuestionKind, given: &Given) -> Vec<i64> {
    let weight = |id: Uuid| match given {
        Given::Ranking { option_ids } => {
            let behind = (0_i64..).zip(option_ids).find(|(_, option)| **option == id).map(|(behind, _)| behind);
            behind.map_or(0, |behind| i64::from(kind.places()) - behind)
        }
        Given::Dots { dots } => dots.iter().filter(|(one, _)| *one == id).map(|(_, dots)| i64::from(*dots)).sum(),
        Given::Budget { option_ids } => i64::from(option_ids.contains(&id)),
        Given::SingleChoice { .. }
        | Given::MultipleChoice { .. }
        | Given::Scale { .. }
        | Given::Number { .. }
        | Given::Date { .. }
        | Given::Statement { .. }
        | Given::Matrix { .. }
        | Given::OpenText { .. } => 0,
    };
    kind.options().iter().map(|option| weight(option.id)).collect()
}

fn weighed(question: &Question, alike: &BTreeMap<Vec<i64>, i64>) -> Weighed {
    let number = question.kind.options().len();
    let total = |at: usize| alike.iter().filter_map(|(weights, people)| weights.get(at).map(|one| one * people)).sum();
    let less = alike.iter().filter(|(weights, _)| could_pay_more(&question.kind, weights));
    Weighed {
        question_id: question.id,
        totals: (0..number).map(total).collect(),
        firm: firm(&question.kind, alike),
        less: less.map(|(_, people)| people).sum(),
        alike: (0..number).any(|at| is_alike(alike, at)),
    }
}

/// Whether somebody who chose so could have paid another option, too.
fn could_pay_more(kind: &QuestionKind, weights: &[i64]) -> bool {
    let QuestionKind::Budget { costs, budget, .. } = kind else { return false };
    let pairs = || costs.iter().zip(weights);
    let spent = pairs().map(|(cost, weight)| i64::from(*cost) * weight).sum::<i64>();
    let mut others = pairs().filter(|(_, weight)| **weight == 0);
    others.any(|(cost, _)| spent + i64::from(*cost) <= i64::from(*budget))
}

/// Whether nine in ten or more gave the option at this place the same weight.
fn is_alike(alike: &BTreeMap<Vec<i64>, i64>, at: usize) -> bool {
    let mut by_weight: BTreeMap<i64, i64> = BTreeMap::new();
    for (weights, people) in alike {
        *by_weight.entry(weights.get(at).copied().unwrap_or_default()).or_default() += people;
    }
    let all = by_weight.values().sum::<i64>();
    by_weight.values().any(|people| people * 10 >= all * 9)
}

/// How many people gave the rarest of the answers, the most frequent first, from which every figure of every other
/// answer follows as a sum of theirs. None of anybody: nothing has to be held.
fn firm(kind: &QuestionKind, alike: &BTreeMap<Vec<i64>, i64>) -> i64 {
    let mut answers: Vec<(&Vec<i64>, i64)> = alike.iter().map(|(weights, people)| (weights, *people)).collect();
    answers.sort_by_key(|(_, people)| -people);
    let first = i64::from(kind.places());
    let mut known = Equations::default();
    let mut rarest = i64::MAX;
    for (weights, people) in answers {
        // What is told of everybody: that they answered, where they are counted, and what they give.
        let counted = weights.iter().map(|weight| i64::from(if first > 0 { *weight == first } else { *weight > 0 }));
        let figures = [1].into_iter().chain(counted).chain(weights.iter().copied());
        if known.learn(figures.collect()) {
            rarest = people;
        }
    }
    rarest
}

/// Rows of figures, solved as far as they go, modulo a prime.
#[derive(Default)]
struct Equations(BTreeMap<usize, Vec<i64>>);

impl Equations {
    /// One more row. Whether it says anything that the rows before it don't.
    fn learn(&mut self, mut row: Vec<i64>) -> bool {
        for (lead, known) in &self.0 {
            let times = row.get(*lead).copied().unwrap_or_default();
            for (figure, one) in row.iter_mut().zip(known) {
                *figure = (*figure + (PRIME - times) * one) % PRIME;
            }
        }
        let first = row.iter().enumerate().find(|(_, figure)| **figure != 0);
        let Some((lead, inverse)) = first.map(|(lead, figure)| (lead, inverse(*figure))) else { return false };
        for figure in &mut row {
            *figure = *figure * inverse % PRIME;
        }
        self.0.insert(lead, row);
        true
    }
}

/// What a number has to be multiplied by to be one, modulo the prime (by Fermat's little theorem).
fn inverse(number: i64) -> i64 {
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

#[cfg(test)]
mod tests;
