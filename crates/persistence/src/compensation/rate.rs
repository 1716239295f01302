//! Rates.

use std::collections::HashMap;

use klankbord_domain::compensation::Rate;
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::entity::compensation_rates::{Column, Entity, Model};
use crate::store::{
    Failure, Page, PageRequest, Source, Stored, Tx, fetch_page, from_json, keyset, optional, parse, read_texts, rows,
    to_json, write_texts,
};

/// The kind of thing, in the audit trail.
pub const KIND: &str = "compensation_rate";
const TABLE: &str = "compensation_rates";

/// Which rates of an organisation to list.
#[derive(Debug, Clone, Default)]
pub struct RateFilter {
    /// Of these networks, and those that are for all.
    pub networks: Vec<Uuid>,
    /// Also those of each network that is no council's.
    pub all_networks: bool,
    /// Only those of this network.
    pub network: Option<Uuid>,
}

/// Sets a rate.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, rate: Rate) -> Result<Stored<Rate>, Failure> {
    let stored = Stored { value: rate, version: 1, created_at: tx.now(), updated_at: tx.now() };
    rows::insert(tx, row_of(&stored)?).await?;
    tx.happened("compensation_rate.made", Some(stored.value.organisation_id), KIND, stored.value.id);
    Ok(stored)
}

/// Saves a changed rate.
///
/// # Errors
/// 412 when somebody changed it meanwhile.
pub async fn save(tx: &Tx, changed: Stored<Rate>) -> Result<Stored<Rate>, Failure> {
    let read = changed.version;
    let stored = Stored { version: read + 1, updated_at: tx.now(), ..changed };
    rows::save(tx, row_of(&stored)?, [Column::Id, Column::Version], read).await?;
    tx.happened("compensation_rate.changed", Some(stored.value.organisation_id), KIND, stored.value.id);
    Ok(stored)
}

/// The rate with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid) -> Result<Option<Stored<Rate>>, Failure> {
    rows::one::<Entity>(source, id).await?.map(read).transpose()
}

/// The rate with this id, for changing it.
///
/// # Errors
/// When the database refuses.
pub async fn find_to_change(tx: &Tx, id: Uuid) -> Result<Option<Stored<Rate>>, Failure> {
    rows::locked::<Entity>(tx, id).await?.map(read).transpose()
}

/// Those of these rates that an organisation set, for this network or for all.
///
/// # Errors
/// When the database refuses.
pub async fn for_network(
    source: &impl Source,
    ids: &[Uuid],
    (organisation, network): (Uuid, Uuid),
) -> Result<HashMap<Uuid, Rate>, Failure> {
    let selection = Entity::find().filter(Column::Id.is_in(ids.iter().copied())).filter(within(organisation, network));
    let found = selection.all(source.beneath()).await?;
    found.into_iter().map(|row| Ok((row.id, read(row)?.value))).collect()
}

fn within(organisation: Uuid, network: Uuid) -> Condition {
    let either = Condition::any().add(Column::NetworkId.is_null()).add(Column::NetworkId.eq(network));
    Condition::all().add(Column::OrganisationId.eq(organisation)).add(either)
}

/// A page of the rates that an organisation set for this network or for all.
///
/// # Errors
/// When the database refuses.
pub async fn list_for_network(
    source: &impl Source,
    (organisation, network): (Uuid, Uuid),
    request: &PageRequest,
) -> Result<Page<Stored<Rate>>, Failure> {
    let selection = Entity::find().filter(within(organisation, network));
    fetch_page(source, selection, keyset!(super::entity::compensation_rates), request).await?.try_map(read)
}

/// A page of an organisation's rates.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    organisation: Uuid,
    filter: &RateFilter,
    request: &PageRequest,
) -> Result<Page<Stored<Rate>>, Failure> {
    let mut seen =
        Condition::any().add(Column::NetworkId.is_null()).add(Column::NetworkId.is_in(filter.networks.iter().copied()));
    if filter.all_networks {
        seen = seen.add(Column::NetworkId.not_in_subquery(crate::networks::network::councils()));
    }
    let mut selection = Entity::find().filter(Column::OrganisationId.eq(organisation)).filter(seen);
    if let Some(network) = filter.network {
        selection = selection.filter(Column::NetworkId.eq(network));
    }
    fetch_page(source, selection, keyset!(super::entity::compensation_rates), request).await?.try_map(read)
}

fn row_of(stored: &Stored<Rate>) -> Result<Model, Failure> {
    let rate = &stored.value;
    Ok(Model {
        id: rate.id,
        version: stored.version,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        organisation_id: rate.organisation_id,
        network_id: rate.network_id,
        name: write_texts(&rate.name)?,
        unit: rate.unit.code().to_owned(),
        basis: rate.basis.code().to_owned(),
        cents: rate.cents,
        perspectives: to_json(&rate.perspectives)?,
        training: rate.training.map(|training| training.code().to_owned()),
        starts_on: rate.starts_on,
        ends_on: rate.ends_on,
        days_to_payment: rate.days_to_payment,
        reason: rate.reason.clone(),
    })
}

fn read(row: Model) -> Result<Stored<Rate>, Failure> {
    let value = Rate {
        id: row.id,
        organisation_id: row.organisation_id,
        network_id: row.network_id,
        name: read_texts((TABLE, "name"), &row.name)?,
        unit: parse((TABLE, "unit"), &row.unit)?,
        basis: parse((TABLE, "basis"), &row.basis)?,
        cents: row.cents,
        perspectives: from_json((TABLE, "perspectives"), &row.perspectives)?,
        training: optional(row.training, |code| parse((TABLE, "training"), &code))?,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        days_to_payment: row.days_to_payment,
        reason: row.reason,
    };
    Ok(Stored { value, version: row.version, created_at: row.created_at, updated_at: row.updated_at })
}
