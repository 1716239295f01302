//! People who sign in. Their address is sealed and found by its keyed hash only.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use klankbord_domain::access::AccountStatus;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};
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
    /// Counts the changes of its content, from 1.
    pub version: i64,
}

impl Account {
    /// Whether it can be used.
    pub fn status(&self) -> AccountStatus {
        if self.disabled { AccountStatus::Disabled } else { AccountStatus::Active }
    }
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
        email_sealed: tx.contact_sealer().await?.seal(&sealed_at(id), &email_address)?,
        display_name,
        password_hash,
        language,
        created_at: tx.now(),
        updated_at: tx.now(),
        disabled_at: None,
        version: 1,
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

/// The account with this id, locked until the command ends.
///
/// # Errors
/// When the database refuses.
pub async fn find_to_change(tx: &Tx, id: Uuid) -> Result<Option<Account>, Failure> {
    let row = rows::locked::<accounts::Entity>(tx, id).await?;
    row.map(|row| read(tx, row)).transpose()
}

/// Whether this is the address of the account.
///
/// # Errors
/// When the database refuses.
pub async fn has_address(source: &impl Source, id: Uuid, address: &str) -> Result<bool, Failure> {
    let lookup = source.keys().email_lookup(address);
    Ok(rows::one::<accounts::Entity>(source, id).await?.is_some_and(|row| row.email_lookup == lookup))
}

/// Saves what an account says of itself, and whether it can be used; its version
/// goes up.
///
/// # Errors
/// When the database refuses.
pub async fn save(tx: &Tx, account: &Account) -> Result<Account, Failure> {
    let version = account.version + 1;
    let disabled_at = account.disabled.then(|| tx.now());
    let update = accounts::Entity::update_many()
        .col_expr(accounts::Column::DisplayName, Expr::val(account.display_name.clone()))
        .col_expr(accounts::Column::Language, Expr::val(account.language.clone()))
        .col_expr(accounts::Column::DisabledAt, Expr::val(disabled_at))
        .col_expr(accounts::Column::UpdatedAt, Expr::val(tx.now()))
        .col_expr(accounts::Column::Version, Expr::val(version))
        .filter(accounts::Column::Id.eq(account.id));
    update.exec(tx.beneath()).await?;
    tx.touches(None, "account", account.id);
    Ok(Account { version, ..account.clone() })
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

/// The names by which these accounts go.
///
/// # Errors
/// When the database refuses.
pub async fn names(source: &impl Source, ids: &[Uuid]) -> Result<HashMap<Uuid, String>, Failure> {
    let named = accounts::Entity::find()
        .select_only()
        .columns([accounts::Column::Id, accounts::Column::DisplayName])
        .filter(accounts::Column::Id.is_in(ids.iter().copied()));
    let named: Vec<(Uuid, String)> = named.into_tuple().all(source.beneath()).await?;
    Ok(named.into_iter().collect())
}

/// Whether there is any account.
///
/// # Errors
/// When the database refuses.
pub async fn any(source: &impl Source) -> Result<bool, Failure> {
    Ok(accounts::Entity::find().one(source.beneath()).await?.is_some())
}

fn read(source: &impl Source, row: accounts::Model) -> Result<Account, Failure> {
    let email_address = match row.email_sealed.as_slice() {
        [] => String::new(), // it was erased
        sealed => source.keys().open_contact(&sealed_at(row.id), sealed)?,
    };
    Ok(Account {
        id: row.id,
        email_address,
        display_name: row.display_name,
        password_hash: row.password_hash,
        language: row.language,
        created_at: row.created_at,
        disabled: row.disabled_at.is_some(),
        version: row.version,
    })
}
