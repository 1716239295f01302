//! Networks with their partners.

use std::collections::HashMap;

use klankbord_domain::Refusal;
use klankbord_domain::networks::{
    CompositionTarget, INSIDERS, Network, NetworkKind, NetworkStatus, Perspective, Seat, Seats,
};
use klankbord_domain::policy::{Caller, Standing};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::entity::network_partners as partners;
use super::entity::networks::{Column, Entity, Model};
pub use super::tree::{above, above_to_change, place, places, reach};
use crate::access::grants;
use crate::feedback::entity::feedback;
use crate::participants::membership;
use crate::store::{
    Failure, Page, PageRequest, Source, Stored, Tx, bury, fetch_page, from_json, keyset, optional, parse, read_texts,
    rows, to_json, write_texts,
};

/// The kind of thing, in histories and the audit trail.
pub const KIND: &str = "network";
const TABLE: &str = "networks";

#[derive(Serialize, Deserialize)]
struct TargetRow {
    perspectives: Vec<Perspective>,
    least_age: Option<i32>,
    target: i32,
}

/// Which networks to list.
#[derive(Debug, Clone, Default)]
pub struct NetworkFilter {
    /// Only this organisation's.
    pub host: Option<Uuid>,
    /// Only those of this programme.
    pub programme: Option<Uuid>,
    /// Only those right under this network.
    pub parent: Option<Uuid>,
    /// Only these kinds; empty: all.
    pub kinds: Vec<NetworkKind>,
    /// Only those that stand so; empty: all.
    pub statuses: Vec<NetworkStatus>,
}

/// Makes a network. `council`: whether it is in a council's room.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, network: Network, council: bool) -> Result<Stored<Network>, Failure> {
    let stored = Stored { value: network, version: 1, created_at: tx.now(), updated_at: tx.now() };
    rows::insert(tx, row_of(&stored, council)?).await?;
    write_partners(tx, &stored.value).await?;
    tx.happened("network.made", Some(stored.value.host_id), KIND, stored.value.id);
    Ok(stored)
}

/// Saves a changed network. `council`: whether it is in a council's room, which
/// never changes.
///
/// # Errors
/// 412 when somebody changed it meanwhile.
pub async fn save(tx: &Tx, changed: Stored<Network>, council: bool) -> Result<Stored<Network>, Failure> {
    let read = changed.version;
    let stored = Stored { version: read + 1, updated_at: tx.now(), ..changed };
    rows::save(tx, row_of(&stored, council)?, [Column::Id, Column::Version], read).await?;
    forget_partners(tx, stored.value.id).await?;
    write_partners(tx, &stored.value).await?;
    tx.happened("network.changed", Some(stored.value.host_id), KIND, stored.value.id);
    Ok(stored)
}

/// Deletes a draft; a tombstone stays, and the roles in it are withdrawn.
///
/// # Errors
/// 409 `network.in_use` when it has or holds a membership, another network
/// stands under it, or something was brought to it or by it.
pub async fn delete(tx: &Tx, network: &Network) -> Result<(), Failure> {
    let under = Entity::find().filter(Column::ParentId.eq(network.id)).count(tx.beneath()).await?;
    if under > 0 || membership::any_of_network(tx, network.id).await? {
        return Err(Refusal::Conflict("network.in_use").into());
    }
    let either = Condition::any()
        .add(feedback::Column::AddresseeId.eq(network.id))
        .add(feedback::Column::AuthorId.eq(network.id));
    let brought = feedback::Entity::find().filter(either);
    if brought.count(tx.beneath()).await? > 0 {
        return Err(Refusal::Conflict("network.in_use").into());
    }
    grants::withdraw_all(tx, network.id).await?;
    forget_partners(tx, network.id).await?;
    Entity::delete_by_id(network.id).exec(tx.beneath()).await?;
    bury(tx, network.host_id, KIND, network.id).await
}

