//! What people hear back.

use actix_web::{get, patch, post};
use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use klankbord_domain::consultations::operations as op;
use klankbord_domain::consultations::{
    Point as DomainPoint, PointOutcome, ReportBack as Domain, ReportBackKind, ReportBackStatus,
};
use klankbord_domain::policy::Roles;
use klankbord_domain::{Fault, Refusal, lifecycle};
use klankbord_persistence::consultations::{consultation, report_back, setting};
use klankbord_persistence::store::history;
use klankbord_persistence::{Failure, Stored, Tx};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::consultation::{Loaded, permitted, seen};
use crate::web::page::{Paging, page};
use crate::web::patch::{self, patch_of};
use crate::web::text::{Reading, TextVariant, to_wire, to_wire_or_none};
use crate::web::transition::{Transition, TransitionCreate};
use crate::web::{Answer, Call, Problem, call};

/// One point that was heard, and what is done with it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReportBackPoint {
    /// What was heard.
    #[schema(min_items = 1, max_items = 20)]
    text: Vec<TextVariant>,
    /// What is done with it.
    outcome: PointOutcome,
    /// Why. From rung `advise` up, what isn't wholly followed needs a reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 20)]
    reason: Option<Vec<TextVariant>>,
}

impl From<DomainPoint> for ReportBackPoint {
    fn from(point: DomainPoint) -> Self {
        let DomainPoint { text, outcome, reason } = point;
        Self { text: to_wire(&text), outcome, reason: to_wire_or_none(reason.as_ref()) }
    }
}

/// What a report-back is made from.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReportBackCreate {
    /// On the way, or final.
    kind: ReportBackKind,
    /// What was heard.
    #[schema(min_items = 1, max_items = 20)]
    heard: Vec<TextVariant>,
    /// Point by point.
    #[serde(default)]
    #[schema(max_items = 100)]
    points: Vec<ReportBackPoint>,
}

patch_of!(
    /// What to change of a report-back.
    ReportBackPatch of ReportBackCreate, fixed "kind"
);

/// What people hear back: what was heard, what is done with it, what not and why.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportBack {
    /// Its id.
    id: Uuid,
    /// Of which consultation.
    consultation_id: Uuid,
    #[serde(flatten)]
    content: ReportBackCreate,
    /// Where it stands.
    status: ReportBackStatus,
    /// The states that you may move it to; the final one is published by
    /// concluding the consultation.
    #[schema(max_items = 10, example = json!(["published"]))]
    allowed_transitions: Vec<&'static str>,
    /// When people could read it.
    published_at: Option<DateTime<Utc>>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it changed last.
    updated_at: DateTime<Utc>,
    /// The version and digest of this representation, for `If-Match`.
    #[schema(max_length = 100)]
    etag: Option<String>,
}

page!(
    /// A page of report-backs.
    ReportBackPage of ReportBack
);

impl ReportBackCreate {
    /// The draft that this says, and what is wrong with it.
    fn into_domain(self, id: Uuid, consultation_id: Uuid) -> Result<Domain, Refusal> {
        let Self { kind, heard, points } = self;
        let mut reading = Reading::default();
        let point = |(index, point): (usize, ReportBackPoint)| DomainPoint {
            text: reading.texts(&format!("/points/{index}/text"), point.text),
            outcome: point.outcome,
            reason: reading.texts_or_none(&format!("/points/{index}/reason"), point.reason),
        };
        let points = points.into_iter().enumerate().map(point).collect();
        let heard = reading.texts("/heard", heard);
        let status = ReportBackStatus::Draft;
        let made = Domain { id, consultation_id, kind, status, heard, points, published_at: None };
        let mut faults: Vec<Fault> = reading.faults;
        faults.extend(made.check());
        Refusal::unless_clean(faults)?;
        Ok(made)
    }
}

impl From<&Domain> for ReportBackCreate {
    fn from(one: &Domain) -> Self {
        let points = one.points.iter().cloned().map(ReportBackPoint::from).collect();
        Self { kind: one.kind, heard: to_wire(&one.heard), points }
    }
}

