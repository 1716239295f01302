//! Calls and visits to people who are invited.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::participants::{AttemptOutcome, ContactChannel};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::entity::contact_attempts::{Column, Entity, Model};
use crate::store::{Failure, Page, PageRequest, Source, Tx, fetch_page, keyset, parse, rows};

/// The kind of thing, in the audit trail.
pub const KIND: &str = "contact_attempt";
const TABLE: &str = "contact_attempts";

/// A call or a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactAttempt {
    /// Its id.
    pub id: Uuid,
    /// Whom it was to, as who is invited.
    pub membership_id: Uuid,
    /// How.
    pub channel: ContactChannel,
    /// What came of it.
    pub outcome: AttemptOutcome,
    /// On which day.
    pub happened_on: NaiveDate,
    /// What to know of it the next time.
    pub note: Option<String>,
    /// The account that noted it.
    pub noted_by: Option<Uuid>,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Keeps a call or a visit. `host`: who hosts the network.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, host: Uuid, attempt: ContactAttempt) -> Result<ContactAttempt, Failure> {
    let row = Model {
        id: attempt.id,
        membership_id: attempt.membership_id,
        channel: attempt.channel.code().to_owned(),
        outcome: attempt.outcome.code().to_owned(),
        happened_on: attempt.happened_on,
        note: attempt.note.clone(),
        noted_by: attempt.noted_by,
        created_at: attempt.created_at,
    };
    rows::insert(tx, row).await?;
    tx.happened("contact_attempt.made", Some(host), KIND, attempt.id);
    Ok(attempt)
}

/// A page of the calls and visits to somebody.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    membership: Uuid,
    request: &PageRequest,
) -> Result<Page<ContactAttempt>, Failure> {
    let selection = Entity::find().filter(Column::MembershipId.eq(membership));
    let keyset = keyset!(super::entity::contact_attempts, CreatedAt as created_at);
    fetch_page(source, selection, keyset, request).await?.try_map(read)
}

/// How often each of these was called or visited; who never was isn't there.
///
/// # Errors
/// When the database refuses.
pub async fn counts(source: &impl Source, memberships: &[Uuid]) -> Result<HashMap<Uuid, i64>, Failure> {
    use sea_orm::QuerySelect as _;
    let mut found = HashMap::new();
    for batch in memberships.chunks(500) {
        let selection = Entity::find()
            .select_only()
            .column(Column::MembershipId)
            .column_as(Column::Id.count(), "times")
            .filter(Column::MembershipId.is_in(batch.iter().copied()))
            .group_by(Column::MembershipId);
        found.extend(selection.into_tuple::<(Uuid, i64)>().all(source.beneath()).await?);
    }
    Ok(found)
}

fn read(row: Model) -> Result<ContactAttempt, Failure> {
    Ok(ContactAttempt {
        id: row.id,
        membership_id: row.membership_id,
        channel: parse((TABLE, "channel"), &row.channel)?,
        outcome: parse((TABLE, "outcome"), &row.outcome)?,
        happened_on: row.happened_on,
        note: row.note,
        noted_by: row.noted_by,
        created_at: row.created_at,
    })
}
