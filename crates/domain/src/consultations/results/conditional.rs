//! Questions that are asked of some alone: of who answered an earlier one so.
//!
//! How many are asked stands in the rows of the earlier question; so nothing is told of such a question unless
//! those rows are. Then it is a table of its own, of those who were asked. It is told in all, and by no group
//! nor channel: beside the earlier question's groups it would be a third direction.

use super::{Cell, HIDDEN, QuestionResults, Results, either};
use crate::consultations::tally::Tally;
use crate::consultations::{Picked, Question};

/// How many were asked it, by how answers came in; none where everybody is.
pub(super) fn asked_of(question: &Question, questions: &[Question], tally: &Tally) -> Option<Vec<i64>> {
    let (earlier, picks) = rests_on(question, questions)?;
    let counted = tally.questions.iter().find(|one| one.question_id == earlier.id);
    let rows = counted.iter().flat_map(|one| &one.picked).filter(|(picked, _)| picks.contains(picked));
    let mut asked = vec![0; tally.people.len()];
    for (_, counts) in rows {
        asked.iter_mut().zip(counts).for_each(|(all, count)| *all += count);
    }
    Some(asked)
}

/// The earlier question on which it rests, and on which of its rows.
fn rests_on<'a>(question: &Question, questions: &'a [Question]) -> Option<(&'a Question, Vec<Picked>)> {
    let condition = question.placement.only_if.as_ref()?;
    let earlier = questions.iter().find(|earlier| earlier.id == condition.question_id)?;
    Some((earlier, condition.picks(&earlier.kind)))
}

impl Results {
    /// Hides every question that rests on rows that aren't shown, and says of the others how many were asked.
    pub(super) fn tell_what_rests_on_what_is_told(&mut self, questions: &[Question]) {
        for question in questions.iter().filter(|one| one.placement.only_if.is_some()) {
            let asked = self.asked(question, questions);
            let of = |told: &&mut QuestionResults| told.question_id == question.id;
            for told in self.questions.iter_mut().filter(of) {
                told.asked = Some(asked);
                if asked.figure().is_none() {
                    told.hide_all();
                }
            }
            let groups = self.breakdowns.iter_mut().flat_map(|table| &mut table.groups);
            groups.flat_map(|group| &mut group.questions).filter(of).for_each(QuestionResults::hide_all);
        }
    }

    /// How many were asked it, where that follows from what is shown.
    fn asked(&self, question: &Question, questions: &[Question]) -> Cell {
        let Some((earlier, picks)) = rests_on(question, questions) else { return HIDDEN };
        let told = self.questions.iter().find(|told| told.question_id == earlier.id);
        let rows = told.iter().flat_map(|told| &told.choices).filter(|choice| picks.contains(&choice.picked));
        let cells: Vec<Cell> = rows.map(|choice| choice.count).collect();
        let figures: Option<Vec<i64>> = cells.iter().map(|cell| cell.figure()).collect();
        figures.filter(|all| !all.is_empty()).map_or(HIDDEN, |all| Cell::Shown(all.iter().sum()))
    }
}

impl QuestionResults {
    fn hide_all(&mut self) {
        for cell in [&mut self.answered, &mut self.unanswered] {
            *cell = either(*cell, HIDDEN);
        }
        for choice in &mut self.choices {
            choice.count = either(choice.count, HIDDEN);
            choice.channels.iter_mut().for_each(|cell| *cell = either(*cell, HIDDEN));
        }
    }
}
