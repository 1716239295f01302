//! What people hear back.

use actix_web::{get, patch, post};
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::consultations::operations as op;
use klankbord_domain::consultations::{ReportBack as Domain, ReportBackStatus};
use klankbord_domain::policy::{Operation, Permit, Roles};
use klankbord_persistence::consultations::burden::BurdenTerms;
use klankbord_persistence::consultations::coding::{theme, theme_results};
use klankbord_persistence::consultations::{consultation, report_back, report_back_version, setting};
use klankbord_persistence::store::history;
use klankbord_persistence::{Failure, Stored, Tx};
use serde_json::Value;
use uuid::Uuid;

use super::burden::terms;
use super::consultation::{Loaded, permitted, seen};
use super::report_back_wire::{
    ReportBack, ReportBackCorrectionCreate, ReportBackCreate, ReportBackPage, ReportBackPatch, ReportBackVersion,
    ReportBackVersionPage, view,
};
use super::telling;
use crate::web::page::Paging;
use crate::web::transition::{Transition, TransitionCreate};
use crate::web::{Answer, Call, Problem, call, patch};

/// Whether somebody who stands so towards the consultation prepares report-backs
/// on it, and so sees drafts.
fn prepares(roles: Roles) -> bool {
    use klankbord_domain::policy::{Access, Operation as _};
    match op::CreateReportBack::RULE.access {
        Access::Held(standings) => roles.has_any(standings),
        Access::Public | Access::SignedIn | Access::Link => false,
    }
}

/// List the report-backs
///
/// Everybody in the consultation sees what was published; who prepares them
/// sees the drafts too.
#[utoipa::path(operation_id = "listReportBacks", tag = "Report-backs", params(Paging),
    responses((status = 200, description = "A page", body = ReportBackPage)))]
#[get("/consultations/{consultationId}/report-backs")]
pub(super) async fn list_report_backs(call: Call<op::ListReportBacks>) -> Result<Answer, Problem> {
    let (found, permit, _) = seen(&call).await?;
    let (_, request) = call.listing::<Paging>()?;
    let (id, roles) = (found.value.consultation.id, permit.roles());
    let page = report_back::list(call.reader(), id, prepares(roles), &request).await?;
    call.page(page.map(|stored| view(&stored, roles)))
}

/// Read a report-back
#[utoipa::path(operation_id = "getReportBack", tag = "Report-backs",
    responses((status = 200, description = "The report-back", body = ReportBack)))]
#[get("/report-backs/{reportBackId}")]
pub(super) async fn get_report_back(call: Call<op::GetReportBack>) -> Result<Answer, Problem> {
    let (found, permit) = read(&call).await?;
    Ok(Answer::resource(found.version, &view(&found, permit.roles())))
}

/// The report-back that a query names, for who may read it.
async fn read<O: Operation>(call: &Call<O>) -> Result<(Stored<Domain>, Permit), Problem> {
    let found = report_back::find(call.reader(), call.id("reportBackId")?).await?.ok_or(Refusal::Hidden)?;
    let asked = consultation::find(call.reader(), found.value.consultation_id).await?.ok_or(Refusal::Hidden)?;
    let (_, place) = setting::of(call.reader(), &asked.value, call.caller()).await?;
    let permit = call.authorise(&place)?;
    if found.value.status == ReportBackStatus::Draft && !prepares(permit.roles()) {
        return Err(Refusal::Hidden.into());
    }
    call.witness_represented().await?;
    Ok((found, permit))
}

/// Prepare a report-back
///
/// It starts as a draft. Interim ones are published one by one, as many as are of use; the
/// final one is published when the consultation is concluded. Each point says on which
/// questions' results, or on which themes named here, it rests.
#[utoipa::path(operation_id = "createReportBack", tag = "Report-backs", request_body = ReportBackCreate,
    responses((status = 201, description = "Made", body = ReportBack)))]
#[post("/consultations/{consultationId}/report-backs")]
pub(super) async fn create_report_back(call: Call<op::CreateReportBack>) -> Result<Answer, Problem> {
    let input: (Uuid, ReportBackCreate) = (call.id("consultationId")?, call.body()?);
    call.command(input, |tx, (id, new)| create(tx, *id, new).boxed()).await
}

