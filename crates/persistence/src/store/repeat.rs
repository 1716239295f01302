//! `Idempotency-Key`: a command carried out once is answered the same twice.

use chrono::{TimeDelta, Utc};
use klankbord_domain::Refusal;
use sea_orm::{ColumnTrait as _, ConnectionTrait as _, DbBackend, EntityTrait as _, QueryFilter as _, Statement};

use super::entity::kept_answers;
use super::failure::Failure;
use super::rows;
use super::tx::{Source as _, Tx};

/// How long an answer is kept.
const KEPT_FOR: TimeDelta = TimeDelta::hours(24);

/// What `Idempotency-Key` said.
#[derive(Debug, Clone)]
pub struct Repeat {
    /// The key, as the caller chose it.
    pub key: String,
    /// The keyed digest of the request.
    pub digest: String,
    /// The answer holds a secret and can't be given twice.
    pub secret: bool,
}

/// An answer as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    /// The HTTP status.
    pub status: u16,
    /// `Location`, where there was one.
    pub location: Option<String>,
    /// `ETag`, where there was one: a move's is that of the thing that moved.
    pub etag: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// Answers a request that was carried out before; else lets it pass.
///
/// # Errors
/// [`Failure::Replay`] with the kept answer, or [`Failure::Refused`] (409) when
/// the key came with another request, or its first use is still under way.
pub(crate) async fn replay(tx: &Tx) -> Result<(), Failure> {
    let Some((repeat, row_key)) = wanted(tx) else { return Ok(()) };
    if !claim(tx, &row_key).await? {
        return Err(Refusal::Conflict("idempotency.in_progress").into());
    }
    let fresh_since = tx.now() - KEPT_FOR;
    let found = kept_answers::Entity::find_by_id(row_key.clone()).one(tx.beneath()).await?;
    let Some(found) = found.filter(|row| row.kept_at > fresh_since) else { return Ok(()) };
    if found.request_digest != repeat.digest {
        return Err(Refusal::Conflict("idempotency.key_reused").into());
    }
    if repeat.secret {
        return Err(Refusal::Conflict("idempotency.not_repeatable").into());
    }
    let body = match found.body {
        Some(sealed) => tx.keys().open_answer(&row_key, &sealed)?,
        None => Vec::new(),
    };
    let status = u16::try_from(found.status).unwrap_or(200);
    Err(Failure::Replay(Box::new(KeptAnswer { status, location: found.location, etag: found.etag, body })))
}

/// Keeps the command's answer, in its transaction.
///
/// # Errors
/// When the database refuses.
pub async fn keep(tx: &Tx, answer: &KeptAnswer) -> Result<(), Failure> {
    let Some((repeat, row_key)) = wanted(tx) else { return Ok(()) };
    kept_answers::Entity::delete_many().filter(kept_answers::Column::Id.eq(&row_key)).exec(tx.beneath()).await?;
    let body = if repeat.secret { None } else { Some(tx.keys().seal_answer(&row_key, &answer.body)?) };
    let row = kept_answers::Model {
        id: row_key,
        account_id: tx.caller().actor(),
        operation: tx.act.rule.operation.to_owned(),
        request_digest: repeat.digest.clone(),
        status: i32::from(answer.status),
        location: answer.location.clone(),
        etag: answer.etag.clone(),
        body,
        kept_at: tx.now(),
    };
    rows::insert(tx, row).await
}

/// Forgets the answers that were kept long enough.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn forget(tx: &Tx) -> Result<u64, Failure> {
    let until: chrono::DateTime<Utc> = tx.now() - KEPT_FOR;
    let expired = kept_answers::Entity::delete_many().filter(kept_answers::Column::KeptAt.lte(until));
    Ok(expired.exec(tx.beneath()).await?.rows_affected)
}

/// The repeat and the row it stands in: caller and operation are part of the key.
fn wanted(tx: &Tx) -> Option<(&Repeat, String)> {
    let repeat = tx.act.repeat.as_ref()?;
    let caller = tx.caller().actor()?;
    let parts = [caller.as_bytes(), tx.act.rule.operation.as_bytes(), repeat.key.as_bytes()];
    Some((repeat, tx.keys().request_digest(&parts)))
}

/// Makes sure that nobody else is carrying out the same request now. `SQLite`
/// has one writer at a time; `PostgreSQL` lends a lock until the command ends.
async fn claim(tx: &Tx, row_key: &str) -> Result<bool, Failure> {
    if tx.beneath().get_database_backend() != DbBackend::Postgres {
        return Ok(true);
    }
    let number = i64::from_str_radix(row_key.get(..15).unwrap_or_default(), 16).unwrap_or_default();
    let sql = "SELECT pg_try_advisory_xact_lock($1) AS claimed";
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [number.into()]);
    let row = tx.beneath().query_one_raw(statement).await?;
    let row = row.ok_or_else(|| Failure::Broken("no answer to the lock".to_owned()))?;
    Ok(row.try_get("", "claimed")?)
}
