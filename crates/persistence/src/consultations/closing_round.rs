//! Closing rounds: whom they ask, and which consultation they close.

use klankbord_domain::consultations::Consultation;
use klankbord_domain::participants::Participant;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _, Select};
use uuid::Uuid;

use super::consultation::{self, Kept};
use super::entity::consultations::{Column, Entity};
use super::entity::invitations;
use super::invitation;
use crate::participants::participant;
use crate::privacy::data_request::{self, STOPS};
use crate::store::{Failure, Source, Stored, Tx, rows};

/// The ids of all closing rounds, as a query within another.
pub(super) fn all() -> Select<Entity> {
    Entity::find().select_only().column(Column::Id).filter(Column::ClosingRoundOf.is_not_null())
}

/// The closing round of a consultation, if there is one.
///
/// # Errors
/// When the database refuses.
pub async fn of(source: &impl Source, consultation: Uuid) -> Result<Option<Stored<Kept>>, Failure> {
    let found = Entity::find().filter(Column::ClosingRoundOf.eq(consultation)).all(source.beneath()).await?;
    Ok(consultation::with_parts(source, found).await?.pop())
}

/// Of these consultations, those that have a closing round.
///
/// # Errors
/// When the database refuses.
pub async fn held_of(source: &impl Source, consultations: &[Uuid]) -> Result<Vec<Uuid>, Failure> {
    let found = Entity::find()
        .select_only()
        .column(Column::ClosingRoundOf)
        .filter(Column::ClosingRoundOf.is_in(consultations.iter().copied()));
    let found: Vec<Option<Uuid>> = found.into_tuple().all(source.beneath()).await?;
    Ok(found.into_iter().flatten().collect())
}

/// Everybody who was invited to a consultation and may be told what came of it: not who
/// was erased, nor who objected or had their data restricted.
///
/// # Errors
/// When the database refuses.
pub async fn those_invited(source: &impl Source, consultation: Uuid) -> Result<Vec<Participant>, Failure> {
    let invited = invitation::invited(source, consultation).await?;
    let known = participant::by_id(source, &invited).await?;
    let ids: Vec<Uuid> = known.keys().copied().collect();
    let stopped = data_request::stopped(source, &ids, STOPS).await?;
    let mut persons: Vec<Participant> = known.into_values().filter(|one| !stopped.contains(&one.id)).collect();
    persons.sort_unstable_by_key(|one| one.id);
    Ok(persons)
}

/// Invites these persons to a closing round.
///
/// # Errors
/// When the database refuses.
pub async fn invite(tx: &Tx, round: &Consultation, persons: &[Participant]) -> Result<(), Failure> {
    let row = |person: &Participant| invitations::Model {
        consultation_id: round.id,
        participant_id: person.id,
        channel: person.channel.code().to_owned(),
        invited_at: tx.now(),
    };
    for person in persons {
        tx.concerns(person.id);
    }
    rows::insert_all(tx, persons.iter().map(row).collect()).await
}
