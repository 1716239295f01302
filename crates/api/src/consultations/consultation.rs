//! Preparing consultations.

use actix_web::{delete, get, patch, post};
use chrono_tz::Tz;
use futures_util::FutureExt as _;
use klankbord_domain::calendar::day_of;
use klankbord_domain::consultations::operations as op;
use klankbord_domain::consultations::{
    ChangeFacts, Consultation as Domain, ConsultationStatus, Reading, asked_otherwise, change,
};
use klankbord_domain::policy::{Caller, Permit, Place, SPEAKERS, Standing};
use klankbord_domain::{Fault, Refusal, Texts};
use klankbord_persistence::consultations::burden::BurdenTerms;
use klankbord_persistence::consultations::consultation::{self, ConsultationFilter, Kept};
use klankbord_persistence::consultations::setting::{self, Networks};
use klankbord_persistence::consultations::visible;
use klankbord_persistence::consultations::{library_question, medium};
use klankbord_persistence::{Failure, Source, Stored, Tx};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use uuid::Uuid;

use super::burden::{invited, terms, to_be_asked};
use super::content::{ConsultationCreate, ConsultationPage, ConsultationPatch, shown, view};
use super::privacy::Known;
use crate::web::page::{Ordering, Paging};
use crate::web::{Answer, Call, Problem, call, patch};

/// Which consultations to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct ConsultationQuery {
    /// Only this organisation's.
    organisation_id: Option<Uuid>,
    /// Only those that ask this network.
    network_id: Option<Uuid>,
    /// Only those that stand so.
    #[param(max_items = 10)]
    status: Option<Vec<ConsultationStatus>>,
    /// Only the client-experience surveys (cliëntervaringsonderzoek) of this year.
    #[param(minimum = 2015, maximum = 2200)]
    client_experience_year: Option<i32>,
}

/// List the consultations
///
/// Those that you run, those that ask you, and those of the networks that you
/// or your organisation take part in.
#[utoipa::path(operation_id = "listConsultations", tag = "Consultations", params(ConsultationQuery, Paging, Ordering),
    responses((status = 200, description = "A page", body = ConsultationPage)))]
#[get("/consultations")]
pub(super) async fn list_consultations(call: Call<op::ListConsultations>) -> Result<Answer, Problem> {
    let (query, request) = call.listing::<ConsultationQuery>()?;
    let filter = ConsultationFilter {
        organisation: query.organisation_id,
        network: query.network_id,
        statuses: query.status.unwrap_or_default(),
        client_experience_year: query.client_experience_year,
    };
    let page = visible::page(call.reader(), call.caller(), &filter, &request).await?;
    call.witness_represented().await?;
    let kept: Vec<Kept> = page.items.iter().map(|stored| stored.value.clone()).collect();
    let places = setting::of_all(call.reader(), &kept, call.caller()).await?;
    let mut places = places.into_iter();
    let today = day_of(call.now, call.app.config.time.zone);
    let known = Known::of(call.reader(), &page.items.iter().collect::<Vec<_>>()).await?;
    call.page(page.map(|stored| {
        let roles = places.next().unwrap_or_default().roles_of(call.caller());
        view(&stored, &known, roles, today)
    }))
}

/// Read a consultation
#[utoipa::path(operation_id = "getConsultation", tag = "Consultations",
    responses((status = 200, description = "The consultation", body = super::content::Consultation)))]
#[get("/consultations/{consultationId}")]
pub(super) async fn get_consultation(call: Call<op::GetConsultation>) -> Result<Answer, Problem> {
    let (found, permit, _) = seen(&call).await?;
    let today = day_of(call.now, call.app.config.time.zone);
    let shown = shown(call.reader(), &found, permit.roles(), today).await?;
    Ok(Answer::resource(found.version, &shown))
}

/// The consultation that a query names, for who may do this to it.
pub(super) async fn seen<O: klankbord_domain::policy::Operation>(
    call: &Call<O>,
) -> Result<(Stored<Kept>, Permit, Networks), Problem> {
    seen_by_id(call, call.id("consultationId")?).await
}

