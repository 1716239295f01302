//! Roles granted: who, to whom, where, when, why.

use chrono::{DateTime, Utc};
use klankbord_domain::Refusal;
use klankbord_domain::access::{Role, ScopeKind};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _, sea_query::Expr, sea_query::Query,
};
use uuid::Uuid;

use super::entity::{accounts, grants};
use crate::store::{Failure, Page, PageRequest, Source, Tx, fetch_page, parse, rows};

/// A role that was granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Its id.
    pub id: Uuid,
    /// To whom.
    pub account_id: Uuid,
    /// The role.
    pub role: Role,
    /// What kind of thing it reaches.
    pub scope_kind: ScopeKind,
    /// Which one; none for the installation.
    pub scope_id: Option<Uuid>,
    /// The organisation whose managers see the grant.
    pub organisation_id: Option<Uuid>,
    /// Who granted it; none at the first start.
    pub granted_by: Option<Uuid>,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Why.
    pub reason: Option<String>,
}

/// A role to be granted.
#[derive(Debug, Clone)]
pub struct NewGrant {
    /// To whom.
    pub account_id: Uuid,
    /// The role.
    pub role: Role,
    /// Which organisation, network or person; none for the installation.
    pub scope_id: Option<Uuid>,
    /// The organisation whose managers see the grant.
    pub organisation_id: Option<Uuid>,
    /// Why.
    pub reason: Option<String>,
}

/// Grants a role.
///
/// # Errors
/// 409 `grant.held_already` when the account holds it there.
pub async fn insert(tx: &Tx, new: NewGrant) -> Result<Grant, Failure> {
    insert_by(tx, new, tx.caller().account).await
}

/// Grants a role on the word of somebody who isn't there themselves.
///
/// # Errors
/// 409 `grant.held_already` when the account holds it there.
pub async fn insert_by(tx: &Tx, new: NewGrant, granted_by: Option<Uuid>) -> Result<Grant, Failure> {
    let NewGrant { account_id, role, scope_id, organisation_id, reason } = new;
    let scope = scope_id.map(|id| id.to_string()).unwrap_or_default();
    let row = grants::Model {
        id: tx.new_id(),
        account_id,
        role: role.code().to_owned(),
        scope_kind: role.scope().code().to_owned(),
        scope_id,
        organisation_id,
        live_key: Some(format!("{account_id}/{}/{scope}", role.code())),
        granted_by,
        created_at: tx.now(),
        updated_at: tx.now(),
        withdrawn_at: None,
        withdrawn_by: None,
        reason,
    };
    rows::insert(tx, row.clone()).await?;
    tx.happened("grant.made", organisation_id, "grant", row.id);
    read(row)
}

/// The grant with this id, unless it was withdrawn.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid) -> Result<Option<Grant>, Failure> {
    let row = rows::one::<grants::Entity>(source, id).await?;
    row.filter(|row| row.withdrawn_at.is_none()).map(read).transpose()
}

/// Withdraws a grant; it holds no longer from the next request on.
///
/// # Errors
/// 404 when somebody else withdrew it meanwhile.
pub async fn withdraw(tx: &Tx, grant: &Grant) -> Result<(), Failure> {
    let update = grants::Entity::update_many()
        .col_expr(grants::Column::WithdrawnAt, Expr::val(tx.now()))
        .col_expr(grants::Column::UpdatedAt, Expr::val(tx.now()))
        .col_expr(grants::Column::WithdrawnBy, Expr::val(tx.caller().account))
        .col_expr(grants::Column::LiveKey, Expr::val(Option::<String>::None))
        .filter(grants::Column::Id.eq(grant.id))
        .filter(grants::Column::WithdrawnAt.is_null());
    if update.exec(tx.beneath()).await?.rows_affected == 0 {
        return Err(Refusal::Hidden.into());
    }
    tx.happened("grant.withdrawn", grant.organisation_id, "grant", grant.id);
    Ok(())
}

/// Withdraws every role that is held in a scope: it goes.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn withdraw_all(tx: &Tx, scope_id: Uuid) -> Result<(), Failure> {
    let held = grants::Entity::find()
        .filter(grants::Column::ScopeId.eq(scope_id))
        .filter(grants::Column::WithdrawnAt.is_null());
    for row in held.all(tx.beneath()).await? {
        withdraw(tx, &read(row)?).await?;
    }
    Ok(())
}

