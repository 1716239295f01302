//! What people ask of their own data.

use std::collections::HashSet;

use chrono::NaiveDate;
use klankbord_domain::privacy::{DataRequest, DataRequestKind, DataRequestStatus};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _, QueryTrait as _};
use uuid::Uuid;

use super::entity::data_requests::{Column, Entity, Model};
use crate::store::{Failure, Page, PageRequest, Source, Stored, Tx, fetch_page, keyset, parse, rows};

/// The kind of thing, in histories and the audit trail.
pub const KIND: &str = "data_request";
const TABLE: &str = "data_requests";
/// How many ids one query names.
const BATCH: usize = 500;

/// Which requests to list.
#[derive(Debug, Clone, Default)]
pub struct DataRequestFilter {
    /// Those that were put to this organisation.
    pub organisation: Option<Uuid>,
    /// Those about this participant's data.
    pub participant: Option<Uuid>,
    /// Those about all that is this account's.
    pub account: Option<Uuid>,
    /// Only in these states; empty: all.
    pub statuses: Vec<DataRequestStatus>,
    /// Only those past their term on this day.
    pub overdue_on: Option<NaiveDate>,
}

/// Keeps a new request.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, request: DataRequest) -> Result<Stored<DataRequest>, Failure> {
    let stored = Stored { value: request, version: 1, created_at: tx.now(), updated_at: tx.now() };
    rows::insert(tx, row_of(&stored)).await?;
    written(tx, &stored.value, "data_request.made");
    Ok(stored)
}

/// Saves a request that moved.
///
/// # Errors
/// 412 when somebody changed it meanwhile.
pub async fn save(tx: &Tx, changed: Stored<DataRequest>) -> Result<Stored<DataRequest>, Failure> {
    let read = changed.version;
    let stored = Stored { version: read + 1, updated_at: tx.now(), ..changed };
    rows::save(tx, row_of(&stored), [Column::Id, Column::Version], read).await?;
    written(tx, &stored.value, "data_request.moved");
    Ok(stored)
}

fn written(tx: &Tx, request: &DataRequest, event: &str) {
    tx.happened(event, request.organisation_id, KIND, request.id);
    if let Some(person) = request.participant_id {
        tx.concerns(person);
    }
}

/// The request with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid) -> Result<Option<Stored<DataRequest>>, Failure> {
    rows::one::<Entity>(source, id).await?.map(read).transpose()
}

/// The request with this id, for moving it.
///
/// # Errors
/// When the database refuses.
pub async fn find_to_change(tx: &Tx, id: Uuid) -> Result<Option<Stored<DataRequest>>, Failure> {
    rows::locked::<Entity>(tx, id).await?.map(read).transpose()
}

/// A page of requests.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    filter: &DataRequestFilter,
    request: &PageRequest,
) -> Result<Page<Stored<DataRequest>>, Failure> {
    let of = [
        (Column::OrganisationId, filter.organisation),
        (Column::ParticipantId, filter.participant),
        (Column::AccountId, filter.account),
    ];
    let mut selection = Entity::find();
    for (column, id) in of {
        if let Some(id) = id {
            selection = selection.filter(column.eq(id));
        }
    }
    if !filter.statuses.is_empty() {
        selection = selection.filter(Column::Status.is_in(filter.statuses.iter().map(|status| status.code())));
    }
    if let Some(day) = filter.overdue_on {
        let open = DataRequestStatus::ALL.iter().filter(|status| status.is_open()).map(|status| status.code());
        selection = selection.filter(Column::DueOn.lt(day)).filter(Column::Status.is_in(open));
    }
    fetch_page(source, selection, keyset!(super::entity::data_requests), request).await?.try_map(read)
}

/// By what nobody is asked anything.
pub const STOPS: &[DataRequestKind] = &[DataRequestKind::Restriction, DataRequestKind::Objection];

/// The persons of whom a request of these kinds holds, as a query within another.
pub(crate) fn those_stopped(kinds: &[DataRequestKind]) -> SelectStatement {
    let states = DataRequestStatus::ALL.iter().filter(|status| status.holds()).map(|status| status.code());
    let held = Entity::find()
        .select_only()
        .column(Column::ParticipantId)
        .filter(Column::ParticipantId.is_not_null())
        .filter(Column::Kind.is_in(kinds.iter().map(|kind| kind.code())))
        .filter(Column::Status.is_in(states));
    held.into_query()
}

/// Of these persons, those of whom a request of these kinds holds.
///
/// # Errors
/// When the database refuses.
pub async fn stopped(
    source: &impl Source,
    persons: &[Uuid],
    kinds: &[DataRequestKind],
) -> Result<HashSet<Uuid>, Failure> {
    let states = DataRequestStatus::ALL.iter().filter(|status| status.holds()).map(|status| status.code());
    let kinds: Vec<_> = kinds.iter().map(|kind| kind.code()).collect();
    let states: Vec<_> = states.collect();
    let mut found = HashSet::new();
    for batch in persons.chunks(BATCH) {
        let held = Entity::find()
            .select_only()
            .column(Column::ParticipantId)
            .filter(Column::ParticipantId.is_in(batch.iter().copied()))
            .filter(Column::Kind.is_in(kinds.iter().copied()))
            .filter(Column::Status.is_in(states.iter().copied()));
        let held: Vec<Option<Uuid>> = held.into_tuple().all(source.beneath()).await?;
        found.extend(held.into_iter().flatten());
    }
    Ok(found)
}

fn row_of(stored: &Stored<DataRequest>) -> Model {
    let request = &stored.value;
    Model {
        id: request.id,
        version: stored.version,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        organisation_id: request.organisation_id,
        participant_id: request.participant_id,
        account_id: request.account_id,
        kind: request.kind.code().to_owned(),
        status: request.status.code().to_owned(),
        asked_by: request.asked_by.code().to_owned(),
        channel: request.channel.code().to_owned(),
        requested_by: request.requested_by,
        details: request.details.clone(),
        identity_check: request.identity_check.clone(),
        received_on: request.received_on,
        due_on: request.due_on,
        decided_on: request.decided_on,
    }
}

fn read(row: Model) -> Result<Stored<DataRequest>, Failure> {
    let value = DataRequest {
        id: row.id,
        organisation_id: row.organisation_id,
        participant_id: row.participant_id,
        account_id: row.account_id,
        kind: parse((TABLE, "kind"), &row.kind)?,
        status: parse((TABLE, "status"), &row.status)?,
        asked_by: parse((TABLE, "asked_by"), &row.asked_by)?,
        channel: parse((TABLE, "channel"), &row.channel)?,
        requested_by: row.requested_by,
        details: row.details,
        identity_check: row.identity_check,
        received_on: row.received_on,
        due_on: row.due_on,
        decided_on: row.decided_on,
    };
    Ok(Stored { value, version: row.version, created_at: row.created_at, updated_at: row.updated_at })
}
