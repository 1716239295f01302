//! Session or external identity, account and rights in one query, asked at every
//! request: what was withdrawn has ended by the next one, on every replica.

use chrono::{DateTime, Utc};
use klankbord_domain::access::{Role, ScopeKind};
use klankbord_domain::policy::{Caller, Held, Scope, Standing};
use sea_orm::{ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, FromQueryResult, QueryFilter as _, Statement};
use uuid::Uuid;

use super::entity::{accounts, grants};
use crate::store::{Failure, Reader, Source, parse, rows};

/// Whose session it is, and whether granted roles wait (`$3`) for a second factor.
const BY_SESSION: &str = "
WITH me AS (
  SELECT s.account_id AS account_id, CASE WHEN s.raised_at IS NULL THEN CAST($3 AS INTEGER) ELSE 0 END AS waits
    FROM sessions s JOIN accounts a ON a.id = s.account_id
   WHERE s.id = $1 AND s.ended_at IS NULL AND s.expires_at > $2 AND a.disabled_at IS NULL)";

/// Whose identity at another issuer it is, and whether granted roles wait.
const BY_IDENTITY: &str = "
WITH me AS (
  SELECT i.account_id AS account_id, CAST($2 AS INTEGER) AS waits
    FROM external_identities i JOIN accounts a ON a.id = i.account_id
   WHERE i.subject_hash = $1 AND a.disabled_at IS NULL)";

/// A row for each thing held; one row with nothing held for a session alone.
/// A person is a participant of their own account, and a member where their
/// membership is active (in a council: with the account that it knows): both
/// follow from their rows, never from a copy.
const RIGHTS: &str = "
SELECT me.account_id AS account_id, g.role AS role, g.scope_kind AS scope_kind, g.scope_id AS scope_id
  FROM me LEFT JOIN grants g ON g.account_id = me.account_id AND g.withdrawn_at IS NULL
   AND me.waits = 0
UNION ALL
SELECT me.account_id, 'participant', 'participant', p.id
  FROM me JOIN participants p ON p.account_id = me.account_id
UNION ALL
SELECT me.account_id, CASE m.role WHEN 'observer' THEN 'observer' ELSE 'member' END, 'network', m.network_id
  FROM me JOIN participants p ON p.account_id = me.account_id
  JOIN memberships m ON m.member_kind = 'participant' AND m.member_id = p.id AND m.status = 'active'
  JOIN networks n ON n.id = m.network_id AND (NOT n.council OR m.account_id = me.account_id)";

#[derive(FromQueryResult)]
struct Row {
    account_id: Uuid,
    role: Option<String>,
    scope_kind: Option<String>,
    scope_id: Option<Uuid>,
}

/// Who a session's bearer is, and what they hold; none when the session has ended.
/// With `raised_only` granted roles hold only where a second factor was shown.
///
/// # Errors
/// When the database refuses.
pub async fn of_session(
    reader: &Reader,
    session: Uuid,
    now: DateTime<Utc>,
    raised_only: bool,
) -> Result<Option<Caller>, Failure> {
    let values = vec![session.into(), now.into(), i32::from(raised_only).into()];
    let caller = known(reader, (BY_SESSION, values)).await?;
    Ok(caller.map(|caller| Caller { session: Some(session), ..caller }))
}

/// Who somebody is that another issuer vouches for, by the keyed hash of issuer
/// and subject, and what they hold; none when nobody is linked to it, or their
/// account was switched off. With `raised_only` granted roles don't hold.
///
/// # Errors
/// When the database refuses.
pub async fn of_identity(reader: &Reader, key: &str, raised_only: bool) -> Result<Option<Caller>, Failure> {
    known(reader, (BY_IDENTITY, vec![key.into(), i32::from(raised_only).into()])).await
}

async fn known(reader: &Reader, (me, values): (&str, Vec<sea_orm::Value>)) -> Result<Option<Caller>, Failure> {
    let backend = reader.beneath().get_database_backend();
    let statement = Statement::from_sql_and_values(backend, format!("{me}{RIGHTS}"), values);
    let rows = reader.beneath().query_all_raw(statement).await?;
    let rows = rows.iter().map(|row| Row::from_query_result(row, "")).collect::<Result<Vec<_>, _>>()?;
    let Some(first) = rows.first() else { return Ok(None) };
    let account = Some(first.account_id);
    let held = rows.into_iter().filter_map(held_of).collect::<Result<_, _>>()?;
    Ok(Some(Caller { account, held, ..Caller::default() }))
}

/// What an account was granted, whatever session it is in: how far its word
/// reaches when it is not there itself. None when it is switched off.
///
/// # Errors
/// When the database refuses.
pub async fn of_account(source: &impl Source, account: Uuid) -> Result<Option<Caller>, Failure> {
    if rows::one::<accounts::Entity>(source, account).await?.is_none_or(|row| row.disabled_at.is_some()) {
        return Ok(None);
    }
    let held = grants::Entity::find()
        .filter(grants::Column::AccountId.eq(account))
        .filter(grants::Column::WithdrawnAt.is_null())
        .all(source.beneath())
        .await?;
    let held = held.iter().map(|row| read(&row.role, &row.scope_kind, row.scope_id)).collect::<Result<_, _>>()?;
    Ok(Some(Caller { account: Some(account), held, ..Caller::default() }))
}

fn held_of(row: Row) -> Option<Result<Held, Failure>> {
    let (role, kind) = (row.role?, row.scope_kind?);
    Some(read(&role, &kind, row.scope_id))
}

fn read(role: &str, kind: &str, scope_id: Option<Uuid>) -> Result<Held, Failure> {
    let role: Role = parse(("grants", "role"), role)?;
    let kind: ScopeKind = parse(("grants", "scope_kind"), kind)?;
    let id = || scope_id.ok_or_else(|| Failure::unreadable("grants", "scope_id", "empty"));
    let scope = match kind {
        ScopeKind::Installation => Scope::Installation,
        ScopeKind::Organisation => Scope::Organisation(id()?),
        ScopeKind::Network => Scope::Network(id()?),
        ScopeKind::Participant => Scope::Participant(id()?),
    };
    Ok(Held { standing: Standing::from(role), scope })
}
