//! Networks: made, led, moved along their lifecycle.

use actix_web::{delete, get, patch, post};
use futures_util::FutureExt as _;
use klankbord_domain::networks::{Above, INSIDERS, Network as Domain, NetworkKind, NetworkStatus, operations as op};
use klankbord_domain::policy::{Caller, Place, Standing};
use klankbord_domain::{Fault, Refusal, Texts, lifecycle};
use klankbord_persistence::networks::network;
use klankbord_persistence::organisations::organisation;
use klankbord_persistence::programmes::programme;
use klankbord_persistence::store::history;
use klankbord_persistence::{Failure, Source, Stored, Tx};
use serde_json::Value;
use uuid::Uuid;

use super::wire::{Network, NetworkCreate, NetworkPage, NetworkPatch, NetworkQuery, view};
use crate::organisations::named;
use crate::web::call::decided;
use crate::web::page::{Ordering, Paging};
use crate::web::patch;
use crate::web::transition::{Transition, TransitionCreate, TransitionPage};
use crate::web::{Answer, Call, Problem};

/// Who leads a network, and so hangs a working group into it.
const LEADERS: &[Standing] = &[Standing::Manager, Standing::Client, Standing::Coordinator, Standing::Chair];

/// List the networks
///
/// Drafts only for who is in the room.
#[utoipa::path(operation_id = "listNetworks", tag = "Networks", params(NetworkQuery, Paging, Ordering),
    responses((status = 200, description = "A page", body = NetworkPage)))]
#[get("/networks")]
pub(super) async fn list_networks(call: Call<op::ListNetworks>) -> Result<Answer, Problem> {
    let (query, request) = call.listing::<NetworkQuery>()?;
    let page = network::list(call.reader(), call.caller(), &query.into(), &request).await?;
    let places = network::places(call.reader(), page.items.iter().map(|found| &found.value)).await?;
    let mut roles = places.iter().map(|place| place.roles_of(call.caller()));
    call.page(page.map(|found| view(found, roles.next().unwrap_or_default())))
}

/// Make a network
///
/// It starts as a draft. A manager of the host makes it; in a council the host's
/// manager then only names the first chair.
#[utoipa::path(operation_id = "createNetwork", tag = "Networks", request_body = NetworkCreate,
    responses((status = 201, description = "Made", body = Network)))]
#[post("/networks")]
pub(super) async fn create_network(call: Call<op::CreateNetwork>) -> Result<Answer, Problem> {
    let new: NetworkCreate = call.body()?;
    call.command(new, |tx, new| create(tx, new).boxed()).await
}

async fn create(tx: &Tx, new: &NetworkCreate) -> Result<Answer, Failure> {
    named::authorised(tx, "/hostId", new.host_id).await?;
    let made = new.clone().into_domain(tx.new_id(), NetworkStatus::Draft)?;
    // A council's room is its own: no machine sets one up, nor anything in it.
    let by_machine = tx.caller().machine.is_some();
    if by_machine && made.kind.is_council() {
        return Err(Refusal::Forbidden.into());
    }
    check_references(tx, None, &made).await?;
    let place = made.place(&network::above_to_change(tx, &made).await?);
    if by_machine && place.council {
        return Err(Refusal::Forbidden.into());
    }
    let stored = network::insert(tx, made, place.council).await?;
    let location = format!("/v1/networks/{}", stored.value.id);
    Ok(Answer::created(location, stored.version, &view(stored, place.roles_of(tx.caller()))))
}

/// Read a network
#[utoipa::path(operation_id = "getNetwork", tag = "Networks",
    responses((status = 200, description = "The network", body = Network)))]
#[get("/networks/{networkId}")]
pub(super) async fn get_network(call: Call<op::GetNetwork>) -> Result<Answer, Problem> {
    let (found, place) = seen(&call).await?;
    let permit = call.authorise(&place)?;
    Ok(Answer::resource(found.version, &view(found, permit.roles())))
}

/// Change a network
///
/// A network never leaves or enters a council's room.
#[utoipa::path(operation_id = "updateNetwork", tag = "Networks", request_body(
    content((NetworkPatch = "application/merge-patch+json"), (NetworkPatch = "application/json"))),
    responses((status = 200, description = "Changed", body = Network)))]
