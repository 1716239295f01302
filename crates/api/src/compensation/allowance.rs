//! Where somebody stands under the ceilings of the volunteer allowance.

use actix_web::get;
use chrono::{Datelike as _, NaiveDate};
use klankbord_domain::Refusal;
use klankbord_domain::calendar::day_of;
use klankbord_domain::compensation::{
    Allowance as Domain, AllowanceFinding, Ceiling, Claim, Month, assess, operations as op,
};
use klankbord_domain::participants::{Age, Member, Participant};
use klankbord_domain::policy::{Operation, Place, Standing};
use klankbord_persistence::compensation::claim::{self, Together};
use klankbord_persistence::participants::{membership, participant};
use klankbord_persistence::{Failure, Source};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::claim::own_place;
use super::claim_wire::knows_person;
use crate::web::{Answer, Call, Problem};

/// What counts in one month.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AllowanceMonth {
    /// The month, from 1.
    #[schema(minimum = 1, maximum = 12, example = 11)]
    month: u32,
    /// What counts together in it. Cents.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64, example = 21000)]
    cents: i64,
    /// Whether it passed the month's ceiling: then nothing of that month is a
    /// volunteer's allowance.
    #[schema(example = false)]
    passed: bool,
}

/// Where somebody stands in a year under the ceilings of the volunteer allowance
/// (vrijwilligersvergoeding), with one payer: others who pay aren't known here.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Allowance {
    /// The year.
    #[schema(minimum = 2000, maximum = 2100, example = 2026)]
    year: i32,
    /// The most in a month, where this year's ceilings are known. Cents.
    #[schema(minimum = 0, maximum = 1_000_000_000_i64, example = 22000)]
    month_ceiling_cents: Option<i64>,
    /// The most in the year, where this year's ceilings are known. Cents.
    #[schema(minimum = 0, maximum = 1_000_000_000_i64, example = 220_000)]
    year_ceiling_cents: Option<i64>,
    /// The months with something in them: allowance and reimbursed costs count
    /// together.
    #[schema(max_items = 12)]
    months: Vec<AllowanceMonth>,
    /// What counts together in the year. Cents.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64, example = 63000)]
    cents: i64,
    /// What stands apart: fees, invoices, gifts, and proven costs in a year without an
    /// allowance. Cents.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64, example = 0)]
    apart_cents: i64,
    /// What the year comes to, if the coming months are as the past ones. Cents.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64, example = 231_000)]
    expected_cents: i64,
    /// The month in which the year's ceiling was passed, or will be if it goes on so.
    #[schema(minimum = 1, maximum = 12, example = 12)]
    passes_in: Option<u32>,
    /// What is to be known.
    #[schema(max_items = 10, example = json!(["year_will_pass"]))]
    findings: Vec<AllowanceFinding>,
}

/// Of which year.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AllowanceQuery {
    /// The year; absent: this one.
    #[param(minimum = 2000, maximum = 2100, example = 2026)]
    year: Option<i32>,
}

impl From<Domain> for Allowance {
    fn from(stands: Domain) -> Self {
        let Domain { year, ceiling, months, cents, apart_cents, expected_cents, passes_in, findings } = stands;
        let month = |one: Month| AllowanceMonth { month: one.month, cents: one.cents, passed: one.passed };
        Self {
            year,
            month_ceiling_cents: ceiling.map(|ceiling| ceiling.month_cents),
            year_ceiling_cents: ceiling.map(|ceiling| ceiling.year_cents),
            months: months.into_iter().map(month).collect(),
            cents,
            apart_cents,
            expected_cents,
            passes_in,
            findings,
        }
    }
}

/// Where these persons, who are one, stand in a year, as it is seen today, over claims that
/// are counted together; `beside`: one that doesn't count yet, but is to be looked at.
///
/// # Errors
/// When the database refuses.
pub(super) async fn of(
    source: &impl Source,
    persons: &[Participant],
    together: Together,
    (years, beside, ceilings): ((i32, NaiveDate), Option<&Claim>, &[Ceiling]),
) -> Result<Domain, Failure> {
    let ids: Vec<Uuid> = persons.iter().map(|person| person.id).collect();
    let mut claims = claim::counting(source, &ids, together).await?;
    if let Some(beside) = beside {
        claims.retain(|one| one.id != beside.id);
        claims.push(beside.clone());
    }
    let entries: Vec<_> = claims.iter().flat_map(Claim::entries).collect();
    let age = persons.iter().map(Participant::age).find(Age::is_known).unwrap_or_default();
    Ok(assess(years, &entries, age, ceilings))
}

/// Read where a member stands
///
/// Under the ceilings of the volunteer allowance in a year: claims that were handed
/// in and not turned down, paid by this network's host outside its councils; in a
/// council those in its room. With a forecast, so that a ceiling is seen before it is
/// passed. For the person, and for who finds claims good. The read is written down.
#[utoipa::path(operation_id = "getAllowance", tag = "Compensation", params(AllowanceQuery),
    responses((status = 200, description = "Where they stand", body = Allowance)))]
#[get("/memberships/{membershipId}/allowance")]
pub(super) async fn get_allowance(call: Call<op::GetAllowance>) -> Result<Answer, Problem> {
    let (query, _) = call.listing::<AllowanceQuery>()?;
    let id = call.id("membershipId")?;
    let member = membership::find(call.reader(), id).await?.ok_or(Refusal::Hidden)?.value;
    let place = own_place(call.reader(), call.caller(), id).await?;
    let permit = call.authorise(&place)?;
    if !knows_person(permit.roles()) {
        return Err(Refusal::Forbidden.into());
    }
    let Member::Participant(person) = member.member else {
        return Err(Refusal::Conflict("claim.persons_only").into());
    };
    let person = participant::find(call.reader(), person).await?.ok_or(Refusal::Hidden)?.value;
    let network = klankbord_persistence::networks::network::find(call.reader(), member.network_id).await?;
    let host = network.ok_or(Refusal::Hidden)?.value.host_id;
    let own = call.caller().persons_as(Standing::Participant).contains(&person.id);
    if !own {
        call.witness(host, (membership::KIND, id), vec![person.id]).await?;
    }
    let together = if place.council { Together::Room(member.network_id) } else { Together::Payer(host) };
    let ceilings = call.app.config.compensation.ceilings();
    let stands = of(call.reader(), &[person], together, (asked_year(&call, &query), None, &ceilings)).await?;
    Ok(Answer::plain(&Allowance::from(stands)))
}

/// Read where you stand
///
/// The same over everybody who pays you here, councils included: only you see that.
#[utoipa::path(operation_id = "getMyAllowance", tag = "Compensation", params(AllowanceQuery),
    responses((status = 200, description = "Where you stand", body = Allowance)))]
#[get("/me/allowance")]
pub(super) async fn get_my_allowance(call: Call<op::GetMyAllowance>) -> Result<Answer, Problem> {
    call.authorise(&Place::installation())?;
    let (query, _) = call.listing::<AllowanceQuery>()?;
    let persons = participant::of_account(call.reader(), call.account()?).await?;
    let ceilings = call.app.config.compensation.ceilings();
    let year = asked_year(&call, &query);
    let stands = of(call.reader(), &persons, Together::All, (year, None, &ceilings)).await?;
    Ok(Answer::plain(&Allowance::from(stands)))
}

/// The year that is asked for, and today.
fn asked_year<O: Operation>(call: &Call<O>, query: &AllowanceQuery) -> (i32, NaiveDate) {
    let today = day_of(call.now, call.app.config.time.zone);
    (query.year.unwrap_or_else(|| today.year()), today)
}
