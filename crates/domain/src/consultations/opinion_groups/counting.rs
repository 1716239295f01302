//! Statements counted by opinion group, as one more breakdown beside those that were declared.

use uuid::Uuid;

use super::telling::{OpinionGroups, StatementResults};
use super::{Votes, opinion_groups};
use crate::cells::{Cell, Why};
use crate::consultations::tally::{Cut, Submission};
use crate::consultations::{
    Answer, Characteristic, Given, GroupResults, Picked, Question, QuestionKind, QuestionResults, Results, Stance,
    UNKNOWN,
};
use crate::participants::Channel;

/// What everybody says to the statements of a consultation, on the way to being counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opinions {
    statements: Vec<Uuid>,
    people: Vec<Votes>,
}

impl Opinions {
    /// Of nobody yet.
    pub fn none(questions: &[Question]) -> Self {
        let statements = questions.iter().filter(|one| matches!(one.kind, QuestionKind::Statement));
        Self { statements: statements.map(|one| one.id).collect(), people: Vec::new() }
    }

    /// One more.
    pub fn add(&mut self, answers: &[Answer]) {
        let stance = |statement: &Uuid| {
            let answer = answers.iter().find(|answer| answer.question_id == *statement)?;
            if let Given::Statement { stance } = answer.given { Some(stance) } else { None }
        };
        if !self.statements.is_empty() {
            self.people.push(self.statements.iter().map(stance).collect());
        }
    }

    /// The statements by opinion group, each of at least `minimum` people; none where there are no groups. It
    /// takes seconds for very many people. The minimum is the public's, so that there is one division for
    /// everybody: from two, laid side by side, the difference would follow.
    pub fn counted(&self, questions: &[Question], minimum: i64) -> Option<Cut> {
        let groups = opinion_groups(&self.people, self.statements.len(), minimum)?;
        let mut cut = Cut::empty(questions, vec![Characteristic::OpinionGroup]);
        for (votes, group) in self.people.iter().zip(groups) {
            let group = group.map_or_else(|| UNKNOWN.to_owned(), |group| group.to_string());
            let given = self.statements.iter().zip(votes).filter_map(|(id, vote)| vote.map(|stance| (*id, stance)));
            let answer = |(question_id, stance)| Answer { question_id, given: Given::Statement { stance } };
            let answers: Vec<Answer> = given.map(answer).collect();
            let values = vec![(Characteristic::OpinionGroup, group)];
            cut.add(&Submission { channel: Channel::Internet, values: &values, answers: &answers });
        }
        Some(cut)
    }
}

impl OpinionGroups {
    /// The groups as far as they may be shown, from results that may be: and how many answered too few
    /// statements to be in one. None where no groups were found, or they may not be told.
    pub fn shown(results: &Results) -> Option<(Self, Cell)> {
        let by_opinion = |table: &&super::super::BrokenDown| table.by == [Characteristic::OpinionGroup];
        let table = results.breakdowns.iter().find(by_opinion).filter(|table| !table.groups.is_empty())?;
        let unplaced = |group: &&GroupResults| group.values.iter().any(|value| value.value == UNKNOWN);
        let nobody = results.responses.figure().map_or(Cell::Suppressed(Why::Base), |_| Cell::Shown(0));
        let left_out = table.groups.iter().find(unplaced).map_or(nobody, |group| group.people);
        let groups = table.groups.iter().filter(|group| !unplaced(group));
        let statements = |group: &GroupResults| group.questions.iter().filter_map(statement).collect();
        Some((Self::of(groups.map(|group| (group.people, statements(group))).collect()), left_out))
    }
}

/// What a group says to a statement; none of another question.
fn statement(told: &QuestionResults) -> Option<StatementResults> {
    let count = |stance: Stance| {
        told.choices.iter().find(|choice| choice.picked == Picked::Stance(stance)).map(|choice| choice.count)
    };
    Some(StatementResults {
        question_id: told.question_id,
        answered: told.answered,
        agree: count(Stance::Agree)?,
        disagree: count(Stance::Disagree)?,
        pass: count(Stance::Pass)?,
    })
}