/// The network with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid) -> Result<Option<Stored<Network>>, Failure> {
    let row = rows::one::<Entity>(source, id).await?;
    Ok(with_partners(source, row.into_iter().collect()).await?.pop())
}

/// The network with this id, for changing it or its members.
///
/// # Errors
/// When the database refuses.
pub async fn find_to_change(tx: &Tx, id: Uuid) -> Result<Option<Stored<Network>>, Failure> {
    let row = rows::locked::<Entity>(tx, id).await?;
    Ok(with_partners(tx, row.into_iter().collect()).await?.pop())
}

/// The networks with these ids, in no order; those that don't exist are left out.
///
/// # Errors
/// When the database refuses.
pub async fn find_all(source: &impl Source, ids: &[Uuid]) -> Result<Vec<Stored<Network>>, Failure> {
    let found = Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(source.beneath()).await?;
    with_partners(source, found).await
}

/// The networks that stand in a council's room, by their ids.
pub(crate) fn councils() -> SelectStatement {
    let rooms = Entity::find().select_only().column(Column::Id).filter(Column::Council.eq(true));
    rooms.into_query()
}

/// The minimums for figures that these networks set. Persons.
///
/// # Errors
/// When the database refuses.
pub async fn least_groups(source: &impl Source, ids: &[Uuid]) -> Result<HashMap<Uuid, i64>, Failure> {
    let set = Entity::find()
        .select_only()
        .columns([Column::Id, Column::LeastGroup])
        .filter(Column::Id.is_in(ids.iter().copied()))
        .filter(Column::LeastGroup.is_not_null());
    let set: Vec<(Uuid, i32)> = set.into_tuple().all(source.beneath()).await?;
    Ok(set.into_iter().map(|(id, least)| (id, least.into())).collect())
}

/// The networks of a programme that the caller may know of, the oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn of_programme(
    source: &impl Source,
    caller: &Caller,
    programme: Uuid,
) -> Result<Vec<Stored<Network>>, Failure> {
    let selection = Entity::find().filter(Column::ProgrammeId.eq(programme)).filter(seen_by(source, caller).await?);
    let selection = selection.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id);
    with_partners(source, selection.all(source.beneath()).await?).await
}

/// A page of the networks that the caller may know of.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    caller: &Caller,
    filter: &NetworkFilter,
    request: &PageRequest,
) -> Result<Page<Stored<Network>>, Failure> {
    let mut selection = Entity::find().filter(seen_by(source, caller).await?);
    let exactly =
        [(Column::HostId, filter.host), (Column::ProgrammeId, filter.programme), (Column::ParentId, filter.parent)];
    for (column, wanted) in exactly {
        if let Some(id) = wanted {
            selection = selection.filter(column.eq(id));
        }
    }
    if !filter.kinds.is_empty() {
        selection = selection.filter(Column::Kind.is_in(filter.kinds.iter().map(|kind| kind.code())));
    }
    if !filter.statuses.is_empty() {
        selection = selection.filter(Column::Status.is_in(filter.statuses.iter().map(|status| status.code())));
    }
    let page = fetch_page(source, selection, keyset!(super::entity::networks), request).await?;
    let (next, total) = (page.next, page.total);
    Ok(Page { items: with_partners(source, page.items).await?, next, total })
}

/// What [`Network::may_be_seen`] says, as a condition.
async fn seen_by(source: &impl Source, caller: &Caller) -> Result<Condition, Failure> {
    let rooms = reach(source, caller.networks_of(INSIDERS)).await?;
    let outside_councils = Condition::all()
        .add(Column::HostId.is_in(caller.organisations_of(&[Standing::Officer, Standing::Client])))
        .add(Column::Council.eq(false));
    Ok(Condition::any()
        .add(Column::Started.eq(true))
        .add(Column::HostId.is_in(caller.organisations_of(&[Standing::Manager])))
        .add(outside_councils)
        .add(Column::Id.is_in(rooms)))
}

