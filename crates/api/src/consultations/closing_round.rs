//! The closing round: whether people felt heard, and which rung it was in truth, beside
//! the one that was promised.

use actix_web::{get, post};
use chrono::NaiveDate;
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::consultations::operations as op;
use klankbord_domain::consultations::{
    ClosingRoundFacts, Consultation as Domain, ConsultationStatus, closing_round, experienced,
};
use klankbord_domain::networks::Rung;
use klankbord_domain::participants::Participant;
use klankbord_domain::privacy::ConsentPurpose;
use klankbord_persistence::consultations::burden::BurdenTerms;
use klankbord_persistence::consultations::consultation::{self, Kept};
use klankbord_persistence::consultations::{ballot, closing_round as rounds};
use klankbord_persistence::privacy::standing::{self, ConsentTerms};
use klankbord_persistence::store::history;
use klankbord_persistence::{Failure, Source, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::asked_mail::{self, AskedMail};
use super::burden::terms;
use super::consultation::{permitted, seen};
use super::content::shown;
use super::results::{QuestionResults, figures, view_question};
use crate::web::cell::Cell;
use crate::web::{Answer, Call, Problem};

/// A closing round to be held.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClosingRoundCreate {
    /// The last day to answer; three weeks from now where it isn't said, and 91 days at most.
    closes_on: Option<NaiveDate>,
}

/// How many people say that this was the rung.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExperiencedRung {
    /// The rung.
    rung: Rung,
    /// How many.
    count: Cell,
}

/// What people said of how they were heard.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClosingRoundResults {
    /// How many took part.
    base: Cell,
    /// How well they felt heard, from 1 (not at all) to 5 (very much).
    felt_heard: QuestionResults,
    /// Which rung it was in truth, as they say.
    #[schema(max_items = 6)]
    experienced_rungs: Vec<ExperiencedRung>,
}

/// Whether people felt heard, beside what was promised.
#[expect(clippy::struct_field_names, reason = "the names are those on the wire")]
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClosingRound {
    /// The consultation that it closes.
    consultation_id: Uuid,
    /// The consultation that it is itself.
    #[schema(example = "0197c000-0000-7000-8000-00090000002b")]
    closing_round_id: Uuid,
    /// Where it stands; it ends closed.
    status: ConsultationStatus,
    /// The last day to answer.
    closes_on: Option<NaiveDate>,
    /// The rung that was promised.
    promised_rung: Option<Rung>,
    /// What people said, once nobody can answer any more; of an anonymous one, once it is
    /// sealed.
    results: Option<ClosingRoundResults>,
}

/// Ask whether people felt heard
///
/// Once the final report-back is out. The service makes a consultation of its own, with
/// questions that are the same everywhere, in the mode of the one that it closes, and
/// opens it at once: everybody who was invited then is asked, whether or not they
/// answered. It counts as no new subject, and nothing of it changes. Read what came of it
/// with `getClosingRound`.
#[utoipa::path(operation_id = "createClosingRound", tag = "Report-backs", request_body = ClosingRoundCreate,
    responses((status = 201, description = "Asked", body = super::content::Consultation)))]
#[post("/consultations/{consultationId}/closing-round")]
pub(super) async fn create_closing_round(call: Call<op::CreateClosingRound>) -> Result<Answer, Problem> {
    let input: (Uuid, ClosingRoundCreate, BurdenTerms) = (call.id("consultationId")?, call.body()?, terms(&call));
    let answer = call.command(input, |tx, (id, new, terms)| create(tx, *id, new, *terms).boxed()).await?;
    call.app.post.wake();
    Ok(answer)
}

