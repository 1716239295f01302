//! The rota of retirement: who steps down when, and which seats are vacant.

use actix_web::get;
use chrono::NaiveDate;
use klankbord_domain::networks::{Filling, Perspective, Retiring, operations as op, rota};
use klankbord_domain::participants::{Member, MembershipRole};
use klankbord_persistence::networks::network;
use klankbord_persistence::participants::membership;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::network::seen;
use crate::web::{Answer, Call, Problem};

/// Somebody who steps down, on a day where that is known.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RotaEntry {
    /// Their membership.
    membership_id: Uuid,
    /// What they do in the network.
    role: MembershipRole,
    /// From where they take part.
    perspective: Perspective,
    /// The seat that they fill.
    #[schema(max_length = 200, example = "Locatie Oost")]
    seat: Option<String>,
    /// The first day of their term.
    term_starts_on: Option<NaiveDate>,
    /// The day on which they step down.
    term_ends_on: Option<NaiveDate>,
    /// Which term it is, from 1.
    #[schema(minimum = 1, maximum = 1000, example = 1)]
    term: i32,
    /// Whether they may be appointed again after it.
    #[schema(example = true)]
    may_return: bool,
}

/// How a kind of seat is filled.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SeatFilling {
    /// What it is called.
    #[schema(max_length = 200, example = "Locatie Oost")]
    seat: String,
    /// How many there are.
    #[schema(minimum = 1, maximum = 1000, example = 2)]
    count: i32,
    /// How many are taken.
    #[schema(minimum = 0, maximum = 1_000_000, example = 1)]
    filled: i32,
    /// How many are vacant.
    #[schema(minimum = 0, maximum = 1000, example = 1)]
    vacant: i32,
    /// When the next one falls vacant, where that is known.
    next_vacant_on: Option<NaiveDate>,
}

/// A network's rota of retirement (rooster van aftreden).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NetworkRota {
    /// The network.
    network_id: Uuid,
    /// How long a term is. Years.
    #[schema(minimum = 1, maximum = 20, example = 4)]
    term_years: Option<i32>,
    /// How many terms somebody can have.
    #[schema(minimum = 1, maximum = 20, example = 2)]
    most_terms: Option<i32>,
    /// Who takes part, the first to step down first; who has no day, last.
    #[schema(max_items = 10_000)]
    members: Vec<RotaEntry>,
    /// How its seats are filled.
    #[schema(max_items = 100)]
    seats: Vec<SeatFilling>,
}

/// Read who steps down when
///
/// The rota of retirement: each member's term, which one it is and whether they may be
/// appointed again, and which seats are or fall vacant. For who may read the network's
/// people. The read is written down.
#[utoipa::path(operation_id = "getNetworkRota", tag = "Networks",
    responses((status = 200, description = "The rota", body = NetworkRota)))]
#[get("/networks/{networkId}/rota")]
pub(super) async fn get_network_rota(call: Call<op::GetNetworkRota>) -> Result<Answer, Problem> {
    let (found, place) = seen(&call).await?;
    call.authorise(&place)?;
    let network = found.value;
    let memberships = membership::ever_in(call.reader(), network.id).await?;
    let (retiring, fillings) = rota(&network.seats, &memberships);
    let person = |one: &Retiring| match one.membership.member {
        Member::Participant(id) => Some(id),
        Member::Organisation(_) | Member::Network(_) => None,
    };
    let subjects = retiring.iter().filter_map(person).collect();
    call.witness(network.host_id, (network::KIND, network.id), subjects).await?;
    Ok(Answer::plain(&NetworkRota {
        network_id: network.id,
        term_years: network.seats.term_years,
        most_terms: network.seats.most_terms,
        members: retiring.into_iter().map(entry).collect(),
        seats: fillings.into_iter().map(filling).collect(),
    }))
}

fn entry(one: Retiring) -> RotaEntry {
    let Retiring { membership, term, may_return } = one;
    RotaEntry {
        membership_id: membership.id,
        role: membership.role,
        perspective: membership.perspective,
        seat: membership.seat,
        term_starts_on: membership.term_starts_on,
        term_ends_on: membership.term_ends_on,
        term,
        may_return,
    }
}

fn filling(one: Filling) -> SeatFilling {
    let Filling { seat, filled, vacant, next_on } = one;
    SeatFilling { seat: seat.name, count: seat.count, filled, vacant, next_vacant_on: next_on }
}
