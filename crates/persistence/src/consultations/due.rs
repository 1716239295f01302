//! Consultations of which people wait to hear back.

use klankbord_domain::consultations::ConsultationStatus;
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::consultation::{Kept, asks_any_of, with_parts};
use super::entity::consultations::{Column, Entity};
use super::visible::asks_for_host_any_of;
use crate::store::{Failure, Keyset, Page, PageRequest, SortKey, Source, Stored, fetch_page};

/// A page of the closed consultations of which these organisations, or who
/// leads these networks, still have to report back; by when they closed. Who
/// leads a network answers for what its host asks it, who leads a council for
/// what it asks itself.
///
/// # Errors
/// When the database refuses.
pub async fn to_report_back(
    source: &impl Source,
    organisations: &[Uuid],
    networks: &[Uuid],
    request: &PageRequest,
) -> Result<Page<Stored<Kept>>, Failure> {
    let keyset = Keyset::<Entity> {
        id: Column::Id,
        created_at: Column::ClosedAt,
        updated_at: Column::ClosedAt,
        read: |row, _: SortKey| (row.closed_at.unwrap_or(row.created_at), row.id),
    };
    let ours = Condition::all()
        .add(Column::Council.eq(false))
        .add(Column::OrganisationId.is_in(organisations.iter().copied()));
    let of_councils = Condition::all().add(Column::Council.eq(true)).add(asks_any_of(networks.iter().copied()));
    let of_networks = Condition::all().add(Column::Council.eq(false)).add(asks_for_host_any_of(networks.to_vec()));
    let selection = Entity::find()
        .filter(Column::Status.eq(ConsultationStatus::Closed.code()))
        .filter(Column::ClosingRoundOf.is_null())
        .filter(Condition::any().add(ours).add(of_councils).add(of_networks));
    let page = fetch_page(source, selection, keyset, request).await?;
    let (next, total) = (page.next, page.total);
    Ok(Page { items: with_parts(source, page.items).await?, next, total })
}
