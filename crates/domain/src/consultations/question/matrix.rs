//! A matrix: the same is asked about several things at once.

use uuid::Uuid;

use super::{Choice, check_options};
use crate::refusal::Fault;
use crate::text::Texts;

/// How many rows and how many columns a matrix can have at most.
const MOST: usize = 20;

/// One thing that a matrix asks about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatrixRow {
    /// Its id.
    pub id: Uuid,
    /// What people read.
    pub label: Texts,
}

/// What is wrong with a matrix.
pub(super) fn check_matrix(rows: &[MatrixRow], columns: &[Choice]) -> Vec<Fault> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut faults = Fault::repeated(&ids, "/rows", "question.row_repeated");
    if rows.is_empty() {
        faults.push(Fault::body("/rows", "question.too_few_rows"));
    }
    if rows.len() > MOST {
        faults.push(Fault::body("/rows", "question.too_many_rows"));
    }
    let columns_of = |fault: Fault| Fault { location: fault.location.replacen("/options", "/columns", 1), ..fault };
    faults.extend(check_options(columns, MOST).into_iter().map(columns_of));
    faults
}
