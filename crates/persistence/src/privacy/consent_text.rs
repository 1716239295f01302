//! What people are asked to consent to.

use klankbord_domain::privacy::{ConsentPurpose, ConsentText, ConsentTextStatus};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use uuid::Uuid;

use super::entity::consent_texts::{Column, Entity, Model};
use crate::store::{
    Failure, Page, PageRequest, Source, Stored, Tx, bury, fetch_page, from_json, keyset, parse, read_texts, rows,
    to_json, write_texts,
};

/// The kind of thing, in histories and the audit trail.
pub const KIND: &str = "consent_text";
const TABLE: &str = "consent_texts";

/// The number that the next text of this organisation for this purpose gets.
///
/// # Errors
/// When the database refuses.
pub async fn next_version(tx: &Tx, organisation: Uuid, purpose: ConsentPurpose) -> Result<i32, Failure> {
    let last: Option<Option<i32>> = Entity::find()
        .select_only()
        .column_as(Column::TextVersion.max(), "last")
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::Purpose.eq(purpose.code()))
        .into_tuple()
        .one(tx.beneath())
        .await?;
    Ok(last.flatten().unwrap_or(0) + 1)
}

/// Writes a text.
///
/// # Errors
/// 409 `consent_text.version_taken` when another was written at the same moment.
pub async fn insert(tx: &Tx, text: ConsentText) -> Result<Stored<ConsentText>, Failure> {
    let stored = Stored { value: text, version: 1, created_at: tx.now(), updated_at: tx.now() };
    rows::insert(tx, row_of(&stored)?).await?;
    tx.happened("consent_text.made", Some(stored.value.organisation_id), KIND, stored.value.id);
    Ok(stored)
}

/// Saves a changed text.
///
/// # Errors
/// 412 when somebody changed it meanwhile.
pub async fn save(tx: &Tx, changed: Stored<ConsentText>) -> Result<Stored<ConsentText>, Failure> {
    let read = changed.version;
    let stored = Stored { version: read + 1, updated_at: tx.now(), ..changed };
    rows::save(tx, row_of(&stored)?, [Column::Id, Column::Version], read).await?;
    tx.happened("consent_text.changed", Some(stored.value.organisation_id), KIND, stored.value.id);
    Ok(stored)
}

/// Deletes a draft; a tombstone stays.
///
/// # Errors
/// When the database refuses.
pub async fn delete(tx: &Tx, text: &ConsentText) -> Result<(), Failure> {
    Entity::delete_by_id(text.id).exec(tx.beneath()).await?;
    bury(tx, text.organisation_id, KIND, text.id).await
}

/// The text with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid) -> Result<Option<Stored<ConsentText>>, Failure> {
    rows::one::<Entity>(source, id).await?.map(|row| read(&row)).transpose()
}

/// The text with this id, for changing it.
///
/// # Errors
/// When the database refuses.
pub async fn find_to_change(tx: &Tx, id: Uuid) -> Result<Option<Stored<ConsentText>>, Failure> {
    rows::locked::<Entity>(tx, id).await?.map(|row| read(&row)).transpose()
}

/// A page of an organisation's texts; drafts only for their writers.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    (organisation, drafts): (Uuid, bool),
    purposes: &[ConsentPurpose],
    request: &PageRequest,
) -> Result<Page<Stored<ConsentText>>, Failure> {
    let mut selection = Entity::find().filter(Column::OrganisationId.eq(organisation));
    if !drafts {
        selection = selection.filter(Column::Status.ne(ConsentTextStatus::Draft.code()));
    }
    if !purposes.is_empty() {
        selection = selection.filter(Column::Purpose.is_in(purposes.iter().map(|one| one.code())));
    }
    fetch_page(source, selection, keyset!(super::entity::consent_texts), request).await?.try_map(|row| read(&row))
}

/// The texts of these organisations, drafts apart, the newest first.
///
/// # Errors
/// When the database refuses.
pub async fn of_organisations(
    source: &impl Source,
    organisations: &[Uuid],
) -> Result<Vec<Stored<ConsentText>>, Failure> {
    let selection = Entity::find()
        .filter(Column::OrganisationId.is_in(organisations.iter().copied()))
        .filter(Column::Status.ne(ConsentTextStatus::Draft.code()))
        .order_by_desc(Column::TextVersion)
        .order_by_asc(Column::Id);
    selection.all(source.beneath()).await?.iter().map(read).collect()
}

fn row_of(stored: &Stored<ConsentText>) -> Result<Model, Failure> {
    let text = &stored.value;
    Ok(Model {
        id: text.id,
        version: stored.version,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        organisation_id: text.organisation_id,
        purpose: text.purpose.code().to_owned(),
        text_version: text.text_version,
        bands: to_json(&text.bands)?,
        title: write_texts(&text.title)?,
        body: write_texts(&text.body)?,
        asks_anew: text.asks_anew,
        status: text.status.code().to_owned(),
    })
}

fn read(row: &Model) -> Result<Stored<ConsentText>, Failure> {
    let value = ConsentText {
        id: row.id,
        organisation_id: row.organisation_id,
        purpose: parse((TABLE, "purpose"), &row.purpose)?,
        text_version: row.text_version,
        bands: from_json((TABLE, "bands"), &row.bands)?,
        title: read_texts((TABLE, "title"), &row.title)?,
        body: read_texts((TABLE, "body"), &row.body)?,
        asks_anew: row.asks_anew,
        status: parse((TABLE, "status"), &row.status)?,
    };
    Ok(Stored { value, version: row.version, created_at: row.created_at, updated_at: row.updated_at })
}
