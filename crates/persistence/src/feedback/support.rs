//! Who supports what others brought: once each.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use klankbord_domain::feedback::{Author, Feedback};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};
use uuid::Uuid;

use super::entity::supports::{Column, Entity, Model};
use crate::participants::{erased, participant};
use crate::store::{Failure, Page, PageRequest, Source, Tx, fetch_page, keyset, rows};

const KIND: &str = "support";

/// Somebody's support.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Support {
    /// Its id.
    pub id: Uuid,
    /// Of what.
    pub feedback_id: Uuid,
    /// Whose.
    pub participant_id: Uuid,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// Keeps a person's support.
///
/// # Errors
/// 409 `support.already_given`.
pub async fn insert(tx: &Tx, id: Uuid, feedback: &Feedback, person: Uuid) -> Result<Support, Failure> {
    erased::is_there(tx, person).await?;
    let row = Model { id, feedback_id: feedback.id, participant_id: person, created_at: tx.now() };
    rows::insert(tx, row.clone()).await?;
    tx.happened("support.given", Some(feedback.organisation_id), KIND, id);
    tx.concerns(person);
    Ok(read(&row))
}

/// The support with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid) -> Result<Option<Support>, Failure> {
    Ok(rows::one::<Entity>(source, id).await?.as_ref().map(read))
}

/// Takes a support back.
///
/// # Errors
/// When the database refuses.
pub async fn delete(tx: &Tx, feedback: &Feedback, support: &Support) -> Result<(), Failure> {
    Entity::delete_by_id(support.id).exec(tx.beneath()).await?;
    tx.happened("support.taken_back", Some(feedback.organisation_id), KIND, support.id);
    tx.concerns(support.participant_id);
    Ok(())
}

/// Carries the supporters of feedback over to that in which it goes on: nobody
/// twice, as whichever of their persons, and its author doesn't support their own.
///
/// # Errors
/// When the database refuses.
pub async fn carry_over(tx: &Tx, from: &Feedback, into: &Feedback) -> Result<(), Failure> {
    let of = |feedback: Uuid| Entity::find().filter(Column::FeedbackId.eq(feedback));
    let there = of(into.id).all(tx.beneath()).await?;
    let here = of(from.id).all(tx.beneath()).await?;
    for row in &here {
        tx.concerns(row.participant_id);
    }
    let author = match into.author {
        Author::Participant(id) => Some(id),
        Author::Organisation(_) | Author::Network(_) => None,
    };
    let counted: Vec<Uuid> = there.iter().map(|row| row.participant_id).chain(author).collect();
    let persons: Vec<Uuid> = counted.iter().copied().chain(here.iter().map(|row| row.participant_id)).collect();
    let persons = participant::by_id(tx, &persons).await?;
    // Somebody with an account is one, in however many organisations they are known.
    let somebody = |person: Uuid| persons.get(&person).and_then(|one| one.account_id).unwrap_or(person);
    let mut counted: HashSet<Uuid> = counted.into_iter().map(somebody).collect();
    let (once, twice): (Vec<_>, Vec<_>) =
        here.into_iter().partition(|row| counted.insert(somebody(row.participant_id)));
    let ids = |rows: Vec<Model>| rows.into_iter().map(|row| row.id);
    Entity::delete_many().filter(Column::Id.is_in(ids(twice))).exec(tx.beneath()).await?;
    Entity::update_many()
        .col_expr(Column::FeedbackId, Expr::val(into.id))
        .filter(Column::Id.is_in(ids(once)))
        .exec(tx.beneath())
        .await?;
    Ok(())
}

/// How many support each of these.
///
/// # Errors
/// When the database refuses.
pub async fn counts(source: &impl Source, feedback: &[Uuid]) -> Result<HashMap<Uuid, i64>, Failure> {
    let counted = Entity::find()
        .select_only()
        .column(Column::FeedbackId)
        .column_as(Column::Id.count(), "supporters")
        .filter(Column::FeedbackId.is_in(feedback.iter().copied()))
        .group_by(Column::FeedbackId);
    Ok(counted.into_tuple::<(Uuid, i64)>().all(source.beneath()).await?.into_iter().collect())
}

/// The supports that these persons gave to these.
///
/// # Errors
/// When the database refuses.
pub async fn of_persons(source: &impl Source, feedback: &[Uuid], persons: &[Uuid]) -> Result<Vec<Support>, Failure> {
    let found = Entity::find()
        .filter(Column::FeedbackId.is_in(feedback.iter().copied()))
        .filter(Column::ParticipantId.is_in(persons.iter().copied()));
    Ok(found.all(source.beneath()).await?.iter().map(read).collect())
}

/// A page of the supports that these persons gave.
///
/// # Errors
/// When the database refuses.
pub async fn given_by(source: &impl Source, persons: &[Uuid], request: &PageRequest) -> Result<Page<Support>, Failure> {
    let keyset = keyset!(super::entity::supports, CreatedAt as created_at);
    let selection = Entity::find().filter(Column::ParticipantId.is_in(persons.iter().copied()));
    Ok(fetch_page(source, selection, keyset, request).await?.map(|row| read(&row)))
}

fn read(row: &Model) -> Support {
    let &Model { id, feedback_id, participant_id, created_at } = row;
    Support { id, feedback_id, participant_id, created_at }
}
