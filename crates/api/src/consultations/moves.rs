//! How a consultation moves on.

use actix_web::{get, post};
use futures_util::FutureExt as _;
use klankbord_domain::consultations::operations as op;
use klankbord_domain::consultations::{
    Consultation, ConsultationStatus, MoveFacts, Moved, Mover, Recruitment, ReportBack, transition,
};
use klankbord_persistence::consultations::burden::BurdenTerms;
use klankbord_persistence::consultations::invitation::Reached;
use klankbord_persistence::consultations::{ballot, consultation, report_back, sample, snapshot};
use klankbord_persistence::store::history;
use klankbord_persistence::{Failure, Stored, Tx};
use uuid::Uuid;

use super::burden::{invited, terms, to_be_asked};
use super::consultation::{Loaded, permitted, seen};
use super::content::shown;
use super::telling;
use crate::web::page::Paging;
use crate::web::transition::{Transition, TransitionCreate, TransitionPage};
use crate::web::{Answer, Call, Problem, call};

/// Open, close, conclude or withdraw a consultation
///
/// Opening names all at once what is still missing, and invites everybody in
/// the audience who may be asked now: who was asked often enough lately is left out,
/// unless that is overridden. Of one that asks a sample, only who was drawn is invited. It closes by itself when its
/// last day ends. Concluding
/// publishes the final report-back; without one it can't be concluded. Everybody who was
/// invited is told of it, in the way that they chose.
#[utoipa::path(operation_id = "createConsultationTransition", tag = "Consultations",
    request_body(content = TransitionCreate, example = json!({"to": "open"})),
    responses((status = 201, description = "Moved", body = Transition)))]
#[post("/consultations/{consultationId}/transitions")]
pub(super) async fn create_consultation_transition(
    call: Call<op::CreateConsultationTransition>,
) -> Result<Answer, Problem> {
    let input: (Uuid, TransitionCreate, BurdenTerms) = (call.id("consultationId")?, call.body()?, terms(&call));
    let answer = call.command(input, |tx, (id, asked, terms)| make_move(tx, *id, asked, *terms).boxed()).await?;
    call.app.post.wake();
    Ok(answer)
}

async fn make_move(tx: &Tx, id: Uuid, asked: &TransitionCreate, terms: BurdenTerms) -> Result<Answer, Failure> {
    let zone = terms.zone;
    let loaded = permitted(tx, consultation::find_to_change(tx, id).await?).await?;
    let to: ConsultationStatus = asked.state()?;
    let last = report_back::final_of(tx, id).await?;
    let audience = match to {
        ConsultationStatus::Open => to_be_asked(tx, loaded.consultation(), terms).await?,
        _closing => Vec::new(),
    };
    let facts = MoveFacts {
        reached: audience.len(),
        drawn: sample::latest(tx, id).await?.is_some(),
        plain_language_required: loaded.demands_plain_language(),
        report_back_weeks: None,
        final_report_back: last.as_ref().map(|stored| &stored.value),
        zone,
    };
    let mover = Mover { roles: loaded.permit.roles(), reason: asked.reason.as_deref() };
    let decision = transition(loaded.consultation(), to, mover, facts, tx.now());
    let Moved { consultation: after, report_back: told } = call::decided(tx, loaded.found.version, decision)?;
    let told = match (last, told) {
        (Some(stored), Some(told)) => Some(publish(tx, after.organisation_id, stored, told).await?),
        _ => None,
    };
    let answer = keep(tx, &loaded, (after, audience), asked.reason.as_deref(), terms).await?;
    if let Some(told) = told {
        telling::publish(tx, loaded.consultation(), &told, terms).await?;
    }
    Ok(answer)
}

/// Publishes the final report-back with the consultation's own move.
async fn publish(
    tx: &Tx,
    organisation: Uuid,
    stored: Stored<ReportBack>,
    told: ReportBack,
) -> Result<ReportBack, Failure> {
    let (id, steps) = (told.id, (stored.value.status.code(), told.status.code()));
    let saved = report_back::save(tx, organisation, stored.with(told), "report_back.published").await?;
    history::record(tx, (report_back::KIND, id), steps, None).await?;
    Ok(saved.value)
}

async fn keep(
    tx: &Tx,
    loaded: &Loaded,
    (after, audience): (Consultation, Vec<Reached>),
    reason: Option<&str>,
    terms: BurdenTerms,
) -> Result<Answer, Failure> {
    let (id, today) = (after.id, terms.today());
    let steps = (loaded.consultation().status.code(), after.status.code());
    let mut kept = loaded.found.value.with(after);
    let event = event(kept.consultation.status);
    if kept.consultation.status == ConsultationStatus::Open {
        if kept.consultation.is_anonymous() {
            // It stands in the folder before the first answer can come.
            ballot::prepare(tx, id)?;
        }
        kept.minors = invited(tx, &kept.consultation, audience, terms).await?;
        // Whoever has a link may be of any age.
        kept.minors |= kept.consultation.asking.recruitment == Recruitment::Open;
    }
    if kept.consultation.status == ConsultationStatus::Closed && !kept.consultation.is_anonymous() {
        snapshot::fix(tx, &kept).await?;
    }
    let stored = consultation::save(tx, loaded.found.with(kept), event).await?;
    let made = history::record(tx, (consultation::KIND, id), steps, reason).await?;
    let location = format!("/v1/consultations/{id}/transitions");
    let shown = shown(tx, &stored, loaded.permit.roles(), today).await?;
    Ok(Answer::moved(location, &Transition::from(made), stored.version, &shown))
}

/// What the outbox says of a consultation that reached this state.
pub(super) fn event(status: ConsultationStatus) -> &'static str {
    match status {
        ConsultationStatus::Draft => "consultation.changed",
        ConsultationStatus::Open => "consultation.opened",
        ConsultationStatus::Closed => "consultation.closed",
        ConsultationStatus::Concluded => "consultation.concluded",
        ConsultationStatus::Withdrawn => "consultation.withdrawn",
    }
}

/// List the moves of a consultation
#[utoipa::path(operation_id = "listConsultationTransitions", tag = "Consultations", params(Paging),
    responses((status = 200, description = "A page", body = TransitionPage)))]
#[get("/consultations/{consultationId}/transitions")]
pub(super) async fn list_consultation_transitions(
    call: Call<op::ListConsultationTransitions>,
) -> Result<Answer, Problem> {
    let (found, _, _) = seen(&call).await?;
    let (_, request) = call.listing::<Paging>()?;
    let object = (consultation::KIND, found.value.consultation.id);
    let page = history::list(call.reader(), object, &request).await?;
    call.page(page.map(Transition::from))
}
