//! The public register: what was asked, and who still waits to hear back.

use std::collections::HashMap;

use actix_web::get;
use chrono::NaiveDate;
use chrono_tz::Tz;
use klankbord_domain::calendar::day_of;
use klankbord_domain::consultations::operations as op;
use klankbord_domain::consultations::{ConsultationStatus, ReportBack, ReportBackKind};
use klankbord_domain::networks::Rung;
use klankbord_persistence::Stored;
use klankbord_persistence::consultations::consultation::{self, Kept, RegisterFilter};
use klankbord_persistence::consultations::report_back_version::{self, Version};
use klankbord_persistence::consultations::{closing_round, report_back};
use klankbord_persistence::organisations::organisation;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::content::is_overdue;
use super::report_back_wire::{ReportBackPoint, ReportBackTheme, points, themes};
use crate::web::page::{Paging, page};
use crate::web::text::{TextVariant, to_wire, to_wire_or_none};
use crate::web::{Answer, Call, Problem};

/// What people heard back in the end, before it was corrected.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EarlierReportBack {
    /// Which version, from 1.
    #[schema(minimum = 1, maximum = 20, example = 1)]
    edition: i32,
    /// From which day on it could be read.
    published_on: NaiveDate,
    /// Why another took its place.
    #[schema(max_items = 20)]
    corrected_because: Vec<TextVariant>,
    /// What was heard.
    #[schema(max_items = 20)]
    heard: Vec<TextVariant>,
    /// What came back in it.
    #[schema(max_items = 100)]
    themes: Vec<ReportBackTheme>,
    /// Point by point.
    #[schema(max_items = 100)]
    points: Vec<ReportBackPoint>,
}

/// What people heard back in the end.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegisteredReportBack {
    /// What was heard.
    #[schema(max_items = 20)]
    heard: Vec<TextVariant>,
    /// What came back in it.
    #[schema(max_items = 100)]
    themes: Vec<ReportBackTheme>,
    /// Point by point.
    #[schema(max_items = 100)]
    points: Vec<ReportBackPoint>,
    /// What stood there before it was corrected, the first version first.
    #[schema(max_items = 20)]
    earlier: Vec<EarlierReportBack>,
}

/// A consultation in the public register.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegisterEntry {
    /// The consultation.
    consultation_id: Uuid,
    /// The organisation that asked.
    organisation_id: Uuid,
    /// Its name.
    #[schema(max_length = 200, example = "Gemeente Voorbeeldstad")]
    organisation_name: String,
    /// What it is called.
    #[schema(max_items = 20)]
    title: Vec<TextVariant>,
    /// What was promised: how far people's say reaches.
    rung: Option<Rung>,
    /// Where it stands.
    status: ConsultationStatus,
    /// The last day to answer.
    closes_on: Option<NaiveDate>,
    /// Until when people may wait to hear back.
    report_back_due_on: Option<NaiveDate>,
    /// The day that was promised first, where it was moved.
    report_back_first_due_on: Option<NaiveDate>,
    /// Why that day was moved, where it was.
    #[schema(max_items = 20)]
    report_back_due_reason: Option<Vec<TextVariant>>,
    /// Whether people should have heard back by now.
    overdue: bool,
    /// The day on which people heard back.
    concluded_on: Option<NaiveDate>,
    /// Whether those who were asked were asked afterwards whether they felt heard.
    closing_round: bool,
    /// What they heard back, once it was published.
    final_report_back: Option<RegisteredReportBack>,
}

page!(
    /// A page of the register.
    RegisterEntryPage of RegisterEntry
);

/// What to list of the register.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct RegisterQuery {
    /// Only this organisation's.
    organisation_id: Option<Uuid>,
    /// Only those that stand so.
    #[param(max_items = 10)]
    status: Option<Vec<ConsultationStatus>>,
    /// Only those of which people should have heard back by now (`true`), or
    /// only the others.
    overdue: Option<bool>,
}

/// Read the register
///
/// Every consultation that was put to people: what was promised, until when
/// they may wait to hear back, whether that day is past, and what they heard.
#[utoipa::path(operation_id = "listRegisterEntries", tag = "Report-backs", params(RegisterQuery, Paging),
    responses((status = 200, description = "A page", body = RegisterEntryPage)))]
#[get("/register")]
pub(super) async fn list_register_entries(call: Call<op::ListRegisterEntries>) -> Result<Answer, Problem> {
    let (query, request) = call.listing::<RegisterQuery>()?;
    let today = day_of(call.now, call.app.config.time.zone);
    let filter = RegisterFilter {
        organisation: query.organisation_id,
        statuses: query.status.unwrap_or_default(),
        overdue: query.overdue,
        today,
    };
    let page = consultation::register(call.reader(), &filter, &request).await?;
    let ids: Vec<Uuid> = page.items.iter().map(|stored| stored.value.consultation.id).collect();
    let told = report_back::published(call.reader(), &ids).await?;
    let finals: Vec<Uuid> = told.iter().filter(|one| one.edition > 1).map(|one| one.id).collect();
    let versions = report_back_version::of(call.reader(), &finals).await?;
    let closing = closing_round::held_of(call.reader(), &ids).await?;
    let owners: Vec<Uuid> = page.items.iter().map(|stored| stored.value.consultation.organisation_id).collect();
    let names = organisation::names(call.reader(), &owners).await?;
    let zone = call.app.config.time.zone;
    call.page(page.map(|stored| {
        let one = &stored.value.consultation;
        let concluded_on = one.concluded_at.map(|at| day_of(at, zone));
        let last = told.iter().find(|told| told.consultation_id == one.id && told.kind == ReportBackKind::Final);
        let final_report_back = last.map(|told| registered(told, &versions, zone));
        let closing_round = closing.contains(&one.id);
        RegisterEntry { concluded_on, closing_round, final_report_back, ..entry(&stored, &names, today) }
    }))
}

/// The final report-back, with what stood there before it was corrected.
fn registered(told: &ReportBack, versions: &[Version], zone: Tz) -> RegisteredReportBack {
    let ours = || versions.iter().filter(|version| version.report_back_id == told.id);
    let next_of = |one: &Version| ours().find(|other| other.edition == one.edition + 1);
    let earlier = ours().filter_map(|one| {
        Some(EarlierReportBack {
            edition: one.edition,
            published_on: day_of(one.published_at, zone),
            corrected_because: to_wire_or_none(next_of(one)?.reason.as_ref()).unwrap_or_default(),
            heard: to_wire(&one.heard),
            themes: themes(&one.themes),
            points: points(&one.points),
        })
    });
    RegisteredReportBack {
        heard: to_wire(&told.heard),
        themes: themes(&told.themes),
        points: points(&told.points),
        earlier: earlier.collect(),
    }
}

fn entry(stored: &Stored<Kept>, names: &HashMap<Uuid, String>, today: NaiveDate) -> RegisterEntry {
    let one = &stored.value.consultation;
    RegisterEntry {
        consultation_id: one.id,
        organisation_id: one.organisation_id,
        organisation_name: names.get(&one.organisation_id).cloned().unwrap_or_default(),
        title: to_wire(&one.title),
        rung: one.rung,
        status: one.status,
        closes_on: one.closes_on,
        report_back_due_on: one.report_back_due_on,
        report_back_first_due_on: one.report_back_first_due_on,
        report_back_due_reason: to_wire_or_none(one.report_back_due_reason.as_ref()),
        overdue: is_overdue(one, today),
        concluded_on: None,
        closing_round: false,
        final_report_back: None,
    }
}
