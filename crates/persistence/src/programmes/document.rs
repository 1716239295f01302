//! The documents of programmes.

use chrono::NaiveDate;
use klankbord_domain::programmes::{DocumentVersion, ProgrammeDocument};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::entity::programme_documents::{Column, Entity, Model};
use crate::store::{
    Failure, Page, PageRequest, Source, Stored, Tx, fetch_page, from_json, keyset, parse, read_texts, rows, to_json,
    write_texts,
};

const KIND: &str = "programme_document";
const TABLE: &str = "programme_documents";

#[derive(Serialize, Deserialize)]
struct VersionRow {
    label: String,
    url: String,
    published_on: NaiveDate,
    period_from: Option<NaiveDate>,
    period_to: Option<NaiveDate>,
}

/// Keeps a new document. `organisation`: the programme's host.
///
/// # Errors
/// When the database refuses.
pub async fn insert(
    tx: &Tx,
    organisation: Uuid,
    document: ProgrammeDocument,
) -> Result<Stored<ProgrammeDocument>, Failure> {
    let stored = Stored { value: document, version: 1, created_at: tx.now(), updated_at: tx.now() };
    rows::insert(tx, row_of(&stored)?).await?;
    tx.happened("programme_document.made", Some(organisation), KIND, stored.value.id);
    Ok(stored)
}

/// Saves a changed document. `organisation`: the programme's host.
///
/// # Errors
/// 412 when somebody changed it meanwhile.
pub async fn save(
    tx: &Tx,
    organisation: Uuid,
    changed: Stored<ProgrammeDocument>,
) -> Result<Stored<ProgrammeDocument>, Failure> {
    let read = changed.version;
    let stored = Stored { version: read + 1, updated_at: tx.now(), ..changed };
    rows::save(tx, row_of(&stored)?, [Column::Id, Column::Version], read).await?;
    tx.happened("programme_document.changed", Some(organisation), KIND, stored.value.id);
    Ok(stored)
}

/// The document with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid) -> Result<Option<Stored<ProgrammeDocument>>, Failure> {
    rows::one::<Entity>(source, id).await?.as_ref().map(read).transpose()
}

/// The document with this id, for changing it.
///
/// # Errors
/// When the database refuses.
pub async fn find_to_change(tx: &Tx, id: Uuid) -> Result<Option<Stored<ProgrammeDocument>>, Failure> {
    rows::locked::<Entity>(tx, id).await?.as_ref().map(read).transpose()
}

/// A page of a programme's documents.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    programme: Uuid,
    request: &PageRequest,
) -> Result<Page<Stored<ProgrammeDocument>>, Failure> {
    let selection = Entity::find().filter(Column::ProgrammeId.eq(programme));
    fetch_page(source, selection, keyset!(super::entity::programme_documents), request).await?.try_map(|row| read(&row))
}

fn row_of(stored: &Stored<ProgrammeDocument>) -> Result<Model, Failure> {
    let document = &stored.value;
    let versions = document.versions.iter().cloned().map(|version| {
        let DocumentVersion { label, url, published_on, period_from, period_to } = version;
        VersionRow { label, url, published_on, period_from, period_to }
    });
    Ok(Model {
        id: document.id,
        version: stored.version,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        programme_id: document.programme_id,
        kind: document.kind.code().to_owned(),
        title: write_texts(&document.title)?,
        versions: to_json(&versions.collect::<Vec<_>>())?,
    })
}

fn read(row: &Model) -> Result<Stored<ProgrammeDocument>, Failure> {
    let versions: Vec<VersionRow> = from_json((TABLE, "versions"), &row.versions)?;
    let versions = versions.into_iter().map(|version| {
        let VersionRow { label, url, published_on, period_from, period_to } = version;
        DocumentVersion { label, url, published_on, period_from, period_to }
    });
    let value = ProgrammeDocument {
        id: row.id,
        programme_id: row.programme_id,
        kind: parse((TABLE, "kind"), &row.kind)?,
        title: read_texts((TABLE, "title"), &row.title)?,
        versions: versions.collect(),
    };
    Ok(Stored { value, version: row.version, created_at: row.created_at, updated_at: row.updated_at })
}
