//! Second factors: a secret that the person's own device knows, too (RFC 6238).
//! It is sealed with a key outside the database.

use klankbord_domain::Refusal;
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, sea_query::Expr};
use uuid::Uuid;

use super::entity::second_factors;
use crate::store::{Failure, Source, Tx, rows};

/// A second factor.
#[derive(Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// The shared secret.
    pub secret: Vec<u8>,
    /// Whether a code of it was shown: from then on it is asked.
    pub confirmed: bool,
}

fn sealed_at(account: Uuid) -> String {
    format!("second_factors.secret.{account}")
}

/// The second factor of an account.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, account: Uuid) -> Result<Option<SecondFactor>, Failure> {
    let found = second_factors::Entity::find().filter(second_factors::Column::AccountId.eq(account));
    let Some(row) = found.one(source.beneath()).await? else { return Ok(None) };
    let secret = source.keys().open_factor(&sealed_at(account), &row.secret_sealed)?;
    Ok(Some(SecondFactor { secret, confirmed: row.confirmed_at.is_some() }))
}

/// Keeps a new secret, in place of one that was never confirmed.
///
/// # Errors
/// 409 `second_factor.exists` when a confirmed one is there.
pub async fn start(tx: &Tx, account_id: Uuid, secret: &[u8]) -> Result<(), Failure> {
    let known = find(tx, account_id).await?;
    if known.is_some_and(|factor| factor.confirmed) {
        return Err(Refusal::Conflict("second_factor.exists").into());
    }
    delete(tx, account_id).await?;
    let row = second_factors::Model {
        id: tx.new_id(),
        account_id,
        secret_sealed: tx.keys().seal_factor(&sealed_at(account_id), secret)?,
        created_at: tx.now(),
        confirmed_at: None,
        last_step: None,
    };
    tx.touches(None, "account", account_id);
    rows::insert(tx, row).await
}

/// Uses a time step up, once: a code that was seen works for nobody else
/// (RFC 6238 §5.2). Gives whether it was unused.
///
/// # Errors
/// When the database refuses.
pub async fn use_step(tx: &Tx, account: Uuid, step: i32) -> Result<bool, Failure> {
    let unused =
        Condition::any().add(second_factors::Column::LastStep.is_null()).add(second_factors::Column::LastStep.lt(step));
    let update = second_factors::Entity::update_many()
        .col_expr(second_factors::Column::LastStep, Expr::val(step))
        .filter(second_factors::Column::AccountId.eq(account))
        .filter(unused);
    Ok(update.exec(tx.beneath()).await?.rows_affected == 1)
}

/// From now on it is asked.
///
/// # Errors
/// When the database refuses.
pub async fn confirm(tx: &Tx, account: Uuid) -> Result<(), Failure> {
    let update = second_factors::Entity::update_many()
        .col_expr(second_factors::Column::ConfirmedAt, Expr::val(tx.now()))
        .filter(second_factors::Column::AccountId.eq(account));
    update.exec(tx.beneath()).await?;
    tx.touches(None, "account", account);
    Ok(())
}

/// Removes it; gives whether there was one.
///
/// # Errors
/// When the database refuses.
pub async fn remove(tx: &Tx, account: Uuid) -> Result<bool, Failure> {
    tx.touches(None, "account", account);
    delete(tx, account).await
}

async fn delete(tx: &Tx, account: Uuid) -> Result<bool, Failure> {
    let gone = second_factors::Entity::delete_many().filter(second_factors::Column::AccountId.eq(account));
    Ok(gone.exec(tx.beneath()).await?.rows_affected > 0)
}