/// The consultation of what a query names, for who may do this to it.
pub(super) async fn seen_by_id<O: klankbord_domain::policy::Operation>(
    call: &Call<O>,
    id: Uuid,
) -> Result<(Stored<Kept>, Permit, Networks), Problem> {
    let (found, networks, place) = known(call.reader(), call.caller(), id).await?;
    let permit = call.authorise(&place)?;
    call.witness_represented().await?;
    Ok((found, permit, networks))
}

/// Where a consultation stands, for who may know of it, and which operations are
/// kept from them though their roles allow them: who reads answers hangs on its mode,
/// and who gives them on who was asked.
///
/// # Errors
/// 404 for who may not know of it.
pub(crate) async fn place(
    source: &impl Source,
    caller: &Caller,
    id: Uuid,
) -> Result<(Place, Vec<&'static str>), Failure> {
    let (found, _, place) = known(source, caller, id).await?;
    let (consultation, roles) = (&found.value.consultation, place.roles_of(caller));
    let reads = consultation.reading(caller.account, roles) != Reading::Nothing;
    let answers = roles.has(Standing::Invited) || consultation.is_facilitated_by(caller.account, roles);
    let (anonymous, facilitates) = (consultation.is_anonymous(), consultation.is_facilitated_by(caller.account, roles));
    let by_mode = [
        ("listResponses", reads),
        ("createResponse", answers && !anonymous),
        ("createAnonymousResponse", answers && anonymous),
        ("createAnonymousResponseWithdrawal", answers && anonymous),
        ("listOpenAnswers", facilitates && anonymous),
        ("createInputSession", facilitates),
        ("createCoding", facilitates),
        ("listCodings", facilitates),
        ("getCodingAgreement", facilitates),
        ("createThemeResults", facilitates),
        ("createQuote", facilitates),
        ("listConsultationContactList", reads || anonymous),
        ("createConsultationContactAttempt", reads || anonymous),
    ];
    let kept = by_mode.into_iter().filter(|(_, may)| !may);
    Ok((place, kept.map(|(operation, _)| operation).collect()))
}

async fn known(source: &impl Source, caller: &Caller, id: Uuid) -> Result<(Stored<Kept>, Networks, Place), Failure> {
    let found = consultation::find(source, id).await?.ok_or(Refusal::Hidden)?;
    let (networks, place) = setting::of(source, &found.value, caller).await?;
    let seen = found.value.consultation.may_be_seen(place.roles_of(caller));
    if seen { Ok((found, networks, place)) } else { Err(Refusal::Hidden.into()) }
}

/// What a command on a consultation starts from.
pub(super) struct Loaded {
    pub(super) found: Stored<Kept>,
    pub(super) permit: Permit,
    pub(super) networks: Networks,
}

impl Loaded {
    pub(super) fn consultation(&self) -> &Domain {
        &self.found.value.consultation
    }

    pub(super) fn demands_plain_language(&self) -> bool {
        self.networks.demand_plain_language(&self.consultation().audience.network_ids)
    }
}

/// The consultation that a command is about, for who may do this to it.
pub(super) async fn permitted(tx: &Tx, found: Option<Stored<Kept>>) -> Result<Loaded, Failure> {
    let found = found.ok_or(Refusal::Hidden)?;
    let (networks, place) = setting::of(tx, &found.value, tx.caller()).await?;
    if !found.value.consultation.may_be_seen(place.roles_of(tx.caller())) {
        return Err(Refusal::Hidden.into());
    }
    let permit = tx.authorise(&place).await?;
    Ok(Loaded { found, permit, networks })
}

/// Prepare a consultation
///
/// It starts as a draft, which may lack anything. What opening needs is said
/// when it is opened. An organisation's people ask on its behalf; who runs a
/// network asks that network on behalf of its host.
#[utoipa::path(operation_id = "createConsultation", tag = "Consultations", request_body = ConsultationCreate,
    responses((status = 201, description = "Made", body = super::content::Consultation)))]
#[post("/consultations")]
pub(super) async fn create_consultation(call: Call<op::CreateConsultation>) -> Result<Answer, Problem> {
    let new: ConsultationCreate = call.body()?;
    call.command((new, call.app.config.time.zone), |tx, (new, zone)| create(tx, new, *zone).boxed()).await
}