fn view(stored: &Stored<Domain>, roles: Roles) -> ReportBack {
    let one = &stored.value;
    let allowed_transitions = match one.kind {
        ReportBackKind::Interim => lifecycle::open_codes(one.status, roles),
        ReportBackKind::Final => Vec::new(),
    };
    ReportBack {
        id: one.id,
        consultation_id: one.consultation_id,
        content: one.into(),
        status: one.status,
        allowed_transitions,
        published_at: one.published_at,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        etag: None,
    }
}

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
    let found = report_back::find(call.reader(), call.id("reportBackId")?).await?.ok_or(Refusal::Hidden)?;
    let asked = consultation::find(call.reader(), found.value.consultation_id).await?.ok_or(Refusal::Hidden)?;
    let (_, place) = setting::of(call.reader(), &asked.value, call.caller()).await?;
    let roles = call.authorise(&place)?.roles();
    if found.value.status == ReportBackStatus::Draft && !prepares(roles) {
        return Err(Refusal::Hidden.into());
    }
    call.witness_represented().await?;
    Ok(Answer::resource(found.version, &view(&found, roles)))
}

/// Prepare a report-back
///
/// It starts as a draft. Interim ones are published one by one; the final one
/// is published when the consultation is concluded.
#[utoipa::path(operation_id = "createReportBack", tag = "Report-backs", request_body = ReportBackCreate,
    responses((status = 201, description = "Made", body = ReportBack)))]
#[post("/consultations/{consultationId}/report-backs")]
pub(super) async fn create_report_back(call: Call<op::CreateReportBack>) -> Result<Answer, Problem> {
    let input: (Uuid, ReportBackCreate) = (call.id("consultationId")?, call.body()?);
    call.command(input, |tx, (id, new)| create(tx, *id, new).boxed()).await
}

async fn create(tx: &Tx, id: Uuid, new: &ReportBackCreate) -> Result<Answer, Failure> {
    let loaded = permitted(tx, consultation::find_to_add(tx, id).await?).await?;
    let made = new.clone().into_domain(tx.new_id(), id)?;
    let has_final = report_back::final_of(tx, id).await?.is_some();
    Domain::may_be_made(loaded.consultation(), made.kind, has_final)?;
    let stored = report_back::insert(tx, loaded.consultation().organisation_id, made).await?;
    let location = format!("/v1/report-backs/{}", stored.value.id);
    Ok(Answer::created(location, stored.version, &view(&stored, loaded.permit.roles())))
}

/// Change a report-back
///
/// Only a draft changes.
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
    let mut changed = content.into_domain(id, found.value.consultation_id)?;
    changed.heard = found.value.heard.revised(changed.heard);
    tx.fresh(found.version)?;
    found.value.may_change(loaded.consultation())?;
    let organisation = loaded.consultation().organisation_id;
    let stored = report_back::save(tx, organisation, found.with(changed), "report_back.changed").await?;
    Ok(Answer::resource(stored.version, &view(&stored, loaded.permit.roles())))
}

/// Publish an interim report-back
#[utoipa::path(operation_id = "createReportBackTransition", tag = "Report-backs",
    request_body(content = TransitionCreate, example = json!({"to": "published"})),
    responses((status = 201, description = "Moved", body = Transition)))]
#[post("/report-backs/{reportBackId}/transitions")]
pub(super) async fn create_report_back_transition(
    call: Call<op::CreateReportBackTransition>,
) -> Result<Answer, Problem> {
    let input: (Uuid, TransitionCreate) = (call.id("reportBackId")?, call.body()?);
    call.command(input, |tx, (id, asked)| make_move(tx, *id, asked).boxed()).await
}

async fn make_move(tx: &Tx, id: Uuid, asked: &TransitionCreate) -> Result<Answer, Failure> {
    let (found, loaded) = load(tx, id).await?;
    let to: ReportBackStatus = asked.state()?;
    let roles = loaded.permit.roles();
    let decision = found.value.publish(to, loaded.consultation(), roles, tx.now());
    let told = call::decided(tx, found.version, decision)?;
    let steps = (found.value.status.code(), told.status.code());
    let organisation = loaded.consultation().organisation_id;
    let stored = report_back::save(tx, organisation, found.with(told), "report_back.published").await?;
    let made = history::record(tx, (report_back::KIND, id), steps, asked.reason.as_deref()).await?;
    let location = format!("/v1/report-backs/{id}");
    Ok(Answer::moved(location, &Transition::from(made), stored.version, &view(&stored, roles)))
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
