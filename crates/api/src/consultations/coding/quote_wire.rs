//! Quotes as they go over the wire.

use chrono::NaiveDate;
use klankbord_domain::Fault;
use klankbord_domain::consultations::coding::{Piece, Quote as Domain, QuoteCheck, QuoteStatus};
use klankbord_domain::lifecycle::open_codes;
use klankbord_domain::policy::Roles;
use klankbord_persistence::Stored;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Named;
use crate::web::page::page;
use crate::web::patch::patch_of;
use crate::web::text::{Reading, TextVariant, to_wire};

/// What a quote is made from: a response or an open answer, and the question to which it was said.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QuoteCreate {
    /// The response in which the words stand (`listResponses`); not of an anonymous consultation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    response_id: Option<Uuid>,
    /// What was written anonymously (`listOpenAnswers`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    open_answer_id: Option<Uuid>,
    /// To which question it was said.
    question_id: Uuid,
    /// The words, first in the language in which they were said. Further variants are translations.
    #[schema(min_items = 1, max_items = 20)]
    text: Vec<TextVariant>,
    /// Whether it is said in other words than the person's.
    #[serde(default)]
    #[schema(default = false)]
    paraphrased: bool,
}

patch_of!(
    /// What to change of a quote.
    QuotePatch of QuoteCreate, fixed "responseId", "openAnswerId", "questionId"
);

/// Words of somebody who answered.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Quote {
    /// Its id. It tells the day on which it was made, and no more.
    id: Uuid,
    /// Of which consultation.
    consultation_id: Uuid,
    /// To which question it was said.
    question_id: Uuid,
    /// The response in which it stands: for the facilitators.
    response_id: Option<Uuid>,
    /// The open answer that it is from: for the facilitators.
    open_answer_id: Option<Uuid>,
    /// The words, first in the language in which they were said; the others are translations.
    #[schema(max_items = 20)]
    text: Vec<TextVariant>,
    /// Whether it is said in other words than the person's.
    paraphrased: bool,
    /// Where it stands.
    status: QuoteStatus,
    /// The states that you may move it to.
    #[schema(max_items = 10, example = json!(["released", "withdrawn"]))]
    allowed_transitions: Vec<&'static str>,
    /// Who wrote it down, or changed it last: for the facilitators.
    written_by: Option<Uuid>,
    /// Who vouched that nobody can be recognised by it: for the facilitators.
    checked_by: Option<Uuid>,
    /// On which day somebody vouched that nobody can be recognised by it.
    checked_on: Option<NaiveDate>,
    /// The version and digest of this representation, for `If-Match`.
    #[schema(max_length = 100)]
    etag: Option<String>,
}

page!(
    /// A page of quotes.
    QuotePage of Quote
);

/// A move of a quote.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct QuoteTransitionCreate {
    /// The state to move to.
    #[schema(example = "released", min_length = 1, max_length = 40, pattern = "^[a-z_]+$")]
    pub(super) to: String,
    /// Why. It is needed to take a quote back.
    #[schema(min_length = 1, max_length = 2000)]
    pub(super) reason: Option<String>,
    /// What you vouch for. It is needed to release a quote.
    pub(super) check: Option<QuoteCheck>,
}

impl From<&Domain> for QuoteCreate {
    fn from(quote: &Domain) -> Self {
        let Named { response_id, open_answer_id, .. } = quote.piece.into();
        let (question_id, paraphrased) = (quote.question_id, quote.paraphrased);
        Self { response_id, open_answer_id, question_id, text: to_wire(&quote.text), paraphrased }
    }
}

impl QuoteCreate {
    /// What names the answer.
    pub(super) fn named(&self) -> Named {
        let Self { response_id, open_answer_id, question_id, .. } = *self;
        Named { response_id, open_answer_id, session_note_id: None, question_id: Some(question_id) }
    }

    /// The draft that this says, of this piece, by this account, and what is wrong with its words.
    pub(super) fn into_domain(
        self,
        (id, consultation_id): (Uuid, Uuid),
        piece: Piece,
        written_by: Uuid,
    ) -> (Domain, Vec<Fault>) {
        let mut reading = Reading::default();
        let made = Domain {
            id,
            consultation_id,
            question_id: self.question_id,
            piece,
            written_by,
            text: reading.texts("/text", self.text),
            paraphrased: self.paraphrased,
            status: QuoteStatus::Draft,
            checked_by: None,
            checked_on: None,
        };
        (made, reading.faults)
    }
}

/// A quote to who stands so towards its consultation; from which answer it is, and who wrote and checked it, to the
/// facilitators named on it alone.
pub(super) fn view(stored: &Stored<Domain>, (roles, facilitates): (Roles, bool)) -> Quote {
    let quote = &stored.value;
    let Named { response_id, open_answer_id, .. } = quote.piece.into();
    Quote {
        id: quote.id,
        consultation_id: quote.consultation_id,
        question_id: quote.question_id,
        response_id: response_id.filter(|_| facilitates),
        open_answer_id: open_answer_id.filter(|_| facilitates),
        text: to_wire(&quote.text),
        paraphrased: quote.paraphrased,
        status: quote.status,
        allowed_transitions: if facilitates { open_codes(quote.status, roles) } else { Vec::new() },
        written_by: facilitates.then_some(quote.written_by),
        checked_by: quote.checked_by.filter(|_| facilitates),
        checked_on: quote.checked_on,
        etag: None,
    }
}
