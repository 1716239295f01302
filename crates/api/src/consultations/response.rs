//! What people answer, one by one.

use actix_web::{get, post};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::calendar::day_of;
use klankbord_domain::consultations::operations as op;
use klankbord_domain::consultations::{Consultation, Reading, Response as Domain, ResponseFacts, Writer, may_respond};
use klankbord_domain::participants::Channel;
use klankbord_domain::policy::{Caller, Machine, Place, Roles, Standing};
use klankbord_persistence::consultations::response::{self, Given};
use klankbord_persistence::consultations::{characteristics, consultation, invitation, setting};
use klankbord_persistence::participants::participant;
use klankbord_persistence::privacy::standing::ConsentTerms;
use klankbord_persistence::{Failure, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::answer::QuestionAnswer;
use super::consultation::{permitted, seen};
use crate::privacy::{consents_to_taking_part, terms};
use crate::web::page::{Paging, page};
use crate::web::{Answer, Call, Problem};

/// A response to give.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResponseCreate {
    /// Who answers; you yourself where it isn't said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    participant_id: Option<Uuid>,
    /// How the answers came in: `internet` by the person, `phone` or `in_person`
    /// by a facilitator who heard them.
    channel: Channel,
    /// The answers; a question that isn't here is left open.
    #[schema(max_items = 100)]
    answers: Vec<QuestionAnswer>,
}

/// What one person answered.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// Its id.
    id: Uuid,
    /// To which consultation.
    consultation_id: Uuid,
    /// Who answered.
    participant_id: Uuid,
    /// How it came in.
    channel: Channel,
    /// The facilitator who heard it and wrote it down.
    entered_by: Option<Uuid>,
    /// The answers.
    #[schema(max_items = 100)]
    answers: Vec<QuestionAnswer>,
    /// When it came in.
    created_at: DateTime<Utc>,
}

page!(
    /// A page of responses.
    ResponsePage of Response
);

fn view(given: Given) -> Response {
    let Given { response, at } = given;
    Response {
        id: response.id,
        consultation_id: response.consultation_id,
        participant_id: response.participant_id,
        channel: response.channel,
        entered_by: response.entered_by,
        answers: response.answers.into_iter().map(QuestionAnswer::from).collect(),
        created_at: at,
    }
}

/// Answer, or write down what somebody answered
///
/// Who was invited answers once. What was heard by phone or on a visit is
/// written down by a facilitator named on the consultation, and weighs the same.
/// A kiosk enters what people answer on site, `in_person`, for whoever stands
/// before it.
#[utoipa::path(operation_id = "createResponse", tag = "Answers", request_body = ResponseCreate,
    responses((status = 201, description = "Taken", body = Response)))]
#[post("/consultations/{consultationId}/responses")]
pub(super) async fn create_response(call: Call<op::CreateResponse>) -> Result<Answer, Problem> {
    let zone = call.app.config.time.zone;
    let input: (Uuid, ResponseCreate, ConsentTerms) = (call.id("consultationId")?, call.body()?, terms(&call));
    call.command(input, move |tx, (id, new, terms)| respond(tx, *id, new, (zone, *terms)).boxed()).await
}

async fn respond(
    tx: &Tx,
    id: Uuid,
    new: &ResponseCreate,
    (zone, terms): (Tz, ConsentTerms),
) -> Result<Answer, Failure> {
    let loaded = permitted(tx, consultation::find_to_add(tx, id).await?).await?;
    let own = invitation::of_caller(tx, tx.caller(), id).await?;
    let participant_id = match new.participant_id {
        Some(person) => person,
        None => own_person(tx, id, own.clone()).await?,
    };
    let entered_by = tx.caller().account.filter(|_| !own.contains(&participant_id));
    let answers = new.answers.iter().cloned().map(Into::into).collect();
    let mut response = Domain {
        id: tx.new_id(),
        consultation_id: id,
        participant_id,
        channel: new.channel,
        entered_by,
        values: Vec::new(),
        answers,
    };
    let person = [participant_id];
    let facts = ResponseFacts {
        asked: !invitation::among(tx, id, &person).await?.is_empty(),
        answered: !response::answered(tx, id, &person).await?.is_empty(),
        writer: writer(tx.caller(), loaded.consultation(), loaded.permit.roles()),
        zone,
    };
    may_respond(loaded.consultation(), &response, facts, tx.now())?;
    let person = participant::find(tx, participant_id).await?.ok_or(Refusal::Hidden)?.value;
    consents_to_taking_part(tx, &person, terms).await?;
    let today = day_of(tx.now(), zone);
    response.values = characteristics::of_person(tx, loaded.consultation(), &person, today).await?;
    let given = response::insert(tx, loaded.consultation().organisation_id, response).await?;
    Ok(Answer::made(format!("/v1/responses/{}", given.response.id), &view(given)))
}

