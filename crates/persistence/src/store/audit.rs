//! The audit trail: who did what to which thing, from where, when (BIO 8.15.01).
//! Rows are insert-only and carry a MAC whose key is outside the database.

use super::entity::{audit_rows, audit_subjects};
use super::failure::Failure;
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
    subjects.sort_unstable();
    subjects.dedup();
    for (index, object) in objects.into_iter().enumerate() {
        let row = signed(tx, object);
        let audit_id = row.id;
        rows::insert(tx, row).await?;
        if index == 0 {
            let beside = subjects.iter().map(|id| audit_subjects::Model { audit_id, participant_id: *id }).collect();
            rows::insert_all(tx, beside).await?;
        }
    }
    Ok(())
}

fn signed(tx: &Tx, object: Touched) -> audit_rows::Model {
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
        request_id: act.request_id.clone(),
        at: act.now,
        mac: String::new(),
    };
    row.mac = mac_of(&tx.keys.audit, &row);
    row
}

fn mac_of(key: &super::keys::Secret, row: &audit_rows::Model) -> String {
    let organisation = row.organisation_id.map(|id| id.to_string()).unwrap_or_default();
    let actor = row.actor_id.map(|id| id.to_string()).unwrap_or_default();
    let (id, object, at) = (row.id.to_string(), row.object_id.to_string(), row.at.timestamp_micros().to_string());
    let words = [
        &id,
        &organisation,
        &row.action,
        &row.object_kind,
        &object,
        &row.result,
        &row.origin,
        &actor,
        &row.request_id,
        &at,
    ];
    let parts: Vec<&[u8]> = words.iter().map(|word| word.as_bytes()).collect();
    keyed_hash(key, &parts)
}
