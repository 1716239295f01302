//! Input sessions: people talk about what is asked, and a facilitator writes down what was said, without who
//! said it.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{Consultation, ConsultationStatus, Question, SessionMethod};
use crate::cells::{Cell, protect, protect_total};
use crate::networks::Perspective;
use crate::refusal::{Fault, Refusal};
use crate::text::{Texts, is_language_tag};

/// How many took part from one perspective.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attendance {
    /// From which perspective.
    pub perspective: Perspective,
    /// How many. Persons.
    pub people: i32,
}

/// An input session (inbrengsessie): a dialogue, a group interview, an interview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputSession {
    /// Its id.
    pub id: Uuid,
    /// About which consultation.
    pub consultation_id: Uuid,
    /// What it is called.
    pub title: Texts,
    /// How people talked.
    pub method: SessionMethod,
    /// On which day.
    pub held_on: NaiveDate,
    /// Where.
    pub place: Option<String>,
    /// Who took part, in numbers.
    pub attendance: Vec<Attendance>,
}

/// Something that was said in one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionNote {
    /// Its id.
    pub id: Uuid,
    /// In which session.
    pub session_id: Uuid,
    /// To which question; none: to none of them.
    pub question_id: Option<Uuid>,
    /// What was said, without who said it.
    pub text: String,
    /// In which language (BCP 47).
    pub language: String,
}

/// Who took part, as far as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownAttendance {
    /// In all.
    pub people: Cell,
    /// By perspective.
    pub perspectives: Vec<(Perspective, Cell)>,
}

impl InputSession {
    /// What is wrong with it, all at once: `session.held_later` (a day after this one),
    /// `session.perspective_repeated`.
    pub fn check(&self, today: NaiveDate) -> Vec<Fault> {
        let perspectives: Vec<Perspective> = self.attendance.iter().map(|one| one.perspective).collect();
        let mut faults = Fault::repeated(&perspectives, "/attendance", "session.perspective_repeated");
        if self.held_on > today {
            faults.push(Fault::body("/heldOn", "session.held_later"));
        }
        faults
    }

    /// Who took part, to somebody who gets no figure of fewer than `minimum` people.
    pub fn shown(&self, minimum: i64) -> ShownAttendance {
        let counts: Vec<i64> = self.attendance.iter().map(|one| i64::from(one.people)).collect();
        let cells = protect(&counts, true, minimum);
        let perspectives = self.attendance.iter().map(|one| one.perspective).zip(cells).collect();
        ShownAttendance { people: protect_total(counts.iter().sum(), minimum), perspectives }
    }
}

impl SessionNote {
    /// What is wrong with it, all at once: `session.note_blank`, `answer.language_malformed`, and
    /// `reference.unknown` at a question that isn't asked.
    pub fn check(&self, questions: &[Question]) -> Vec<Fault> {
        let unknown = self.question_id.is_some_and(|id| !questions.iter().any(|question| question.id == id));
        let faults = [
            ("/text", "session.note_blank", self.text.trim().is_empty()),
            ("/language", "answer.language_malformed", !is_language_tag(&self.language)),
            ("/questionId", "reference.unknown", unknown),
        ];
        let wrong = faults.into_iter().filter(|(_, _, wrong)| *wrong);
        wrong.map(|(at, code, _)| Fault::body(at, code)).collect()
    }
}

/// That what is said about a consultation can be written down now: once it opened, until people heard back.
///
/// # Errors
/// `consultation.not_open`, `consultation.ended` (409).
pub const fn may_be_talked_about(consultation: &Consultation) -> Result<(), Refusal> {
    match consultation.status {
        ConsultationStatus::Open | ConsultationStatus::Closed => Ok(()),
        ConsultationStatus::Draft => Err(Refusal::Conflict("consultation.not_open")),
        ConsultationStatus::Concluded | ConsultationStatus::Withdrawn => Err(Refusal::Conflict("consultation.ended")),
    }
}

