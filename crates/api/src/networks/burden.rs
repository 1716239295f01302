//! How heavily a network asks its people, and who may be asked now.

use actix_web::get;
use chrono::NaiveDate;
use klankbord_domain::networks::{INSIDERS, View, operations as op};
use klankbord_domain::participants::{LOAD_STEPS, MayBeAsked, Member, MembershipStatus, load};
use klankbord_domain::privacy::ConsentPurpose;
use klankbord_domain::{Cell as Count, Refusal};
use klankbord_persistence::consultations::burden::{self, Asked};
use klankbord_persistence::networks::network;
use klankbord_persistence::participants::membership::{self, MembershipFilter};
use klankbord_persistence::participants::participant;
use klankbord_persistence::privacy::data_request::{self, STOPS};
use klankbord_persistence::privacy::standing;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::consultations::burden_terms;
use crate::privacy::terms;
use crate::web::cell::Cell;
use crate::web::page::{Ordering, Paging, page};
use crate::web::{Answer, Call, Problem};

const TAKING_PART: ConsentPurpose = ConsentPurpose::Participation;

/// Whether a member may be asked now.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AskableMembership {
    /// The membership.
    membership_id: Uuid,
    /// Whether they may be asked now.
    #[schema(example = true)]
    may_be_asked: bool,
    /// The first of the month from which on they surely may, where that is a matter of time; without it their
    /// consent to taking part is what lacks.
    not_before_on: Option<NaiveDate>,
}

page!(
    /// A page of members, and whether each may be asked.
    AskableMembershipPage of AskableMembership
);

/// How many people a network asked so often.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LoadStep {
    /// How often. Times.
    #[schema(minimum = 0, maximum = 100, example = 2)]
    times: i32,
    /// Whether it is that often or more.
    #[schema(example = false)]
    or_more: bool,
    /// How many people.
    count: Cell,
}

/// How heavily a network asks its people: what it asked itself, and nobody else.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NetworkLoad {
    /// The network.
    network_id: Uuid,
    /// Within how many days, up to today.
    #[schema(minimum = 1, maximum = 731, example = 92)]
    window_days: u32,
    /// The ceiling that the network sets. Times.
    #[schema(minimum = 1, maximum = 1000, example = 2)]
    ask_ceiling: Option<i32>,
    /// How many people were asked how often.
    #[schema(max_items = 10)]
    distribution: Vec<LoadStep>,
}

/// List who may be asked
///
/// Of the persons who take part: whether each may be asked now, or from which month on.
/// By what is never told: it would say where else somebody takes part. The read is
/// written down.
#[utoipa::path(operation_id = "listAskableMemberships", tag = "Networks", params(Paging, Ordering),
    responses((status = 200, description = "A page", body = AskableMembershipPage)))]
#[get("/networks/{networkId}/askable-memberships")]
pub(super) async fn list_askable_memberships(call: Call<op::ListAskableMemberships>) -> Result<Answer, Problem> {
    let (found, place) = super::network::seen(&call).await?;
    call.authorise(&place)?;
    let (_, request) = call.listing::<Paging>()?;
    let filter = MembershipFilter { statuses: vec![MembershipStatus::Active], ..MembershipFilter::default() };
    let mut page = membership::list(call.reader(), found.value.id, &filter, &request).await?;
    page.items.retain(|one| matches!(one.value.member, Member::Participant(_)));
    let person_of = |member: Member| match member {
        Member::Participant(id) => Some(id),
        Member::Organisation(_) | Member::Network(_) => None,
    };
    let ids: Vec<Uuid> = page.items.iter().filter_map(|one| person_of(one.value.member)).collect();
    let persons = participant::by_id(call.reader(), &ids).await?;
    let network = found.value.ask_ceiling;
    let asked: Vec<Asked<'_>> = persons.values().map(|person| Asked { person, network, overridden: false }).collect();
    let weighed = burden::weigh(call.reader(), &asked, burden_terms(&call)).await?;
    let all: Vec<_> = persons.values().collect();
    let consents = standing::of(call.reader(), &all, &[TAKING_PART], terms(&call)).await?;
    let stopped = data_request::stopped(call.reader(), &ids, STOPS).await?;
    let consents =
        |id: Uuid| consents.get(&(id, TAKING_PART)).is_none_or(|state| state.allows()) && !stopped.contains(&id);
    call.witness(found.value.host_id, (network::KIND, found.value.id), ids).await?;
    call.page(page.map(|one| {
        let may = person_of(one.value.member).and_then(|id| weighed.get(&id).copied());
        let not_before_on = may.and_then(MayBeAsked::told);
        let consents = person_of(one.value.member).is_none_or(consents);
        let may_be_asked = not_before_on.is_none() && consents;
        AskableMembership { membership_id: one.value.id, may_be_asked, not_before_on }
    }))
}

/// Read how heavily a network asks
///
/// How many of its people it asked how often lately. Whole for who is in it; outside no
/// figure of fewer than ten people, and of a council nothing.
#[utoipa::path(operation_id = "getNetworkLoad", tag = "Networks",
    responses((status = 200, description = "How heavily it asks", body = NetworkLoad)))]
#[get("/networks/{networkId}/load")]
pub(super) async fn get_network_load(call: Call<op::GetNetworkLoad>) -> Result<Answer, Problem> {
    let (found, place) = super::network::seen(&call).await?;
    let permit = call.authorise(&place)?;
    // How often a council asks its own members is for its room alone.
    if place.council && !permit.roles().has_any(INSIDERS) {
        return Err(Refusal::Forbidden.into());
    }
    let active = membership::active_in(call.reader(), &[found.value.id]).await?;
    let persons: Vec<Uuid> = active
        .iter()
        .filter_map(|one| match one.member {
            Member::Participant(id) => Some(id),
            Member::Organisation(_) | Member::Network(_) => None,
        })
        .collect();
    let terms = burden_terms(&call);
    let times = burden::asked_by(call.reader(), found.value.id, &persons, terms).await?;
    let cells = load(times.into_iter(), View::of(&found.value, permit.roles(), false));
    let last = i32::try_from(LOAD_STEPS).unwrap_or(i32::MAX) - 1;
    let step = |(times, count): (i32, Count)| LoadStep { times, or_more: times == last, count: count.into() };
    Ok(Answer::plain(&NetworkLoad {
        network_id: found.value.id,
        window_days: call.app.config.burden.window_days,
        ask_ceiling: found.value.ask_ceiling,
        distribution: (0..).zip(cells).map(step).collect(),
    }))
}
