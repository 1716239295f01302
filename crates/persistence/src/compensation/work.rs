//! Work that was claimed, for the report on what each perspective gets.

use chrono::NaiveDate;
use klankbord_domain::compensation::{ClaimStatus, LineKind, WorkDone};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{ColumnTrait as _, ConnectionTrait as _, FromQueryResult};
use uuid::Uuid;

use super::entity::{claim_lines as lines, claims};
use crate::store::{Failure, Source, parse};

/// Of which networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// This one.
    Network(Uuid),
    /// All that this organisation hosts, its councils excepted.
    Organisation(Uuid),
}

#[derive(FromQueryResult)]
struct Row {
    participant_id: Uuid,
    perspective: String,
    trained: bool,
    kind: String,
    quantity: Option<i64>,
    cents: i64,
}

/// The work at a rate, done between these days, both included, that was handed in
/// and not turned down.
///
/// # Errors
/// When the database refuses.
pub async fn done(
    source: &impl Source,
    within: Within,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<WorkDone>, Failure> {
    let counts = ClaimStatus::ALL.iter().filter(|status| status.counts()).map(|status| status.code());
    let mut query = Query::select();
    query
        .column((claims::Entity, claims::Column::ParticipantId))
        .column((claims::Entity, claims::Column::Perspective))
        .column((claims::Entity, claims::Column::Trained))
        .column((lines::Entity, lines::Column::Kind))
        .column((lines::Entity, lines::Column::Quantity))
        .column((lines::Entity, lines::Column::Cents))
        .from(lines::Entity)
        .inner_join(
            claims::Entity,
            Expr::col((claims::Entity, claims::Column::Id)).equals((lines::Entity, lines::Column::ClaimId)),
        )
        .and_where(claims::Column::Status.is_in(counts))
        .and_where(lines::Column::HappenedOn.gte(from))
        .and_where(lines::Column::HappenedOn.lte(to))
        .and_where(lines::Column::Quantity.is_not_null());
    match within {
        Within::Network(id) => query.and_where(claims::Column::NetworkId.eq(id)),
        Within::Organisation(id) => {
            query.and_where(claims::Column::OrganisationId.eq(id)).and_where(claims::Column::Council.eq(false))
        }
    };
    let backend = source.beneath().get_database_backend();
    let found = source.beneath().query_all_raw(backend.build(&query)).await?;
    let mut done = Vec::new();
    for row in &found {
        let row = Row::from_query_result(row, "")?;
        let kind: LineKind = parse(("claim_lines", "kind"), &row.kind)?;
        let (Some(unit), Some(quantity)) = (kind.unit(), row.quantity) else { continue };
        done.push(WorkDone {
            person: row.participant_id,
            perspective: parse(("claims", "perspective"), &row.perspective)?,
            trained: row.trained,
            unit,
            quantity,
            cents: row.cents,
        });
    }
    Ok(done)
}