async fn create(tx: &Tx, id: Uuid, new: &ReportBackCreate) -> Result<Answer, Failure> {
    let loaded = permitted(tx, consultation::find_to_add(tx, id).await?).await?;
    let made = new.clone().into_domain(tx.new_id(), (loaded.consultation(), &coded(tx, id).await?), &|| tx.new_id())?;
    let has_final = report_back::final_of(tx, id).await?.is_some();
    Domain::may_be_made(loaded.consultation(), made.kind, has_final)?;
    let stored = report_back::insert(tx, loaded.consultation().organisation_id, made).await?;
    let location = format!("/v1/report-backs/{}", stored.value.id);
    Ok(Answer::created(location, stored.version, &view(&stored, loaded.permit.roles())))
}

/// Change a report-back
///
/// Only a draft changes; what was published is corrected by a new version.
#[utoipa::path(operation_id = "updateReportBack", tag = "Report-backs", request_body(
    content((ReportBackPatch = "application/merge-patch+json"), (ReportBackPatch = "application/json"))),
    responses((status = 200, description = "Changed", body = ReportBack)))]
#[patch("/report-backs/{reportBackId}")]
pub(super) async fn update_report_back(call: Call<op::UpdateReportBack>) -> Result<Answer, Problem> {
    let input: (Uuid, Value) = (call.id("reportBackId")?, call.body()?);
    call.command(input, |tx, (id, merge)| update(tx, *id, merge).boxed()).await
}

async fn update(tx: &Tx, id: Uuid, merge: &Value) -> Result<Answer, Failure> {
    let (found, loaded) = load(tx, id).await?;
    let content: ReportBackCreate = patch::apply(&ReportBackCreate::from(&found.value), merge)?;
    let asked = loaded.consultation();
    let mut changed = content.into_domain(id, (asked, &coded(tx, asked.id).await?), &|| tx.new_id())?;
    changed.heard = found.value.heard.revised(changed.heard);
    tx.fresh(found.version)?;
    found.value.may_change(loaded.consultation())?;
    let organisation = loaded.consultation().organisation_id;
    let stored = report_back::save(tx, organisation, found.with(changed), "report_back.changed").await?;
    Ok(Answer::resource(stored.version, &view(&stored, loaded.permit.roles())))
}

/// Publish an interim report-back
///
/// Everybody who was invited is told, whether or not they answered: by mail, in their
/// language and without what it is about, or by who calls or visits them
/// (`listTellingList`). Who still waits to be told an older one is told this instead.
#[utoipa::path(operation_id = "createReportBackTransition", tag = "Report-backs",
    request_body(content = TransitionCreate, example = json!({"to": "published"})),
    responses((status = 201, description = "Moved", body = Transition)))]
#[post("/report-backs/{reportBackId}/transitions")]
pub(super) async fn create_report_back_transition(
    call: Call<op::CreateReportBackTransition>,
) -> Result<Answer, Problem> {
    let input: (Uuid, TransitionCreate, BurdenTerms) = (call.id("reportBackId")?, call.body()?, terms(&call));
    let answer = call.command(input, |tx, (id, asked, terms)| make_move(tx, *id, asked, *terms).boxed()).await?;
    call.app.post.wake();
    Ok(answer)
}

async fn make_move(tx: &Tx, id: Uuid, asked: &TransitionCreate, terms: BurdenTerms) -> Result<Answer, Failure> {
    let (found, loaded) = load(tx, id).await?;
    let to: ReportBackStatus = asked.state()?;
    let roles = loaded.permit.roles();
    let asked_of = (loaded.consultation(), loaded.demands_plain_language());
    let decision = found.value.publish(to, asked_of, roles, tx.now());
    let told = call::decided(tx, found.version, decision)?;
    let steps = (found.value.status.code(), told.status.code());
    let organisation = loaded.consultation().organisation_id;
    let stored = report_back::save(tx, organisation, found.with(told), "report_back.published").await?;
    let made = history::record(tx, (report_back::KIND, id), steps, asked.reason.as_deref()).await?;
    telling::publish(tx, loaded.consultation(), &stored.value, terms).await?;
    let location = format!("/v1/report-backs/{id}");
    Ok(Answer::moved(location, &Transition::from(made), stored.version, &view(&stored, roles)))
}

