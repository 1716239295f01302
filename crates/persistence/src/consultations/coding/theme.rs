//! The themes of a consultation.

use klankbord_domain::consultations::Consultation;
use klankbord_domain::consultations::coding::Theme;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use super::super::entity::themes::{Column, Entity, Model};
use crate::store::{
    Failure, Page, PageRequest, Source, Stored, Tx, bury, fetch_page, keyset, optional, read_texts, rows, write_texts,
};

/// The kind of thing, in the audit trail.
pub const KIND: &str = "theme";
const TABLE: &str = "themes";

/// Keeps a new theme.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, of: &Consultation, theme: Theme) -> Result<Stored<Theme>, Failure> {
    let stored = Stored { value: theme, version: 1, created_at: tx.now(), updated_at: tx.now() };
    rows::insert(tx, row_of(&stored)?).await?;
    tx.happened("theme.named", Some(of.organisation_id), KIND, stored.value.id);
    Ok(stored)
}

/// Saves a theme that changed.
///
/// # Errors
/// 412 when somebody changed it meanwhile.
pub async fn save(tx: &Tx, of: &Consultation, changed: Stored<Theme>) -> Result<Stored<Theme>, Failure> {
    let read = changed.version;
    let stored = Stored { version: read + 1, updated_at: tx.now(), ..changed };
    rows::save(tx, row_of(&stored)?, [Column::Id, Column::Version], read).await?;
    tx.happened("theme.changed", Some(of.organisation_id), KIND, stored.value.id);
    Ok(stored)
}

/// Deletes a theme to which nothing is coded.
///
/// # Errors
/// When the database refuses.
pub async fn delete(tx: &Tx, of: &Consultation, id: Uuid) -> Result<(), Failure> {
    Entity::delete_by_id(id).exec(tx.beneath()).await?;
    bury(tx, of.organisation_id, KIND, id).await
}

/// The theme with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid) -> Result<Option<Stored<Theme>>, Failure> {
    rows::one::<Entity>(source, id).await?.as_ref().map(read).transpose()
}

/// The theme with this id, for changing it.
///
/// # Errors
/// When the database refuses.
pub async fn find_to_change(tx: &Tx, id: Uuid) -> Result<Option<Stored<Theme>>, Failure> {
    rows::locked::<Entity>(tx, id).await?.as_ref().map(read).transpose()
}

/// How many a consultation has.
///
/// # Errors
/// When the database refuses.
pub async fn count(source: &impl Source, consultation: Uuid) -> Result<u64, Failure> {
    Ok(Entity::find().filter(Column::ConsultationId.eq(consultation)).count(source.beneath()).await?)
}

/// The ids of a consultation's themes, in the order in which they were named.
///
/// # Errors
/// When the database refuses.
pub async fn ids(source: &impl Source, consultation: Uuid) -> Result<Vec<Uuid>, Failure> {
    let own = Entity::find().select_only().column(Column::Id).filter(Column::ConsultationId.eq(consultation));
    let own = own.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id);
    Ok(own.into_tuple().all(source.beneath()).await?)
}

/// A consultation's themes, in the same order.
///
/// # Errors
/// When the database refuses.
pub async fn all(source: &impl Source, consultation: Uuid) -> Result<Vec<Theme>, Failure> {
    let own = Entity::find().filter(Column::ConsultationId.eq(consultation));
    let own = own.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id);
    own.all(source.beneath()).await?.iter().map(|row| Ok(read(row)?.value)).collect()
}

/// A page of a consultation's themes.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    consultation: Uuid,
    request: &PageRequest,
) -> Result<Page<Stored<Theme>>, Failure> {
    let own = Entity::find().filter(Column::ConsultationId.eq(consultation));
    fetch_page(source, own, keyset!(super::super::entity::themes), request).await?.try_map(|row| read(&row))
}

fn row_of(stored: &Stored<Theme>) -> Result<Model, Failure> {
    let theme = &stored.value;
    Ok(Model {
        id: theme.id,
        version: stored.version,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        consultation_id: theme.consultation_id,
        label: write_texts(&theme.label)?,
        description: theme.description.as_ref().map(write_texts).transpose()?,
    })
}

fn read(row: &Model) -> Result<Stored<Theme>, Failure> {
    let value = Theme {
        id: row.id,
        consultation_id: row.consultation_id,
        label: read_texts((TABLE, "label"), &row.label)?,
        description: optional(row.description.as_deref(), |texts| read_texts((TABLE, "description"), texts))?,
    };
    Ok(Stored { value, version: row.version, created_at: row.created_at, updated_at: row.updated_at })
}
