//! Organisations with their numbers and regions.

use std::collections::HashMap;

use klankbord_domain::Fault;
use klankbord_domain::organisations::{ExternalId, Organisation, OrganisationKind};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use uuid::Uuid;

use super::entity::{organisation_external_ids, organisation_regions, organisations, regions};
use crate::store::{Failure, Page, PageRequest, Source, Stored, Tx, fetch_page, keyset, parse, rows};

const KIND: &str = "organisation";

/// What to list.
#[derive(Debug, Clone, Default)]
pub struct OrganisationFilter {
    /// Only these kinds; empty: all.
    pub kinds: Vec<OrganisationKind>,
    /// Only those in this region.
    pub region: Option<Uuid>,
}

/// Makes an organisation.
///
/// # Errors
/// 409 `external_id.taken`.
pub async fn insert(tx: &Tx, mut organisation: Organisation) -> Result<Stored<Organisation>, Failure> {
    organisation.regions.sort_unstable();
    let row = row_of(&organisation, 1, tx.now(), tx.now());
    rows::insert(tx, row.clone()).await?;
    write_parts(tx, &organisation).await?;
    tx.happened("organisation.made", Some(organisation.id), KIND, organisation.id);
    Ok(Stored { value: organisation, version: 1, created_at: row.created_at, updated_at: row.updated_at })
}

/// Saves a changed organisation.
///
/// # Errors
/// 412 when somebody changed it meanwhile; 409 `external_id.taken`.
pub async fn save(tx: &Tx, changed: Stored<Organisation>) -> Result<Stored<Organisation>, Failure> {
    let Stored { mut value, version, created_at, .. } = changed;
    value.regions.sort_unstable();
    let row = row_of(&value, version + 1, created_at, tx.now());
    rows::save(tx, row, [organisations::Column::Id, organisations::Column::Version], version).await?;
    organisation_external_ids::Entity::delete_many()
        .filter(organisation_external_ids::Column::OrganisationId.eq(value.id))
        .exec(tx.beneath())
        .await?;
    organisation_regions::Entity::delete_many()
        .filter(organisation_regions::Column::OrganisationId.eq(value.id))
        .exec(tx.beneath())
        .await?;
    write_parts(tx, &value).await?;
    tx.happened("organisation.changed", Some(value.id), KIND, value.id);
    Ok(Stored { value, version: version + 1, created_at, updated_at: tx.now() })
}

/// The organisation with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid) -> Result<Option<Stored<Organisation>>, Failure> {
    let row = rows::one::<organisations::Entity>(source, id).await?;
    one(source, row).await
}

/// The organisation with this id, for changing it.
///
/// # Errors
/// When the database refuses.
pub async fn find_to_change(tx: &Tx, id: Uuid) -> Result<Option<Stored<Organisation>>, Failure> {
    let row = rows::locked::<organisations::Entity>(tx, id).await?;
    one(tx, row).await
}

/// A page of organisations.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    filter: &OrganisationFilter,
    request: &PageRequest,
) -> Result<Page<Stored<Organisation>>, Failure> {
    let mut selection = organisations::Entity::find();
    if !filter.kinds.is_empty() {
        let kinds = filter.kinds.iter().map(|kind| kind.code());
        selection = selection.filter(organisations::Column::Kind.is_in(kinds));
    }
    if let Some(region) = filter.region {
        let within = sea_orm::sea_query::Query::select()
            .column(organisation_regions::Column::OrganisationId)
            .from(organisation_regions::Entity)
            .and_where(organisation_regions::Column::RegionId.eq(region))
            .to_owned();
        selection = selection.filter(organisations::Column::Id.in_subquery(within));
    }
    let page = fetch_page(source, selection, keyset!(super::entity::organisations), request).await?;
    let (next, total) = (page.next, page.total);
    let items = with_parts(source, page.items).await?;
    Ok(Page { items, next, total })
}

/// Of these ids, those that are no organisation's, as faults at their pointers.
///
/// # Errors
/// When the database refuses.
pub async fn unknown(source: &impl Source, named: &[(String, Uuid)]) -> Result<Vec<Fault>, Failure> {
    let ids = named.iter().map(|(_, id)| *id);
    let found =
        organisations::Entity::find().filter(organisations::Column::Id.is_in(ids)).all(source.beneath()).await?;
    let known: Vec<Uuid> = found.into_iter().map(|row| row.id).collect();
    let unknown = named.iter().filter(|(_, id)| !known.contains(id));
    Ok(unknown.map(|(pointer, _)| Fault::body(pointer.clone(), "reference.unknown")).collect())
}

