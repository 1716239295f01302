//! Information pages.

use klankbord_domain::networks::Perspective;
use klankbord_domain::organisations::{InformationPage, InformationTopic, PageLink, PageStatus};
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::entity::information_pages::{Column, Entity, Model};
use crate::store::{
    Failure, Page, PageRequest, Source, Stored, TextRow, Tx, bury, fetch_page, from_json, keyset, parse, read_texts,
    rows, text_rows, texts_of, to_json, write_texts,
};

/// The kind of thing, in histories and the audit trail.
pub const KIND: &str = "information_page";
const TABLE: &str = "information_pages";

#[derive(Serialize, Deserialize)]
struct LinkRow {
    label: Vec<TextRow>,
    url: String,
}

/// Which pages to list.
#[derive(Debug, Clone, Default)]
pub struct PageFilter {
    /// Only this organisation's.
    pub organisation: Option<Uuid>,
    /// Only those that hold in this municipality (CBS code).
    pub municipality: Option<String>,
    /// Only those meant for this perspective.
    pub perspective: Option<Perspective>,
    /// Only on these topics; empty: all.
    pub topics: Vec<InformationTopic>,
    /// Beside what is published: drafts and withdrawn ones of these organisations.
    pub written_by: Vec<Uuid>,
}

/// Keeps a new page.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, page: InformationPage) -> Result<Stored<InformationPage>, Failure> {
    let stored = Stored { value: page, version: 1, created_at: tx.now(), updated_at: tx.now() };
    rows::insert(tx, row_of(&stored)?).await?;
    tx.happened("information_page.made", Some(stored.value.organisation_id), KIND, stored.value.id);
    Ok(stored)
}

/// Saves a changed page.
///
/// # Errors
/// 412 when somebody changed it meanwhile.
pub async fn save(tx: &Tx, changed: Stored<InformationPage>) -> Result<Stored<InformationPage>, Failure> {
    let read = changed.version;
    let stored = Stored { version: read + 1, updated_at: tx.now(), ..changed };
    rows::save(tx, row_of(&stored)?, [Column::Id, Column::Version], read).await?;
    tx.happened("information_page.changed", Some(stored.value.organisation_id), KIND, stored.value.id);
    Ok(stored)
}

/// Deletes a draft; a tombstone stays.
///
/// # Errors
/// When the database refuses.
pub async fn delete(tx: &Tx, page: &InformationPage) -> Result<(), Failure> {
    Entity::delete_by_id(page.id).exec(tx.beneath()).await?;
    bury(tx, page.organisation_id, KIND, page.id).await
}

/// The page with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid) -> Result<Option<Stored<InformationPage>>, Failure> {
    rows::one::<Entity>(source, id).await?.as_ref().map(read).transpose()
}

/// The page with this id, for changing it.
///
/// # Errors
/// When the database refuses.
pub async fn find_to_change(tx: &Tx, id: Uuid) -> Result<Option<Stored<InformationPage>>, Failure> {
    rows::locked::<Entity>(tx, id).await?.as_ref().map(read).transpose()
}

/// A page of pages.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    filter: &PageFilter,
    request: &PageRequest,
) -> Result<Page<Stored<InformationPage>>, Failure> {
    let visible = Condition::any()
        .add(Column::Status.eq(PageStatus::Published.code()))
        .add(Column::OrganisationId.is_in(filter.written_by.clone()));
    let mut selection = Entity::find().filter(visible);
    if let Some(organisation) = filter.organisation {
        selection = selection.filter(Column::OrganisationId.eq(organisation));
    }
    if !filter.topics.is_empty() {
        selection = selection.filter(Column::Topic.is_in(filter.topics.iter().map(|topic| topic.code())));
    }
    // The lists stand as JSON; codes hold no quote and no wildcard.
    if let Some(code) = &filter.municipality {
        selection = selection.filter(holds(Column::Municipalities, code));
    }
    if let Some(perspective) = filter.perspective {
        selection = selection.filter(holds(Column::Perspectives, perspective.code()));
    }
    fetch_page(source, selection, keyset!(super::entity::information_pages), request).await?.try_map(|row| read(&row))
}

fn holds(column: Column, code: &str) -> Condition {
    Condition::any().add(column.eq("[]")).add(column.contains(format!("\"{code}\"")))
}

fn row_of(stored: &Stored<InformationPage>) -> Result<Model, Failure> {
    let page = &stored.value;
    let links: Vec<LinkRow> =
        page.links.iter().map(|link| LinkRow { label: text_rows(&link.label), url: link.url.clone() }).collect();
    Ok(Model {
        id: page.id,
        version: stored.version,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        organisation_id: page.organisation_id,
        topic: page.topic.code().to_owned(),
        municipalities: to_json(&page.municipalities)?,
        perspectives: to_json(&page.perspectives)?,
        title: write_texts(&page.title)?,
        body: write_texts(&page.body)?,
        links: to_json(&links)?,
        status: page.status.code().to_owned(),
    })
}

fn read(row: &Model) -> Result<Stored<InformationPage>, Failure> {
    let links: Vec<LinkRow> = from_json((TABLE, "links"), &row.links)?;
    let links = links.into_iter().map(|link| {
        let label = texts_of((TABLE, "links"), link.label)?;
        Ok(PageLink { label, url: link.url })
    });
    let value = InformationPage {
        id: row.id,
        organisation_id: row.organisation_id,
        topic: parse((TABLE, "topic"), &row.topic)?,
        municipalities: from_json((TABLE, "municipalities"), &row.municipalities)?,
        perspectives: from_json((TABLE, "perspectives"), &row.perspectives)?,
        title: read_texts((TABLE, "title"), &row.title)?,
        body: read_texts((TABLE, "body"), &row.body)?,
        links: links.collect::<Result<_, Failure>>()?,
        status: parse((TABLE, "status"), &row.status)?,
    };
    Ok(Stored { value, version: row.version, created_at: row.created_at, updated_at: row.updated_at })
}
