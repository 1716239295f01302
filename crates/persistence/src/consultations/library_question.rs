//! Questions of the library.

use klankbord_domain::consultations::{LibraryQuestion, LibraryQuestionStatus, QuestionKindCode};
use klankbord_domain::policy::{Caller, Standing};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::codec::{read_questions, write_questions};
use super::entity::library_questions::{Column, Entity, Model};
use crate::networks::entity::networks;
use crate::networks::network;
use crate::store::{
    Failure, Page, PageRequest, Source, Stored, Tx, bury, fetch_page, keyset, optional, parse, read_texts, rows,
    write_texts,
};

/// The kind of thing, in histories and the audit trail.
pub const KIND: &str = "library_question";
const TABLE: &str = "library_questions";

/// Who in a network finds what its host keeps.
const IN_NETWORK: &[Standing] = &[Standing::Coordinator, Standing::Facilitator, Standing::Chair, Standing::Secretary];

/// Which questions to list.
#[derive(Debug, Clone, Default)]
pub struct LibraryQuestionFilter {
    /// Only this organisation's.
    pub organisation: Option<Uuid>,
    /// Only in these states; empty: all.
    pub statuses: Vec<LibraryQuestionStatus>,
    /// Only of these kinds; empty: all.
    pub kinds: Vec<QuestionKindCode>,
}

/// Keeps a new question.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, question: LibraryQuestion) -> Result<Stored<LibraryQuestion>, Failure> {
    let stored = Stored { value: question, version: 1, created_at: tx.now(), updated_at: tx.now() };
    rows::insert(tx, row_of(&stored)?).await?;
    tx.happened("library_question.made", Some(stored.value.organisation_id), KIND, stored.value.id);
    Ok(stored)
}

/// Saves a question that changed or moved.
///
/// # Errors
/// 412 when somebody changed it meanwhile.
pub async fn save(tx: &Tx, changed: Stored<LibraryQuestion>, event: &str) -> Result<Stored<LibraryQuestion>, Failure> {
    let read = changed.version;
    let stored = Stored { version: read + 1, updated_at: tx.now(), ..changed };
    rows::save(tx, row_of(&stored)?, [Column::Id, Column::Version], read).await?;
    tx.happened(event, Some(stored.value.organisation_id), KIND, stored.value.id);
    Ok(stored)
}

/// Deletes a draft.
///
/// # Errors
/// When the database refuses.
pub async fn delete(tx: &Tx, question: &LibraryQuestion) -> Result<(), Failure> {
    Entity::delete_by_id(question.id).exec(tx.beneath()).await?;
    bury(tx, question.organisation_id, KIND, question.id).await
}

/// The question with this id, for who may find it.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, caller: &Caller, id: Uuid) -> Result<Option<Stored<LibraryQuestion>>, Failure> {
    let found = Entity::find_by_id(id).filter(seen_by(source, caller).await?).one(source.beneath()).await?;
    found.as_ref().map(read).transpose()
}

/// The question with this id, for changing it, for who may find it.
///
/// # Errors
/// When the database refuses.
pub async fn find_to_change(tx: &Tx, id: Uuid) -> Result<Option<Stored<LibraryQuestion>>, Failure> {
    let locked = rows::locked::<Entity>(tx, id).await?;
    if locked.is_none() { Ok(None) } else { find(tx, tx.caller(), id).await }
}

/// A page of the questions that this caller may find.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    caller: &Caller,
    filter: &LibraryQuestionFilter,
    request: &PageRequest,
) -> Result<Page<Stored<LibraryQuestion>>, Failure> {
    let mut selection = Entity::find().filter(seen_by(source, caller).await?);
    if let Some(organisation) = filter.organisation {
        selection = selection.filter(Column::OrganisationId.eq(organisation));
    }
    if !filter.statuses.is_empty() {
        selection = selection.filter(Column::Status.is_in(filter.statuses.iter().map(|status| status.code())));
    }
    if !filter.kinds.is_empty() {
        selection = selection.filter(Column::Kind.is_in(filter.kinds.iter().map(|kind| kind.code())));
    }
    fetch_page(source, selection, keyset!(super::entity::library_questions), request).await?.try_map(|row| read(&row))
}

/// Those that the caller finds whose question has one of these ids.
///
/// # Errors
/// When the database refuses.
pub async fn with_questions(tx: &Tx, ids: &[Uuid]) -> Result<Vec<LibraryQuestion>, Failure> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let named = Entity::find().filter(Column::QuestionId.is_in(ids.iter().copied()));
    let found = named.filter(seen_by(tx, tx.caller()).await?).all(tx.beneath()).await?;
    found.iter().map(|row| Ok(read(row)?.value)).collect()
}

/// An organisation's own people find all of it; who runs one of its networks, what isn't a draft; everybody,
/// what is shared and isn't a draft.
async fn seen_by(source: &impl Source, caller: &Caller) -> Result<Condition, Failure> {
    let own = caller.organisations_of(&[Standing::Manager, Standing::Officer, Standing::Client]);
    let runs = network::reach(source, caller.networks_of(IN_NETWORK)).await?;
    let hosts = Query::select()
        .column(networks::Column::HostId)
        .from(networks::Entity)
        .and_where(networks::Column::Id.is_in(runs))
        .to_owned();
    let near = Condition::any().add(Column::Shared.eq(true)).add(Column::OrganisationId.in_subquery(hosts));
    let published = Condition::all().add(Column::Status.ne(LibraryQuestionStatus::Draft.code())).add(near);
    Ok(Condition::any().add(Column::OrganisationId.is_in(own)).add(published))
}

fn row_of(stored: &Stored<LibraryQuestion>) -> Result<Model, Failure> {
    let kept = &stored.value;
    Ok(Model {
        id: kept.id,
        version: stored.version,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        organisation_id: kept.organisation_id,
        name: write_texts(&kept.name)?,
        guidance: kept.guidance.as_ref().map(write_texts).transpose()?,
        source: kept.source.clone(),
        replaces_id: kept.replaces_id,
        shared: kept.shared,
        question_id: kept.question.id,
        kind: kept.question.kind.code().code().to_owned(),
        question: write_questions(std::slice::from_ref(&kept.question))?,
        status: kept.status.code().to_owned(),
    })
}

fn read(row: &Model) -> Result<Stored<LibraryQuestion>, Failure> {
    let question = read_questions(&row.question)?.pop();
    let value = LibraryQuestion {
        id: row.id,
        organisation_id: row.organisation_id,
        name: read_texts((TABLE, "name"), &row.name)?,
        guidance: optional(row.guidance.as_deref(), |texts| read_texts((TABLE, "guidance"), texts))?,
        source: row.source.clone(),
        replaces_id: row.replaces_id,
        shared: row.shared,
        question: question.ok_or_else(|| Failure::unreadable(TABLE, "question", "holds no question"))?,
        status: parse((TABLE, "status"), &row.status)?,
    };
    Ok(Stored { value, version: row.version, created_at: row.created_at, updated_at: row.updated_at })
}