async fn create(tx: &Tx, id: Uuid, new: &ClosingRoundCreate, terms: BurdenTerms) -> Result<Answer, Failure> {
    let loaded = permitted(tx, consultation::find_to_change(tx, id).await?).await?;
    let exists = rounds::of(tx, id).await?.is_some();
    let facts = ClosingRoundFacts { closes_on: new.closes_on, exists, zone: terms.zone };
    let round = closing_round(loaded.consultation(), facts, &|| tx.new_id(), tx.now())?;
    let persons = to_be_asked(tx, id, terms).await?;
    if persons.is_empty() {
        return Err(Refusal::Conflict("closing_round.nobody").into());
    }
    if round.is_anonymous() {
        // It stands in the folder before the first answer can come.
        ballot::prepare(tx, round.id)?;
    }
    let kept = Kept { rewritten_at: None, ..loaded.found.value.with(round) };
    let stored = consultation::insert(tx, kept).await?;
    let round = &stored.value.consultation;
    let steps = (ConsultationStatus::Draft.code(), ConsultationStatus::Open.code());
    history::record(tx, (consultation::KIND, round.id), steps, None).await?;
    rounds::invite(tx, round, &persons).await?;
    let ids: Vec<Uuid> = persons.iter().map(|person| person.id).collect();
    asked_mail::queue(tx, AskedMail::of(round, terms), &ids, terms).await?;
    let location = format!("/v1/consultations/{}", round.id);
    let shown = shown(tx, &stored, loaded.permit.roles(), terms.today()).await?;
    Ok(Answer::created(location, stored.version, &shown))
}

/// Those who were invited, of whom consent to taking part stands where it is asked.
async fn to_be_asked(tx: &Tx, consultation: Uuid, terms: BurdenTerms) -> Result<Vec<Participant>, Failure> {
    let persons = rounds::those_invited(tx, consultation).await?;
    let all: Vec<&Participant> = persons.iter().collect();
    let today = ConsentTerms { today: terms.today(), from: terms.consent_from };
    let consents = standing::of(tx, &all, &[ConsentPurpose::Participation], today).await?;
    let allows = |id: Uuid| consents.get(&(id, ConsentPurpose::Participation)).is_none_or(|state| state.allows());
    Ok(persons.into_iter().filter(|person| allows(person.id)).collect())
}

/// Read whether people felt heard
///
/// The rung as people experienced it beside the one that was promised. The same minimums
/// hold as for any results.
#[utoipa::path(operation_id = "getClosingRound", tag = "Report-backs",
    responses((status = 200, description = "The closing round", body = ClosingRound),
        (status = 409, description = "None was held")))]
#[get("/consultations/{consultationId}/closing-round")]
pub(super) async fn get_closing_round(call: Call<op::GetClosingRound>) -> Result<Answer, Problem> {
    let (found, permit, networks) = seen(&call).await?;
    let closed = &found.value.consultation;
    let round = rounds::of(call.reader(), closed.id).await?;
    let round = round.ok_or(Refusal::Conflict("closing_round.not_held"))?.value;
    let said = said(call.reader(), &round, networks.minimum(&round, permit.roles())).await?;
    Ok(Answer::plain(&ClosingRound {
        consultation_id: closed.id,
        closing_round_id: round.consultation.id,
        status: round.consultation.status,
        closes_on: round.consultation.closes_on,
        promised_rung: closed.rung,
        results: said,
    }))
}

/// What people said, to who sees no figure of fewer than so many; nothing as long as there are no
/// results.
async fn said(source: &impl Source, round: &Kept, minimum: i64) -> Result<Option<ClosingRoundResults>, Failure> {
    let Domain { questions, .. } = &round.consultation;
    let [heard, rung, ..] = questions.as_slice() else { return Ok(None) };
    if round.consultation.may_show_results().is_err() {
        return Ok(None);
    }
    let Some((_, shown)) = figures(source, &round.consultation, minimum).await? else { return Ok(None) };
    let [felt, stood, ..] = shown.questions.as_slice() else { return Ok(None) };
    let counts = experienced(rung).into_iter().zip(&stood.choices);
    Ok(Some(ClosingRoundResults {
        base: shown.responses.into(),
        felt_heard: view_question(heard, felt),
        experienced_rungs: counts
            .map(|((_, rung), choice)| ExperiencedRung { rung, count: choice.count.into() })
            .collect(),
    }))
}
