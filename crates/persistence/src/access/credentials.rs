//! What clients are known by. A secret is kept as its keyed hash, and found by
//! it; with more than 190 bits of chance in it, no slow hash is needed.

use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::access::{Credential, CredentialKind};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::entity::client_credentials::{Column, Entity, Model};
use crate::store::{Failure, Page, PageRequest, Source, Store, Tx, fetch_page, keyset, parse, rows};

/// The kind of thing, in the audit trail.
pub const KIND: &str = "client_credential";

/// A credential as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptCredential {
    /// The credential.
    pub credential: Credential,
    /// The last four characters of its secret.
    pub hint: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// The day on which it was used last; no finer.
    pub last_used_on: Option<NaiveDate>,
}

/// A credential to be made.
#[derive(Debug, Clone)]
pub struct NewCredential {
    /// The credential.
    pub credential: Credential,
    /// The secret; its keyed hash alone is kept, and its last four characters.
    pub secret: String,
}

/// The word that keeps hashes of different kinds apart.
pub(super) fn purpose(kind: CredentialKind) -> &'static str {
    match kind {
        CredentialKind::ClientSecret => "client-secret",
        CredentialKind::ApiKey => "api-key",
    }
}

/// The last four characters of a secret.
pub(crate) fn hint_of(secret: &str) -> String {
    secret.get(secret.len().saturating_sub(4)..).unwrap_or_default().to_owned()
}

/// Keeps a new credential of a client of this organisation.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, organisation: Uuid, new: &NewCredential) -> Result<KeptCredential, Failure> {
    let NewCredential { credential, secret } = new;
    let row = Model {
        id: credential.id,
        client_id: credential.client_id,
        kind: credential.kind.code().to_owned(),
        secret_hash: tx.keys().secret_lookup(purpose(credential.kind), secret),
        hint: hint_of(secret),
        created_at: tx.now(),
        made_by: tx.caller().actor(),
        expires_at: credential.expires_at,
        revoked_at: credential.revoked_at,
        last_used_on: None,
    };
    rows::insert(tx, row.clone()).await?;
    tx.happened("client_credential.made", Some(organisation), KIND, row.id);
    read(&row)
}

/// The credential with this id, when it is this client's.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, client: Uuid, id: Uuid) -> Result<Option<KeptCredential>, Failure> {
    let row = rows::one::<Entity>(source, id).await?.filter(|row| row.client_id == client);
    row.as_ref().map(read).transpose()
}

/// Takes a credential away; it works no longer from the next request on.
///
/// # Errors
/// When the database refuses.
pub async fn revoke(tx: &Tx, organisation: Uuid, id: Uuid) -> Result<(), Failure> {
    let update = Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::val(tx.now()))
        .filter(Column::Id.eq(id))
        .filter(Column::RevokedAt.is_null());
    update.exec(tx.beneath()).await?;
    tx.happened("client_credential.revoked", Some(organisation), KIND, id);
    Ok(())
}

/// Lets a credential end at this instant, because another replaced it.
///
/// # Errors
/// When the database refuses.
pub async fn end_at(tx: &Tx, organisation: Uuid, id: Uuid, end: DateTime<Utc>) -> Result<(), Failure> {
    let update = Entity::update_many().col_expr(Column::ExpiresAt, Expr::val(end)).filter(Column::Id.eq(id));
    update.exec(tx.beneath()).await?;
    tx.happened("client_credential.replaced", Some(organisation), KIND, id);
    Ok(())
}

/// A page of a client's credentials.
///
/// # Errors
/// When the database refuses.
pub async fn list(source: &impl Source, client: Uuid, request: &PageRequest) -> Result<Page<KeptCredential>, Failure> {
    let keyset = keyset!(super::entity::client_credentials, CreatedAt as created_at);
    let selection = Entity::find().filter(Column::ClientId.eq(client));
    fetch_page(source, selection, keyset, request).await?.try_map(|row| read(&row))
}

/// Writes down the day on which a credential was used, at most once a day. No
/// command: it changes nothing that anybody decided.
///
/// # Errors
/// When the database refuses.
pub async fn used_on(store: &Store, id: Uuid, day: NaiveDate) -> Result<(), Failure> {
    let before = Condition::any().add(Column::LastUsedOn.is_null()).add(Column::LastUsedOn.lt(day));
    let update = Entity::update_many().col_expr(Column::LastUsedOn, Expr::val(day));
    update.filter(Column::Id.eq(id)).filter(before).exec(&store.writer).await?;
    Ok(())
}

fn read(row: &Model) -> Result<KeptCredential, Failure> {
    let credential = Credential {
        id: row.id,
        client_id: row.client_id,
        kind: parse(("client_credentials", "kind"), &row.kind)?,
        expires_at: row.expires_at,
        revoked_at: row.revoked_at,
    };
    let (hint, created_at, last_used_on) = (row.hint.clone(), row.created_at, row.last_used_on);
    Ok(KeptCredential { credential, hint, created_at, last_used_on })
}
