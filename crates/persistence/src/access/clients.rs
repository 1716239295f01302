//! Clients: machines of an organisation.

use klankbord_domain::access::{Client, ClientScope};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::entity::clients::{Column, Entity, Model};
use crate::store::{
    Failure, Page, PageRequest, Source, Stored, Tx, fetch_page, from_json, keyset, parse, rows, to_json,
};

/// The kind of thing, in histories and the audit trail.
pub const KIND: &str = "client";

/// Keeps a new client.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, client: Client) -> Result<Stored<Client>, Failure> {
    let stored = Stored { value: client, version: 1, created_at: tx.now(), updated_at: tx.now() };
    rows::insert(tx, row_of(&stored)?).await?;
    tx.happened("client.made", Some(stored.value.organisation_id), KIND, stored.value.id);
    Ok(stored)
}

/// Saves a changed client.
///
/// # Errors
/// 412 when somebody changed it meanwhile.
pub async fn save(tx: &Tx, changed: Stored<Client>) -> Result<Stored<Client>, Failure> {
    let read = changed.version;
    let stored = Stored { version: read + 1, updated_at: tx.now(), ..changed };
    rows::save(tx, row_of(&stored)?, [Column::Id, Column::Version], read).await?;
    tx.happened("client.changed", Some(stored.value.organisation_id), KIND, stored.value.id);
    Ok(stored)
}

/// The client with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid) -> Result<Option<Stored<Client>>, Failure> {
    rows::one::<Entity>(source, id).await?.as_ref().map(read).transpose()
}

/// The client with this id, for changing it or what hangs under it.
///
/// # Errors
/// When the database refuses.
pub async fn find_to_change(tx: &Tx, id: Uuid) -> Result<Option<Stored<Client>>, Failure> {
    rows::locked::<Entity>(tx, id).await?.as_ref().map(read).transpose()
}

/// A page of the clients of these organisations.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    organisations: &[Uuid],
    request: &PageRequest,
) -> Result<Page<Stored<Client>>, Failure> {
    let selection = Entity::find().filter(Column::OrganisationId.is_in(organisations.iter().copied()));
    fetch_page(source, selection, keyset!(super::entity::clients), request).await?.try_map(|row| read(&row))
}

fn row_of(stored: &Stored<Client>) -> Result<Model, Failure> {
    let client = &stored.value;
    Ok(Model {
        id: client.id,
        version: stored.version,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        organisation_id: client.organisation_id,
        name: client.name.clone(),
        scopes: to_json(&client.scopes)?,
        status: client.status.code().to_owned(),
    })
}

fn read(row: &Model) -> Result<Stored<Client>, Failure> {
    let value = Client {
        id: row.id,
        organisation_id: row.organisation_id,
        name: row.name.clone(),
        scopes: scopes_of(&row.scopes)?,
        status: parse(("clients", "status"), &row.status)?,
    };
    Ok(Stored { value, version: row.version, created_at: row.created_at, updated_at: row.updated_at })
}

pub(super) fn scopes_of(json: &str) -> Result<Vec<ClientScope>, Failure> {
    from_json(("clients", "scopes"), json)
}
