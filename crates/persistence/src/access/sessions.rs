//! Signed-in sessions with a refresh token that changes at each use.

use chrono::{DateTime, TimeDelta, Utc};
use klankbord_domain::access::SignInMethod;
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QuerySelect as _, sea_query::Expr};
use uuid::Uuid;

use super::entity::{sessions, used_refresh_tokens};
use crate::store::{Failure, Keyset, Page, PageRequest, SortKey, Source, Tx, fetch_page, parse, rows};

/// How a session was opened.
pub type Method = SignInMethod;

/// How long a refresh token that was just used up is answered the same: for who
/// lost the answer, and for calls that crossed.
const GRACE: TimeDelta = TimeDelta::seconds(10);

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id, the `sid` of its access tokens.
    pub id: Uuid,
    /// Whose it is.
    pub account_id: Uuid,
    /// How it was opened.
    pub method: Method,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it was renewed last.
    pub refreshed_at: DateTime<Utc>,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
    /// When a second factor was shown in it.
    pub raised_at: Option<DateTime<Utc>>,
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
    /// How it is opened.
    pub method: Method,
    /// Whether a second factor was shown.
    pub raised: bool,
}

/// Starts a session.
///
/// # Errors
/// When the database refuses.
pub async fn start(tx: &Tx, new: NewSession) -> Result<Session, Failure> {
    let NewSession { id, account_id, refresh_token, expires_at, method, raised } = new;
    let row = sessions::Model {
        id,
        account_id,
        refresh_hash: tx.keys().secret_lookup("refresh", &refresh_token),
        previous_hash: None,
        created_at: tx.now(),
        refreshed_at: tx.now(),
        expires_at,
        ended_at: None,
        method: method.code().to_owned(),
        raised_at: raised.then(|| tx.now()),
    };
    rows::insert(tx, row.clone()).await?;
    tx.touches(None, "session", id);
    read(row)
}

/// Changes a session's refresh token for the next, which follows from the one
/// presented. Within the grace time the token just used up is answered the same;
/// any other that was used before ends the session: somebody has a copy
/// (RFC 9700 §4.14).
///
/// # Errors
/// When the database refuses.
pub async fn rotate(tx: &Tx, presented: &str) -> Result<Option<(Session, String)>, Failure> {
    let hash = tx.keys().secret_lookup("refresh", presented);
    let Some(id) = family(tx, &hash).await? else { return Ok(None) };
    tx.touches(None, "session", id);
    // Locked until the command ends: of two at once the second finds what the first did.
    let Some(row) = rows::locked::<sessions::Entity>(tx, id).await? else { return Ok(None) };
    if row.ended_at.is_some() || row.expires_at <= tx.now() {
        return Ok(None);
    }
    let next = tx.keys().next_refresh(presented);
    if row.refresh_hash == hash {
        let used =
            used_refresh_tokens::Model { id: tx.new_id(), session_id: id, token_hash: hash.clone(), used_at: tx.now() };
        rows::insert(tx, used).await?;
        let update = sessions::Entity::update_many()
            .col_expr(sessions::Column::RefreshHash, Expr::val(tx.keys().secret_lookup("refresh", &next)))
            .col_expr(sessions::Column::PreviousHash, Expr::val(hash))
            .col_expr(sessions::Column::RefreshedAt, Expr::val(tx.now()))
            .filter(sessions::Column::Id.eq(id));
        update.exec(tx.beneath()).await?;
    } else if row.previous_hash.as_ref() != Some(&hash) || tx.now() - row.refreshed_at > GRACE {
        end(tx, id).await?;
        return Ok(None);
    }
    Ok(Some((read(row)?, next)))
}

/// The session that a refresh token belongs to, or belonged to before.
async fn family(tx: &Tx, hash: &str) -> Result<Option<Uuid>, Failure> {
    let current = sessions::Entity::find().filter(sessions::Column::RefreshHash.eq(hash));
    if let Some(row) = current.one(tx.beneath()).await? {
        return Ok(Some(row.id));
    }
    let used = used_refresh_tokens::Entity::find().filter(used_refresh_tokens::Column::TokenHash.eq(hash));
    Ok(used.one(tx.beneath()).await?.map(|row| row.session_id))
}

/// Ends a session; its tokens hold no longer from the next request on.
///
/// # Errors
/// When the database refuses.
pub async fn end(tx: &Tx, id: Uuid) -> Result<(), Failure> {
    tx.touches(None, "session", id);
    end_where(tx, Condition::all().add(sessions::Column::Id.eq(id))).await
}