#[patch("/networks/{networkId}")]
pub(super) async fn update_network(call: Call<op::UpdateNetwork>) -> Result<Answer, Problem> {
    let input = (call.id("networkId")?, call.body()?);
    call.command(input, |tx, (id, changes)| update(tx, *id, changes).boxed()).await
}

async fn update(tx: &Tx, id: Uuid, changes: &Value) -> Result<Answer, Failure> {
    let (found, _) = load(tx, id).await?;
    let old = &found.value;
    let content: NetworkCreate = patch::apply(&NetworkCreate::from(old.clone()), changes)?;
    let mut new = content.into_domain(id, old.status)?;
    new.name = old.name.revised(new.name);
    new.purpose = old.purpose.revised(new.purpose);
    new.core_story = Texts::revised_or_none(old.core_story.as_ref(), new.core_story);
    check_references(tx, Some(old), &new).await?;
    let above_old = network::above(tx, old).await?;
    let above_new =
        if new.parent_id == old.parent_id { above_old.clone() } else { network::above_to_change(tx, &new).await? };
    let next = decided(tx, found.version, old.change(new, (&above_old, &above_new)))?;
    save(tx, &found, next, &above_new).await
}

async fn save(tx: &Tx, found: &Stored<Domain>, changed: Domain, above: &[Above]) -> Result<Answer, Failure> {
    let place = changed.place(above);
    let stored = network::save(tx, found.with(changed), place.council).await?;
    Ok(Answer::resource(stored.version, &view(stored, place.roles_of(tx.caller()))))
}

/// Delete a draft
///
/// Only a draft without members and without networks under it can be deleted;
/// what has been at work is closed.
#[utoipa::path(operation_id = "deleteNetwork", tag = "Networks", responses((status = 204, description = "Deleted")))]
#[delete("/networks/{networkId}")]
pub(super) async fn delete_network(call: Call<op::DeleteNetwork>) -> Result<Answer, Problem> {
    call.command(call.id("networkId")?, |tx, id| remove(tx, *id).boxed()).await
}

async fn remove(tx: &Tx, id: Uuid) -> Result<Answer, Failure> {
    let (found, _) = load(tx, id).await?;
    tx.fresh(found.version)?;
    found.value.may_be_deleted()?;
    network::delete(tx, &found.value).await?;
    Ok(Answer::nothing())
}

/// Move a network along
///
/// Start it, let it rest, wake it, close it.
#[utoipa::path(operation_id = "createNetworkTransition", tag = "Networks",
    request_body(content = TransitionCreate, example = json!({"to": "active"})),
    responses((status = 201, description = "Moved", body = Transition)))]
#[post("/networks/{networkId}/transitions")]
pub(super) async fn create_network_transition(call: Call<op::CreateNetworkTransition>) -> Result<Answer, Problem> {
    let input: (Uuid, TransitionCreate) = (call.id("networkId")?, call.body()?);
    call.command(input, |tx, (id, asked)| make_move(tx, *id, asked).boxed()).await
}

async fn make_move(tx: &Tx, id: Uuid, asked: &TransitionCreate) -> Result<Answer, Failure> {
    let (found, place) = load(tx, id).await?;
    let roles = place.roles_of(tx.caller());
    let to: NetworkStatus = asked.state()?;
    let from = found.value.status;
    let status = decided(tx, found.version, lifecycle::take(from, to, roles, asked.reason.as_deref()))?;
    let stored = network::save(tx, found.with(found.value.clone().moved(status)), place.council).await?;
    let steps = (from.code(), status.code());
    let made = history::record(tx, (network::KIND, id), steps, asked.reason.as_deref()).await?;
    let location = format!("/v1/networks/{id}/transitions");
    let version = stored.version;
    Ok(Answer::moved(location, &Transition::from(made), version, &view(stored, roles)))
}

/// List the moves of a network
///
/// Who made them, and why, only for who is in the room.
#[utoipa::path(operation_id = "listNetworkTransitions", tag = "Networks", params(Paging),
    responses((status = 200, description = "A page", body = TransitionPage)))]
