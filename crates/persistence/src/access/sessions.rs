//! Signed-in sessions with a refresh token that changes at each use.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, sea_query::Expr};
use uuid::Uuid;

use super::entity::sessions;
use crate::store::{Failure, Source as _, Tx, rows};

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id, the `sid` of its access tokens.
    pub id: Uuid,
    /// Whose it is.
    pub account_id: Uuid,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
}

/// A session to be started.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub account_id: Uuid,
    /// The refresh token; its keyed hash alone is kept.
    pub refresh_token: String,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
}

/// Starts a session.
///
/// # Errors
/// When the database refuses.
pub async fn start(tx: &Tx, new: NewSession) -> Result<Session, Failure> {
    let NewSession { id, account_id, refresh_token, expires_at } = new;
    let row = sessions::Model {
        id,
        account_id,
        refresh_hash: tx.keys().secret_lookup("refresh", &refresh_token),
        previous_hash: None,
        created_at: tx.now(),
        refreshed_at: tx.now(),
        expires_at,
        ended_at: None,
    };
    rows::insert(tx, row).await?;
    tx.touches(None, "session", id);
    Ok(Session { id, account_id, expires_at })
}

/// Changes a session's refresh token for the next. A token that was used up
/// before ends the session: somebody has a copy (RFC 9700 §4.14).
///
/// # Errors
/// When the database refuses.
pub async fn rotate(tx: &Tx, presented: &str, next: &str) -> Result<Option<Session>, Failure> {
    let hash = tx.keys().secret_lookup("refresh", presented);
    let either =
        Condition::any().add(sessions::Column::RefreshHash.eq(&hash)).add(sessions::Column::PreviousHash.eq(&hash));
    let Some(row) = sessions::Entity::find().filter(either).one(tx.beneath()).await? else { return Ok(None) };
    tx.touches(None, "session", row.id);
    if row.ended_at.is_some() || row.expires_at <= tx.now() {
        return Ok(None);
    }
    if row.refresh_hash != hash {
        end(tx, row.id).await?;
        return Ok(None);
    }
    let update = sessions::Entity::update_many()
        .col_expr(sessions::Column::RefreshHash, Expr::val(tx.keys().secret_lookup("refresh", next)))
        .col_expr(sessions::Column::PreviousHash, Expr::val(hash.clone()))
        .col_expr(sessions::Column::RefreshedAt, Expr::val(tx.now()))
        .filter(sessions::Column::Id.eq(row.id))
        .filter(sessions::Column::RefreshHash.eq(hash));
    let won = update.exec(tx.beneath()).await?.rows_affected == 1;
    Ok(won.then_some(Session { id: row.id, account_id: row.account_id, expires_at: row.expires_at }))
}

/// Ends a session; its tokens hold no longer from the next request on.
///
/// # Errors
/// When the database refuses.
pub async fn end(tx: &Tx, id: Uuid) -> Result<(), Failure> {
    let update = sessions::Entity::update_many()
        .col_expr(sessions::Column::EndedAt, Expr::val(tx.now()))
        .filter(sessions::Column::Id.eq(id))
        .filter(sessions::Column::EndedAt.is_null());
    update.exec(tx.beneath()).await?;
    tx.touches(None, "session", id);
    Ok(())
}

/// Ends every session of an account, but for the one that is kept.
///
/// # Errors
/// When the database refuses.
pub async fn end_all(tx: &Tx, account: Uuid, kept: Option<Uuid>) -> Result<(), Failure> {
    tx.touches(None, "account", account);
    let others = Condition::all().add(sessions::Column::AccountId.eq(account));
    let update = sessions::Entity::update_many()
        .col_expr(sessions::Column::EndedAt, Expr::val(tx.now()))
        .filter(others.add_option(kept.map(|id| sessions::Column::Id.ne(id))))
        .filter(sessions::Column::EndedAt.is_null());
    update.exec(tx.beneath()).await?;
    Ok(())
}

/// The session with this id, when it is this account's.
///
/// # Errors
/// When the database refuses.
pub async fn of_account(tx: &Tx, id: Uuid, account: Uuid) -> Result<bool, Failure> {
    let found = rows::one::<sessions::Entity>(tx, id).await?;
    Ok(found.is_some_and(|row| row.account_id == account))
}