async fn create(tx: &Tx, new: &ConsultationCreate, zone: Tz) -> Result<Answer, Failure> {
    let (draft, mut faults) = new.clone().into_domain(tx.new_id(), &|| tx.new_id());
    let organisation = draft.organisation_id;
    let networks = Networks::load(tx, &draft.audience.network_ids).await?;
    let asked = &draft.audience.network_ids;
    let unknown = networks.unknown(asked, organisation, tx.caller());
    let speaks = tx.caller().organisations_of(SPEAKERS).contains(&organisation);
    // Who has no standing at all there learns nothing of it.
    let reached = networks.reached(asked, organisation);
    let hosted = networks.hosted(asked, organisation);
    let place = Place { networks: hosted, ..Place::of_organisation(organisation) };
    if place.roles_of(tx.caller()).list().next().is_none() {
        return Err(call::unknown_reference("/organisationId").into());
    }
    let permit = tx.authorise(&place).await?;
    faults.extend(unknown);
    faults.extend(draft.check());
    faults.extend(unknown_references(tx, None, &draft, &reached).await?);
    if draft.report_back_due_reason.is_some() {
        faults.push(Fault::body("/reportBackDueReason", "consultation.report_back_reason_without_move"));
    }
    Refusal::unless_clean(faults)?;
    let council = !speaks && networks.are_councils(asked);
    // What a council asks its own people stays in its room from the first draft on.
    tx.in_room(asked.first().copied().filter(|_| council));
    let kept = Kept { consultation: draft, council, minors: false, rewritten_at: None };
    let stored = consultation::insert(tx, kept).await?;
    let location = format!("/v1/consultations/{}", stored.value.consultation.id);
    let shown = shown(tx, &stored, permit.roles(), day_of(tx.now(), zone)).await?;
    Ok(Answer::created(location, stored.version, &shown))
}

/// Of what the content names anew, what the caller may not use. Roles in a
/// network count only where the organisation reaches it: a foreign network says
/// no more of its people than a random one.
async fn unknown_references(
    tx: &Tx,
    old: Option<&Domain>,
    new: &Domain,
    reached: &[Uuid],
) -> Result<Vec<Fault>, Failure> {
    let known = |account: &Uuid| old.is_some_and(|old| old.facilitators.contains(account));
    let added = new.facilitators.iter().enumerate().filter(|(_, account)| !known(account));
    let added: Vec<(String, Uuid)> = added.map(|(index, id)| (format!("/facilitators/{index}"), *id)).collect();
    let mut faults = setting::unknown_facilitators(tx, &added, new.organisation_id, reached).await?;
    let programme = new.programme_id.filter(|id| old.and_then(|old| old.programme_id) != Some(*id));
    if let Some(programme) = programme
        && !setting::has_programme(tx, new.organisation_id, programme).await?
    {
        faults.push(Fault::body("/programmeId", "reference.unknown"));
    }
    let asked: Vec<Uuid> = new.questions.iter().map(|question| question.id).collect();
    let library = library_question::with_questions(tx, &asked).await?;
    faults.extend(asked_otherwise(&library, old.map_or(&[], |old| &old.questions), &new.questions));
    let before = old.and_then(|old| old.builds_on);
    faults.extend(super::earlier::fault(tx, new, before).await?);
    Ok(faults)
}

/// Change a consultation
///
/// A draft changes freely. Once open, what opening needs stays there, and the day
/// on which people hear back moves once, with a public reason. Once somebody
/// answered, no question changes (a language can be added), no reader is added,
/// and what is promised only rises.
#[utoipa::path(operation_id = "updateConsultation", tag = "Consultations", request_body(

    content((ConsultationPatch = "application/merge-patch+json", example = json!({"mode": "confidential"})),
        (ConsultationPatch = "application/json", example = json!({"mode": "confidential"})))),
    responses((status = 200, description = "Changed", body = super::content::Consultation)))]
#[patch("/consultations/{consultationId}")]
pub(super) async fn update_consultation(call: Call<op::UpdateConsultation>) -> Result<Answer, Problem> {
    let input: (Uuid, Value, BurdenTerms) = (call.id("consultationId")?, call.body()?, terms(&call));
    call.command(input, |tx, (id, merge, terms)| update(tx, *id, merge, *terms).boxed()).await
}