/// The names of these organisations.
///
/// # Errors
/// When the database refuses.
pub async fn names(source: &impl Source, ids: &[Uuid]) -> Result<HashMap<Uuid, String>, Failure> {
    let named = organisations::Entity::find()
        .select_only()
        .columns([organisations::Column::Id, organisations::Column::Name])
        .filter(organisations::Column::Id.is_in(ids.iter().copied()));
    let named: Vec<(Uuid, String)> = named.into_tuple().all(source.beneath()).await?;
    Ok(named.into_iter().collect())
}

/// Of an organisation's regions, those that do not exist, as faults.
///
/// # Errors
/// When the database refuses.
pub async fn unknown_regions(source: &impl Source, named: &[Uuid]) -> Result<Vec<Fault>, Failure> {
    let found = regions::Entity::find().filter(regions::Column::Id.is_in(named.iter().copied()));
    let known: Vec<Uuid> = found.all(source.beneath()).await?.into_iter().map(|row| row.id).collect();
    let unknown = named.iter().enumerate().filter(|(_, id)| !known.contains(id));
    Ok(unknown.map(|(index, _)| Fault::body(format!("/regions/{index}"), "reference.unknown")).collect())
}

async fn write_parts(tx: &Tx, organisation: &Organisation) -> Result<(), Failure> {
    let numbers = organisation.external_ids.iter().zip(0..).map(|(id, position)| organisation_external_ids::Model {
        organisation_id: organisation.id,
        position,
        scheme: id.scheme.code().to_owned(),
        value: id.value.clone(),
    });
    rows::insert_all(tx, numbers.collect()).await?;
    let organisation_id = organisation.id;
    let within = organisation.regions.iter().map(|id| organisation_regions::Model { organisation_id, region_id: *id });
    rows::insert_all(tx, within.collect()).await
}

fn row_of(
    organisation: &Organisation,
    version: i64,
    created_at: chrono::DateTime<chrono::Utc>,
    updated_at: chrono::DateTime<chrono::Utc>,
) -> organisations::Model {
    organisations::Model {
        id: organisation.id,
        version,
        created_at,
        updated_at,
        kind: organisation.kind.code().to_owned(),
        name: organisation.name.clone(),
        long_stay: organisation.long_stay,
        day_and_night_care: organisation.day_and_night_care,
        care_givers: organisation.care_givers,
        website: organisation.website.clone(),
    }
}

async fn one(source: &impl Source, row: Option<organisations::Model>) -> Result<Option<Stored<Organisation>>, Failure> {
    Ok(with_parts(source, row.into_iter().collect()).await?.pop())
}

async fn with_parts(
    source: &impl Source,
    found: Vec<organisations::Model>,
) -> Result<Vec<Stored<Organisation>>, Failure> {
    let ids: Vec<Uuid> = found.iter().map(|row| row.id).collect();
    let numbers = organisation_external_ids::Entity::find()
        .filter(organisation_external_ids::Column::OrganisationId.is_in(ids.clone()))
        .order_by_asc(organisation_external_ids::Column::Position)
        .all(source.beneath())
        .await?;
    let within = organisation_regions::Entity::find()
        .filter(organisation_regions::Column::OrganisationId.is_in(ids))
        .order_by_asc(organisation_regions::Column::RegionId)
        .all(source.beneath())
        .await?;
    found.into_iter().map(|row| read(row, &numbers, &within)).collect()
}

fn read(
    row: organisations::Model,
    numbers: &[organisation_external_ids::Model],
    within: &[organisation_regions::Model],
) -> Result<Stored<Organisation>, Failure> {
    let external_ids = numbers.iter().filter(|number| number.organisation_id == row.id).map(|number| {
        let scheme = parse(("organisation_external_ids", "scheme"), &number.scheme)?;
        Ok(ExternalId { scheme, value: number.value.clone() })
    });
    let regions = within.iter().filter(|one| one.organisation_id == row.id).map(|one| one.region_id);
    let value = Organisation {
        id: row.id,
        kind: parse(("organisations", "kind"), &row.kind)?,
        name: row.name,
        external_ids: external_ids.collect::<Result<_, Failure>>()?,
        regions: regions.collect(),
        long_stay: row.long_stay,
        day_and_night_care: row.day_and_night_care,
        care_givers: row.care_givers,
        website: row.website,
    };
    Ok(Stored { value, version: row.version, created_at: row.created_at, updated_at: row.updated_at })
}
