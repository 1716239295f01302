//! What people wrote anonymously: for the facilitators, apart from what was chosen.

use actix_web::get;
use klankbord_domain::Refusal;
use klankbord_domain::consultations::operations as op;
use klankbord_persistence::consultations::{Written, consultation, sealed};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::consultation::seen;
use crate::web::page::{Paging, page};
use crate::web::{Answer, Call, Problem};

/// What was written anonymously to a question.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpenAnswer {
    /// Its id, drawn when it was sealed: it leads to no other answer.
    id: Uuid,
    /// To which question.
    question_id: Uuid,
    /// The words.
    #[schema(max_length = 10000, example = "Bel terug op de dag die je belooft.")]
    text: String,
    /// In which language (BCP 47).
    #[schema(max_length = 35, example = "nl")]
    language: String,
}

page!(
    /// A page of what was written.
    OpenAnswerPage of OpenAnswer
);

/// List what was written anonymously to a question
///
/// To one with an open answer, or beside the option that has words of one's own.
/// For the facilitators named on the consultation, once it is sealed. In an order that was
/// drawn, apart from what the same people chose and from what they wrote elsewhere.
#[utoipa::path(operation_id = "listOpenAnswers", tag = "Answers", params(Paging),
    responses((status = 200, description = "A page", body = OpenAnswerPage),
        (status = 409, description = "There are none yet")))]
#[get("/consultations/{consultationId}/questions/{questionId}/open-answers")]
pub(super) async fn list_open_answers(call: Call<op::ListOpenAnswers>) -> Result<Answer, Problem> {
    let (found, permit, _) = seen(&call).await?;
    let asked = &found.value.consultation;
    if !asked.is_facilitated_by(call.caller().account, permit.roles()) {
        return Err(Refusal::Forbidden.into());
    }
    let (_, request) = call.listing::<Paging>()?;
    let question_id = call.id("questionId")?;
    if !asked.questions.iter().any(|one| one.id == question_id && one.kind.words().is_some()) {
        return Err(Refusal::Hidden.into());
    }
    if !asked.is_anonymous() {
        return Err(Refusal::Conflict("response.not_anonymous").into());
    }
    asked.may_show_results()?;
    let page = sealed::written(call.reader(), (asked.id, question_id), &request).await?;
    call.witness(asked.organisation_id, (consultation::KIND, asked.id), Vec::new()).await?;
    call.page(page.map(|(id, Written { text, language })| OpenAnswer { id, question_id, text, language }))
}
