//! Feedback itself.

use std::collections::HashSet;

use klankbord_domain::feedback::{Addressee, Author, Feedback, FeedbackKind, FeedbackStatus};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};
use uuid::Uuid;

use super::entity::feedback::{Column, Entity, Model};
use super::sight::{Rooms, Sight};
use crate::participants::erased;
use crate::store::{
    Failure, Keyset, Page, PageRequest, SortKey, Source, Stored, Tx, bury, fetch_page, keyset, optional, parse,
    read_texts, rows, write_texts,
};

/// The kind of thing, in histories and the audit trail.
pub const KIND: &str = "feedback";
const TABLE: &str = "feedback";

pub(crate) const PARTICIPANT: &str = "participant";
pub(crate) const ORGANISATION: &str = "organisation";
pub(crate) const NETWORK: &str = "network";

/// Which feedback to list.
#[derive(Debug, Clone, Default)]
pub struct FeedbackFilter {
    /// Only what this organisation owns: addressed to it, or to a network that
    /// it hosts.
    pub organisation: Option<Uuid>,
    /// Only what is addressed to this network.
    pub network: Option<Uuid>,
    /// Only in these states; empty: all.
    pub statuses: Vec<FeedbackStatus>,
    /// Only of these kinds; empty: all.
    pub kinds: Vec<FeedbackKind>,
    /// From where it is looked at.
    pub sight: Sight,
}

/// Keeps new feedback.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, feedback: Feedback) -> Result<Stored<Feedback>, Failure> {
    let stored = Stored { value: feedback, version: 1, created_at: tx.now(), updated_at: tx.now() };
    let machine = tx.caller().machine.as_ref().map(|machine| machine.id);
    let client = machine.filter(|id| stored.value.recorded_by == Some(*id));
    if let Author::Participant(person) = stored.value.author {
        erased::is_there(tx, person).await?;
    }
    rows::insert(tx, row_of(&stored, client)?).await?;
    note(tx, &stored.value, "made");
    Ok(stored)
}

/// Saves changed feedback; `what` says what happened to it, for the outbox.
///
/// # Errors
/// 412 when somebody changed it meanwhile.
pub async fn save(tx: &Tx, changed: Stored<Feedback>, what: &str) -> Result<Stored<Feedback>, Failure> {
    let read = changed.version;
    let stored = Stored { version: read + 1, updated_at: tx.now(), ..changed };
    let client = rows::one::<Entity>(tx, stored.value.id).await?.and_then(|row| row.recorded_by_client);
    rows::save(tx, row_of(&stored, client)?, [Column::Id, Column::Version], read).await?;
    note(tx, &stored.value, what);
    Ok(stored)
}

/// Deletes a draft; a tombstone stays.
///
/// # Errors
/// When the database refuses.
pub async fn delete(tx: &Tx, feedback: &Feedback) -> Result<(), Failure> {
    Entity::delete_by_id(feedback.id).exec(tx.beneath()).await?;
    concerns(tx, feedback);
    bury(tx, feedback.organisation_id, KIND, feedback.id).await
}

/// Deletes the drafts of somebody who is erased: nobody else ever saw them, and no
/// tombstone says that they were there.
///
/// # Errors
/// When the database refuses.
pub async fn delete_drafts(tx: &Tx, authors: &[Uuid]) -> Result<(), Failure> {
    let drafts = Entity::delete_many()
        .filter(Column::AuthorKind.eq(PARTICIPANT))
        .filter(Column::AuthorId.is_in(authors.iter().copied()))
        .filter(Column::Status.eq(FeedbackStatus::Draft.code()));
    drafts.exec(tx.beneath()).await?;
    Ok(())
}

/// The feedback with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid) -> Result<Option<Stored<Feedback>>, Failure> {
    rows::one::<Entity>(source, id).await?.map(read).transpose()
}

/// The feedback with this id, for changing it.
///
/// # Errors
/// When the database refuses.
pub async fn find_to_change(tx: &Tx, id: Uuid) -> Result<Option<Stored<Feedback>>, Failure> {
    rows::locked::<Entity>(tx, id).await?.map(read).transpose()
}

/// The feedback with these ids.
///
/// # Errors
/// When the database refuses.
pub async fn find_all(source: &impl Source, ids: &[Uuid]) -> Result<Vec<Stored<Feedback>>, Failure> {
    let found = Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(source.beneath()).await?;
    found.into_iter().map(read).collect()
}

/// A page of the feedback that can be seen.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    filter: &FeedbackFilter,
    request: &PageRequest,
) -> Result<Page<Stored<Feedback>>, Failure> {
    let mut selection = Entity::find().filter(filter.sight.selection());
    if let Some(organisation) = filter.organisation {
        selection = selection.filter(Column::OrganisationId.eq(organisation));
    }
    if let Some(network) = filter.network {
        selection = selection.filter(Column::AddresseeKind.eq(NETWORK)).filter(Column::AddresseeId.eq(network));
    }
    if !filter.statuses.is_empty() {
        selection = selection.filter(Column::Status.is_in(filter.statuses.iter().map(|status| status.code())));
    }
    if !filter.kinds.is_empty() {
        selection = selection.filter(Column::Kind.is_in(filter.kinds.iter().map(|kind| kind.code())));
    }
    fetch_page(source, selection, keyset!(super::entity::feedback), request).await?.try_map(read)
}

