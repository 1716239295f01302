//! People who sign in. Their address is sealed and found by its keyed hash only.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::Expr};
use uuid::Uuid;

use super::entity::accounts;
use crate::store::{Failure, Source, Tx, rows};

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: Uuid,
    /// The e-mail address.
    pub email_address: String,
    /// The name it goes by.
    pub display_name: String,
    /// The argon2id hash (PHC string) of the password; none without a password.
    pub password_hash: Option<String>,
    /// The language that mail and problems come in (BCP 47).
    pub language: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Whether it was switched off.
    pub disabled: bool,
}

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Its id.
    pub id: Uuid,
    /// The e-mail address.
    pub email_address: String,
    /// The name it goes by.
    pub display_name: String,
    /// The argon2id hash of the password.
    pub password_hash: Option<String>,
    /// The language that mail and problems come in.
    pub language: String,
}

fn sealed_at(id: Uuid) -> String {
    format!("accounts.email.{id}")
}

/// Makes an account.
///
/// # Errors
/// 409 `account.email_taken` when the address has one.
pub async fn insert(tx: &Tx, new: NewAccount) -> Result<Account, Failure> {
    let NewAccount { id, email_address, display_name, password_hash, language } = new;
    let row = accounts::Model {
        id,
        email_lookup: tx.keys().email_lookup(&email_address),
        email_sealed: tx.keys().seal_contact(&sealed_at(id), &email_address)?,
        display_name,
        password_hash,
        language,
        created_at: tx.now(),
        updated_at: tx.now(),
        disabled_at: None,
    };
    rows::insert(tx, row.clone()).await?;
    tx.touches(None, "account", id);
    read(tx, row)
}

/// The account with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid) -> Result<Option<Account>, Failure> {
    let row = rows::one::<accounts::Entity>(source, id).await?;
    row.map(|row| read(source, row)).transpose()
}

/// The account with this address.
///
/// # Errors
/// When the database refuses.
pub async fn find_by_email(source: &impl Source, address: &str) -> Result<Option<Account>, Failure> {
    let lookup = source.keys().email_lookup(address);
    let found = accounts::Entity::find().filter(accounts::Column::EmailLookup.eq(lookup));
    found.one(source.beneath()).await?.map(|row| read(source, row)).transpose()
}

/// Keeps the hash of a new password.
///
/// # Errors
/// When the database refuses.
pub async fn set_password(tx: &Tx, account: Uuid, hash: &str) -> Result<(), Failure> {
    let update = accounts::Entity::update_many()
        .col_expr(accounts::Column::PasswordHash, Expr::val(hash))
        .col_expr(accounts::Column::UpdatedAt, Expr::val(tx.now()))
        .filter(accounts::Column::Id.eq(account));
    update.exec(tx.beneath()).await?;
    tx.touches(None, "account", account);
    Ok(())
}

/// Whether there is any account.
///
/// # Errors
/// When the database refuses.
pub async fn any(source: &impl Source) -> Result<bool, Failure> {
    Ok(accounts::Entity::find().one(source.beneath()).await?.is_some())
}

fn read(source: &impl Source, row: accounts::Model) -> Result<Account, Failure> {
    let email_address = source.keys().open_contact(&sealed_at(row.id), &row.email_sealed)?;
    Ok(Account {
        id: row.id,
        email_address,
        display_name: row.display_name,
        password_hash: row.password_hash,
        language: row.language,
        created_at: row.created_at,
        disabled: row.disabled_at.is_some(),
    })
}