async fn forget_partners(tx: &Tx, network: Uuid) -> Result<(), Failure> {
    partners::Entity::delete_many().filter(partners::Column::NetworkId.eq(network)).exec(tx.beneath()).await?;
    Ok(())
}

async fn write_partners(tx: &Tx, network: &Network) -> Result<(), Failure> {
    let network_id = network.id;
    let row = |(organisation_id, position)| partners::Model { network_id, position, organisation_id };
    rows::insert_all(tx, network.partners.iter().copied().zip(0..).map(row).collect()).await
}

fn row_of(stored: &Stored<Network>, council: bool) -> Result<Model, Failure> {
    let network = &stored.value;
    let target = |one: &CompositionTarget| {
        let CompositionTarget { perspectives, least_age, target } = one.clone();
        TargetRow { perspectives, least_age, target }
    };
    Ok(Model {
        id: network.id,
        version: stored.version,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        host_id: network.host_id,
        programme_id: network.programme_id,
        parent_id: network.parent_id,
        pillar_id: network.pillar_id,
        kind: network.kind.code().to_owned(),
        council,
        started: network.started,
        name: write_texts(&network.name)?,
        purpose: write_texts(&network.purpose)?,
        core_story: network.core_story.as_ref().map(write_texts).transpose()?,
        plain_language_required: network.plain_language_required,
        least_group: network.least_group,
        ask_ceiling: network.ask_ceiling,
        publish_composition: network.publish_composition,
        targets: to_json(&network.targets.iter().map(target).collect::<Vec<_>>())?,
        seats: to_json(&network.seats.seats.iter().map(|seat| (&seat.name, seat.count)).collect::<Vec<_>>())?,
        term_years: network.seats.term_years,
        most_terms: network.seats.most_terms,
        status: network.status.code().to_owned(),
    })
}

async fn with_partners(source: &impl Source, found: Vec<Model>) -> Result<Vec<Stored<Network>>, Failure> {
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let ids = found.iter().map(|row| row.id);
    let beside = partners::Entity::find()
        .filter(partners::Column::NetworkId.is_in(ids))
        .order_by_asc(partners::Column::Position)
        .all(source.beneath())
        .await?;
    found.into_iter().map(|row| read(row, &beside)).collect()
}

fn read(row: Model, beside: &[partners::Model]) -> Result<Stored<Network>, Failure> {
    let partners = beside.iter().filter(|one| one.network_id == row.id).map(|one| one.organisation_id).collect();
    let targets: Vec<TargetRow> = from_json((TABLE, "targets"), &row.targets)?;
    let seats: Vec<(String, i32)> = from_json((TABLE, "seats"), &row.seats)?;
    let seats = seats.into_iter().map(|(name, count)| Seat { name, count }).collect();
    let seats = Seats { seats, term_years: row.term_years, most_terms: row.most_terms };
    let targets = targets.into_iter().map(|one| {
        let TargetRow { perspectives, least_age, target } = one;
        CompositionTarget { perspectives, least_age, target }
    });
    let value = Network {
        id: row.id,
        host_id: row.host_id,
        programme_id: row.programme_id,
        parent_id: row.parent_id,
        pillar_id: row.pillar_id,
        kind: parse((TABLE, "kind"), &row.kind)?,
        name: read_texts((TABLE, "name"), &row.name)?,
        purpose: read_texts((TABLE, "purpose"), &row.purpose)?,
        core_story: optional(row.core_story, |json| read_texts((TABLE, "core_story"), &json))?,
        partners,
        plain_language_required: row.plain_language_required,
        least_group: row.least_group,
        ask_ceiling: row.ask_ceiling,
        publish_composition: row.publish_composition,
        targets: targets.collect(),
        seats,
        status: parse((TABLE, "status"), &row.status)?,
        started: row.started,
    };
    Ok(Stored { value, version: row.version, created_at: row.created_at, updated_at: row.updated_at })
}
