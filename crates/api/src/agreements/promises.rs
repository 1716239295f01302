//! What was promised in a network, and what was kept.

use actix_web::get;
use chrono::{Datelike as _, NaiveDate};
use klankbord_domain::agreements::{Agreement as Domain, kept, operations as op};
use klankbord_domain::calendar::{day_of, reversed};
use klankbord_domain::networks::Perspective;
use klankbord_domain::{Fault, Refusal};
use klankbord_persistence::access::accounts;
use klankbord_persistence::agreements::{agreement, deeds};
use klankbord_persistence::compensation::rate;
use klankbord_persistence::networks::network;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::networks::seen;
use crate::web::{Answer, Call, Problem};

/// The most agreements that one answer holds.
const MOST: usize = 1000;

/// What one agreement promised within these days, and what was kept of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeptPromise {
    /// The agreement.
    agreement_id: Uuid,
    /// The membership that it is about.
    membership_id: Uuid,
    /// From where the person takes part.
    perspective: Perspective,
    /// How much time was asked. Minutes a month.
    #[schema(minimum = 1, maximum = 20_000, example = 240)]
    expected_minutes_per_month: Option<i32>,
    /// The same over the months within these days. Minutes.
    #[schema(minimum = 0, maximum = 1_000_000_000_i64, example = 720)]
    expected_minutes: Option<i64>,
    /// How much time was handed in. Minutes.
    #[schema(minimum = 0, maximum = 1_000_000_000_i64, example = 690)]
    claimed_minutes: i64,
    /// What was promised for an hour. Cents.
    #[schema(minimum = 0, maximum = 1_000_000_000_i64, example = 1250)]
    promised_cents_per_hour: Option<i64>,
    /// What was given for an hour. Cents.
    #[schema(minimum = 0, maximum = 1_000_000_000_i64, example = 1250)]
    given_cents_per_hour: Option<i64>,
    /// Claims that were paid when they were due.
    #[schema(minimum = 0, maximum = 1_000_000_000_i64, example = 3)]
    paid_promptly: i64,
    /// Claims that were paid late, or wait too long.
    #[schema(minimum = 0, maximum = 1_000_000_000_i64, example = 0)]
    paid_late: i64,
    /// Within how many days what the person brings is answered.
    #[schema(minimum = 1, maximum = 365, example = 21)]
    answer_within_days: Option<i32>,
    /// What was answered in time.
    #[schema(minimum = 0, maximum = 1_000_000_000_i64, example = 2)]
    answered_promptly: i64,
    /// What was answered late, or waits too long.
    #[schema(minimum = 0, maximum = 1_000_000_000_i64, example = 0)]
    answered_late: i64,
    /// Whether a training was promised.
    #[schema(example = true)]
    training_promised: bool,
    /// Whether the person is noted as trained.
    #[schema(example = true)]
    trained: bool,
    /// The account of the contact person.
    contact_id: Option<Uuid>,
    /// The contact person's name.
    #[schema(max_length = 100, example = "Coördinator (demo)")]
    contact_name: Option<String>,
}

/// What was promised in a network, and what was kept.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NetworkPromises {
    /// The network.
    network_id: Uuid,
    /// The first day.
    starts_on: NaiveDate,
    /// The last day.
    ends_on: NaiveDate,
    /// One for each agreement that held within these days, the oldest first.
    #[schema(max_items = 1000)]
    agreements: Vec<KeptPromise>,
    /// Members that take part without an agreement that holds today.
    #[schema(minimum = 0, maximum = 1_000_000_000_i64, example = 1)]
    members_without: i64,
}

/// Of which days.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct NetworkPromisesQuery {
    /// The first day; absent: the first of this year.
    #[param(example = "2026-01-01")]
    starts_on: Option<NaiveDate>,
    /// The last day; absent: today.
    #[param(example = "2026-12-31")]
    ends_on: Option<NaiveDate>,
}

/// Read what was promised, and what was kept
///
/// For each agreement that held within these days: the time that was asked and handed in,
/// what was promised and given for it, whether money and answers came in time, the
/// training, and who the contact person is. The read is written down.
#[utoipa::path(operation_id = "getNetworkPromises", tag = "Agreements", params(NetworkPromisesQuery),
    responses((status = 200, description = "What was promised, and kept", body = NetworkPromises)))]
#[get("/networks/{networkId}/promises")]
pub(super) async fn get_network_promises(call: Call<op::GetNetworkPromises>) -> Result<Answer, Problem> {
    let (found, place) = seen(&call).await?;
    call.authorise(&place)?;
    let (query, _) = call.listing::<NetworkPromisesQuery>()?;
    let zone = call.app.config.time.zone;
    let today = day_of(call.now, zone);
    let first = NaiveDate::from_ymd_opt(today.year(), 1, 1).unwrap_or(today);
    let within = (query.starts_on.unwrap_or(first), query.ends_on.unwrap_or(today));
    if reversed(Some(within.0), Some(within.1)) {
        return Err(Refusal::Invalid(vec![Fault::query("endsOn", "period.reversed")]).into());
    }
    let mut held = agreement::held_within(call.reader(), found.value.id, within).await?;
    held.truncate(MOST);
    let persons: Vec<Uuid> = held.iter().map(|one| one.participant_id).collect();
    call.witness(found.value.host_id, (network::KIND, found.value.id), persons).await?;
    let mut agreements = Vec::new();
    for one in &held {
        agreements.push(row(&call, one, within, today).await?);
    }
    let without = agreement::members_without(call.reader(), found.value.id, today).await?;
    let (starts_on, ends_on) = within;
    let members_without = i64::try_from(without).unwrap_or(i64::MAX);
    Ok(Answer::plain(&NetworkPromises { network_id: found.value.id, starts_on, ends_on, agreements, members_without }))
}

async fn row(
    call: &Call<op::GetNetworkPromises>,
    one: &Domain,
    within: (NaiveDate, NaiveDate),
    today: NaiveDate,
) -> Result<KeptPromise, Problem> {
    let source = call.reader();
    let zone = call.app.config.time.zone;
    let was = kept(one, deeds::of(source, one, within, (today, zone)).await?, within);
    let rates: Vec<Uuid> = one.promises.rate_id.into_iter().collect();
    let rates = rate::for_network(source, &rates, (one.organisation_id, one.network_id)).await?;
    let promised = rates.values().next().map(|rate| rate.cents);
    let contacts: Vec<Uuid> = one.promises.contact_id.into_iter().collect();
    let contact_name = accounts::names(source, &contacts).await?.into_values().next();
    Ok(KeptPromise {
        agreement_id: one.id,
        membership_id: one.membership_id,
        perspective: one.perspective,
        expected_minutes_per_month: one.promises.expected_minutes,
        expected_minutes: was.expected_minutes,
        claimed_minutes: was.deeds.minutes,
        promised_cents_per_hour: promised,
        given_cents_per_hour: was.cents_an_hour,
        paid_promptly: was.deeds.paid_in_time,
        paid_late: was.deeds.paid_late,
        answer_within_days: one.promises.answer_days,
        answered_promptly: was.deeds.answered_in_time,
        answered_late: was.deeds.answered_late,
        training_promised: one.promises.training.is_some(),
        trained: was.deeds.trained,
        contact_id: one.promises.contact_id,
        contact_name: contact_name.filter(|name| !name.is_empty()),
    })
}
