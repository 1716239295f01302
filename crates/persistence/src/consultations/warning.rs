//! Warnings about the day on which people hear back: each once for each day.

use std::collections::HashSet;

use chrono::{Days, NaiveDate};
use klankbord_domain::consultations::{ConsultationStatus, DueWarning};
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use uuid::Uuid;

use super::entity::consultations;
use super::entity::report_back_warnings::{Column, Entity, Model};
use crate::store::{Failure, Source, Tx, rows};

/// A consultation of which people still wait to hear back, and the day until which.
pub type Waiting = (Uuid, NaiveDate);

/// Those of which people wait to hear back and the day comes so near, or is past, and of
/// whose day it wasn't told yet.
///
/// # Errors
/// When the database refuses.
pub async fn due(source: &impl Source, days_before: u32, today: NaiveDate) -> Result<Vec<Waiting>, Failure> {
    use consultations::Column as Of;
    let until = today.checked_add_days(Days::new(u64::from(days_before))).unwrap_or(NaiveDate::MAX);
    let waiting = [ConsultationStatus::Open, ConsultationStatus::Closed].map(ConsultationStatus::code);
    let found = consultations::Entity::find()
        .select_only()
        .columns([Of::Id, Of::ReportBackDueOn])
        .filter(Of::Status.is_in(waiting))
        .filter(Of::ReportBackDueOn.lte(until))
        .order_by_asc(Of::ReportBackDueOn)
        .order_by_asc(Of::Id);
    let found: Vec<(Uuid, NaiveDate)> = found.into_tuple().all(source.beneath()).await?;
    let mut given = HashSet::new();
    for batch in found.chunks(500) {
        let theirs = Entity::find()
            .select_only()
            .columns([Column::ConsultationId, Column::Kind, Column::DueOn])
            .filter(Column::ConsultationId.is_in(batch.iter().map(|(id, _)| *id)));
        given.extend(theirs.into_tuple::<(Uuid, String, NaiveDate)>().all(source.beneath()).await?);
    }
    let untold = |(id, due_on): &Waiting| {
        let kind = DueWarning::due(*due_on, days_before, today);
        kind.is_some_and(|kind| !given.contains(&(*id, kind.code().to_owned(), *due_on)))
    };
    Ok(found.into_iter().filter(untold).collect())
}

/// Whether a warning was given.
///
/// # Errors
/// When the database refuses.
pub async fn given(source: &impl Source, consultation: Uuid, kind: DueWarning, on: NaiveDate) -> Result<bool, Failure> {
    let this = Condition::all()
        .add(Column::ConsultationId.eq(consultation))
        .add(Column::Kind.eq(kind.code()))
        .add(Column::DueOn.eq(on));
    Ok(Entity::find().filter(this).one(source.beneath()).await?.is_some())
}

/// Keeps that a warning is given now. The consultation is held by the command.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, consultation_id: Uuid, kind: DueWarning, due_on: NaiveDate) -> Result<(), Failure> {
    let (id, kind) = (tx.new_id(), kind.code().to_owned());
    rows::insert(tx, Model { id, consultation_id, kind, due_on, warned_at: tx.now() }).await
}
