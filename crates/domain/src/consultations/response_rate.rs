//! How many of those who were asked answered, and which groups were not reached.

use uuid::Uuid;

use super::{Consultation, ConsultationStatus, Reading};
use crate::cells::{Cell, Why, protect, protect_table, protect_total};
use crate::policy::Roles;
use crate::refusal::Refusal;

/// Whether somebody may read how many answered: of an anonymous consultation once it is
/// sealed; of another once nobody can answer any more, and before that who may know of
/// everybody whether they answered, so that nobody learns it from two moments.
///
/// # Errors
/// [`Refusal::Conflict`] `consultation.rate_not_yet`.
pub fn may_show_rate(consultation: &Consultation, account: Option<Uuid>, roles: Roles) -> Result<(), Refusal> {
    let knows = consultation.reading(account, roles) != Reading::Nothing;
    let open = consultation.status == ConsultationStatus::Open;
    let may = consultation.may_show_results().is_ok() || (open && knows);
    if may { Ok(()) } else { Err(Refusal::Conflict("consultation.rate_not_yet")) }
}

/// How many were asked, and how many of them answered. Persons.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Asked {
    /// Who were asked.
    pub invited: i64,
    /// Who answered.
    pub answered: i64,
}

/// The same, as far as it may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskedCells {
    /// Who were asked.
    pub invited: Cell,
    /// Who answered.
    pub answered: Cell,
}

impl AskedCells {
    /// Whether it can be told that fewer answered than this; none where it can't be told.
    pub fn is_short_of(&self, target: i64) -> Option<bool> {
        self.answered.figure().map(|answered| answered < target)
    }
}

/// All of them: shown only where neither who answered nor who didn't is a small group.
pub fn in_all(asked: Asked, minimum: i64) -> AskedCells {
    let cells = protect(&[asked.answered, asked.invited - asked.answered], true, minimum);
    let hidden = Cell::Suppressed(Why::Base);
    AskedCells { invited: protect_total(asked.invited, minimum), answered: cells.first().copied().unwrap_or(hidden) }
}

/// By part: each of those who were asked is in one. Two ways of dividing the same people
/// stand beside each other without telling more than each.
pub fn by_part(parts: &[Asked], minimum: i64) -> Vec<AskedCells> {
    let counts: Vec<Vec<i64>> = parts.iter().map(|one| vec![one.answered, one.invited - one.answered]).collect();
    let table = protect_table(&counts, minimum);
    let hidden = Cell::Suppressed(Why::Base);
    let answered = table.cells.iter().map(|row| row.first().copied().unwrap_or(hidden));
    table.rows.iter().zip(answered).map(|(invited, answered)| AskedCells { invited: *invited, answered }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consultations::ConsultationMode;
    use crate::consultations::samples::{id, open};
    use crate::policy::Standing;

    #[test]
    fn before_closing_it_is_for_who_knows_it_of_everybody() {
        let (runs, facilitates) = (Roles::of(&[Standing::Officer]), Roles::of(&[Standing::Facilitator]));
        let not_yet = Err(Refusal::Conflict("consultation.rate_not_yet"));
        assert_eq!(may_show_rate(&open(), None, runs), Ok(()));
        let confidential = Consultation { mode: ConsultationMode::Confidential, ..open() };
        assert_eq!(may_show_rate(&confidential, None, runs), not_yet);
        assert_eq!(may_show_rate(&confidential, Some(id(10)), facilitates), Ok(()));
        let closed = Consultation { status: ConsultationStatus::Closed, ..confidential };
        assert_eq!(may_show_rate(&closed, None, runs), Ok(()));
        let anonymous = Consultation { mode: ConsultationMode::Anonymous, ..closed };
        assert_eq!(may_show_rate(&anonymous, Some(id(10)), facilitates), not_yet);
        let sealed = Consultation { sealed_at: open().opened_at, ..anonymous };
        assert_eq!(may_show_rate(&sealed, None, runs), Ok(()));
    }

    const fn asked(invited: i64, answered: i64) -> Asked {
        Asked { invited, answered }
    }

    #[test]
    fn neither_who_answered_nor_who_did_not_is_a_small_group() {
        let figures = |one: AskedCells| (one.invited.figure(), one.answered.figure());
        assert_eq!(figures(in_all(asked(20, 12), 5)), (Some(20), Some(12)));
        assert_eq!(figures(in_all(asked(20, 18), 5)), (Some(20), None));
        assert_eq!(figures(in_all(asked(4, 2), 5)), (None, None));
    }

    #[test]
    fn a_part_that_is_hidden_can_not_be_said_to_fall_short() {
        let shown = by_part(&[asked(20, 10), asked(30, 12), asked(25, 0)], 5);
        let short: Vec<_> = shown.iter().map(|one| one.is_short_of(11)).collect();
        assert_eq!(short, [Some(true), Some(false), Some(true)]);
        let shown = by_part(&[asked(20, 10), asked(30, 12), asked(25, 2)], 5);
        assert_eq!(shown.iter().filter(|one| one.is_short_of(11).is_none()).count(), 2);
        assert_eq!(shown.iter().map(|one| one.invited.figure()).collect::<Vec<_>>(), [Some(20), Some(30), Some(25)]);
    }
}
