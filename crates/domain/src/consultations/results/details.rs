//! What options got in all: points where they were put in order, and dots. Of everybody alone, and only once: never
//! by group, and not while people still answer.

use super::{ALIKE, HIDDEN, QuestionResults, Results};
use crate::cells::Cell;
use crate::consultations::tally::Counts;
use crate::consultations::{Question, QuestionKind, Weighed};

impl Results {
    /// Of each question, whether a figure by channel or group says of anybody what isn't said of everybody.
    pub(super) fn told_apart(&self) -> Vec<bool> {
        let apart = |at: usize, question: &QuestionResults| {
            question.choices.iter().enumerate().any(|(choice_at, choice)| {
                let groups = self.breakdowns.iter().flat_map(|table| &table.groups);
                let of_groups = groups.filter_map(|group| group.questions.get(at)?.choices.get(choice_at));
                let parts = of_groups.map(|one| one.count).chain(choice.channels.iter().copied());
                let says = |figure: i64| figure != 0 && Some(figure) != choice.count.figure();
                parts.filter_map(Cell::figure).any(says)
            })
        };
        self.questions.iter().enumerate().map(|(at, question)| apart(at, question)).collect()
    }

    /// With what options got in all, where that betrays nobody at this minimum; else with why not. `told_apart`
    /// says of which questions anybody reads more than of everybody, or read something before; `last` that nothing more comes.
    pub(super) fn with_totals(
        mut self,
        (questions, counts): (&[Question], &Counts),
        (told_apart, last): (&[bool], bool),
        minimum: i64,
    ) -> Self {
        for (at, told) in self.questions.iter_mut().enumerate() {
            let Some(question) = questions.iter().find(|question| question.id == told.question_id) else { continue };
            let dots = match question.kind {
                QuestionKind::Ranking { .. } => false,
                QuestionKind::Dots { .. } => true,
                QuestionKind::SingleChoice { .. }
                | QuestionKind::MultipleChoice { .. }
                | QuestionKind::Scale { .. }
                | QuestionKind::Number { .. }
                | QuestionKind::Date { .. }
                | QuestionKind::Statement
                | QuestionKind::Matrix { .. }
                | QuestionKind::Budget { .. }
                | QuestionKind::OpenText { .. } => continue,
            };
            // Who gave dots to an option is told by group, but to how many others is not: with the total of
            // everybody, more would follow of a group than of all.
            let apart = dots && told_apart.get(at).copied().unwrap_or(true);
            let weighed = counts.weighed.iter().find(|one| one.question_id == question.id);
            let totals = told.totals(question, weighed.filter(|_| last && !apart), minimum);
            for (choice, total) in told.choices.iter_mut().zip(totals) {
                choice.total = Some(total);
            }
        }
        self
    }
}

impl QuestionResults {
    fn totals(&self, question: &Question, weighed: Option<&Weighed>, minimum: i64) -> Vec<Cell> {
        let counts = self.choices.iter().map(|choice| choice.count).chain([self.unanswered]);
        let hidden = counts.into_iter().find(|cell| cell.figure().is_none());
        let why = |why: Cell| vec![why; self.choices.len()];
        match (hidden, weighed.filter(|weighed| weighed.holds(minimum))) {
            (Some(hidden), _) => why(hidden),
            (None, None) => why(HIDDEN),
            (None, Some(weighed)) if question.sensitive && weighed.alike => why(ALIKE),
            (None, Some(weighed)) => weighed.totals.iter().copied().map(Cell::Shown).collect(),
        }
    }
}
