//! Questions by which people weigh options against each other: in order, with dots, within a budget.

use uuid::Uuid;

use super::{Choice, QuestionKind, check_options};
use crate::refusal::Fault;

/// How many options can be put in order, or get dots.
const MOST_WEIGHED: usize = 20;
/// How many options can be paid from a budget.
const MOST_PAID: usize = 12;
/// How many dots there can be.
const MOST_DOTS: i32 = 100;
/// What an option can cost at most, and a budget hold. Whole euros, or points.
const MOST_MONEY: i32 = 1_000_000_000;

/// What is wrong with options that are put in order.
pub(super) fn check_ranking(options: &[Choice], most: Option<i32>) -> Vec<Fault> {
    let mut faults = check_options(options, MOST_WEIGHED);
    if most.is_some_and(|most| most < 2 || most > number_of(options)) {
        faults.push(Fault::body("/most", "question.most_out_of_range"));
    }
    faults
}

/// What is wrong with dots that are divided. More than fit on the options, or as many, leave nothing to divide.
pub(super) fn check_dots(options: &[Choice], dots: i32, most_each: Option<i32>) -> Vec<Fault> {
    let mut faults = check_options(options, MOST_WEIGHED);
    let each = most_each.unwrap_or(dots);
    if most_each.is_some_and(|most| !(1..=dots).contains(&most)) {
        faults.push(Fault::body("/mostEach", "question.most_each_out_of_range"));
    }
    if !(2..=MOST_DOTS).contains(&dots) || i64::from(each) * i64::from(number_of(options)) <= i64::from(dots) {
        faults.push(Fault::body("/dots", "question.dots_out_of_range"));
    }
    faults
}

/// What is wrong with options that cost something.
pub(super) fn check_budget(options: &[Choice], costs: &[i32], budget: i32) -> Vec<Fault> {
    let mut faults = check_options(options, MOST_PAID);
    let wrong = costs.iter().enumerate().filter(|(_, cost)| !(1..=MOST_MONEY).contains(*cost));
    faults.extend(wrong.map(|(at, _)| Fault::body(format!("/options/{at}/cost"), "question.cost_out_of_range")));
    let cheapest = costs.iter().copied().min().unwrap_or(1);
    if budget > MOST_MONEY || budget < cheapest.max(1) {
        faults.push(Fault::body("/budget", "question.budget_out_of_range"));
    }
    faults
}

fn number_of(options: &[Choice]) -> i32 {
    i32::try_from(options.len()).unwrap_or(i32::MAX)
}

impl QuestionKind {
    /// How many options everybody who answers puts in order; of other kinds none.
    pub fn places(&self) -> i32 {
        match self {
            Self::Ranking { options, most } => most.unwrap_or_else(|| number_of(options)),
            Self::SingleChoice { .. }
            | Self::MultipleChoice { .. }
            | Self::Scale { .. }
            | Self::Number { .. }
            | Self::Date { .. }
            | Self::Statement
            | Self::Matrix { .. }
            | Self::Dots { .. }
            | Self::Budget { .. }
            | Self::OpenText { .. } => 0,
        }
    }

    /// Whether a budget pays for all of its options.
    pub(in crate::consultations) fn pays_for_everything(&self) -> bool {
        let Self::Budget { costs, budget, .. } = self else { return false };
        costs.iter().map(|cost| i64::from(*cost)).sum::<i64>() <= i64::from(*budget)
    }

    /// What these options cost together; of a question without costs nothing.
    pub(in crate::consultations) fn cost_of(&self, chosen: &[Uuid]) -> i64 {
        let Self::Budget { options, costs, .. } = self else { return 0 };
        let cost = |id: &Uuid| options.iter().zip(costs).find(|(option, _)| option.id == *id).map(|(_, cost)| cost);
        chosen.iter().filter_map(cost).map(|cost| i64::from(*cost)).sum()
    }

    /// To how many options somebody who answers gives dots: at least and at most.
    pub(in crate::consultations) fn options_with_dots(&self) -> (i32, i32) {
        let Self::Dots { options, dots, most_each, use_all } = self else { return (0, 0) };
        let each = most_each.unwrap_or(*dots).max(1);
        let least = if *use_all { (dots + each - 1) / each } else { 1 };
        (least, number_of(options).min(*dots))
    }
}
