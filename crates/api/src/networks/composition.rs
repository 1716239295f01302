//! Who is in a network, counted.

use actix_web::get;
use chrono::NaiveDate;
use klankbord_domain::calendar;
use klankbord_domain::networks::{
    Composition, Expertise, Network, Perspective, TargetActual as DomainTarget, View, compose, operations as op,
};
use klankbord_domain::policy::Caller;
use klankbord_persistence::networks::{composition, network};
use klankbord_persistence::{Failure, Reader};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::web::cell::Cell;
use crate::web::text::{TextVariant, to_wire};
use crate::web::{Answer, Call, Problem};

/// A target, and how many there really are.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TargetActual {
    /// Of which perspectives, taken together.
    #[schema(max_items = 20, example = json!(["young_person"]))]
    perspectives: Vec<Perspective>,
    /// How old they are at least, in years.
    #[schema(minimum = 0, maximum = 120)]
    least_age: Option<i32>,
    /// How many people it hopes for.
    #[schema(minimum = 1, maximum = 100_000, example = 10)]
    target: i32,
    /// How many there are. Somebody whose age isn't known meets no age.
    actual: Cell,
}

/// How many take part from one perspective.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PerspectiveCount {
    /// The perspective.
    perspective: Perspective,
    /// How many people.
    count: Cell,
}

/// How many bring one expertise; a person may bring several.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExpertiseCount {
    /// The expertise.
    expertise: Expertise,
    /// How many people.
    count: Cell,
}

/// Who takes part in a network, counted. Every perspective and expertise is in it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NetworkComposition {
    /// The network.
    network_id: Uuid,
    /// Its name.
    #[schema(max_items = 20)]
    name: Vec<TextVariant>,
    /// How many people take part.
    total: Cell,
    /// Against its targets.
    #[schema(max_items = 50)]
    targets: Vec<TargetActual>,
    /// By perspective.
    #[schema(max_items = 20)]
    perspectives: Vec<PerspectiveCount>,
    /// By expertise.
    #[schema(max_items = 10)]
    expertise: Vec<ExpertiseCount>,
}

/// Who is in a network
///
/// By perspective and expertise, beside what the network hopes for. Whole for
/// its coordinators, its members and the host's manager (a council: for its own
/// roles); outside that circle no figure tells of fewer than ten people.
#[utoipa::path(operation_id = "getNetworkComposition", tag = "Networks",
    responses((status = 200, description = "Who takes part now", body = NetworkComposition)))]
#[get("/networks/{networkId}/composition")]
pub(super) async fn get_network_composition(call: Call<op::GetNetworkComposition>) -> Result<Answer, Problem> {
    let (found, place) = super::network::seen(&call).await?;
    call.authorise(&place)?;
    let today = calendar::day_of(call.now, call.app.config.time.zone);
    let seen = of(call.reader(), call.caller(), std::slice::from_ref(&found.value), today).await?;
    let one = seen.into_iter().next().ok_or_else(|| Problem::internal("a network without a composition"))?;
    Ok(Answer::plain(&one))
}

/// The compositions of these networks as the caller may see each, in their order.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn of(
    reader: &Reader,
    caller: &Caller,
    networks: &[Network],
    today: NaiveDate,
) -> Result<Vec<NetworkComposition>, Failure> {
    let ids: Vec<Uuid> = networks.iter().map(|network| network.id).collect();
    let facts = composition::facts(reader, &ids).await?;
    let places = network::places(reader, networks.iter()).await?;
    let seen = networks.iter().zip(places).map(|(network, place)| {
        // That those in small groups agreed can't be written down yet.
        let view = View::of(network, place.roles_of(caller), false);
        let members = facts.get(&network.id).map(Vec::as_slice).unwrap_or_default();
        counted(network, compose(members, &network.targets, today, view))
    });
    Ok(seen.collect())
}

fn counted(network: &Network, composition: Composition) -> NetworkComposition {
    let Composition { total, targets, perspectives, expertise } = composition;
    let target = |one: DomainTarget| TargetActual {
        perspectives: one.target.perspectives,
        least_age: one.target.least_age,
        target: one.target.target,
        actual: one.actual.into(),
    };
    let perspectives =
        perspectives.into_iter().map(|one| PerspectiveCount { perspective: one.perspective, count: one.count.into() });
    let expertise =
        expertise.into_iter().map(|one| ExpertiseCount { expertise: one.expertise, count: one.count.into() });
    NetworkComposition {
        network_id: network.id,
        name: to_wire(&network.name),
        total: total.into(),
        targets: targets.into_iter().map(target).collect(),
        perspectives: perspectives.collect(),
        expertise: expertise.collect(),
    }
}
