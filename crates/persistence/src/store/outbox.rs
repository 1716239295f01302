//! What happened, for everything that acts on it after the command: mail,
//! webhooks, slow work. Rows name things and hold no content.

use super::entity::outbox;
use super::failure::Failure;
use super::rows;
use super::tx::{Event, Tx};

/// Writes the command's events, in its transaction.
pub(crate) async fn put(tx: &Tx, events: &[Event]) -> Result<(), Failure> {
    let rows = events
        .iter()
        .map(|event| outbox::Model {
            id: tx.new_id(),
            organisation_id: event.object.organisation,
            kind: event.kind.clone(),
            object_kind: event.object.kind.to_owned(),
            object_id: event.object.id,
            happened_at: tx.now(),
            claimed_until: None,
            attempts: 0,
            done_at: None,
        })
        .collect();
    rows::insert_all(tx, rows).await
}
