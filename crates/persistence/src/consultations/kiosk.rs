//! Kiosks: devices on site, each for one consultation.

use chrono::{DateTime, Utc};
use klankbord_domain::access::ClientScope;
use klankbord_domain::policy::{Caller, Held, Machine, Scope, Standing};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, FromQueryResult, QueryFilter as _, Statement};
use uuid::Uuid;

use super::entity::kiosks::{Column, Entity, Model};
use crate::access::credentials::hint_of;
use crate::store::{Failure, Page, PageRequest, Reader, Source, Tx, fetch_page, keyset, rows};

/// The kind of thing, in the audit trail.
pub const KIND: &str = "kiosk";

/// A device on site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kiosk {
    /// Its id.
    pub id: Uuid,
    /// The one consultation that it posts to.
    pub consultation_id: Uuid,
    /// What it is called, for those who run the consultation.
    pub name: String,
    /// The last four characters of its secret.
    pub hint: String,
    /// When it was set up.
    pub created_at: DateTime<Utc>,
    /// When it stops by itself.
    pub expires_at: DateTime<Utc>,
    /// When it was taken away.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A kiosk to be set up.
#[derive(Debug, Clone)]
pub struct NewKiosk {
    /// What it is called.
    pub name: String,
    /// When it stops by itself.
    pub expires_at: DateTime<Utc>,
    /// The secret; its keyed hash alone is kept, and its last four characters.
    pub secret: String,
}

const PURPOSE: &str = "kiosk";

/// Sets a kiosk up for a consultation of this organisation.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, organisation: Uuid, consultation: Uuid, new: &NewKiosk) -> Result<Kiosk, Failure> {
    let row = Model {
        id: tx.new_id(),
        consultation_id: consultation,
        name: new.name.clone(),
        secret_hash: tx.keys().secret_lookup(PURPOSE, &new.secret),
        hint: hint_of(&new.secret),
        created_at: tx.now(),
        made_by: tx.caller().actor(),
        expires_at: new.expires_at,
        revoked_at: None,
    };
    rows::insert(tx, row.clone()).await?;
    tx.happened("kiosk.made", Some(organisation), KIND, row.id);
    Ok(read(row))
}

/// The kiosk with this id, when it is this consultation's.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, consultation: Uuid, id: Uuid) -> Result<Option<Kiosk>, Failure> {
    let row = rows::one::<Entity>(source, id).await?;
    Ok(row.filter(|row| row.consultation_id == consultation).map(read))
}

/// Takes a kiosk away; it posts no longer from the next request on.
///
/// # Errors
/// When the database refuses.
pub async fn revoke(tx: &Tx, organisation: Uuid, id: Uuid) -> Result<(), Failure> {
    let update = Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::val(tx.now()))
        .filter(Column::Id.eq(id))
        .filter(Column::RevokedAt.is_null());
    update.exec(tx.beneath()).await?;
    tx.happened("kiosk.revoked", Some(organisation), KIND, id);
    Ok(())
}

/// A page of a consultation's kiosks.
///
/// # Errors
/// When the database refuses.
pub async fn list(source: &impl Source, consultation: Uuid, request: &PageRequest) -> Result<Page<Kiosk>, Failure> {
    let keyset = keyset!(super::entity::kiosks, CreatedAt as created_at);
    let selection = Entity::find().filter(Column::ConsultationId.eq(consultation));
    Ok(fetch_page(source, selection, keyset, request).await?.map(read))
}

/// One indexed query, asked at every request: a kiosk that was revoked, has
/// expired, or whose consultation is over, is unknown.
const KNOWN: &str = "
SELECT k.id AS id, k.consultation_id AS consultation_id, c.organisation_id AS organisation_id
  FROM kiosks k JOIN consultations c ON c.id = k.consultation_id
 WHERE k.secret_hash = $1 AND k.revoked_at IS NULL AND k.expires_at > $2 AND c.status IN ('draft', 'open')";

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    consultation_id: Uuid,
    organisation_id: Uuid,
}

/// Which kiosk shows this secret, as a caller.
///
/// # Errors
/// When the database refuses.
pub async fn known(reader: &Reader, secret: &str, now: DateTime<Utc>) -> Result<Option<Caller>, Failure> {
    let hash = reader.keys().secret_lookup(PURPOSE, secret);
    let backend = reader.beneath().get_database_backend();
    let statement = Statement::from_sql_and_values(backend, KNOWN, [hash.into(), now.into()]);
    let Some(row) = reader.beneath().query_one_raw(statement).await? else { return Ok(None) };
    let Row { id, consultation_id, organisation_id } = Row::from_query_result(&row, "")?;
    let held = vec![Held { standing: Standing::Kiosk, scope: Scope::Consultation(consultation_id) }];
    let machine = Machine { id, organisation: organisation_id, scopes: vec![ClientScope::ResponsesWrite] };
    Ok(Some(Caller { held, machine: Some(machine), ..Caller::default() }))
}

fn read(row: Model) -> Kiosk {
    Kiosk {
        id: row.id,
        consultation_id: row.consultation_id,
        name: row.name,
        hint: row.hint,
        created_at: row.created_at,
        expires_at: row.expires_at,
        revoked_at: row.revoked_at,
    }
}
