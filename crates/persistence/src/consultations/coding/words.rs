//! The words that are coded and quoted: of answers that are known by who gave them, of sealed ones, of notes.

use klankbord_domain::consultations::coding::{Piece, Written};
use klankbord_domain::consultations::{Consultation, QuestionKind, Response};
use uuid::Uuid;

use super::super::{response, sealed, session_note};
use crate::participants::erased;
use crate::store::{Failure, Source, Tx};

/// What stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// In which language (BCP 47).
    pub language: String,
    /// Whose words they are, where that is known.
    pub participant_id: Option<Uuid>,
}

/// The words that a command is about, where there are any; whose they are can't be erased before it ends.
///
/// # Errors
/// When the database refuses, or their author is being erased.
pub async fn find(tx: &Tx, of: &Consultation, piece: Piece) -> Result<Option<Found>, Failure> {
    match piece {
        Piece::Response { response_id, question_id } if !of.is_anonymous() => {
            let given = response::find(tx, response_id).await?.map(|given| given.response);
            let Some(given) = given.filter(|given| given.consultation_id == of.id) else { return Ok(None) };
            let Some(language) = language_of(&given, question_id) else { return Ok(None) };
            erased::is_there(tx, given.participant_id).await?;
            Ok(Some(Found { language, participant_id: Some(given.participant_id) }))
        }
        Piece::OpenAnswer { open_answer_id, question_id } if of.is_anonymous() => {
            let found = sealed::one(tx, (of.id, question_id), open_answer_id).await?;
            Ok(found.map(|words| Found { language: words.language, participant_id: None }))
        }
        Piece::Note { session_note_id } => {
            let found = session_note::find_of(tx, of.id, session_note_id).await?;
            Ok(found.map(|note| Found { language: note.language, participant_id: None }))
        }
        Piece::Response { .. } | Piece::OpenAnswer { .. } => Ok(None),
    }
}

/// Whose words these are, where that is known and they are still there.
///
/// # Errors
/// When the database refuses.
pub async fn author(source: &impl Source, piece: Piece) -> Result<Option<Uuid>, Failure> {
    match piece {
        Piece::Response { response_id, .. } => {
            Ok(response::find(source, response_id).await?.map(|given| given.response.participant_id))
        }
        Piece::OpenAnswer { .. } | Piece::Note { .. } => Ok(None),
    }
}

/// In which language somebody wrote to a question; none where they wrote nothing, or it was erased.
fn language_of(given: &Response, question: Uuid) -> Option<String> {
    let answer = given.answers.iter().find(|answer| answer.question_id == question)?;
    let (_, language) = answer.given.words().filter(|(text, _)| !text.trim().is_empty())?;
    Some(language.to_owned())
}

/// What was written to these questions, as far as it still stands there.
///
/// # Errors
/// When the database refuses.
async fn written(source: &impl Source, of: &Consultation, questions: &[Uuid]) -> Result<Vec<Written>, Failure> {
    let none = questions.iter().map(|question_id| Written { question_id: *question_id, pieces: Vec::new() });
    let mut all: Vec<Written> = none.collect();
    if !of.is_anonymous() {
        let add = |given: &Response| {
            let response_id = given.id;
            for one in &mut all {
                let Written { question_id, ref mut pieces } = *one;
                pieces.extend(language_of(given, question_id).map(|_| Piece::Response { response_id, question_id }));
            }
        };
        response::each(source, of.id, add).await?;
        return Ok(all);
    }
    for Written { question_id, pieces } in &mut all {
        let ids = sealed::ids(source, (of.id, *question_id)).await?;
        let question_id = *question_id;
        pieces.extend(ids.into_iter().map(|open_answer_id| Piece::OpenAnswer { open_answer_id, question_id }));
    }
    Ok(all)
}

/// What was written to each open question.
///
/// # Errors
/// When the database refuses.
pub async fn to_open_questions(source: &impl Source, of: &Consultation) -> Result<Vec<Written>, Failure> {
    let open = of.questions.iter().filter(|one| matches!(one.kind, QuestionKind::OpenText { .. }));
    written(source, of, &open.map(|one| one.id).collect::<Vec<_>>()).await
}

/// How many people's words stand at a question.
///
/// # Errors
/// When the database refuses.
pub async fn people(source: &impl Source, of: &Consultation, question: Uuid) -> Result<i64, Failure> {
    let found = written(source, of, &[question]).await?;
    let people = found.iter().map(|one| one.pieces.len()).sum::<usize>();
    Ok(i64::try_from(people).unwrap_or(i64::MAX))
}
