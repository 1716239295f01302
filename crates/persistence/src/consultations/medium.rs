//! Pictures and sound of consultations.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use klankbord_domain::consultations::{Consultation, Medium};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
};
use uuid::Uuid;

use super::entity::consultation_media::{Column, Entity, Model};
use super::entity::medium_contents as contents;
use crate::store::{Failure, Source, Tx, parse, read_texts, rows, write_texts};

/// The kind of thing, in the audit trail.
pub const KIND: &str = "medium";
const TABLE: &str = "consultation_media";

/// A picture or sound as it is kept.
#[derive(Debug, Clone)]
pub struct Kept {
    /// What it is.
    pub medium: Medium,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// Keeps a new one.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, of: &Consultation, medium: Medium, content: Vec<u8>) -> Result<Kept, Failure> {
    let kept = Kept { medium, created_at: tx.now() };
    let row = Model {
        id: kept.medium.id,
        consultation_id: of.id,
        question_id: kept.medium.question_id,
        option_id: kept.medium.option_id,
        form: kept.medium.form.code().to_owned(),
        alternative: write_texts(&kept.medium.alternative)?,
        size: kept.medium.size,
        created_at: kept.created_at,
    };
    rows::insert(tx, row).await?;
    rows::insert(tx, contents::Model { id: kept.medium.id, content }).await?;
    tx.happened("medium.added", Some(of.organisation_id), KIND, kept.medium.id);
    Ok(kept)
}

/// Takes one away.
///
/// # Errors
/// When the database refuses.
pub async fn delete(tx: &Tx, of: &Consultation, id: Uuid) -> Result<(), Failure> {
    contents::Entity::delete_by_id(id).exec(tx.beneath()).await?;
    Entity::delete_by_id(id).exec(tx.beneath()).await?;
    tx.happened("medium.removed", Some(of.organisation_id), KIND, id);
    Ok(())
}

/// Takes all away that a draft had.
pub(super) async fn forget(tx: &Tx, consultation: Uuid) -> Result<(), Failure> {
    let own = Entity::find().select_only().column(Column::Id).filter(Column::ConsultationId.eq(consultation));
    let parts = contents::Entity::delete_many().filter(contents::Column::Id.in_subquery(own.into_query()));
    parts.exec(tx.beneath()).await?;
    Entity::delete_many().filter(Column::ConsultationId.eq(consultation)).exec(tx.beneath()).await?;
    Ok(())
}

/// What these consultations show, by consultation, in the order in which it was added.
///
/// # Errors
/// When the database refuses.
pub async fn of_each(source: &impl Source, consultations: &[Uuid]) -> Result<HashMap<Uuid, Vec<Kept>>, Failure> {
    let mut found: HashMap<Uuid, Vec<Kept>> = HashMap::new();
    let rows = Entity::find().filter(Column::ConsultationId.is_in(consultations.iter().copied()));
    for row in rows.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(source.beneath()).await? {
        found.entry(row.consultation_id).or_default().push(read(&row)?);
    }
    Ok(found)
}

/// Takes away what belongs to a question or an option that this consultation no longer has.
///
/// # Errors
/// When the database refuses.
pub async fn prune(tx: &Tx, of: &Consultation) -> Result<(), Failure> {
    let all = of_each(tx, &[of.id]).await?.remove(&of.id).unwrap_or_default();
    for kept in all.iter().filter(|kept| kept.medium.unknown(&of.questions).is_some()) {
        delete(tx, of, kept.medium.id).await?;
    }
    Ok(())
}

/// One of a consultation's.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, consultation: Uuid, id: Uuid) -> Result<Option<Kept>, Failure> {
    let found = rows::one::<Entity>(source, id).await?.filter(|row| row.consultation_id == consultation);
    found.as_ref().map(read).transpose()
}

/// The picture or sound itself.
///
/// # Errors
/// When the database refuses, or it isn't there.
pub async fn content(source: &impl Source, id: Uuid) -> Result<Vec<u8>, Failure> {
    let found = rows::one::<contents::Entity>(source, id).await?;
    found.map(|row| row.content).ok_or_else(|| Failure::unreadable(TABLE, "id", "has no content"))
}

fn read(row: &Model) -> Result<Kept, Failure> {
    let medium = Medium {
        id: row.id,
        question_id: row.question_id,
        option_id: row.option_id,
        form: parse((TABLE, "form"), &row.form)?,
        alternative: read_texts((TABLE, "alternative"), &row.alternative)?,
        size: row.size,
    };
    Ok(Kept { medium, created_at: row.created_at })
}