/// That somebody sees which sessions were held: who facilitates; everybody else in the consultation once people
/// heard back, when nothing of them changes any more, so that no two moments can be laid side by side.
///
/// # Errors
/// `session.not_yet` (409).
pub fn may_see_sessions(consultation: &Consultation, facilitates: bool) -> Result<(), Refusal> {
    let over = consultation.status == ConsultationStatus::Concluded;
    if facilitates || over { Ok(()) } else { Err(Refusal::Conflict("session.not_yet")) }
}

/// That a session with so many notes can go.
///
/// # Errors
/// `session.has_notes` (409).
pub const fn may_be_unwritten(notes: u64) -> Result<(), Refusal> {
    if notes == 0 { Ok(()) } else { Err(Refusal::Conflict("session.has_notes")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cells::Why;
    use crate::consultations::samples::{consultation, day, id, open, questions, texts};

    fn session(people: &[(Perspective, i32)]) -> InputSession {
        InputSession {
            id: id(1),
            consultation_id: id(2),
            title: texts("Wereldcafé"),
            method: SessionMethod::WorldCafe,
            held_on: day(2026, 5, 4),
            place: None,
            attendance: people
                .iter()
                .map(|(perspective, people)| Attendance { perspective: *perspective, people: *people })
                .collect(),
        }
    }

    #[test]
    fn a_session_was_held() {
        let twice = session(&[(Perspective::Parent, 3), (Perspective::Parent, 4)]);
        let found: Vec<_> =
            twice.check(day(2026, 5, 3)).into_iter().map(|fault| (fault.location, fault.code)).collect();
        let expected = [("/attendance/1", "session.perspective_repeated"), ("/heldOn", "session.held_later")];
        assert_eq!(found, expected.map(|(at, code)| (at.to_owned(), code)));
        assert!(session(&[]).check(day(2026, 5, 4)).is_empty());
    }

    #[test]
    fn who_took_part_is_shown_of_groups_that_are_large_enough() {
        let mixed = session(&[(Perspective::Parent, 14), (Perspective::YoungPerson, 3), (Perspective::Resident, 12)]);
        let shown = mixed.shown(5);
        assert_eq!(shown.people, Cell::Shown(29));
        let hidden = shown.perspectives.iter().filter(|(_, cell)| cell.figure().is_none()).count();
        assert_eq!((hidden, shown.perspectives[1].1.figure()), (2, None));
        let alone = session(&[(Perspective::Client, 1)]).shown(5);
        assert_eq!(alone.people, Cell::Suppressed(Why::Base));
        assert!(alone.perspectives.iter().all(|(_, cell)| *cell == Cell::Suppressed(Why::Base)));
    }

    #[test]
    fn what_is_said_is_written_down_while_it_goes_on() {
        assert!(may_be_talked_about(&open()).is_ok());
        assert_eq!(may_be_talked_about(&consultation()), Err(Refusal::Conflict("consultation.not_open")));
        let over = Consultation { status: ConsultationStatus::Concluded, ..open() };
        assert_eq!(may_be_talked_about(&over), Err(Refusal::Conflict("consultation.ended")));
        assert!(may_see_sessions(&over, false).is_ok() && may_see_sessions(&open(), true).is_ok());
        assert_eq!(may_see_sessions(&open(), false), Err(Refusal::Conflict("session.not_yet")));
        assert!(may_be_unwritten(0).is_ok() && may_be_unwritten(1).is_err());
        let note = |question: u128, text: &str, language: &str| SessionNote {
            id: id(1),
            session_id: id(2),
            question_id: Some(id(question)),
            text: text.to_owned(),
            language: language.to_owned(),
        };
        assert!(note(104, "Bel terug.", "nl").check(&questions()).is_empty());
        assert_eq!(note(9, " ", "nl_NL").check(&questions()).len(), 3);
    }
}
