//! The audit trail: who did what to which thing, from where, when (BIO 8.15.01).
//! Rows are insert-only and carry a MAC whose key is outside the database.
//!
//! A writer leaves its row among those that wait; the linker takes them up into
//! their organisation's chain, so that writers don't queue on one row.

mod heads;
mod link;
mod retention;
mod verify;

pub use verify::{Finding, Verification};

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::entity::{audit_rows, audit_subjects, audit_waiting};
use super::failure::Failure;
use super::keys::Secret;
use super::rows;
use super::sealed::keyed_hash;
use super::tx::{Notes, Touched, Tx};

/// Writes the command's audit rows: one for each thing it touched, and the ids
/// of the persons it concerns beside the first.
///
/// # Errors
/// When the command touched nothing: a write that can't be audited doesn't happen.
pub(crate) async fn record(tx: &Tx, notes: &Notes) -> Result<(), Failure> {
    if notes.objects.is_empty() {
        return Err(Failure::Broken(format!("{} touched nothing that an audit row can name", tx.act.rule.operation)));
    }
    let mut objects = notes.objects.clone();
    let mut seen = std::collections::HashSet::new();
    objects.retain(|object| seen.insert((object.kind, object.id)));
    let mut subjects = notes.subjects.clone();
    // What somebody does by a one-time code is about the person whose code it is.
    subjects.extend(tx.act.caller.by_code);
    subjects.sort_unstable();
    subjects.dedup();
    for (index, object) in objects.into_iter().enumerate() {
        let row = signed(tx, notes, object);
        let audit_id = row.id;
        rows::insert(tx, row).await?;
        if index == 0 {
            let beside = subjects.iter().map(|id| audit_subjects::Model { audit_id, participant_id: *id }).collect();
            rows::insert_all(tx, beside).await?;
        }
        rows::insert(tx, audit_waiting::Model { audit_id }).await?;
    }
    Ok(())
}

fn signed(tx: &Tx, notes: &Notes, object: Touched) -> audit_rows::Model {
    let act = &tx.act;
    let mut row = audit_rows::Model {
        id: tx.new_id(),
        organisation_id: object.organisation,
        action: act.rule.operation.to_owned(),
        object_kind: object.kind.to_owned(),
        object_id: object.id,
        result: "done".to_owned(),
        origin: act.origin.clone(),
        actor_id: act.caller.actor(),
        acting_for: act.caller.acting_for,
        request_id: act.request_id.clone(),
        at: act.now,
        room_id: notes.room,
        mac: String::new(),
    };
    row.mac = mac_of(&tx.keys.audit, &row);
    row
}

/// The chain that a row belongs to: its organisation's; without one, the nil id's.
fn chain_of(row: &audit_rows::Model) -> Uuid {
    row.organisation_id.unwrap_or_else(Uuid::nil)
}

fn mac_of(key: &Secret, row: &audit_rows::Model) -> String {
    let optional = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let words = [
        &row.id.to_string(),
        &optional(row.organisation_id),
        &row.action,
        &row.object_kind,
        &row.object_id.to_string(),
        &row.result,
        &row.origin,
        &optional(row.actor_id),
        &optional(row.acting_for),
        &row.request_id,
        &row.at.timestamp_micros().to_string(),
        &optional(row.room_id),
    ];
    let parts: Vec<&[u8]> = words.iter().map(|word| word.as_bytes()).collect();
    keyed_hash(key, &parts)
}

/// Where a link stands: in which chain, as which one, after which hash.
#[derive(Clone, Copy)]
struct Spot<'a> {
    organisation: Uuid,
    seq: i64,
    prev: &'a str,
}

/// A link's hash: keyed, over the one before it, its number, the row's own MAC
/// and the persons beside the row.
fn hash_of(key: &Secret, spot: Spot<'_>, mac: &str, subjects: &[Uuid]) -> String {
    let mut subjects = subjects.to_vec();
    subjects.sort_unstable();
    let seq = spot.seq.to_be_bytes();
    let mut parts: Vec<&[u8]> = vec![b"link", spot.organisation.as_bytes(), spot.prev.as_bytes(), &seq, mac.as_bytes()];
    parts.extend(subjects.iter().map(|id| id.as_bytes().as_slice()));
    keyed_hash(key, &parts)
}

/// A checkpoint's MAC.
fn checkpoint_mac(key: &Secret, (organisation, seq): (Uuid, i64), hash: &str, at: DateTime<Utc>) -> String {
    let (seq, at) = (seq.to_be_bytes(), at.timestamp_micros().to_be_bytes());
    keyed_hash(key, &[b"checkpoint", organisation.as_bytes(), &seq, hash.as_bytes(), &at])
}

/// The persons beside these rows.
async fn subjects_of(
    source: &impl ConnectionTrait,
    rows: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<Uuid>>, Failure> {
    let beside = audit_subjects::Entity::find().filter(audit_subjects::Column::AuditId.is_in(rows));
    let mut found: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for row in beside.all(source).await? {
        found.entry(row.audit_id).or_default().push(row.participant_id);
    }
    Ok(found)
}
