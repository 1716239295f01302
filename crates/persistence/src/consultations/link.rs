//! Links with which whoever has one answers an open consultation.

use chrono::{DateTime, Utc};
use klankbord_domain::consultations::ConsultationStatus;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _, QueryTrait as _};
use uuid::Uuid;

use super::entity::consultation_links::{Column, Entity, Model};
use super::entity::consultations;
use crate::access::credentials::hint_of;
use crate::store::{Failure, Page, PageRequest, Source, Tx, fetch_page, keyset, rows};

/// The kind of thing, in the audit trail.
pub const KIND: &str = "consultation_link";

const PURPOSE: &str = "consultation-link";

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsultationLink {
    /// Its id.
    pub id: Uuid,
    /// The one consultation that it opens.
    pub consultation_id: Uuid,
    /// What it is called, for those who run the consultation.
    pub name: String,
    /// The last four characters of its token.
    pub hint: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was taken away.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// Makes a link to a consultation of this organisation. Of the token its keyed hash alone is
/// kept, and its last four characters.
///
/// # Errors
/// When the database refuses.
pub async fn insert(
    tx: &Tx,
    organisation: Uuid,
    consultation: Uuid,
    (name, token): (&str, &str),
) -> Result<ConsultationLink, Failure> {
    let row = Model {
        id: tx.new_id(),
        consultation_id: consultation,
        name: name.to_owned(),
        secret_hash: tx.keys().secret_lookup(PURPOSE, token),
        hint: hint_of(token),
        created_at: tx.now(),
        made_by: tx.caller().actor(),
        revoked_at: None,
    };
    rows::insert(tx, row.clone()).await?;
    tx.happened("consultation_link.made", Some(organisation), KIND, row.id);
    Ok(read(row))
}

/// The link with this id, when it is this consultation's.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, consultation: Uuid, id: Uuid) -> Result<Option<ConsultationLink>, Failure> {
    let row = rows::one::<Entity>(source, id).await?;
    Ok(row.filter(|row| row.consultation_id == consultation).map(read))
}

/// Takes a link away: it opens nothing from the next call on.
///
/// # Errors
/// When the database refuses.
pub async fn revoke(tx: &Tx, organisation: Uuid, id: Uuid) -> Result<(), Failure> {
    let update = Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::val(tx.now()))
        .filter(Column::Id.eq(id))
        .filter(Column::RevokedAt.is_null());
    update.exec(tx.beneath()).await?;
    tx.happened("consultation_link.revoked", Some(organisation), KIND, id);
    Ok(())
}

/// A page of a consultation's links.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    consultation: Uuid,
    request: &PageRequest,
) -> Result<Page<ConsultationLink>, Failure> {
    let keyset = keyset!(super::entity::consultation_links, CreatedAt as created_at);
    let selection = Entity::find().filter(Column::ConsultationId.eq(consultation));
    Ok(fetch_page(source, selection, keyset, request).await?.map(read))
}

/// Which consultation this token opens: one that people can answer, by a link that wasn't
/// taken away.
///
/// # Errors
/// When the database refuses.
pub async fn opened_by(source: &impl Source, token: &str) -> Result<Option<Uuid>, Failure> {
    let open = consultations::Entity::find()
        .select_only()
        .column(consultations::Column::Id)
        .filter(consultations::Column::Status.eq(ConsultationStatus::Open.code()));
    let found = Entity::find()
        .filter(Column::SecretHash.eq(source.keys().secret_lookup(PURPOSE, token)))
        .filter(Column::RevokedAt.is_null())
        .filter(Column::ConsultationId.in_subquery(open.into_query()));
    Ok(found.one(source.beneath()).await?.map(|row| row.consultation_id))
}

/// Forgets the links of a draft that is deleted.
pub(super) async fn forget(tx: &Tx, consultation: Uuid) -> Result<(), Failure> {
    Entity::delete_many().filter(Column::ConsultationId.eq(consultation)).exec(tx.beneath()).await?;
    Ok(())
}

fn read(row: Model) -> ConsultationLink {
    ConsultationLink {
        id: row.id,
        consultation_id: row.consultation_id,
        name: row.name,
        hint: row.hint,
        created_at: row.created_at,
        revoked_at: row.revoked_at,
    }
}
