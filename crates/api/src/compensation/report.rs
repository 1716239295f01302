//! What each perspective gets for the same work.

use actix_web::get;
use chrono::{Datelike as _, NaiveDate};
use klankbord_domain::calendar::day_of;
use klankbord_domain::compensation::{Figures, Gap, RateUnit, ReportRow, operations as op, report};
use klankbord_domain::networks::Perspective;
use klankbord_domain::policy::{Operation, Place};
use klankbord_domain::{Fault, Refusal};
use klankbord_persistence::compensation::work::{self, Within};
use klankbord_persistence::organisations::organisation;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::networks::seen;
use crate::web::{Answer, Call, Problem};

/// A group of people by perspective and training.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CompensatedGroup {
    /// The perspective.
    #[schema(example = "parent")]
    perspective: Perspective,
    /// Whether they are trained experts by experience.
    #[schema(example = false)]
    trained: bool,
}

/// What one group got for one kind of work.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CompensationRow {
    /// For what.
    #[schema(example = "hour")]
    unit: RateUnit,
    /// Who.
    group: CompensatedGroup,
    /// How many people.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 3)]
    persons: i64,
    /// How much: minutes, meetings, kilometres.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64, example = 540)]
    quantity: i64,
    /// What it came to. Cents.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64, example = 5040)]
    cents: i64,
    /// What one of it gave on average: an hour, a meeting, a kilometre. Cents.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64, example = 560)]
    unit_cents: i64,
}

/// The same work, given unequally.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CompensationGap {
    /// For what.
    #[schema(example = "hour")]
    unit: RateUnit,
    /// Who got the least for one.
    least: CompensatedGroup,
    /// Who got the most for one.
    most: CompensatedGroup,
    /// By how much that differs for one. Cents.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64, example = 690)]
    cents: i64,
}

/// What each perspective gets for the same work, trained and untrained told apart.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CompensationReport {
    /// The first day.
    starts_on: NaiveDate,
    /// The last day.
    ends_on: NaiveDate,
    /// By kind of work, perspective and training; only who did something.
    #[schema(max_items = 100)]
    rows: Vec<CompensationRow>,
    /// For each kind of work the widest difference between the rows shown; none where
    /// all get the same.
    #[schema(max_items = 3)]
    gaps: Vec<CompensationGap>,
}

/// Of which days.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct CompensationReportQuery {
    /// The first day; absent: the first of this year.
    #[param(example = "2026-01-01")]
    starts_on: Option<NaiveDate>,
    /// The last day; absent: today.
    #[param(example = "2026-12-31")]
    ends_on: Option<NaiveDate>,
}

/// Read what each perspective gets in a network
///
/// For work that was claimed and not turned down. For who keeps claims: between two
/// periods one person's pay could be computed. What is given to whom stands in the rates.
#[utoipa::path(operation_id = "getNetworkCompensation", tag = "Compensation", params(CompensationReportQuery),
    responses((status = 200, description = "What each perspective gets", body = CompensationReport)))]
#[get("/networks/{networkId}/compensation")]
pub(super) async fn get_network_compensation(call: Call<op::GetNetworkCompensation>) -> Result<Answer, Problem> {
    let (found, place) = seen(&call).await?;
    call.authorise(&place)?;
    answer(&call, Within::Network(found.value.id)).await
}

/// Read what each perspective gets in an organisation
///
/// In all networks that it hosts, its councils excepted.
#[utoipa::path(operation_id = "getOrganisationCompensation", tag = "Compensation", params(CompensationReportQuery),
    responses((status = 200, description = "What each perspective gets", body = CompensationReport)))]
#[get("/organisations/{organisationId}/compensation")]
pub(super) async fn get_organisation_compensation(
    call: Call<op::GetOrganisationCompensation>,
) -> Result<Answer, Problem> {
    let id = call.id("organisationId")?;
    organisation::find(call.reader(), id).await?.ok_or(Refusal::Hidden)?;
    call.authorise(&Place::of_organisation(id))?;
    answer(&call, Within::Organisation(id)).await
}

async fn answer<O: Operation>(call: &Call<O>, within: Within) -> Result<Answer, Problem> {
    let (query, _) = call.listing::<CompensationReportQuery>()?;
    let today = day_of(call.now, call.app.config.time.zone);
    let to = query.ends_on.unwrap_or(today);
    let from = query.starts_on.or_else(|| NaiveDate::from_ymd_opt(to.year(), 1, 1)).unwrap_or(to);
    if from > to {
        return Err(Problem::invalid(vec![Fault::query("endsOn", "period.reversed")]));
    }
    let done = work::done(call.reader(), within, (from, to)).await?;
    let (rows, gaps) = report(&done);
    let shown = CompensationReport {
        starts_on: from,
        ends_on: to,
        rows: rows.into_iter().map(row).collect(),
        gaps: gaps.into_iter().map(gap).collect(),
    };
    Ok(Answer::plain(&shown))
}

fn row(row: ReportRow) -> CompensationRow {
    let ReportRow { unit, perspective, trained, figures } = row;
    let Figures { persons, quantity, cents, unit_cents } = figures;
    CompensationRow { unit, group: CompensatedGroup { perspective, trained }, persons, quantity, cents, unit_cents }
}

fn gap(gap: Gap) -> CompensationGap {
    let group = |(perspective, trained)| CompensatedGroup { perspective, trained };
    CompensationGap { unit: gap.unit, least: group(gap.least), most: group(gap.most), cents: gap.cents }
}
