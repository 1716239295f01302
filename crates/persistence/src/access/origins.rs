//! Where an account signed in from before, as keyed hashes: an attacker
//! elsewhere can't use up the tries of an origin that is the owner's.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _};
use uuid::Uuid;

use super::entity::sign_in_origins;
use super::sessions;
use crate::store::{Failure, Source, Tx};

/// How long an origin is known. Days.
const KNOWN_DAYS: i64 = 90;

/// Whether the account signed in from this origin within 90 days. Asked of
/// unknown accounts, too, so that they take as long.
///
/// # Errors
/// When the database refuses.
pub async fn is_known(source: &impl Source, account: Uuid, origin: &str, now: DateTime<Utc>) -> Result<bool, Failure> {
    let known = sign_in_origins::Entity::find()
        .filter(sign_in_origins::Column::AccountId.eq(account))
        .filter(sign_in_origins::Column::OriginHash.eq(origin))
        .filter(sign_in_origins::Column::LastAt.gt(now - TimeDelta::days(KNOWN_DAYS)));
    Ok(known.one(source.beneath()).await?.is_some())
}

/// Keeps that the account signed in from this origin, and forgets those of long
/// ago; gives whether it is new to an account that signed in before.
///
/// # Errors
/// When the database refuses.
pub async fn remember(tx: &Tx, account_id: Uuid, origin: &str) -> Result<bool, Failure> {
    let own = sign_in_origins::Entity::find().filter(sign_in_origins::Column::AccountId.eq(account_id));
    let known = own.filter(sign_in_origins::Column::OriginHash.eq(origin)).one(tx.beneath()).await?.is_some();
    let new = !known && sessions::any(tx, account_id).await?;
    sign_in_origins::Entity::delete_many()
        .filter(sign_in_origins::Column::AccountId.eq(account_id))
        .filter(sign_in_origins::Column::LastAt.lte(tx.now() - TimeDelta::days(KNOWN_DAYS)))
        .exec(tx.beneath())
        .await?;
    let row = sign_in_origins::Model { id: tx.new_id(), account_id, origin_hash: origin.to_owned(), last_at: tx.now() };
    let again = OnConflict::columns([sign_in_origins::Column::AccountId, sign_in_origins::Column::OriginHash])
        .value(sign_in_origins::Column::LastAt, Expr::val(tx.now()))
        .to_owned();
    sign_in_origins::Entity::insert(row.into_active_model())
        .on_conflict(again)
        .exec_without_returning(tx.beneath())
        .await?;
    Ok(new)
}