/// Which of these somebody who looks from here is the author of: they brought it,
/// speak for who did, or wrote it down and still answer for it.
///
/// # Errors
/// When the database refuses.
pub async fn own(source: &impl Source, ids: &[Uuid], sight: &Sight) -> Result<HashSet<Uuid>, Failure> {
    let found = Entity::find().select_only().column(Column::Id);
    let found = found.filter(Column::Id.is_in(ids.iter().copied())).filter(sight.own());
    Ok(found.into_tuple::<Uuid>().all(source.beneath()).await?.into_iter().collect())
}

/// What somebody brought as the persons that they are, by when they made it.
///
/// # Errors
/// When the database refuses.
pub async fn brought_by(
    source: &impl Source,
    sight: &Sight,
    request: &PageRequest,
) -> Result<Page<Stored<Feedback>>, Failure> {
    let selection = Entity::find().filter(sight.brought());
    fetch_page(source, selection, keyset!(super::entity::feedback), request).await?.try_map(read)
}

/// What waits for an answer in these rooms, by when it was received.
///
/// # Errors
/// When the database refuses.
pub async fn waiting_in(
    source: &impl Source,
    rooms: &Rooms,
    request: &PageRequest,
) -> Result<Page<Stored<Feedback>>, Failure> {
    let keyset = Keyset::<Entity> {
        id: Column::Id,
        created_at: Column::ReceivedAt,
        updated_at: Column::ReceivedAt,
        read: |row, _: SortKey| (row.received_at.unwrap_or(row.created_at), row.id),
    };
    let states = FeedbackStatus::ALL.iter().filter(|status| status.is_waiting()).map(|status| status.code());
    let selection = Entity::find().filter(rooms.selection()).filter(Column::Status.is_in(states));
    fetch_page(source, selection, keyset, request).await?.try_map(read)
}

fn note(tx: &Tx, feedback: &Feedback, what: &str) {
    tx.happened(format!("{KIND}.{what}"), Some(feedback.organisation_id), KIND, feedback.id);
    concerns(tx, feedback);
}

/// What a person wrote is theirs.
pub(crate) fn concerns(tx: &Tx, feedback: &Feedback) {
    match feedback.author {
        Author::Participant(person) => tx.concerns(person),
        Author::Organisation(_) | Author::Network(_) => {}
    }
}

/// The row; `client` where a machine recorded it, which is no account.
fn row_of(stored: &Stored<Feedback>, client: Option<Uuid>) -> Result<Model, Failure> {
    let feedback = &stored.value;
    let (addressee_kind, addressee_id) = match feedback.addressee {
        Addressee::Organisation(id) => (ORGANISATION, id),
        Addressee::Network(id) => (NETWORK, id),
    };
    let (author_kind, author_id) = match feedback.author {
        Author::Participant(id) => (PARTICIPANT, id),
        Author::Organisation(id) => (ORGANISATION, id),
        Author::Network(id) => (NETWORK, id),
    };
    Ok(Model {
        id: feedback.id,
        version: stored.version,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        organisation_id: feedback.organisation_id,
        addressee_kind: addressee_kind.to_owned(),
        addressee_id,
        author_kind: author_kind.to_owned(),
        author_id,
        recorded_by: feedback.recorded_by.filter(|_| client.is_none()),
        channel: feedback.channel.code().to_owned(),
        kind: feedback.kind.code().to_owned(),
        title: write_texts(&feedback.title)?,
        body: write_texts(&feedback.body)?,
        status: feedback.status.code().to_owned(),
        received_at: feedback.received_at,
        answer_due_on: feedback.answer_due_on,
        merged_into_id: feedback.merged_into,
        outcome: feedback.outcome.as_ref().map(write_texts).transpose()?,
        recorded_by_client: client,
        removed: feedback.removed.map(|why| why.code().to_owned()),
    })
}

fn read(row: Model) -> Result<Stored<Feedback>, Failure> {
    let addressee = match row.addressee_kind.as_str() {
        ORGANISATION => Addressee::Organisation(row.addressee_id),
        NETWORK => Addressee::Network(row.addressee_id),
        other => return Err(Failure::unreadable(TABLE, "addressee_kind", other)),
    };
    let author = match row.author_kind.as_str() {
        PARTICIPANT => Author::Participant(row.author_id),
        ORGANISATION => Author::Organisation(row.author_id),
        NETWORK => Author::Network(row.author_id),
        other => return Err(Failure::unreadable(TABLE, "author_kind", other)),
    };
    let value = Feedback {
        id: row.id,
        addressee,
        organisation_id: row.organisation_id,
        author,
        recorded_by: row.recorded_by.or(row.recorded_by_client),
        channel: parse((TABLE, "channel"), &row.channel)?,
        kind: parse((TABLE, "kind"), &row.kind)?,
        title: read_texts((TABLE, "title"), &row.title)?,
        body: read_texts((TABLE, "body"), &row.body)?,
        status: parse((TABLE, "status"), &row.status)?,
        received_at: row.received_at,
        answer_due_on: row.answer_due_on,
        merged_into: row.merged_into_id,
        outcome: optional(row.outcome, |json| read_texts((TABLE, "outcome"), &json))?,
        removed: optional(row.removed, |code| parse((TABLE, "removed"), &code))?,
    };
    Ok(Stored { value, version: row.version, created_at: row.created_at, updated_at: row.updated_at })
}
