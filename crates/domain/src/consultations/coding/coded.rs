//! What a coder makes of one thing that somebody wrote or said, and what they make of it together.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use crate::consultations::Consultation;
use crate::refusal::{Fault, Refusal};

/// What is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Piece {
    /// What somebody wrote to a question, by the response in which it stands: not where answers are anonymous.
    Response {
        /// The response.
        response_id: Uuid,
        /// To which question.
        question_id: Uuid,
    },
    /// What somebody wrote anonymously to a question, by an id that leads to no other answer.
    OpenAnswer {
        /// The answer.
        open_answer_id: Uuid,
        /// To which question.
        question_id: Uuid,
    },
    /// What was written down of an input session.
    Note {
        /// The note.
        session_note_id: Uuid,
    },
}

/// The themes that one coder puts on one piece; none at all says something, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coding {
    /// Its id.
    pub id: Uuid,
    /// Of which consultation.
    pub consultation_id: Uuid,
    /// Who coded: an account.
    pub coded_by: Uuid,
    /// What.
    pub piece: Piece,
    /// The themes.
    pub theme_ids: Vec<Uuid>,
}

impl Coding {
    /// What is wrong with it, to the consultation's themes, all at once: `theme.repeated`, and
    /// `reference.unknown` at a theme that isn't one of them.
    pub fn check(&self, themes: &[Uuid]) -> Vec<Fault> {
        let mut faults = Fault::repeated(&self.theme_ids, "/themeIds", "theme.repeated");
        let strange = self.theme_ids.iter().enumerate().filter(|(_, id)| !themes.contains(id));
        faults.extend(strange.map(|(at, _)| Fault::body(format!("/themeIds/{at}"), "reference.unknown")));
        faults
    }
}

/// That what people wrote and said can be coded: once nobody can answer any more, an anonymous consultation once
/// it is sealed; until coding is finished.
///
/// # Errors
/// `coding.not_yet`, `coding.finished` (409).
pub fn may_be_coded(asked: &Consultation, finished: bool) -> Result<(), Refusal> {
    asked.may_show_results().map_err(|_| Refusal::Conflict("coding.not_yet"))?;
    unfinished(finished)
}

/// That coding goes on: what came of it is fixed when it is finished, so that no two moments can be compared.
pub(super) const fn unfinished(finished: bool) -> Result<(), Refusal> {
    if finished { Err(Refusal::Conflict("coding.finished")) } else { Ok(()) }
}

/// That words which somebody coded, or nobody, can change or go: they stay what they were coded as.
///
/// # Errors
/// `session.note_coded` (409).
pub const fn may_change_piece(coded: bool) -> Result<(), Refusal> {
    if coded { Err(Refusal::Conflict("session.note_coded")) } else { Ok(()) }
}

/// The themes of each piece that anybody coded: those that more than half of its coders put on it. Where there is
/// one coder, theirs; where two differ, none of what they differ on. The same in whatever order codings come.
pub fn agreed(codings: &[Coding]) -> BTreeMap<Piece, BTreeSet<Uuid>> {
    let mut coders: BTreeMap<Piece, Vec<&Coding>> = BTreeMap::new();
    for coding in codings {
        coders.entry(coding.piece).or_default().push(coding);
    }
    let most = |of: Vec<&Coding>| {
        let named: BTreeSet<Uuid> = of.iter().flat_map(|coding| coding.theme_ids.iter().copied()).collect();
        let by = |theme: &Uuid| of.iter().filter(|coding| coding.theme_ids.contains(theme)).count();
        named.into_iter().filter(|theme| by(theme) * 2 > of.len()).collect()
    };
    coders.into_iter().map(|(piece, of)| (piece, most(of))).collect()
}

#[cfg(test)]
pub(super) fn coding(coder: u128, piece: u128, themes: &[u128]) -> Coding {
    use crate::consultations::samples::id;
    Coding {
        id: id(coder * 1_000_000 + piece),
        consultation_id: id(1),
        coded_by: id(coder),
        piece: Piece::OpenAnswer { open_answer_id: id(piece), question_id: id(104) },
        theme_ids: themes.iter().copied().map(id).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consultations::samples::{id, now, open};
    use crate::consultations::{ConsultationMode, ConsultationStatus};

    #[test]
    fn a_coding_names_themes_of_its_consultation_once() {
        let found: Vec<_> =
            coding(1, 2, &[7, 9, 7]).check(&[id(7)]).into_iter().map(|one| (one.location, one.code)).collect();
        let expected = [("/themeIds/2", "theme.repeated"), ("/themeIds/1", "reference.unknown")];
        assert_eq!(found, expected.map(|(at, code)| (at.to_owned(), code)));
        assert_eq!(coding(1, 2, &[]).check(&[]), []);
    }

    #[test]
    fn a_piece_has_the_themes_of_most_of_its_coders() {
        let three = [coding(1, 2, &[7, 8]), coding(2, 2, &[7]), coding(3, 2, &[9])];
        let theirs = |codings: &[Coding]| agreed(codings).into_values().map(|all| all.into_iter().collect::<Vec<_>>());
        assert_eq!(theirs(&three).collect::<Vec<_>>(), [vec![id(7)]]);
        assert_eq!(theirs(&three[..1]).collect::<Vec<_>>(), [vec![id(7), id(8)]]);
        assert_eq!(theirs(&three[1..]).collect::<Vec<_>>(), [Vec::<Uuid>::new()]);
        let turned: Vec<Coding> = three.iter().rev().cloned().collect();
        assert_eq!(agreed(&turned), agreed(&three));
    }

    #[test]
    fn nothing_is_coded_while_somebody_can_answer() {
        let closed = Consultation { status: ConsultationStatus::Closed, closed_at: Some(now()), ..open() };
        let anonymous = Consultation { mode: ConsultationMode::Anonymous, ..closed.clone() };
        let sealed = Consultation { sealed_at: Some(now()), ..anonymous.clone() };
        for early in [&open(), &anonymous] {
            assert_eq!(may_be_coded(early, false), Err(Refusal::Conflict("coding.not_yet")));
        }
        for over in [&closed, &sealed] {
            assert_eq!(may_be_coded(over, false), Ok(()));
            assert_eq!(may_be_coded(over, true), Err(Refusal::Conflict("coding.finished")));
        }
        assert_eq!(may_change_piece(false), Ok(()));
        assert_eq!(may_change_piece(true), Err(Refusal::Conflict("session.note_coded")));
    }
}
