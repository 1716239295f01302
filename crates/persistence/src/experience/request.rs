//! What organisations ask.

use std::collections::HashMap;

use klankbord_domain::experience::{ExperienceRequest, ExperienceRequestStatus};
use klankbord_domain::policy::Place;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::entity::experience_requests::{Column, Entity, Model};
use crate::networks::network;
use crate::store::{
    Failure, Page, PageRequest, Source, Stored, Tx, bury, fetch_page, from_json, keyset, optional, parse, read_texts,
    rows, to_json, write_texts,
};

/// The kind of thing, in histories and the audit trail.
pub const KIND: &str = "experience_request";
const TABLE: &str = "experience_requests";

/// Which requests to list.
#[derive(Debug, Clone, Default)]
pub struct ExperienceRequestFilter {
    /// Those of this organisation.
    pub organisation: Uuid,
    /// Only those for one of these networks.
    pub networks: Option<Vec<Uuid>>,
    /// Only in these states; empty: all.
    pub statuses: Vec<ExperienceRequestStatus>,
}

/// Keeps a new request.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, request: ExperienceRequest) -> Result<Stored<ExperienceRequest>, Failure> {
    let stored = Stored { value: request, version: 1, created_at: tx.now(), updated_at: tx.now() };
    rows::insert(tx, row_of(&stored)?).await?;
    tx.happened("experience_request.made", Some(stored.value.organisation_id), KIND, stored.value.id);
    Ok(stored)
}

/// Saves a request that changed or moved.
///
/// # Errors
/// 412 when somebody changed it meanwhile.
pub async fn save(
    tx: &Tx,
    changed: Stored<ExperienceRequest>,
    event: &str,
) -> Result<Stored<ExperienceRequest>, Failure> {
    let read = changed.version;
    let stored = Stored { version: read + 1, updated_at: tx.now(), ..changed };
    rows::save(tx, row_of(&stored)?, [Column::Id, Column::Version], read).await?;
    tx.happened(event, Some(stored.value.organisation_id), KIND, stored.value.id);
    Ok(stored)
}

/// Deletes a draft; nobody was approached for it.
///
/// # Errors
/// When the database refuses.
pub async fn delete(tx: &Tx, request: &ExperienceRequest) -> Result<(), Failure> {
    Entity::delete_by_id(request.id).exec(tx.beneath()).await?;
    bury(tx, request.organisation_id, KIND, request.id).await
}

/// The request with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid) -> Result<Option<Stored<ExperienceRequest>>, Failure> {
    rows::one::<Entity>(source, id).await?.as_ref().map(read).transpose()
}

/// The request with this id, for changing it.
///
/// # Errors
/// When the database refuses.
pub async fn find_to_change(tx: &Tx, id: Uuid) -> Result<Option<Stored<ExperienceRequest>>, Failure> {
    rows::locked::<Entity>(tx, id).await?.as_ref().map(read).transpose()
}

/// The requests with these ids.
///
/// # Errors
/// When the database refuses.
pub async fn by_id(source: &impl Source, ids: &[Uuid]) -> Result<HashMap<Uuid, ExperienceRequest>, Failure> {
    let mut found = HashMap::new();
    for batch in ids.chunks(500) {
        for row in Entity::find().filter(Column::Id.is_in(batch.iter().copied())).all(source.beneath()).await? {
            found.insert(row.id, read(&row)?.value);
        }
    }
    Ok(found)
}

/// A page of an organisation's requests.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    filter: &ExperienceRequestFilter,
    request: &PageRequest,
) -> Result<Page<Stored<ExperienceRequest>>, Failure> {
    let mut selection = Entity::find().filter(Column::OrganisationId.eq(filter.organisation));
    if let Some(networks) = &filter.networks {
        selection = selection.filter(Column::NetworkId.is_in(networks.iter().copied()));
    }
    if !filter.statuses.is_empty() {
        selection = selection.filter(Column::Status.is_in(filter.statuses.iter().map(|status| status.code())));
    }
    fetch_page(source, selection, keyset!(super::entity::experience_requests), request).await?.try_map(|row| read(&row))
}

/// Where a request stands: with the organisation, and the network for which it is.
///
/// # Errors
/// When the database refuses.
pub async fn place(source: &impl Source, request: &ExperienceRequest) -> Result<Place, Failure> {
    let networks = match request.network_id {
        Some(id) => match network::find(source, id).await? {
            Some(found) => network::place(source, &found.value).await?.networks,
            None => Vec::new(),
        },
        None => Vec::new(),
    };
    Ok(Place { networks, ..Place::of_organisation(request.organisation_id) })
}

fn row_of(stored: &Stored<ExperienceRequest>) -> Result<Model, Failure> {
    let request = &stored.value;
    Ok(Model {
        id: request.id,
        version: stored.version,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        organisation_id: request.organisation_id,
        network_id: request.network_id,
        title: write_texts(&request.title)?,
        purpose: write_texts(&request.purpose)?,
        themes: to_json(&request.themes)?,
        forms: to_json(&request.forms)?,
        starts_on: request.starts_on,
        ends_on: request.ends_on,
        minutes_per_month: request.minutes_per_month,
        compensation: request.compensation.as_ref().map(write_texts).transpose()?,
        places: to_json(&request.places)?,
        municipality: request.municipality.clone(),
        answer_due_on: request.answer_due_on,
        status: request.status.code().to_owned(),
        reach: request.reach.map(|reach| reach.code().to_owned()),
    })
}

fn read(row: &Model) -> Result<Stored<ExperienceRequest>, Failure> {
    let value = ExperienceRequest {
        id: row.id,
        organisation_id: row.organisation_id,
        network_id: row.network_id,
        title: read_texts((TABLE, "title"), &row.title)?,
        purpose: read_texts((TABLE, "purpose"), &row.purpose)?,
        themes: from_json((TABLE, "themes"), &row.themes)?,
        forms: from_json((TABLE, "forms"), &row.forms)?,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        minutes_per_month: row.minutes_per_month,
        compensation: optional(row.compensation.as_deref(), |texts| read_texts((TABLE, "compensation"), texts))?,
        places: from_json((TABLE, "places"), &row.places)?,
        municipality: row.municipality.clone(),
        answer_due_on: row.answer_due_on,
        status: parse((TABLE, "status"), &row.status)?,
        reach: optional(row.reach.as_deref(), |reach| parse((TABLE, "reach"), reach))?,
    };
    Ok(Stored { value, version: row.version, created_at: row.created_at, updated_at: row.updated_at })
}