#[get("/networks/{networkId}/transitions")]
pub(super) async fn list_network_transitions(call: Call<op::ListNetworkTransitions>) -> Result<Answer, Problem> {
    let (found, place) = seen(&call).await?;
    let inside = call.authorise(&place)?.roles().has_any(INSIDERS);
    let (_, request) = call.listing::<Paging>()?;
    let page = history::list(call.reader(), (network::KIND, found.value.id), &request).await?;
    let told = |one: Transition| if inside { one } else { Transition { reason: None, made_by: None, ..one } };
    call.page(page.map(|kept| told(Transition::from(kept))))
}

/// The network that a query names and the caller may know of, and its place.
pub(crate) async fn seen<O: klankbord_domain::policy::Operation>(
    call: &Call<O>,
) -> Result<(Stored<Domain>, Place), Problem> {
    Ok(known(call.reader(), call.caller(), call.id("networkId")?).await?)
}

/// Where a network stands, for who may know of it.
///
/// # Errors
/// 404 for who may not.
pub(crate) async fn place(source: &impl Source, caller: &Caller, id: Uuid) -> Result<Place, Failure> {
    Ok(known(source, caller, id).await?.1)
}

async fn known(source: &impl Source, caller: &Caller, id: Uuid) -> Result<(Stored<Domain>, Place), Failure> {
    let found = network::find(source, id).await?.ok_or(Refusal::Hidden)?;
    let place = network::place(source, &found.value).await?;
    if found.value.may_be_seen(caller, &place) { Ok((found, place)) } else { Err(Refusal::Hidden.into()) }
}

/// The network, for a command on it, and its place.
async fn load(tx: &Tx, id: Uuid) -> Result<(Stored<Domain>, Place), Failure> {
    let found = network::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?;
    let place = network::place(tx, &found.value).await?;
    if !found.value.may_be_seen(tx.caller(), &place) {
        return Err(Refusal::Hidden.into());
    }
    tx.authorise(&place).await?;
    Ok((found, place))
}

/// Checks what the network names and did not name before: partners, parent,
/// programme and pillar.
async fn check_references(tx: &Tx, old: Option<&Domain>, new: &Domain) -> Result<(), Failure> {
    let pointer = |(index, id): (usize, &Uuid)| (format!("/partners/{index}"), *id);
    let named: Vec<_> = new.partners.iter().enumerate().map(pointer).collect();
    let mut faults = organisation::unknown(tx, &named).await?;
    let hangs = |network: &Domain| (network.parent_id, network.kind);
    if let Some(parent) = new.parent_id.filter(|_| old.map(hangs) != Some(hangs(new)))
        && !may_hang_under(tx, new.kind, parent).await?
    {
        faults.push(Fault::body("/parentId", "reference.unknown"));
    }
    if let Some(id) = new.programme_id {
        // Locked until the command ends: the pillar doesn't go meanwhile.
        let found = programme::find_to_change(tx, id).await?;
        let newly = old.and_then(|old| old.programme_id) != Some(id);
        let found = found.filter(|found| !newly || found.value.involves(new.host_id));
        let pillars = found.iter().flat_map(|found| &found.value.pillars);
        if found.is_none() {
            faults.push(Fault::body("/programmeId", "reference.unknown"));
        } else if new.pillar_id.is_some_and(|id| pillars.clone().all(|pillar| pillar.id != id)) {
            faults.push(Fault::body("/pillarId", "reference.unknown"));
        }
    }
    Ok(Refusal::unless_clean(faults)?)
}

/// Whether the caller may hang a network of this kind under that one. A working
/// group comes into its parent's room: only who leads there lets it in. Others
/// only stand beside it in the tree.
async fn may_hang_under(tx: &Tx, kind: NetworkKind, parent: Uuid) -> Result<bool, Failure> {
    let Some(found) = network::find(tx, parent).await? else { return Ok(false) };
    let place = network::place(tx, &found.value).await?;
    let caller: &Caller = tx.caller();
    let leads = place.roles_of(caller).has_any(LEADERS);
    let hosts = caller.organisations_of(&[Standing::Manager, Standing::Client]).contains(&found.value.host_id);
    Ok(leads || (hosts && kind != NetworkKind::WorkingGroup))
}