/// Correct a report-back that was published
///
/// By a new version, with a reason that everybody reads. What stood there before stays to
/// be read (`listReportBackVersions`), in the register too. Everybody who was invited is
/// told anew, unless only a word was wrong.
#[utoipa::path(operation_id = "createReportBackCorrection", tag = "Report-backs",
    request_body(content = ReportBackCorrectionCreate, example = json!({
        "reason": [{"language": "nl", "value": "Er stond een getal dat niet klopte."}, {"language": "nl-simple", "value": "Een getal was fout."}],
        "heard": [{"language": "nl", "value": "Acht leden kozen het keukentafelgesprek."}, {"language": "nl-simple", "value": "De meesten kozen het gesprek thuis."}],
        "points": [{"text": [{"language": "nl", "value": "We leggen het keukentafelgesprek naast elkaar."}, {"language": "nl-simple", "value": "We praten over het gesprek thuis."}],
            "outcome": "followed", "questionIds": ["0197c000-0000-7000-8000-000a00000004"]}],
        "tellAgain": true})),
    responses((status = 201, description = "Corrected", body = ReportBackVersion)))]
#[post("/report-backs/{reportBackId}/corrections")]
pub(super) async fn create_report_back_correction(
    call: Call<op::CreateReportBackCorrection>,
) -> Result<Answer, Problem> {
    let input: (Uuid, ReportBackCorrectionCreate, BurdenTerms) = (call.id("reportBackId")?, call.body()?, terms(&call));
    let answer = call.command(input, |tx, (id, new, terms)| correct(tx, *id, new, *terms).boxed()).await?;
    call.app.post.wake();
    Ok(answer)
}

async fn correct(tx: &Tx, id: Uuid, new: &ReportBackCorrectionCreate, terms: BurdenTerms) -> Result<Answer, Failure> {
    let (found, loaded) = load(tx, id).await?;
    let (version_id, asked) = (tx.new_id(), loaded.consultation());
    let (content, reason) =
        new.clone().into_domain(&found.value, (asked, &coded(tx, asked.id).await?), &|| tx.new_id())?;
    let decision = found.value.corrected(content, asked, loaded.demands_plain_language());
    let told = call::decided(tx, found.version, decision)?;
    let stored = report_back::save(tx, asked.organisation_id, found.with(told), "report_back.corrected").await?;
    let version = report_back_version::insert(tx, version_id, &stored.value, Some(reason)).await?;
    if new.tell_again {
        telling::begin(tx, asked, &stored.value, terms).await?;
    }
    let location = format!("/v1/report-backs/{id}/versions");
    let shown = view(&stored, loaded.permit.roles());
    Ok(Answer::moved(location, &ReportBackVersion::from(version), stored.version, &shown))
}

/// List the versions of a report-back
///
/// Everything that was published of it, from the first version to the one that stands
/// now, each with why it took the place of the one before.
#[utoipa::path(operation_id = "listReportBackVersions", tag = "Report-backs", params(Paging),
    responses((status = 200, description = "A page", body = ReportBackVersionPage)))]
#[get("/report-backs/{reportBackId}/versions")]
pub(super) async fn list_report_back_versions(call: Call<op::ListReportBackVersions>) -> Result<Answer, Problem> {
    let (_, request) = call.listing::<Paging>()?;
    let (found, _) = read(&call).await?;
    let page = report_back_version::list(call.reader(), found.value.id, &request).await?;
    call.page(page.map(ReportBackVersion::from))
}

/// The themes that were put on what people wrote, once they don't change any more: a report-back can rest on them.
async fn coded(tx: &Tx, consultation: Uuid) -> Result<Vec<Uuid>, Failure> {
    if theme_results::is_finished(tx, consultation).await? {
        theme::ids(tx, consultation).await
    } else {
        Ok(Vec::new())
    }
}

/// The report-back that a command is about, with its consultation; a draft is
/// unknown to who doesn't prepare it.
async fn load(tx: &Tx, id: Uuid) -> Result<(Stored<Domain>, Loaded), Failure> {
    let known = report_back::find(tx, id).await?.ok_or(Refusal::Hidden)?;
    // The consultation first, as every other command on it does.
    let asked = consultation::find_to_add(tx, known.value.consultation_id).await?.ok_or(Refusal::Hidden)?;
    let (_, place) = setting::of(tx, &asked.value, tx.caller()).await?;
    if known.value.status == ReportBackStatus::Draft && !prepares(place.roles_of(tx.caller())) {
        return Err(Refusal::Hidden.into());
    }
    let loaded = permitted(tx, Some(asked)).await?;
    let found = report_back::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?;
    Ok((found, loaded))
}
