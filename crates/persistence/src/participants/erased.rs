//! Participants who were erased: an empty row stays, for what hangs on it.

use klankbord_domain::Refusal;
use klankbord_domain::participants::Participant;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::entity::participants::{Column, Entity};
use super::participant::{self, KIND, read};
use crate::store::{Failure, Source, Tx, rows};

/// The participant whose claim it is: the books outlive who was erased, and then tell
/// nothing of them.
///
/// # Errors
/// When the database refuses.
pub async fn find_in_books(source: &impl Source, id: Uuid) -> Result<Option<Participant>, Failure> {
    let Some(row) = rows::one::<Entity>(source, id).await? else { return Ok(None) };
    if participant::is_there(&row) {
        return Ok(Some(read(row)?.value));
    }
    Ok(Some(Participant::nobody(row.id, row.organisation_id)))
}

/// That a person is there still, held until the command ends: what would name them waits
/// for an erasure that is under way, and is refused after it.
///
/// # Errors
/// 404 when they were erased.
pub(crate) async fn is_there(tx: &Tx, id: Uuid) -> Result<(), Failure> {
    match rows::locked::<Entity>(tx, id).await? {
        Some(row) if participant::is_there(&row) => Ok(()),
        Some(_) | None => Err(Refusal::Hidden.into()),
    }
}

/// Marks a participant as erased; what was kept of them is gone by then.
///
/// # Errors
/// When the database refuses.
pub async fn mark(tx: &Tx, person: &Participant) -> Result<(), Failure> {
    let update = Entity::update_many()
        .col_expr(Column::ErasedAt, Expr::val(tx.now()))
        .col_expr(Column::UpdatedAt, Expr::val(tx.now()))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1));
    update.filter(Column::Id.eq(person.id)).exec(tx.beneath()).await?;
    tx.happened("participant.erased", Some(person.organisation_id), KIND, person.id);
    tx.concerns(person.id);
    Ok(())
}
