//! How promises to report back are kept: public, with of how many.

use actix_web::get;
use klankbord_domain::calendar::day_of;
use klankbord_domain::consultations::operations as op;
use klankbord_domain::consultations::{PromiseRecord as Counted, PromiseScope};
use klankbord_persistence::consultations::promises::{self, Promises};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::web::page::{Paging, page};
use crate::web::text::{TextVariant, to_wire};
use crate::web::{Answer, Call, Problem};

/// Of whom to list how promises are kept.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct PromiseQuery {
    /// Of each organisation that asks, or of each network that is asked; absent: of each
    /// organisation.
    #[param(inline, example = "organisation")]
    scope: Option<PromiseScope>,
    /// Only this organisation, or only the networks that it hosts.
    organisation_id: Option<Uuid>,
}

/// How promises to report back are kept.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PromiseRecord {
    /// The organisation; of a network its host.
    organisation_id: Uuid,
    /// Its name.
    #[schema(max_length = 200, example = "Gemeente Voorbeeldstad")]
    organisation_name: String,
    /// The network, where it is about one.
    network_id: Option<Uuid>,
    /// Its name.
    #[schema(max_items = 20)]
    network_name: Option<Vec<TextVariant>>,
    /// Of how many consultations people heard back, or should have by now. Everything below
    /// is of these. What was called off doesn't count, nor what a council asks on its own
    /// behalf.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 12)]
    due: i64,
    /// How many of them by the day that was promised first.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 8)]
    kept: i64,
    /// How many of them by the day to which it was moved, once and with a public reason.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 1)]
    kept_after_move: i64,
    /// How many of them after the day that stood last.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 2)]
    late: i64,
    /// How many of them not yet, although the day is past.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 1)]
    overdue: i64,
    /// How many in a hundred by the day that was promised first. Absent where none were due.
    #[schema(minimum = 0, maximum = 100, example = 67)]
    kept_percent: Option<i64>,
    /// How many in a hundred with those that came by the day to which it was moved.
    #[schema(minimum = 0, maximum = 100, example = 75)]
    kept_with_move_percent: Option<i64>,
    /// The median of the days by which the late and the overdue ones passed the day that
    /// stood last: a whole or a half. Absent where none did.
    #[schema(minimum = 0, maximum = 100_000, example = 9.5)]
    median_days_late: Option<f64>,
}

page!(
    /// A page of how promises are kept.
    PromiseRecordPage of PromiseRecord
);

/// List how promises to report back are kept
///
/// Of every organisation that asks, or of every network that is asked: of so many
/// consultations people heard back or should have, so many in time, so many after the one
/// move of the day that is allowed, so many late or not yet.
#[utoipa::path(operation_id = "listPromiseRecords", tag = "Report-backs", params(PromiseQuery, Paging),
    responses((status = 200, description = "A page", body = PromiseRecordPage)))]
#[get("/promise-records")]
pub(super) async fn list_promise_records(call: Call<op::ListPromiseRecords>) -> Result<Answer, Problem> {
    let (query, request) = call.listing::<PromiseQuery>()?;
    let (reader, zone) = (call.reader(), call.app.config.time.zone);
    let of = query.organisation_id;
    let page = match query.scope.unwrap_or(PromiseScope::Organisation) {
        PromiseScope::Organisation => promises::by_organisation(reader, of, zone, &request).await?,
        PromiseScope::Network => promises::by_network(reader, of, zone, &request).await?,
    };
    let today = day_of(call.now, zone);
    call.page(page.map(|one| {
        let record = Counted::of(one.promises.iter().copied(), today);
        view(one, record)
    }))
}

fn view(one: Promises, record: Counted) -> PromiseRecord {
    let (network_id, network_name) = one.network.map(|(id, name)| (id, to_wire(&name))).unzip();
    let halves = record.late_half_days.and_then(|halves| i32::try_from(halves).ok());
    PromiseRecord {
        organisation_id: one.organisation_id,
        organisation_name: one.organisation_name,
        network_id,
        network_name,
        due: record.due,
        kept: record.in_time,
        kept_after_move: record.after_move,
        late: record.late,
        overdue: record.overdue,
        kept_percent: record.percentages().map(|(first, _)| first),
        kept_with_move_percent: record.percentages().map(|(_, all)| all),
        median_days_late: halves.map(|halves| f64::from(halves) / 2.0),
    }
}
