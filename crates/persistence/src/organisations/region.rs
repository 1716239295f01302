//! Regions.

use klankbord_domain::organisations::{Region, RegionKind};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::entity::regions;
use crate::store::{Failure, Page, PageRequest, Source, Tx, fetch_page, keyset, parse, rows};

/// Makes a region.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, region: Region) -> Result<Region, Failure> {
    let row = regions::Model {
        id: region.id,
        kind: region.kind.code().to_owned(),
        name: region.name.clone(),
        created_at: tx.now(),
        updated_at: tx.now(),
    };
    rows::insert(tx, row).await?;
    tx.happened("region.made", None, "region", region.id);
    Ok(region)
}

/// A page of regions, of these kinds or of all.
///
/// # Errors
/// When the database refuses.
pub async fn list(source: &impl Source, kinds: &[RegionKind], request: &PageRequest) -> Result<Page<Region>, Failure> {
    let mut selection = regions::Entity::find();
    if !kinds.is_empty() {
        selection = selection.filter(regions::Column::Kind.is_in(kinds.iter().map(|kind| kind.code())));
    }
    let page = fetch_page(source, selection, keyset!(super::entity::regions), request).await?;
    page.try_map(read)
}

/// The region with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid) -> Result<Option<Region>, Failure> {
    rows::one::<regions::Entity>(source, id).await?.map(read).transpose()
}

fn read(row: regions::Model) -> Result<Region, Failure> {
    Ok(Region { id: row.id, kind: parse(("regions", "kind"), &row.kind)?, name: row.name })
}
