//! The tree of networks: what stands above one, and how far a role in one reaches.

use std::collections::{HashMap, HashSet};

use klankbord_domain::networks::{Above, Network, NetworkKind};
use klankbord_domain::policy::Place;
use sea_orm::{ColumnTrait as _, EntityTrait as _, FromQueryResult, QueryFilter as _, QuerySelect as _};
use uuid::Uuid;

use super::entity::networks::{Column, Entity};
use crate::store::{Failure, Source, Tx, parse};

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    kind: String,
    parent_id: Option<Uuid>,
}

impl Row {
    fn above(&self) -> Result<Above, Failure> {
        Ok(Above { id: self.id, kind: parse(("networks", "kind"), &self.kind)? })
    }
}

fn rows() -> sea_orm::Select<Entity> {
    Entity::find().select_only().columns([Column::Id, Column::Kind, Column::ParentId])
}

/// The networks above this one, its parent first.
///
/// # Errors
/// When the database refuses.
pub async fn above(source: &impl Source, network: &Network) -> Result<Vec<Above>, Failure> {
    let mut found: Vec<Above> = Vec::new();
    let mut next = network.parent_id;
    while let Some(id) = next {
        let row = rows().filter(Column::Id.eq(id)).into_model::<Row>().one(source.beneath()).await?;
        let Some(row) = row.filter(|row| found.iter().all(|one| one.id != row.id)) else { break };
        next = row.parent_id;
        found.push(row.above()?);
    }
    Ok(found)
}

/// The same, with each of them locked until the command ends, so that nobody
/// hangs one of them under this one meanwhile.
///
/// # Errors
/// When the database refuses.
pub async fn above_to_change(tx: &Tx, network: &Network) -> Result<Vec<Above>, Failure> {
    for one in above(tx, network).await? {
        rows().filter(Column::Id.eq(one.id)).lock_exclusive().into_model::<Row>().one(tx.beneath()).await?;
    }
    above(tx, network).await
}

/// Where a network stands for the policy.
///
/// # Errors
/// When the database refuses.
pub async fn place(source: &impl Source, network: &Network) -> Result<Place, Failure> {
    let above = if network.kind == NetworkKind::WorkingGroup { above(source, network).await? } else { Vec::new() };
    Ok(network.place(&above))
}

/// Where each of these stands for the policy, in their order; a query for each
/// level of the tree.
///
/// # Errors
/// When the database refuses.
pub async fn places<'n>(
    source: &impl Source,
    networks: impl Iterator<Item = &'n Network> + Clone + Send,
) -> Result<Vec<Place>, Failure> {
    let mut known: HashMap<Uuid, (Above, Option<Uuid>)> = HashMap::new();
    let groups = networks.clone().filter(|network| network.kind == NetworkKind::WorkingGroup);
    let mut wanted: HashSet<Uuid> = groups.filter_map(|network| network.parent_id).collect();
    while !wanted.is_empty() {
        let found = rows().filter(Column::Id.is_in(wanted)).into_model::<Row>().all(source.beneath()).await?;
        wanted = HashSet::new();
        for row in found {
            let above = row.above()?;
            known.insert(row.id, (above, row.parent_id));
            wanted.extend(row.parent_id.filter(|_| above.kind == NetworkKind::WorkingGroup));
        }
        wanted.retain(|id| !known.contains_key(id));
    }
    Ok(networks.map(|network| network.place(&chain(network, &known))).collect())
}

fn chain(network: &Network, known: &HashMap<Uuid, (Above, Option<Uuid>)>) -> Vec<Above> {
    let mut found: Vec<Above> = Vec::new();
    let mut next = network.parent_id;
    while let Some((above, parent)) = next.and_then(|id| known.get(&id)) {
        if found.contains(above) {
            break;
        }
        found.push(*above);
        next = *parent;
    }
    found
}

/// These networks and the working groups under them: as far as a role in one of
/// these reaches.
///
/// # Errors
/// When the database refuses.
pub async fn reach(source: &impl Source, networks: Vec<Uuid>) -> Result<Vec<Uuid>, Failure> {
    let mut reached: HashSet<Uuid> = networks.into_iter().collect();
    let mut last: Vec<Uuid> = reached.iter().copied().collect();
    while !last.is_empty() {
        let under =
            rows().filter(Column::ParentId.is_in(last)).filter(Column::Kind.eq(NetworkKind::WorkingGroup.code()));
        let found = under.into_model::<Row>().all(source.beneath()).await?;
        last = found.into_iter().map(|row| row.id).filter(|id| reached.insert(*id)).collect();
    }
    Ok(reached.into_iter().collect())
}
