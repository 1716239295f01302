//! People who no longer take part: who they are, who was told, and when what is kept of
//! them goes.

use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::compensation::ClaimStatus;
use klankbord_domain::feedback::FeedbackStatus;
use klankbord_domain::participants::{MembershipStatus, Participant};
use klankbord_domain::privacy::{DataRequestKind, DataRequestStatus};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _, Statement,
};
use uuid::Uuid;

use super::entity::retention_notices::{Column, Entity, Model};
use crate::store::{Failure, Page, PageRequest, Source, Tx, fetch_page, keyset, rows};

/// The kind of thing, in the audit trail.
pub const KIND: &str = "retention_notice";

/// That somebody is erased on a day, unless something happens with them before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetentionNotice {
    /// Its id.
    pub id: Uuid,
    /// Whom it is about.
    pub participant_id: Uuid,
    /// The organisation that registered them.
    pub organisation_id: Uuid,
    /// The day.
    pub erase_on: NaiveDate,
    /// When they were told.
    pub created_at: DateTime<Utc>,
}

/// The codes of some words, for a list in SQL: words of ours, never a caller's.
fn codes(words: impl Iterator<Item = &'static str>) -> String {
    words.map(|word| format!("'{word}'")).collect::<Vec<_>>().join(", ")
}

/// People with whom nothing happened since `$1`: they take part in nothing, weren't asked,
/// said and brought nothing, didn't sign in, and nothing of theirs still waits.
fn idle() -> String {
    let over = codes(MembershipStatus::ALL.iter().filter(|one| one.is_over()).map(|one| one.code()));
    let waiting = codes(FeedbackStatus::ALL.iter().filter(|one| one.is_waiting()).map(|one| one.code()));
    let settled = codes([ClaimStatus::Paid, ClaimStatus::Rejected].into_iter().map(ClaimStatus::code));
    let open = codes(DataRequestStatus::ALL.iter().filter(|one| one.is_open()).map(|one| one.code()));
    let (kept, held) = (DataRequestKind::Restriction.code(), DataRequestStatus::CarriedOut.code());
    format!(
        "SELECT p.id AS id FROM participants p WHERE p.erased_at IS NULL AND p.updated_at < $1 \
         AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.member_kind = 'participant' AND m.member_id = p.id \
             AND (m.status NOT IN ({over}) OR m.updated_at >= $1)) \
         AND NOT EXISTS (SELECT 1 FROM invitations i WHERE i.participant_id = p.id AND i.invited_at >= $1) \
         AND NOT EXISTS (SELECT 1 FROM responses r WHERE r.participant_id = p.id AND r.created_at >= $1) \
         AND NOT EXISTS (SELECT 1 FROM supports s WHERE s.participant_id = p.id AND s.created_at >= $1) \
         AND NOT EXISTS (SELECT 1 FROM feedback f WHERE f.author_kind = 'participant' AND f.author_id = p.id \
             AND (f.status IN ({waiting}) OR f.updated_at >= $1)) \
         AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.participant_id = p.id \
             AND (c.status NOT IN ({settled}) OR c.updated_at >= $1)) \
         AND NOT EXISTS (SELECT 1 FROM data_requests d WHERE d.participant_id = p.id \
             AND (d.updated_at >= $1 OR d.status IN ({open}) OR (d.kind = '{kept}' AND d.status = '{held}'))) \
         AND NOT EXISTS (SELECT 1 FROM consents o WHERE o.participant_id = p.id AND o.updated_at >= $1) \
         AND NOT EXISTS (SELECT 1 FROM legal_representatives l WHERE l.participant_id = p.id AND l.updated_at >= $1) \
         AND NOT EXISTS (SELECT 1 FROM agreements a WHERE a.participant_id = p.id AND a.updated_at >= $1) \
         AND NOT EXISTS (SELECT 1 FROM experience_profiles e WHERE e.id = p.id AND e.updated_at >= $1) \
         AND NOT EXISTS (SELECT 1 FROM experience_approaches x WHERE x.participant_id = p.id AND x.updated_at >= $1) \
         AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.account_id = p.account_id AND s.refreshed_at >= $1)"
    )
}

