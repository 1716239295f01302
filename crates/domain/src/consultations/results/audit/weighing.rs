//! Options that are put in order, get dots or are paid, and matrices: as whoever lays results side by side sees them.

use uuid::Uuid;

use super::Shape;
use crate::consultations::samples::{budget, dots, id, options, question, texts};
use crate::consultations::{Answer, Given, MatrixRow, Question, QuestionKind, check_answers};

/// A kind of each: three options in order, two rows of two, two dots for three, a budget for some of three.
pub(super) fn weighing() -> [QuestionKind; 5] {
    let row = |number: u128| MatrixRow { id: id(2000 + number), label: texts("rij") };
    [
        QuestionKind::Ranking { options: options(3), most: None },
        QuestionKind::Matrix { rows: (0..2).map(row).collect(), columns: options(2) },
        dots(2, None, true),
        dots(2, None, false),
        budget(&[10, 20, 30], 40),
    ]
}

/// Everything that can be given to such a question.
pub(super) fn weighed_choices(kind: &QuestionKind) -> Option<Vec<Vec<usize>>> {
    let fits = |choice: &Vec<usize>| {
        let ids: Vec<Uuid> = choice.iter().map(|at| id(1000 + u128::try_from(*at).unwrap())).collect();
        let ordered = choice.is_sorted() || !matches!(kind, QuestionKind::Dots { .. } | QuestionKind::Budget { .. });
        let asked = Question { required: true, ..question(1, kind.clone()) };
        let whole = !matches!(kind, QuestionKind::Matrix { .. }) || choice.len() == kind.rows().len();
        let answer = Answer { question_id: asked.id, given: given(kind, &ids) };
        ordered && whole && check_answers(&[asked], &[answer]).is_empty()
    };
    let weighs = matches!(
        kind,
        QuestionKind::Ranking { .. }
            | QuestionKind::Matrix { .. }
            | QuestionKind::Dots { .. }
            | QuestionKind::Budget { .. }
    );
    let mut all: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..3 {
        let longer = all.iter().flat_map(|one| (0..3).map(move |at| [&one[..], &[at]].concat()));
        let longer: Vec<Vec<usize>> = longer.collect();
        all.extend(longer);
        all.sort();
        all.dedup();
    }
    weighs.then(|| all.into_iter().filter(fits).collect())
}

/// The answer that gives these options.
pub(super) fn given(kind: &QuestionKind, ids: &[Uuid]) -> Given {
    let of = |id: &Uuid| i32::try_from(ids.iter().filter(|other| *other == id).count()).unwrap();
    if let QuestionKind::Matrix { rows, .. } = kind {
        Given::Matrix { rows: rows.iter().map(|row| row.id).zip(ids.iter().copied()).collect() }
    } else if let QuestionKind::Ranking { .. } = kind {
        Given::Ranking { option_ids: ids.to_vec() }
    } else if let QuestionKind::Dots { .. } = kind {
        let mut options = ids.to_vec();
        options.dedup();
        Given::Dots { dots: options.iter().map(|id| (*id, of(id))).collect() }
    } else {
        Given::Budget { option_ids: ids.to_vec() }
    }
}

impl Shape {
    /// Whether somebody who gave this is counted at this place: of a matrix, row by row.
    pub(super) fn is_in(&self, choice: &[usize], at: usize) -> bool {
        if let QuestionKind::Ranking { .. } = &self.question.kind {
            choice.first() == Some(&at)
        } else if let QuestionKind::Matrix { columns, .. } = &self.question.kind {
            choice.get(at / columns.len()) == Some(&(at % columns.len()))
        } else {
            choice.contains(&at)
        }
    }

    /// What this gives the option at this place in all.
    pub(super) fn weight(&self, choice: &[usize], at: usize) -> u64 {
        let weight = if let QuestionKind::Ranking { .. } = &self.question.kind {
            choice.iter().position(|one| *one == at).map_or(0, |before| choice.len() - before)
        } else {
            choice.iter().filter(|one| **one == at).count()
        };
        u64::try_from(weight).unwrap()
    }

    /// At how many places people are counted.
    pub(super) fn places(&self) -> usize {
        let kind = &self.question.kind;
        kind.pickable().len() * kind.rows().len().max(1)
    }
}
