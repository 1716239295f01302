//! How a request moves on. Opening puts it before whom it fits.

use actix_web::{get, post};
use futures_util::FutureExt as _;
use klankbord_domain::calendar::end_of;
use klankbord_domain::experience::{ExperienceReach, ExperienceRequestStatus, operations as op};
use klankbord_persistence::consultations::burden::BurdenTerms;
use klankbord_persistence::experience::{approach, matching, request};
use klankbord_persistence::store::history;
use klankbord_persistence::{Failure, Tx};
use uuid::Uuid;

use super::request::{load, read};
use super::request_wire::view;
use crate::consultations::{AskedMail, burden_terms, queue_asked};
use crate::mail::Template;
use crate::web::call::decided;
use crate::web::page::Paging;
use crate::web::transition::{Transition, TransitionCreate, TransitionPage};
use crate::web::{Answer, Call, Problem};

/// Open, close or withdraw a request
///
/// Opening puts it before everybody who wants to be approached, may be asked now, consents,
/// and has what is sought: of the organisation's own people, and, where they said that
/// partners may hear of them, of those in its running programmes. You don't learn who they
/// are, nor how many; who says yes is in the list of offers. Closing and withdrawing end what
/// still waits.
#[utoipa::path(operation_id = "createExperienceRequestTransition", tag = "Experience",
    request_body(content = TransitionCreate, example = json!({"to": "open"})),
    responses((status = 201, description = "Moved", body = Transition)))]
#[post("/experience-requests/{experienceRequestId}/transitions")]
pub(super) async fn create_experience_request_transition(
    call: Call<op::CreateExperienceRequestTransition>,
) -> Result<Answer, Problem> {
    let input: (Uuid, TransitionCreate, BurdenTerms) =
        (call.id("experienceRequestId")?, call.body()?, burden_terms(&call));
    call.command(input, |tx, (id, asked, terms)| make_move(tx, *id, asked, *terms).boxed()).await
}

async fn make_move(tx: &Tx, id: Uuid, asked: &TransitionCreate, terms: BurdenTerms) -> Result<Answer, Failure> {
    let (found, roles) = load(tx, id).await?;
    let to: ExperienceRequestStatus = asked.state()?;
    let from = found.value.status;
    let reason = asked.reason.as_deref();
    let mut next = decided(tx, found.version, found.value.clone().take(to, (roles, reason), terms.today()))?;
    let made = history::record(tx, (request::KIND, id), (from.code(), next.status.code()), reason).await?;
    let event = match next.status {
        ExperienceRequestStatus::Draft => "experience_request.changed",
        ExperienceRequestStatus::Open => "experience_request.opened",
        ExperienceRequestStatus::Closed => "experience_request.closed",
        ExperienceRequestStatus::Withdrawn => "experience_request.withdrawn",
    };
    if next.status == ExperienceRequestStatus::Open {
        let persons = matching::found(tx, &next, terms).await?;
        next.reach = Some(ExperienceReach::of(persons.len()));
        approach::insert_all(tx, id, &persons).await?;
        let good_until = next.answer_due_on.map(|day| end_of(day, terms.zone));
        // The organisation that asks isn't told to whom a mail went.
        let mail = AskedMail { organisation: None, template: Template::ExperienceApproached, good_until };
        queue_asked(tx, mail, &persons, terms).await?;
    }
    let stored = request::save(tx, found.with(next), event).await?;
    let (location, version) = (format!("/v1/experience-requests/{id}/transitions"), stored.version);
    Ok(Answer::moved(location, &Transition::from(made), version, &view(stored, roles)))
}

/// List the moves of a request
#[utoipa::path(operation_id = "listExperienceRequestTransitions", tag = "Experience", params(Paging),
    responses((status = 200, description = "A page", body = TransitionPage)))]
#[get("/experience-requests/{experienceRequestId}/transitions")]
pub(super) async fn list_experience_request_transitions(
    call: Call<op::ListExperienceRequestTransitions>,
) -> Result<Answer, Problem> {
    let (_, asked) = call.listing::<Paging>()?;
    let (found, _) = read(&call).await?;
    let page = history::list(call.reader(), (request::KIND, found.value.id), &asked).await?;
    call.page(page.map(Transition::from))
}
