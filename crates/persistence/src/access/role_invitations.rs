//! Invitations to a role, or to be who one was registered as. The address is
//! sealed, and emptied once the invitation is over; the token is a keyed hash.

use chrono::{DateTime, Utc};
use klankbord_domain::access::inviting::{self, RoleInvitationStatus};
use klankbord_domain::access::{Role, ScopeKind};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, UpdateMany};
use uuid::Uuid;

use super::entity::role_invitations::{Column, Entity, Model};
use crate::store::{Failure, Page, PageRequest, Source, Tx, fetch_page, optional, parse, rows};

/// The kind of thing, in the audit trail.
pub const KIND: &str = "role_invitation";

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleInvitation {
    /// Its id.
    pub id: Uuid,
    /// The role; `participant`: to be who one was registered as.
    pub role: Role,
    /// What kind of thing the role reaches.
    pub scope_kind: ScopeKind,
    /// Which one; none for the installation.
    pub scope_id: Option<Uuid>,
    /// The organisation whose managers see it.
    pub organisation_id: Option<Uuid>,
    /// The address that it went to, while it is open.
    pub email_address: Option<String>,
    /// The language of the mail (BCP 47).
    pub language: String,
    /// Why.
    pub reason: String,
    /// Who sent it.
    pub invited_by: Uuid,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Until when it can be accepted.
    pub expires_at: DateTime<Utc>,
    /// When it was accepted.
    pub accepted_at: Option<DateTime<Utc>>,
    /// The account that accepted it.
    pub account_id: Option<Uuid>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// Who withdrew it.
    pub withdrawn_by: Option<Uuid>,
}

impl RoleInvitation {
    /// Where it stands.
    pub fn status(&self, now: DateTime<Utc>) -> RoleInvitationStatus {
        inviting::status((self.accepted_at, self.withdrawn_at), self.expires_at, now)
    }
}

/// An invitation to be sent.
#[derive(Debug, Clone)]
pub struct NewRoleInvitation {
    /// The role.
    pub role: Role,
    /// Which organisation, network or person; none for the installation.
    pub scope_id: Option<Uuid>,
    /// The organisation whose managers see it.
    pub organisation_id: Option<Uuid>,
    /// The address that it goes to.
    pub email_address: String,
    /// The language of the mail.
    pub language: String,
    /// Why.
    pub reason: String,
    /// Who sends it.
    pub invited_by: Uuid,
    /// The token; its keyed hash alone is kept.
    pub token: String,
    /// Until when it can be accepted.
    pub expires_at: DateTime<Utc>,
}

fn sealed_at(id: Uuid) -> String {
    format!("role_invitations.email.{id}")
}

fn token_hash(source: &impl Source, token: &str) -> String {
    source.keys().secret_lookup("role-invitation", token)
}

/// Keeps an invitation.
///
/// # Errors
/// 409 `role_invitation.exists` when the address has an open one to the same.
pub async fn insert(tx: &Tx, new: NewRoleInvitation) -> Result<RoleInvitation, Failure> {
    let id = tx.new_id();
    let NewRoleInvitation { role, scope_id, organisation_id, email_address, .. } = &new;
    let lookup = tx.keys().email_lookup(email_address);
    let scope = scope_id.map(|id| id.to_string()).unwrap_or_default();
    let live_key = format!("{lookup}/{}/{scope}", role.code());
    let over = Condition::all().add(Column::LiveKey.eq(&live_key)).add(Column::ExpiresAt.lte(tx.now()));
    emptied(Entity::update_many()).filter(over).exec(tx.beneath()).await?;
    let row = Model {
        id,
        role: role.code().to_owned(),
        scope_kind: role.scope().code().to_owned(),
        scope_id: *scope_id,
        organisation_id: *organisation_id,
        email_sealed: Some(tx.contact_sealer().await?.seal(&sealed_at(id), email_address)?),
        email_lookup: Some(lookup),
        language: new.language,
        reason: new.reason,
        token_hash: token_hash(tx, &new.token),
        live_key: Some(live_key),
        invited_by: new.invited_by,
        created_at: tx.now(),
        updated_at: tx.now(),
        expires_at: new.expires_at,
        accepted_at: None,
        account_id: None,
        withdrawn_at: None,
        withdrawn_by: None,
    };
    rows::insert(tx, row.clone()).await?;
    tx.happened("role_invitation.made", row.organisation_id, KIND, id);
    read(tx, row)
}

/// The invitation with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid) -> Result<Option<RoleInvitation>, Failure> {
    rows::one::<Entity>(source, id).await?.map(|row| read(source, row)).transpose()
}