/// People with whom nothing happened since this instant, and who weren't told yet; some of
/// them at a time.
///
/// # Errors
/// When the database refuses.
pub async fn untold(source: &impl Source, since: DateTime<Utc>, most: u64) -> Result<Vec<Uuid>, Failure> {
    let sql = format!(
        "{} AND NOT EXISTS (SELECT 1 FROM retention_notices n WHERE n.participant_id = p.id) ORDER BY p.id LIMIT {most}",
        idle()
    );
    ids(source, sql, vec![since.into()]).await
}

/// Whether nothing happened with a person since this instant.
///
/// # Errors
/// When the database refuses.
pub async fn is_idle(source: &impl Source, person: Uuid, since: DateTime<Utc>) -> Result<bool, Failure> {
    let found = ids(source, format!("{} AND p.id = $2", idle()), vec![since.into(), person.into()]).await?;
    Ok(!found.is_empty())
}

async fn ids(source: &impl Source, sql: String, values: Vec<sea_orm::Value>) -> Result<Vec<Uuid>, Failure> {
    let backend = source.beneath().get_database_backend();
    let found = source.beneath().query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    found.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
}

/// Notes that a person was told.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, person: &Participant, erase_on: NaiveDate) -> Result<(), Failure> {
    let id = tx.new_id();
    let (participant_id, organisation_id) = (person.id, person.organisation_id);
    rows::insert(tx, Model { id, participant_id, organisation_id, erase_on, created_at: tx.now() }).await?;
    tx.happened("retention_notice.made", Some(organisation_id), KIND, id);
    tx.concerns(participant_id);
    Ok(())
}

/// Takes a notice back: something happened with the person.
///
/// # Errors
/// When the database refuses.
pub async fn withdraw(tx: &Tx, notice: &RetentionNotice) -> Result<(), Failure> {
    Entity::delete_by_id(notice.id).exec(tx.beneath()).await?;
    tx.happened("retention_notice.withdrawn", Some(notice.organisation_id), KIND, notice.id);
    tx.concerns(notice.participant_id);
    Ok(())
}

/// The people who were told, and whose day has come, or with whom something happened since
/// this instant after all; some of them at a time.
///
/// # Errors
/// When the database refuses.
pub async fn due(
    source: &impl Source,
    since: DateTime<Utc>,
    (today, most): (NaiveDate, u64),
) -> Result<Vec<Uuid>, Failure> {
    let sql = format!(
        "SELECT n.participant_id AS id FROM retention_notices n WHERE n.erase_on <= $2 \
         OR n.participant_id NOT IN ({}) ORDER BY n.erase_on, n.id LIMIT {most}",
        idle()
    );
    ids(source, sql, vec![since.into(), today.into()]).await
}

/// A person's notice, held until the command ends.
///
/// # Errors
/// When the database refuses.
pub async fn find_to_change(tx: &Tx, person: Uuid) -> Result<Option<RetentionNotice>, Failure> {
    let found = Entity::find().filter(Column::ParticipantId.eq(person)).lock_exclusive().one(tx.beneath()).await?;
    Ok(found.as_ref().map(read))
}

/// A page of an organisation's notices.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    organisation: Uuid,
    request: &PageRequest,
) -> Result<Page<RetentionNotice>, Failure> {
    let selection = Entity::find().filter(Column::OrganisationId.eq(organisation));
    let keyset = keyset!(super::entity::retention_notices, CreatedAt as created_at);
    Ok(fetch_page(source, selection, keyset, request).await?.map(|row| read(&row)))
}

fn read(row: &Model) -> RetentionNotice {
    let Model { id, participant_id, organisation_id, erase_on, created_at } = *row;
    RetentionNotice { id, participant_id, organisation_id, erase_on, created_at }
}
