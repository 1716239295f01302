//! Campaigns.

use klankbord_domain::policy::Caller;
use klankbord_domain::recruitment::{Campaign, CampaignStatus};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::entity::recruitment_campaigns::{Column, Entity, Model};
use crate::store::{
    Failure, Page, PageRequest, Source, Stored, Tx, fetch_page, from_json, keyset, parse, read_texts, rows, to_json,
    write_texts,
};

/// The kind of thing, in histories and the audit trail.
pub const KIND: &str = "recruitment_campaign";
const TABLE: &str = "recruitment_campaigns";

/// Keeps a new campaign; `council`: it stands in a council's room.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, campaign: Campaign, council: bool) -> Result<Stored<Campaign>, Failure> {
    let stored = Stored { value: campaign, version: 1, created_at: tx.now(), updated_at: tx.now() };
    rows::insert(tx, row_of(&stored, council)?).await?;
    tx.happened("recruitment_campaign.opened", Some(stored.value.organisation_id), KIND, stored.value.id);
    Ok(stored)
}

/// Saves a campaign that moved.
///
/// # Errors
/// 412 when somebody changed it meanwhile.
pub async fn save(tx: &Tx, changed: Stored<Campaign>, council: bool) -> Result<Stored<Campaign>, Failure> {
    let read = changed.version;
    let stored = Stored { version: read + 1, updated_at: tx.now(), ..changed };
    rows::save(tx, row_of(&stored, council)?, [Column::Id, Column::Version], read).await?;
    tx.happened("recruitment_campaign.closed", Some(stored.value.organisation_id), KIND, stored.value.id);
    Ok(stored)
}

/// The campaign with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid) -> Result<Option<Stored<Campaign>>, Failure> {
    rows::one::<Entity>(source, id).await?.as_ref().map(read).transpose()
}

/// The campaign with this id, for changing it.
///
/// # Errors
/// When the database refuses.
pub async fn find_to_change(tx: &Tx, id: Uuid) -> Result<Option<Stored<Campaign>>, Failure> {
    rows::locked::<Entity>(tx, id).await?.as_ref().map(read).transpose()
}

/// A page of a network's campaigns. `sources`: only those that seek through one of these
/// organisations.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    network: Uuid,
    (sources, statuses): (Option<&[Uuid]>, &[CampaignStatus]),
    request: &PageRequest,
) -> Result<Page<Stored<Campaign>>, Failure> {
    let mut selection = Entity::find().filter(Column::NetworkId.eq(network));
    if let Some(sources) = sources {
        // The list in the column is short, and holds whole ids.
        let any = sources.iter().map(|id| Column::Sources.contains(id.to_string()));
        let any = any.fold(sea_orm::Condition::any(), sea_orm::Condition::add);
        selection = selection.filter(if sources.is_empty() {
            sea_orm::Condition::all().add(Column::Id.is_null())
        } else {
            any
        });
    }
    if !statuses.is_empty() {
        selection = selection.filter(Column::Status.is_in(statuses.iter().map(|status| status.code())));
    }
    fetch_page(source, selection, keyset!(super::entity::recruitment_campaigns), request)
        .await?
        .try_map(|row| read(&row))
}

/// The organisations for which this caller speaks.
pub fn spoken_for(caller: &Caller) -> Vec<Uuid> {
    use klankbord_domain::policy::Standing;
    caller.organisations_of(&[Standing::Manager, Standing::Officer])
}

fn row_of(stored: &Stored<Campaign>, council: bool) -> Result<Model, Failure> {
    let campaign = &stored.value;
    Ok(Model {
        id: campaign.id,
        version: stored.version,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        network_id: campaign.network_id,
        organisation_id: campaign.organisation_id,
        council,
        name: write_texts(&campaign.name)?,
        perspective: campaign.perspective.code().to_owned(),
        target: campaign.target,
        sources: to_json(&campaign.sources)?,
        starts_on: campaign.starts_on,
        ends_on: campaign.ends_on,
        status: campaign.status.code().to_owned(),
    })
}

fn read(row: &Model) -> Result<Stored<Campaign>, Failure> {
    let value = Campaign {
        id: row.id,
        network_id: row.network_id,
        organisation_id: row.organisation_id,
        name: read_texts((TABLE, "name"), &row.name)?,
        perspective: parse((TABLE, "perspective"), &row.perspective)?,
        target: row.target,
        sources: from_json((TABLE, "sources"), &row.sources)?,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        status: parse((TABLE, "status"), &row.status)?,
    };
    Ok(Stored { value, version: row.version, created_at: row.created_at, updated_at: row.updated_at })
}
