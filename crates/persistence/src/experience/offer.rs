//! Who said yes, and what they share: all that whoever asks reads of anybody.

use std::collections::HashMap;

use klankbord_domain::experience::ExperienceOffer;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::entity::experience_offers::{Column, Entity, Model};
use crate::store::{Failure, Page, PageRequest, Source, Tx, fetch_page, from_json, keyset, rows, to_json};

/// The kind of thing, in the audit trail.
pub const KIND: &str = "experience_offer";

/// Keeps that somebody said yes.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, offer: ExperienceOffer) -> Result<(), Failure> {
    let ExperienceOffer { id, request_id, approach_id, participant_id, shared, created_at } = offer;
    let shared = to_json(&shared)?;
    rows::insert(tx, Model { id, request_id, approach_id, participant_id, shared, created_at }).await
}

/// Forgets that somebody said yes to this approach.
///
/// # Errors
/// When the database refuses.
pub async fn forget(tx: &Tx, approach: Uuid) -> Result<(), Failure> {
    Entity::delete_many().filter(Column::ApproachId.eq(approach)).exec(tx.beneath()).await?;
    Ok(())
}

/// A page of those who said yes to a request.
///
/// # Errors
/// When the database refuses.
pub async fn list(source: &impl Source, request: Uuid, page: &PageRequest) -> Result<Page<ExperienceOffer>, Failure> {
    let selection = Entity::find().filter(Column::RequestId.eq(request));
    let keyset = keyset!(super::entity::experience_offers, CreatedAt as created_at);
    fetch_page(source, selection, keyset, page).await?.try_map(read)
}

/// What was shared with each of these approaches, where somebody said yes.
///
/// # Errors
/// When the database refuses.
pub async fn of_approaches(
    source: &impl Source,
    approaches: &[Uuid],
) -> Result<HashMap<Uuid, ExperienceOffer>, Failure> {
    let selection = Entity::find().filter(Column::ApproachId.is_in(approaches.iter().copied()));
    let found = selection.all(source.beneath()).await?;
    found.into_iter().map(|row| Ok((row.approach_id, read(row)?))).collect()
}

fn read(row: Model) -> Result<ExperienceOffer, Failure> {
    let Model { id, request_id, approach_id, participant_id, shared, created_at } = row;
    let shared = from_json(("experience_offers", "shared"), &shared)?;
    Ok(ExperienceOffer { id, request_id, approach_id, participant_id, shared, created_at })
}