/// What the caller is who sends a response in.
pub(super) fn writer(caller: &Caller, consultation: &Consultation, roles: Roles) -> Writer {
    if caller.machine.as_ref().is_some_and(Machine::is_kiosk) {
        return Writer::Kiosk;
    }
    if consultation.is_facilitated_by(caller.account, roles) { Writer::Facilitator } else { Writer::Other }
}

/// Of the caller's own persons the one who is asked, and didn't answer yet.
async fn own_person(tx: &Tx, consultation: Uuid, mut asked: Vec<Uuid>) -> Result<Uuid, Failure> {
    asked.sort_unstable();
    let answered = response::answered(tx, consultation, &asked).await?;
    let first = asked.iter().find(|person| !answered.contains(person)).or(asked.first());
    Ok(*first.ok_or_else(|| Refusal::invalid("/participantId", "value.required"))?)
}

/// List what people answered
///
/// For the facilitators named on the consultation. In mode `named` those who run
/// it see what was chosen too, without what was written. Every reading is kept in
/// the audit trail.
#[utoipa::path(operation_id = "listResponses", tag = "Answers", params(Paging),
    responses((status = 200, description = "A page", body = ResponsePage)))]
#[get("/consultations/{consultationId}/responses")]
pub(super) async fn list_responses(call: Call<op::ListResponses>) -> Result<Answer, Problem> {
    let (found, permit, _) = seen(&call).await?;
    let consultation = &found.value.consultation;
    let reading = consultation.reading(call.caller().account, permit.roles());
    if reading == Reading::Nothing {
        return Err(Refusal::Forbidden.into());
    }
    let (_, request) = call.listing::<Paging>()?;
    let page = response::list(call.reader(), consultation.id, &request).await?;
    let persons = page.items.iter().map(|given| given.response.participant_id).collect();
    call.witness(consultation.organisation_id, (consultation::KIND, consultation.id), persons).await?;
    call.page(page.try_map(|given| Ok(view(given.as_read(reading)?)))?)
}

/// Read what one person answered
///
/// For that person, and for the facilitators named on the consultation. In mode
/// `named` those who run it see what was chosen too, without what was written.
#[utoipa::path(operation_id = "getResponse", tag = "Answers",
    responses((status = 200, description = "The response", body = Response)))]
#[get("/responses/{responseId}")]
pub(super) async fn get_response(call: Call<op::GetResponse>) -> Result<Answer, Problem> {
    let given = response::find(call.reader(), call.id("responseId")?).await?.ok_or(Refusal::Hidden)?;
    let asked = consultation::find(call.reader(), given.response.consultation_id).await?.ok_or(Refusal::Hidden)?;
    let (_, place) = setting::of(call.reader(), &asked.value, call.caller()).await?;
    let person = given.response.participant_id;
    // One's own is what one was asked as this person.
    let own = place.participants.iter().copied().filter(|asked| *asked == person).collect();
    let permit = call.authorise(&Place { participants: own, asks: false, ..place })?;
    if permit.roles().has(Standing::Participant) {
        return Ok(Answer::plain(&view(given)));
    }
    let consultation = &asked.value.consultation;
    let read = given.as_read(consultation.reading(call.caller().account, permit.roles()))?;
    call.witness(consultation.organisation_id, (response::KIND, read.response.id), vec![person]).await?;
    Ok(Answer::plain(&view(read)))
}