/// The roles held in one scope.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    scope: (ScopeKind, Option<Uuid>),
    request: &PageRequest,
) -> Result<Page<Grant>, Failure> {
    let (kind, id) = scope;
    let selection = grants::Entity::find()
        .filter(grants::Column::ScopeKind.eq(kind.code()))
        .filter(grants::Column::WithdrawnAt.is_null());
    let selection = match id {
        Some(id) => selection.filter(grants::Column::ScopeId.eq(id)),
        None => selection.filter(grants::Column::ScopeId.is_null()),
    };
    let keyset = crate::store::keyset!(crate::access::entity::grants);
    fetch_page(source, selection, keyset, request).await?.try_map(read)
}

/// The accounts that hold a role in a scope.
///
/// # Errors
/// When the database refuses.
pub async fn holders(source: &impl Source, role: Role, scope_id: Uuid) -> Result<Vec<Uuid>, Failure> {
    let held = grants::Entity::find()
        .filter(grants::Column::Role.eq(role.code()))
        .filter(grants::Column::ScopeId.eq(scope_id))
        .filter(grants::Column::WithdrawnAt.is_null());
    Ok(held.all(source.beneath()).await?.into_iter().map(|row| row.account_id).collect())
}

/// The grants by which an account holds a role.
///
/// # Errors
/// When the database refuses.
pub async fn held_as(source: &impl Source, account: Uuid, role: Role) -> Result<Vec<Grant>, Failure> {
    let held = grants::Entity::find()
        .filter(grants::Column::AccountId.eq(account))
        .filter(grants::Column::Role.eq(role.code()))
        .filter(grants::Column::WithdrawnAt.is_null());
    held.all(source.beneath()).await?.into_iter().map(read).collect()
}

/// Every role that an account holds.
///
/// # Errors
/// When the database refuses.
pub async fn held(source: &impl Source, account: Uuid) -> Result<Vec<Grant>, Failure> {
    let held = grants::Entity::find()
        .filter(grants::Column::AccountId.eq(account))
        .filter(grants::Column::WithdrawnAt.is_null());
    held.all(source.beneath()).await?.into_iter().map(read).collect()
}

/// The roles that an account holds, in pages.
///
/// # Errors
/// When the database refuses.
pub async fn of_account(source: &impl Source, account: Uuid, request: &PageRequest) -> Result<Page<Grant>, Failure> {
    let selection = grants::Entity::find()
        .filter(grants::Column::AccountId.eq(account))
        .filter(grants::Column::WithdrawnAt.is_null());
    let keyset = crate::store::keyset!(crate::access::entity::grants);
    fetch_page(source, selection, keyset, request).await?.try_map(read)
}

/// How many others hold the same role in the same scope, and can use it: an
/// account that is switched off doesn't count. Their grants are locked until the command ends, so that the last two can't go at once.
///
/// # Errors
/// When the database refuses.
pub async fn others(tx: &Tx, grant: &Grant) -> Result<usize, Failure> {
    let same = grants::Entity::find()
        .filter(grants::Column::Role.eq(grant.role.code()))
        .filter(grants::Column::Id.ne(grant.id))
        .filter(grants::Column::WithdrawnAt.is_null());
    let same = match grant.scope_id {
        Some(id) => same.filter(grants::Column::ScopeId.eq(id)),
        None => same.filter(grants::Column::ScopeId.is_null()),
    };
    let usable = Query::select()
        .column(accounts::Column::Id)
        .from(accounts::Entity)
        .and_where(accounts::Column::DisabledAt.is_null())
        .to_owned();
    let same = same.filter(grants::Column::AccountId.in_subquery(usable));
    Ok(same.lock_exclusive().all(tx.beneath()).await?.len())
}

pub(super) fn read(row: grants::Model) -> Result<Grant, Failure> {
    Ok(Grant {
        id: row.id,
        account_id: row.account_id,
        role: parse(("grants", "role"), &row.role)?,
        scope_kind: parse(("grants", "scope_kind"), &row.scope_kind)?,
        scope_id: row.scope_id,
        organisation_id: row.organisation_id,
        granted_by: row.granted_by,
        created_at: row.created_at,
        reason: row.reason,
    })
}