/// Ends every session of an account, but for the one that is kept.
///
/// # Errors
/// When the database refuses.
pub async fn end_all(tx: &Tx, account: Uuid, kept: Option<Uuid>) -> Result<(), Failure> {
    tx.touches(None, "account", account);
    let others = Condition::all().add(sessions::Column::AccountId.eq(account));
    end_where(tx, others.add_option(kept.map(|id| sessions::Column::Id.ne(id)))).await
}

async fn end_where(tx: &Tx, which: Condition) -> Result<(), Failure> {
    let live = which.add(sessions::Column::EndedAt.is_null());
    let ids = sessions::Entity::find().select_only().column(sessions::Column::Id).filter(live.clone());
    let ids: Vec<Uuid> = ids.into_tuple().all(tx.beneath()).await?;
    for some in ids.chunks(500) {
        forget_used(tx, used_refresh_tokens::Column::SessionId.is_in(some.iter().copied()).into()).await?;
    }
    let update = sessions::Entity::update_many().col_expr(sessions::Column::EndedAt, Expr::val(tx.now())).filter(live);
    update.exec(tx.beneath()).await?;
    Ok(())
}

async fn forget_used(tx: &Tx, which: Condition) -> Result<(), Failure> {
    used_refresh_tokens::Entity::delete_many().filter(which).exec(tx.beneath()).await?;
    Ok(())
}

/// Forgets the used tokens of sessions that are over by themselves.
pub(crate) async fn forget(tx: &Tx) -> Result<(), Failure> {
    let over = sea_orm::sea_query::Query::select()
        .column(sessions::Column::Id)
        .from(sessions::Entity)
        .and_where(sessions::Column::ExpiresAt.lte(tx.now()))
        .to_owned();
    forget_used(tx, used_refresh_tokens::Column::SessionId.in_subquery(over).into()).await
}

/// A second factor was shown in this session.
///
/// # Errors
/// When the database refuses.
pub async fn raise(tx: &Tx, id: Uuid) -> Result<(), Failure> {
    let update = sessions::Entity::update_many()
        .col_expr(sessions::Column::RaisedAt, Expr::val(tx.now()))
        .filter(sessions::Column::Id.eq(id));
    update.exec(tx.beneath()).await?;
    tx.touches(None, "session", id);
    Ok(())
}

/// The session with this id, while it lasts.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid, now: DateTime<Utc>) -> Result<Option<Session>, Failure> {
    let row = rows::one::<sessions::Entity>(source, id).await?;
    row.filter(|row| row.ended_at.is_none() && row.expires_at > now).map(read).transpose()
}

/// Whether the account ever had a session.
///
/// # Errors
/// When the database refuses.
pub async fn any(source: &impl Source, account: Uuid) -> Result<bool, Failure> {
    let own = sessions::Entity::find().filter(sessions::Column::AccountId.eq(account));
    Ok(own.one(source.beneath()).await?.is_some())
}

/// Whether a second factor was shown in this session.
///
/// # Errors
/// When the database refuses.
pub async fn is_raised(source: &impl Source, id: Uuid) -> Result<bool, Failure> {
    Ok(rows::one::<sessions::Entity>(source, id).await?.is_some_and(|row| row.raised_at.is_some()))
}

/// The sessions of an account that last.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    (account, now): (Uuid, DateTime<Utc>),
    request: &PageRequest,
) -> Result<Page<Session>, Failure> {
    let selection = sessions::Entity::find()
        .filter(sessions::Column::AccountId.eq(account))
        .filter(sessions::Column::EndedAt.is_null())
        .filter(sessions::Column::ExpiresAt.gt(now));
    let keyset = Keyset::<sessions::Entity> {
        id: sessions::Column::Id,
        created_at: sessions::Column::CreatedAt,
        updated_at: sessions::Column::RefreshedAt,
        read: |row, key| match key {
            SortKey::CreatedAt => (row.created_at, row.id),
            SortKey::UpdatedAt => (row.refreshed_at, row.id),
        },
    };
    fetch_page(source, selection, keyset, request).await?.try_map(read)
}

fn read(row: sessions::Model) -> Result<Session, Failure> {
    let sessions::Model { id, account_id, created_at, refreshed_at, expires_at, method, raised_at, .. } = row;
    let method = parse(("sessions", "method"), &method)?;
    Ok(Session { id, account_id, method, created_at, refreshed_at, expires_at, raised_at })
}
