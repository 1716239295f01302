//! Official responses: what the addressee answers. Only added, never changed.

use actix_web::{get, post};
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::feedback::OfficialResponse as Domain;
use klankbord_domain::feedback::operations as op;
use klankbord_persistence::feedback::response;
use klankbord_persistence::{Failure, Tx};
use uuid::Uuid;

use super::entry::load;
use super::viewer::Viewer;
use super::wire::{OfficialResponse, OfficialResponseCreate, OfficialResponsePage};
use crate::web::page::Paging;
use crate::web::text::Reading;
use crate::web::{Answer, Call, Problem};

/// Answer officially
///
/// While it waits for an answer. A decision rests on the newest response; where
/// not all is taken over it says why.
#[utoipa::path(operation_id = "createOfficialResponse", tag = "Feedback", request_body = OfficialResponseCreate,
    responses((status = 201, description = "Made", body = OfficialResponse)))]
#[post("/feedback/{feedbackId}/official-responses")]
pub(super) async fn create_official_response(call: Call<op::CreateOfficialResponse>) -> Result<Answer, Problem> {
    let input: (Uuid, OfficialResponseCreate) = (call.id("feedbackId")?, call.body()?);
    call.command(input, |tx, (id, new)| create(tx, *id, new).boxed()).await
}

async fn create(tx: &Tx, id: Uuid, new: &OfficialResponseCreate) -> Result<Answer, Failure> {
    let (found, _, _) = load(tx, id).await?;
    let mut reading = Reading::default();
    let text = reading.texts("/text", new.text.clone());
    let reasons = reading.texts_or_none("/reasons", new.reasons.clone());
    Refusal::unless_clean(reading.faults)?;
    found.value.may_be_responded_to()?;
    let made = Domain { id: tx.new_id(), feedback_id: id, text, reasons, made_at: tx.now() };
    let made = response::insert(tx, &found.value, made).await?;
    let location = format!("/v1/feedback/{id}/official-responses");
    Ok(Answer::made(location, &OfficialResponse::from(made)))
}

/// List the official responses
#[utoipa::path(operation_id = "listOfficialResponses", tag = "Feedback", params(Paging),
    responses((status = 200, description = "A page", body = OfficialResponsePage)))]
#[get("/feedback/{feedbackId}/official-responses")]
pub(super) async fn list_official_responses(call: Call<op::ListOfficialResponses>) -> Result<Answer, Problem> {
    let (_, _, found) = Viewer::read(&call).await?;
    let (_, request) = call.listing::<Paging>()?;
    let page = response::list(call.reader(), found.value.id, &request).await?;
    call.page(page.map(OfficialResponse::from))
}
