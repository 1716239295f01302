//! How what is coded or quoted stands in columns.

use klankbord_domain::consultations::coding::Piece;
use uuid::Uuid;

use crate::store::Failure;

/// A piece in columns.
#[expect(clippy::struct_field_names, reason = "the names are those of the columns")]
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Columns {
    pub(super) response_id: Option<Uuid>,
    pub(super) open_answer_id: Option<Uuid>,
    pub(super) session_note_id: Option<Uuid>,
    pub(super) question_id: Option<Uuid>,
}

impl From<Piece> for Columns {
    fn from(piece: Piece) -> Self {
        let none = Self::default();
        match piece {
            Piece::Response { response_id, question_id } => {
                Self { response_id: Some(response_id), question_id: Some(question_id), ..none }
            }
            Piece::OpenAnswer { open_answer_id, question_id } => {
                Self { open_answer_id: Some(open_answer_id), question_id: Some(question_id), ..none }
            }
            Piece::Note { session_note_id } => Self { session_note_id: Some(session_note_id), ..none },
        }
    }
}

impl Columns {
    /// The piece that stands there.
    pub(super) fn read(self, table: &'static str) -> Result<Piece, Failure> {
        let Self { response_id, open_answer_id, session_note_id, question_id } = self;
        match (response_id, open_answer_id, session_note_id, question_id) {
            (Some(response_id), None, None, Some(question_id)) => Ok(Piece::Response { response_id, question_id }),
            (None, Some(open_answer_id), None, Some(question_id)) => {
                Ok(Piece::OpenAnswer { open_answer_id, question_id })
            }
            (None, None, Some(session_note_id), None) => Ok(Piece::Note { session_note_id }),
            _ => Err(Failure::unreadable(table, "piece", "no piece, or several")),
        }
    }
}

/// The piece in one word, by which it is found.
pub(super) fn key(piece: Piece) -> String {
    match piece {
        Piece::Response { response_id, question_id } => format!("response.{response_id}.{question_id}"),
        Piece::OpenAnswer { open_answer_id, question_id } => format!("open_answer.{open_answer_id}.{question_id}"),
        Piece::Note { session_note_id } => format!("note.{session_note_id}"),
    }
}