/// The invitation that a token opens, while it is open.
///
/// # Errors
/// When the database refuses.
pub async fn by_token(
    source: &impl Source,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Option<RoleInvitation>, Failure> {
    let found = Entity::find().filter(Column::TokenHash.eq(token_hash(source, token))).one(source.beneath()).await?;
    let found = found.map(|row| read(source, row)).transpose()?;
    Ok(found.filter(|found| found.status(now) == RoleInvitationStatus::Open))
}

/// The same, locked until the command ends: of two at once the second finds
/// what the first did.
///
/// # Errors
/// When the database refuses.
pub async fn by_token_to_change(tx: &Tx, token: &str) -> Result<Option<RoleInvitation>, Failure> {
    let Some(found) = by_token(tx, token, tx.now()).await? else { return Ok(None) };
    find_to_change(tx, found.id)
        .await
        .map(|found| found.filter(|one| one.status(tx.now()) == RoleInvitationStatus::Open))
}

/// The invitation with this id, locked until the command ends.
///
/// # Errors
/// When the database refuses.
pub async fn find_to_change(tx: &Tx, id: Uuid) -> Result<Option<RoleInvitation>, Failure> {
    rows::locked::<Entity>(tx, id).await?.map(|row| read(tx, row)).transpose()
}

/// Keeps that an account accepted it; it works for nobody any more.
///
/// # Errors
/// When the database refuses.
pub async fn accepted(tx: &Tx, invitation: &RoleInvitation, account: Uuid) -> Result<(), Failure> {
    let update = emptied(Entity::update_many())
        .col_expr(Column::AcceptedAt, Expr::val(tx.now()))
        .col_expr(Column::AccountId, Expr::val(account));
    end(tx, invitation, update, "role_invitation.accepted").await
}

/// Withdraws it; it works for nobody any more.
///
/// # Errors
/// When the database refuses.
pub async fn withdraw(tx: &Tx, invitation: &RoleInvitation) -> Result<(), Failure> {
    let update = emptied(Entity::update_many())
        .col_expr(Column::WithdrawnAt, Expr::val(tx.now()))
        .col_expr(Column::WithdrawnBy, Expr::val(tx.caller().account));
    end(tx, invitation, update, "role_invitation.withdrawn").await
}

async fn end(tx: &Tx, invitation: &RoleInvitation, update: UpdateMany<Entity>, event: &str) -> Result<(), Failure> {
    let update = update.col_expr(Column::UpdatedAt, Expr::val(tx.now()));
    update.filter(Column::Id.eq(invitation.id)).exec(tx.beneath()).await?;
    tx.happened(event, invitation.organisation_id, KIND, invitation.id);
    Ok(())
}

fn emptied(update: UpdateMany<Entity>) -> UpdateMany<Entity> {
    update
        .col_expr(Column::EmailSealed, Expr::val(None::<Vec<u8>>))
        .col_expr(Column::EmailLookup, Expr::val(None::<String>))
        .col_expr(Column::LiveKey, Expr::val(None::<String>))
}

/// Empties the addresses of those that expired.
pub(crate) async fn forget(tx: &Tx) -> Result<(), Failure> {
    let over = Condition::all().add(Column::ExpiresAt.lte(tx.now())).add(Column::EmailSealed.is_not_null());
    emptied(Entity::update_many()).filter(over).exec(tx.beneath()).await?;
    Ok(())
}

/// The invitations to roles in one scope.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    (kind, id): (ScopeKind, Option<Uuid>),
    request: &PageRequest,
) -> Result<Page<RoleInvitation>, Failure> {
    let which = match id {
        Some(id) => Column::ScopeId.eq(id),
        None => Column::ScopeId.is_null(),
    };
    page(source, Condition::all().add(Column::ScopeKind.eq(kind.code())).add(which), request).await
}

/// The invitations that an account sent.
///
/// # Errors
/// When the database refuses.
pub async fn sent_by(
    source: &impl Source,
    account: Uuid,
    request: &PageRequest,
) -> Result<Page<RoleInvitation>, Failure> {
    page(source, Condition::all().add(Column::InvitedBy.eq(account)), request).await
}

async fn page(source: &impl Source, which: Condition, request: &PageRequest) -> Result<Page<RoleInvitation>, Failure> {
    let keyset = crate::store::keyset!(crate::access::entity::role_invitations);
    let page = fetch_page(source, Entity::find().filter(which), keyset, request).await?;
    page.try_map(|row| read(source, row))
}

fn read(source: &impl Source, row: Model) -> Result<RoleInvitation, Failure> {
    let open = |sealed: &[u8]| source.keys().open_contact(&sealed_at(row.id), sealed);
    Ok(RoleInvitation {
        id: row.id,
        role: parse(("role_invitations", "role"), &row.role)?,
        scope_kind: parse(("role_invitations", "scope_kind"), &row.scope_kind)?,
        scope_id: row.scope_id,
        organisation_id: row.organisation_id,
        email_address: optional(row.email_sealed.as_deref(), open)?,
        language: row.language,
        reason: row.reason,
        invited_by: row.invited_by,
        created_at: row.created_at,
        expires_at: row.expires_at,
        accepted_at: row.accepted_at,
        account_id: row.account_id,
        withdrawn_at: row.withdrawn_at,
        withdrawn_by: row.withdrawn_by,
    })
}
