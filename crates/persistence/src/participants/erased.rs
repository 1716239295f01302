//! Participants who were erased: an empty row stays, for what hangs on it.

use klankbord_domain::participants::Participant;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::entity::participants::{Column, Entity};
use super::participant::{KIND, is_there, read};
use crate::store::{Failure, Source, Tx, rows};

/// The participant whose claim it is: the books outlive who was erased, and then tell
/// nothing of them.
///
/// # Errors
/// When the database refuses.
pub async fn find_in_books(source: &impl Source, id: Uuid) -> Result<Option<Participant>, Failure> {
    let Some(row) = rows::one::<Entity>(source, id).await? else { return Ok(None) };
    if is_there(&row) {
        return Ok(Some(read(row)?.value));
    }
    Ok(Some(Participant::nobody(row.id, row.organisation_id)))
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
