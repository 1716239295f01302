//! Links to exports: each for one account, or one session of who has none, for a short
//! while, for once.

use chrono::{DateTime, Utc};
use klankbord_domain::Refusal;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::entity::data_exports::{Column, Entity, Model};
use crate::store::{Failure, Source as _, Tx, rows};

/// The kind of thing, in the audit trail.
pub const KIND: &str = "data_export";

/// Who may read an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// This account.
    Account(Uuid),
    /// Who is in this session, which a one-time code opened.
    CodeSession(Uuid),
}

impl Holder {
    const fn account(self) -> Option<Uuid> {
        match self {
            Self::Account(id) => Some(id),
            Self::CodeSession(_) => None,
        }
    }

    const fn code_session(self) -> Option<Uuid> {
        match self {
            Self::Account(_) => None,
            Self::CodeSession(id) => Some(id),
        }
    }
}

/// A link to an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataExport {
    /// Its id, which can't be guessed.
    pub id: Uuid,
    /// Of which request.
    pub data_request_id: Uuid,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

/// Makes a link.
///
/// # Errors
/// When the database refuses.
pub async fn insert(
    tx: &Tx,
    (organisation, request): (Option<Uuid>, Uuid),
    (holder, expires_at): (Holder, DateTime<Utc>),
) -> Result<DataExport, Failure> {
    let made = DataExport { id: tx.random_id()?, data_request_id: request, expires_at };
    let row = Model {
        id: made.id,
        data_request_id: request,
        account_id: holder.account(),
        code_session_id: holder.code_session(),
        created_at: tx.now(),
        expires_at,
        used_at: None,
    };
    rows::insert(tx, row).await?;
    tx.touches(organisation, KIND, made.id);
    Ok(made)
}

/// Uses a link up: it is this one's, holds still, and wasn't used before.
///
/// # Errors
/// 404 otherwise.
pub async fn take(tx: &Tx, id: Uuid, holder: Holder) -> Result<DataExport, Failure> {
    let theirs = match holder {
        Holder::Account(account) => Column::AccountId.eq(account),
        Holder::CodeSession(session) => Column::CodeSessionId.eq(session),
    };
    let update = Entity::update_many()
        .col_expr(Column::UsedAt, Expr::val(tx.now()))
        .filter(Column::Id.eq(id))
        .filter(theirs)
        .filter(Column::UsedAt.is_null())
        .filter(Column::ExpiresAt.gt(tx.now()));
    if update.exec(tx.beneath()).await?.rows_affected == 0 {
        return Err(Refusal::Hidden.into());
    }
    let row = rows::one::<Entity>(tx, id).await?.ok_or(Refusal::Hidden)?;
    let Model { data_request_id, expires_at, .. } = row;
    Ok(DataExport { id, data_request_id, expires_at })
}

/// Forgets links that were used, or hold no longer.
pub(crate) async fn forget(tx: &Tx) -> Result<(), Failure> {
    Entity::delete_many().filter(Column::ExpiresAt.lte(tx.now())).exec(tx.beneath()).await?;
    Ok(())
}
