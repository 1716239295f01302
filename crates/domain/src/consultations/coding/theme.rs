//! What comes back in what people wrote and said.

use uuid::Uuid;

use super::coded::unfinished;
use crate::consultations::{Consultation, ConsultationStatus};
use crate::refusal::Refusal;
use crate::text::Texts;

/// How many a consultation can have.
const MOST: u64 = 100;

/// A theme (thema) of one consultation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// Its id.
    pub id: Uuid,
    /// Of which consultation.
    pub consultation_id: Uuid,
    /// What it is called.
    pub label: Texts,
    /// What belongs to it, and what doesn't, for those who code.
    pub description: Option<Texts>,
}

/// That a consultation that was opened, with so many themes, can get another, until coding is finished.
///
/// # Errors
/// `consultation.not_open`, `consultation.ended` (it was called off), `coding.finished`, `theme.too_many` (100) (409).
pub fn may_have_another(asked: &Consultation, finished: bool, themes: u64) -> Result<(), Refusal> {
    match asked.status {
        ConsultationStatus::Draft => return Err(Refusal::Conflict("consultation.not_open")),
        ConsultationStatus::Withdrawn => return Err(Refusal::Conflict("consultation.ended")),
        ConsultationStatus::Open | ConsultationStatus::Closed | ConsultationStatus::Concluded => {}
    }
    unfinished(finished)?;
    if themes < MOST { Ok(()) } else { Err(Refusal::Conflict("theme.too_many")) }
}

/// That a theme can go: nothing is coded to it.
///
/// # Errors
/// `coding.finished`, `theme.coded` (409).
pub fn may_be_deleted(finished: bool, coded: bool) -> Result<(), Refusal> {
    unfinished(finished)?;
    if coded { Err(Refusal::Conflict("theme.coded")) } else { Ok(()) }
}

/// That what a theme is called, and what belongs to it, can change.
///
/// # Errors
/// `coding.finished` (409): what was counted was counted of what it was called then.
pub fn may_change(finished: bool) -> Result<(), Refusal> {
    unfinished(finished)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consultations::samples::{consultation, open};

    #[test]
    fn themes_come_and_go_until_coding_is_finished() {
        let refused = |result: Result<(), Refusal>| match result {
            Err(Refusal::Conflict(code)) => code,
            other => panic!("{other:?}"),
        };
        assert_eq!(may_have_another(&open(), false, 99), Ok(()));
        assert_eq!(refused(may_have_another(&consultation(), false, 0)), "consultation.not_open");
        assert_eq!(refused(may_have_another(&open(), false, 100)), "theme.too_many");
        assert_eq!(refused(may_have_another(&open(), true, 1)), "coding.finished");
        let off = Consultation { status: ConsultationStatus::Withdrawn, ..open() };
        assert_eq!(refused(may_have_another(&off, false, 1)), "consultation.ended");
        assert_eq!((may_be_deleted(false, false), may_change(false)), (Ok(()), Ok(())));
        assert_eq!(refused(may_be_deleted(true, false)), "coding.finished");
        assert_eq!(refused(may_be_deleted(false, true)), "theme.coded");
        assert_eq!(refused(may_change(true)), "coding.finished");
    }
}