async fn update(tx: &Tx, id: Uuid, merge: &Value, terms: BurdenTerms) -> Result<Answer, Failure> {
    let zone = terms.zone;
    let loaded = permitted(tx, consultation::find_to_change(tx, id).await?).await?;
    let old = loaded.consultation();
    let content: ConsultationCreate = patch::apply(&ConsultationCreate::from(old), merge)?;
    let (wanted, mut faults) = content.into_domain(id, &|| tx.new_id());
    let wanted = revised(old, wanted);
    let asked = &wanted.audience.network_ids;
    let networks = Networks::load(tx, asked).await?;
    let (before, organisation) = (&old.audience.network_ids, old.organisation_id);
    faults.extend(networks.unknown(asked, organisation, tx.caller()).into_iter().filter(|fault| {
        let kept = asked.iter().enumerate().filter(|(_, id)| before.contains(id));
        kept.map(|(index, _)| format!("/audience/networkIds/{index}")).all(|at| at != fault.location)
    }));
    // Of what the caller may not name nothing is told, nor whether it is a council.
    let may_name = |(index, id): (usize, &Uuid)| {
        let at = format!("/audience/networkIds/{index}");
        (!faults.iter().any(|fault: &Fault| fault.location == at)).then_some(*id)
    };
    let named: Vec<Uuid> = asked.iter().enumerate().filter_map(may_name).collect();
    if loaded.found.value.council && !networks.are_councils(&named) {
        // Outside its rooms nobody could reach it any more, or too many could.
        faults.push(Fault::body("/audience/networkIds", "consultation.council_only"));
    }
    let reached = networks.reached(asked, organisation);
    faults.extend(unknown_references(tx, Some(old), &wanted, &reached).await?);
    Refusal::unless_clean(faults)?;
    let facts = ChangeFacts {
        responses: consultation::responses(tx, id).await?,
        plain_language_required: networks.demand_plain_language(asked),
        report_back_weeks: None,
        zone,
    };
    let new = call::decided(tx, loaded.found.version, change(old, wanted, facts, tx.now()))?;
    let mut kept = loaded.found.value.with(new);
    let today = day_of(tx.now(), zone);
    if kept.consultation.status == ConsultationStatus::Open && kept.consultation.audience != old.audience {
        let audience = to_be_asked(tx, &kept.consultation, terms).await?;
        kept.minors |= invited(tx, &kept.consultation, audience, terms).await?;
    }
    if kept.consultation.questions != old.questions {
        medium::prune(tx, &kept.consultation).await?;
    }
    let stored = consultation::save(tx, loaded.found.with(kept), "consultation.changed").await?;
    Ok(Answer::resource(stored.version, &shown(tx, &stored, loaded.permit.roles(), today).await?))
}

/// The new content, with the variants marked stale that stayed as they were
/// while their default changed.
fn revised(old: &Domain, mut new: Domain) -> Domain {
    new.title = old.title.revised(new.title);
    new.goal = Texts::revised_or_none(old.goal.as_ref(), new.goal);
    new.limits = Texts::revised_or_none(old.limits.as_ref(), new.limits);
    for question in &mut new.questions {
        if let Some(before) = old.questions.iter().find(|before| before.id == question.id) {
            question.prompt = before.prompt.revised(question.prompt.clone());
        }
    }
    new
}

/// Delete a draft
///
/// Only a draft can be deleted; what was put to people is withdrawn.
#[utoipa::path(operation_id = "deleteConsultation", tag = "Consultations",
    responses((status = 204, description = "Deleted")))]
#[delete("/consultations/{consultationId}")]
pub(super) async fn delete_consultation(call: Call<op::DeleteConsultation>) -> Result<Answer, Problem> {
    call.command(call.id("consultationId")?, |tx, id| remove(tx, *id).boxed()).await
}

async fn remove(tx: &Tx, id: Uuid) -> Result<Answer, Failure> {
    let loaded = permitted(tx, consultation::find_to_change(tx, id).await?).await?;
    tx.fresh(loaded.found.version)?;
    loaded.consultation().may_be_deleted()?;
    consultation::delete(tx, loaded.consultation()).await?;
    Ok(Answer::nothing())
}
