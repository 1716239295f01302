//! What remains of a deleted draft: its kind, id, owner and the instant.

use uuid::Uuid;

use super::entity::tombstones;
use super::failure::Failure;
use super::rows;
use super::tx::Tx;

/// Leaves a tombstone for a thing that the command deletes.
///
/// # Errors
/// When the database refuses.
pub async fn bury(tx: &Tx, organisation: Uuid, kind: &'static str, id: Uuid) -> Result<(), Failure> {
    tx.happened(format!("{kind}.deleted"), Some(organisation), kind, id);
    let row =
        tombstones::Model { id, object_kind: kind.to_owned(), organisation_id: organisation, deleted_at: tx.now() };
    rows::insert(tx, row).await
}
