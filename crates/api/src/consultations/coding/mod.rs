//! Coding: themes, what they are put on, how far coders agree, how many people said them, and quotes.

mod agreement;
mod coded;
mod quote;
mod quote_wire;
mod theme;
mod theme_results;

use klankbord_domain::consultations::Consultation;
use klankbord_domain::consultations::coding::Piece;
use klankbord_domain::policy::Operation;
use klankbord_domain::{Fault, Refusal};
use klankbord_persistence::consultations::consultation::Kept;
use klankbord_persistence::consultations::setting::Networks;
use klankbord_persistence::{Failure, Stored, Tx};
use uuid::Uuid;

use super::consultation::{Loaded, permitted, seen_by_id};
use super::input_session::facilitated;
use crate::web::routes::Routes;
use crate::web::{Call, Problem};

/// Adds the routes.
pub(super) fn routes(to: &mut impl Routes) {
    to.service(theme::list_themes)
        .service(theme::create_theme)
        .service(theme::get_theme)
        .service(theme::update_theme)
        .service(theme::delete_theme)
        .service(coded::create_coding)
        .service(coded::list_codings)
        .service(coded::get_coding)
        .service(coded::update_coding)
        .service(agreement::get_coding_agreement)
        .service(theme_results::create_theme_results)
        .service(theme_results::get_theme_results)
        .service(quote::create_quote)
        .service(quote::list_quotes)
        .service(quote::get_quote)
        .service(quote::update_quote)
        .service(quote::create_quote_transition);
}

/// The consultation that a query is about, for a facilitator named on it, and who that is.
///
/// # Errors
/// 404 for who may not know of it, 403 for who isn't named.
async fn coder<O: Operation>(call: &Call<O>, consultation: Uuid) -> Result<(Stored<Kept>, Uuid), Problem> {
    let (found, permit, _) = seen_by_id(call, consultation).await?;
    let account = call.account()?;
    let named = found.value.consultation.is_facilitated_by(Some(account), permit.roles());
    if named { Ok((found, account)) } else { Err(Refusal::Forbidden.into()) }
}

/// What a query reads, and what its reader is towards it.
struct Read {
    found: Stored<Kept>,
    networks: Networks,
    roles: klankbord_domain::policy::Roles,
    facilitates: bool,
}

/// The consultation that a query is about, for who may see it.
async fn reader<O: Operation>(call: &Call<O>, consultation: Uuid) -> Result<Read, Problem> {
    let (found, permit, networks) = seen_by_id(call, consultation).await?;
    let roles = permit.roles();
    let facilitates = found.value.consultation.is_facilitated_by(call.caller().account, roles);
    Ok(Read { found, networks, roles, facilitates })
}

/// What a command on a consultation starts from, by a facilitator named on it, and who that is.
async fn begun(tx: &Tx, found: Option<Stored<Kept>>) -> Result<(Loaded, Uuid), Failure> {
    let loaded = facilitated(tx, permitted(tx, found).await?)?;
    let account = tx.caller().account.ok_or(Refusal::Forbidden)?;
    Ok((loaded, account))
}

/// What names a piece in a body.
#[expect(clippy::struct_field_names, reason = "the names are those on the wire")]
#[derive(Debug, Clone, Copy, Default)]
struct Named {
    response_id: Option<Uuid>,
    open_answer_id: Option<Uuid>,
    session_note_id: Option<Uuid>,
    question_id: Option<Uuid>,
}

impl Named {
    /// The piece that is named, and where in the body.
    fn piece(self) -> Result<(Piece, &'static str), Refusal> {
        let Self { response_id, open_answer_id, session_note_id, question_id } = self;
        match (response_id, open_answer_id, session_note_id, question_id) {
            (Some(response_id), None, None, Some(question_id)) => {
                Ok((Piece::Response { response_id, question_id }, "/responseId"))
            }
            (None, Some(open_answer_id), None, Some(question_id)) => {
                Ok((Piece::OpenAnswer { open_answer_id, question_id }, "/openAnswerId"))
            }
            (None, None, Some(session_note_id), None) => Ok((Piece::Note { session_note_id }, "/sessionNoteId")),
            _none_or_several => Err(Refusal::invalid("", "coding.one_piece")),
        }
    }
}

/// Where in the body stands what isn't known of a piece that isn't there: the question, or what stands at `at`.
fn unknown_at(asked: &Consultation, piece: Piece, at: &'static str) -> Fault {
    let question = Named::from(piece).question_id;
    let strange = question.is_some_and(|id| !asked.questions.iter().any(|one| one.id == id));
    Fault::body(if strange { "/questionId" } else { at }, "reference.unknown")
}

impl From<Piece> for Named {
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
