//! Every move of every lifecycle: who, when, why. One history for all kinds of things.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use uuid::Uuid;

use super::entity::{transition_reasons, transitions};
use super::failure::Failure;
use super::page::{Page, PageRequest, fetch_page, keyset};
use super::rows;
use super::tx::{Source, Tx};

/// One move that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// Its id.
    pub id: Uuid,
    /// The state it left.
    pub from: String,
    /// The state it reached.
    pub to: String,
    /// The account or the client that made it, or the participant without an account by a
    /// one-time code; none when the clock did.
    pub made_by: Option<Uuid>,
    /// When.
    pub made_at: DateTime<Utc>,
    /// Why, where it was said and not erased since.
    pub reason: Option<String>,
}

/// Keeps a move. The reason stands in a row of its own, which erasure can empty.
///
/// # Errors
/// When the database refuses.
pub async fn record(
    tx: &Tx,
    object: (&'static str, Uuid),
    (from, to): (&str, &str),
    reason: Option<&str>,
) -> Result<Transition, Failure> {
    let id = tx.new_id();
    let row = transitions::Model {
        id,
        object_kind: object.0.to_owned(),
        object_id: object.1,
        from_status: from.to_owned(),
        to_status: to.to_owned(),
        made_by: tx.caller().actor(),
        made_at: tx.now(),
    };
    rows::insert(tx, row.clone()).await?;
    if let Some(reason) = reason {
        rows::insert(tx, transition_reasons::Model { transition_id: id, reason: reason.to_owned() }).await?;
    }
    Ok(read(row, reason.map(str::to_owned)))
}

/// The moves of one thing, in pages.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    object: (&'static str, Uuid),
    request: &PageRequest,
) -> Result<Page<Transition>, Failure> {
    let keyset = keyset!(super::entity::transitions, MadeAt as made_at);
    let selection = transitions::Entity::find()
        .filter(transitions::Column::ObjectKind.eq(object.0))
        .filter(transitions::Column::ObjectId.eq(object.1));
    let page = fetch_page(source, selection, keyset, request).await?;
    let ids = page.items.iter().map(|row| row.id);
    let reasons = transition_reasons::Entity::find()
        .filter(transition_reasons::Column::TransitionId.is_in(ids))
        .all(source.beneath())
        .await?;
    page.try_map(|row| {
        let reason = reasons.iter().find(|reason| reason.transition_id == row.id);
        Ok(read(row, reason.map(|found| found.reason.clone())))
    })
}

/// The last move of each of these things.
///
/// # Errors
/// When the database refuses.
pub async fn last(source: &impl Source, kind: &str, ids: &[Uuid]) -> Result<HashMap<Uuid, Transition>, Failure> {
    let moves = transitions::Entity::find()
        .filter(transitions::Column::ObjectKind.eq(kind))
        .filter(transitions::Column::ObjectId.is_in(ids.iter().copied()))
        .order_by_asc(transitions::Column::MadeAt)
        .order_by_asc(transitions::Column::Id);
    let moves = moves.all(source.beneath()).await?;
    let last: HashMap<Uuid, transitions::Model> = moves.into_iter().map(|row| (row.object_id, row)).collect();
    let reasons = transition_reasons::Entity::find()
        .filter(transition_reasons::Column::TransitionId.is_in(last.values().map(|row| row.id)))
        .all(source.beneath())
        .await?;
    let said: HashMap<Uuid, String> = reasons.into_iter().map(|row| (row.transition_id, row.reason)).collect();
    let told = |row: transitions::Model| {
        let reason = said.get(&row.id).cloned();
        read(row, reason)
    };
    Ok(last.into_iter().map(|(object, row)| (object, told(row))).collect())
}

fn read(row: transitions::Model, reason: Option<String>) -> Transition {
    let transitions::Model { id, object_kind: _, object_id: _, from_status, to_status, made_by, made_at } = row;
    Transition { id, from: from_status, to: to_status, made_by, made_at, reason }
}
