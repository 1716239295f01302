//! What I was asked, and what came of it.

use actix_web::get;
use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::calendar::day_of;
use klankbord_domain::consultations::{ConsultationMode, ConsultationStatus, ReportBackState, report_back_state};
use klankbord_domain::feedback::operations as op;
use klankbord_domain::networks::Rung;
use klankbord_domain::policy::Place;
use klankbord_persistence::consultations::mine::{self, AskedIn};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::contributions::HeardBack;
use super::desk::{self, Dated, for_person, paged};
use crate::web::page::{Paging, page};
use crate::web::text::{TextVariant, to_wire, to_wire_or_none};
use crate::web::{Answer, Call, Problem};

/// How many report-backs stand with a consultation: the newest; the others are listed
/// with it.
const MOST: usize = 20;

/// A consultation that you were asked in, and what came of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MyConsultation {
    /// The consultation.
    consultation_id: Uuid,
    /// As which of the persons that you are.
    participant_id: Uuid,
    /// What it is called.
    #[schema(max_items = 20)]
    title: Vec<TextVariant>,
    /// What it was for.
    #[schema(max_items = 20)]
    goal: Option<Vec<TextVariant>>,
    /// What was promised: how far people's say reaches.
    rung: Option<Rung>,
    /// Who may know who answered what.
    mode: ConsultationMode,
    /// Where it stands.
    status: ConsultationStatus,
    /// When you were asked.
    asked_at: DateTime<Utc>,
    /// The last day to answer.
    closes_on: Option<NaiveDate>,
    /// Until when you may have to wait to hear back.
    report_back_due_on: Option<NaiveDate>,
    /// Why that day was moved, where it was.
    #[schema(max_items = 20)]
    report_back_due_reason: Option<Vec<TextVariant>>,
    /// Whether you heard back; absent where it was called off.
    report_back_state: Option<ReportBackState>,
    /// What was told of it, the newest first.
    #[schema(max_items = 20)]
    report_backs: Vec<HeardBack>,
    /// The consultation in which you are asked whether you felt heard.
    #[schema(example = "0197c000-0000-7000-8000-00090000002b")]
    closing_round_id: Option<Uuid>,
}

page!(
    /// A page of what you were asked.
    MyConsultationPage of MyConsultation
);

/// List what I was asked
///
/// Everything that you were ever asked, and what came of it: what was told on the way and
/// in the end, whether or not you answered; the oldest first. Whether you answered isn't
/// told here. Who represents somebody sees with `Acting-For` what came of what that person
/// was asked.
#[utoipa::path(operation_id = "listMyConsultations", tag = "My desk", params(Paging),
    responses((status = 200, description = "A page", body = MyConsultationPage)))]
#[get("/me/consultations")]
pub(super) async fn list_my_consultations(call: Call<op::ListMyConsultations>) -> Result<Answer, Problem> {
    call.authorise(&Place::installation())?;
    let (_, request) = call.listing::<Paging>()?;
    let today = day_of(call.now, call.app.config.time.zone);
    let asked = mine::asked_in(call.reader(), call.caller()).await?;
    call.witness_represented().await?;
    let entries = asked.into_iter().map(|one| entry(one, today)).collect();
    desk::answer(&call, paged(entries, &request)).await
}

fn entry(asked: AskedIn, today: NaiveDate) -> Dated<MyConsultation> {
    let AskedIn { consultation, participant_id, at, told, closing_round } = asked;
    let item = MyConsultation {
        consultation_id: consultation.id,
        participant_id,
        title: to_wire(&consultation.title),
        goal: to_wire_or_none(consultation.goal.as_ref()),
        rung: consultation.rung,
        mode: consultation.mode,
        status: consultation.status,
        asked_at: at,
        closes_on: consultation.closes_on,
        report_back_due_on: consultation.report_back_due_on,
        report_back_due_reason: to_wire_or_none(consultation.report_back_due_reason.as_ref()),
        report_back_state: report_back_state(&consultation, today),
        report_backs: told.into_iter().take(MOST).map(HeardBack::from).collect(),
        closing_round_id: closing_round,
    };
    Dated { at, id: for_person(consultation.id, participant_id), item, others: None }
}
