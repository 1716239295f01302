//! Who somebody is at another issuer: linked to one account, once, and found by
//! the keyed hash of issuer and subject alone.

use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::entity::external_identities::{Column, Entity, Model};
use crate::store::{Failure, Source, Tx, rows};

/// The kind of thing, in the audit trail.
pub const KIND: &str = "external_identity";

/// Links somebody at this issuer, by their hash, to an account.
///
/// # Errors
/// 409 `identity.linked_already` when either of the two is linked already.
pub async fn insert(tx: &Tx, account: Uuid, (issuer, key): (&str, &str)) -> Result<(), Failure> {
    let id = tx.new_id();
    let row =
        Model { id, account_id: account, issuer: issuer.to_owned(), subject_hash: key.to_owned(), linked_at: tx.now() };
    rows::insert(tx, row).await?;
    tx.touches(None, KIND, id);
    tx.touches(None, "account", account);
    Ok(())
}

/// Whether somebody is linked, whatever became of their account.
///
/// # Errors
/// When the database refuses.
pub async fn exists(source: &impl Source, key: &str) -> Result<bool, Failure> {
    Ok(Entity::find().filter(Column::SubjectHash.eq(key)).count(source.beneath()).await? > 0)
}

/// The issuer at which an account's holder signs in, where they do.
///
/// # Errors
/// When the database refuses.
pub async fn issuer_of(source: &impl Source, account: Uuid) -> Result<Option<String>, Failure> {
    let found = Entity::find().filter(Column::AccountId.eq(account)).one(source.beneath()).await?;
    Ok(found.map(|row| row.issuer))
}

/// Unlinks an account; whether it was linked.
///
/// # Errors
/// When the database refuses.
pub async fn remove(tx: &Tx, account: Uuid) -> Result<bool, Failure> {
    let Some(row) = Entity::find().filter(Column::AccountId.eq(account)).one(tx.beneath()).await? else {
        return Ok(false);
    };
    Entity::delete_by_id(row.id).exec(tx.beneath()).await?;
    tx.touches(None, KIND, row.id);
    tx.touches(None, "account", account);
    Ok(true)
}
