//! One-time codes of accounts: to sign in with, or to set a new password with. A code of one
//! kind is none of the other.

use chrono::{DateTime, Utc};
use klankbord_domain::access::CodePurpose;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use uuid::Uuid;

use super::entity::accounts;
use super::entity::sign_in_codes::{Column, Entity, Model};
use crate::store::{Failure, Source, Tx, rows};

/// How many codes of one kind an account has at most; older ones die.
const HANDFUL: u64 = 5;

fn hash(source: &impl Source, purpose: CodePurpose, code: &str) -> String {
    let label = match purpose {
        CodePurpose::SignIn => "sign-in-code",
        CodePurpose::PasswordReset => "password-reset",
        // Who has no account has codes of their own, which stand elsewhere: none is kept here.
        CodePurpose::OwnData => "own-data",
    };
    source.keys().secret_lookup(label, code)
}

fn live(now: DateTime<Utc>) -> Condition {
    Condition::all().add(Column::UsedAt.is_null()).add(Column::ExpiresAt.gt(now))
}

/// Keeps a one-time code, by its keyed hash.
///
/// # Errors
/// When the database refuses.
pub async fn keep(
    tx: &Tx,
    (purpose, account): (CodePurpose, Uuid),
    code: &str,
    expires_at: DateTime<Utc>,
) -> Result<(), Failure> {
    let row = Model {
        id: tx.new_id(),
        account_id: account,
        code_hash: hash(tx, purpose, code),
        purpose: purpose.code().to_owned(),
        created_at: tx.now(),
        expires_at,
        used_at: None,
    };
    tx.touches(None, "account", account);
    rows::insert(tx, row).await?;
    let older = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(live(tx.now()))
        .filter(Column::AccountId.eq(account))
        .filter(Column::Purpose.eq(purpose.code()))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .offset(HANDFUL)
        .limit(500);
    let older: Vec<Uuid> = older.into_tuple().all(tx.beneath()).await?;
    use_up(tx, Condition::all().add(Column::Id.is_in(older))).await?;
    Ok(())
}

/// Whose code this is, while it is good. It isn't used up.
///
/// # Errors
/// When the database refuses.
pub async fn owner(
    source: &impl Source,
    purpose: CodePurpose,
    code: &str,
    now: DateTime<Utc>,
) -> Result<Option<Uuid>, Failure> {
    Ok(find(source, purpose, code, now).await?.map(|row| row.account_id))
}

/// Uses a code up; gives whose it is, when it is good.
///
/// # Errors
/// When the database refuses.
pub async fn redeem(tx: &Tx, purpose: CodePurpose, code: &str) -> Result<Option<Uuid>, Failure> {
    let Some(row) = find(tx, purpose, code, tx.now()).await? else { return Ok(None) };
    // Of two at once only one finds it unused.
    let used = use_up(tx, Condition::all().add(Column::Id.eq(row.id))).await?;
    Ok((used == 1).then_some(row.account_id))
}

/// Uses up every code of an account, of both kinds.
///
/// # Errors
/// When the database refuses.
pub async fn use_up_all(tx: &Tx, account: Uuid) -> Result<(), Failure> {
    use_up(tx, Condition::all().add(Column::AccountId.eq(account))).await?;
    Ok(())
}

async fn find(
    source: &impl Source,
    purpose: CodePurpose,
    code: &str,
    now: DateTime<Utc>,
) -> Result<Option<Model>, Failure> {
    let by_hash = Entity::find()
        .filter(Column::CodeHash.eq(hash(source, purpose, code)))
        .filter(Column::Purpose.eq(purpose.code()))
        .filter(live(now));
    let Some(row) = by_hash.one(source.beneath()).await? else { return Ok(None) };
    // Of an account that was switched off no code is good.
    let account = rows::one::<accounts::Entity>(source, row.account_id).await?;
    Ok(account.is_some_and(|found| found.disabled_at.is_none()).then_some(row))
}

async fn use_up(tx: &Tx, which: Condition) -> Result<u64, Failure> {
    let update = Entity::update_many()
        .col_expr(Column::UsedAt, Expr::val(tx.now()))
        .filter(which)
        .filter(Column::UsedAt.is_null());
    Ok(update.exec(tx.beneath()).await?.rows_affected)
}
