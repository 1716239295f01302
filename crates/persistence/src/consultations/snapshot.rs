//! Results as they stood at an instant: what was counted, sealed, so that they are read without the
//! answers and show the same ever after.

use chrono::{DateTime, Utc};
use klankbord_domain::consultations::{
    Characteristic, Consultation, ConsultationMode, ConsultationStatus, Counts, Cut, Opinions, QuestionKind, Regions,
    Submission, Weights, is_verified, minimum_for, needs_snapshot,
};
use klankbord_domain::policy::Roles;
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
};
use uuid::Uuid;

use super::consultation::{Kept, responses};
use super::counted::ContentRow;
use super::entity::consultations;
use super::entity::result_snapshots::{Column, Entity, Model};
use super::{characteristics, response, sealed};
use crate::networks::network;
use crate::store::{Failure, Source, Tx, from_json, rows, to_json};

/// How many are taken of one consultation while people still answer.
const MOST_INTERIM: usize = 20;
const PLACE: (&str, &str) = ("result_snapshots", "content");

/// What was counted at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Its id.
    pub id: Uuid,
    /// When it was taken.
    pub taken_at: DateTime<Utc>,
    /// What was counted: never to be shown as it is.
    pub counts: Counts,
    /// Where its municipalities lie.
    pub regions: Regions,
    /// Of an anonymous consultation: whether each answer rests on an invitation or a code.
    pub verified: Option<bool>,
}

/// The snapshots of a consultation, the oldest first.
///
/// # Errors
/// When the database refuses, or one can't be opened.
pub async fn all(source: &impl Source, consultation: Uuid) -> Result<Vec<Snapshot>, Failure> {
    let found = Entity::find()
        .filter(Column::ConsultationId.eq(consultation))
        .order_by_asc(Column::TakenAt)
        .order_by_asc(Column::Id)
        .all(source.beneath())
        .await?;
    found.iter().map(|row| read(source, row)).collect()
}

fn place(consultation: Uuid, id: Uuid) -> String {
    format!("result_snapshots.{consultation}.{id}")
}

fn read(source: &impl Source, row: &Model) -> Result<Snapshot, Failure> {
    let clear = source.keys().open_ballot(&place(row.consultation_id, row.id), &row.content)?;
    let json = String::from_utf8(clear).map_err(|error| Failure::unreadable(PLACE.0, PLACE.1, error))?;
    let (counts, regions, verified) = from_json::<ContentRow>(PLACE, &json)?.into_counts();
    Ok(Snapshot { id: row.id, taken_at: row.taken_at, counts, regions, verified })
}

/// Takes the snapshot from which results are read from now on, once nothing more comes in. Where too few
/// answered after the last one, that one stays. The same command ends what people can answer.
///
/// # Errors
/// When the database refuses.
pub async fn fix(tx: &Tx, kept: &Kept) -> Result<(), Failure> {
    take(tx, kept).await
}

/// Takes a snapshot on the way, where enough people answered after the last one.
///
/// # Errors
/// When the database refuses.
pub async fn take_interim(tx: &Tx, kept: &Kept) -> Result<(), Failure> {
    if is_due(tx, kept).await? { take(tx, kept).await } else { Ok(()) }
}

async fn take(tx: &Tx, kept: &Kept) -> Result<(), Failure> {
    let asked = &kept.consultation;
    let before = all(tx, asked.id).await?;
    let (mut counts, opinions, verified) = counted(tx, asked).await?;
    let minimum = minimum(tx, kept).await?;
    if let Some(last) = before.last()
        && !needs_snapshot(Some(last.counts.people()), counts.people(), minimum)
    {
        return Ok(());
    }
    counts.cuts.extend(by_opinion(asked, opinions, minimum).await?);
    let places = counts.cuts.iter().filter(|cut| cut.by == [Characteristic::Municipality]);
    let places: Vec<String> = places.flat_map(|cut| cut.columns.keys().flatten().cloned()).collect();
    let regions = characteristics::regions_of(tx, &places).await?;
    let id = tx.new_id();
    let content = to_json(&ContentRow::of(&counts, regions, verified))?;
    let content = tx.keys().seal_ballot(&place(asked.id, id), content.as_bytes())?;
    rows::insert(tx, Model { id, consultation_id: asked.id, taken_at: tx.now(), content }).await
}

/// Statements by opinion group, found now and kept. Beside everything else: of very many people it takes seconds.
async fn by_opinion(asked: &Consultation, opinions: Opinions, minimum: i64) -> Result<Option<Cut>, Failure> {
    let questions = asked.questions.clone();
    let found = tokio::task::spawn_blocking(move || opinions.counted(&questions, minimum));
    found.await.map_err(|error| Failure::Broken(format!("opinion groups: {error}")))
}

/// The public's minimum, as it is now.
async fn minimum(source: &impl Source, kept: &Kept) -> Result<i64, Failure> {
    let raised = network::least_groups(source, &kept.consultation.audience.network_ids).await?;
    Ok(minimum_for(Roles::NONE, kept.minors, raised.into_values().max()))
}

async fn counted(source: &impl Source, asked: &Consultation) -> Result<(Counts, Opinions, Option<bool>), Failure> {
    let mut counts = Counts::none(&asked.questions, &asked.breakdowns);
    let mut opinions = Opinions::none(&asked.questions);
    let mut weights = Weights::none(&asked.questions);
    if !asked.is_anonymous() {
        let add = |one: &klankbord_domain::consultations::Response| {
            counts.add(&Submission { channel: one.channel, values: &one.values, answers: &one.answers });
            opinions.add(&one.answers);
            weights.add(&one.answers);
        };
        response::each(source, asked.id, add).await?;
        counts.weighed = weights.counted();
        return Ok((counts, opinions, None));
    }
    let mut verified = true;
    let add = |one: &klankbord_domain::consultations::Ballot| {
        verified &= is_verified(asked, one.proof);
        counts.add(&Submission { channel: one.channel, values: &one.values, answers: &one.answers });
        opinions.add(&one.answers);
        weights.add(&one.answers);
    };
    sealed::each(source, asked.id, add).await?;
    counts.weighed = weights.counted();
    for question in asked.questions.iter().filter(|one| matches!(one.kind, QuestionKind::OpenText { .. })) {
        counts.written(question.id, sealed::wrote(source, (asked.id, question.id)).await?);
    }
    Ok((counts, opinions, Some(verified)))
}

/// Whether an open consultation shows results on the way and enough came in for the next.
///
/// # Errors
/// When the database refuses.
pub async fn is_due(source: &impl Source, kept: &Kept) -> Result<bool, Failure> {
    let asked = &kept.consultation;
    if !asked.shows_interim_results() {
        return Ok(false);
    }
    let before = all(source, asked.id).await?;
    let last = before.last().map(|last| last.counts.people());
    let enough = needs_snapshot(last, responses(source, asked.id).await?, minimum(source, kept).await?);
    Ok(enough && before.len() < MOST_INTERIM)
}

/// The open consultations that show results on the way.
///
/// # Errors
/// When the database refuses.
pub async fn on_the_way(source: &impl Source) -> Result<Vec<Uuid>, Failure> {
    let open = Condition::all()
        .add(consultations::Column::Status.eq(ConsultationStatus::Open.code()))
        .add(consultations::Column::InterimResults.eq(true));
    ids(source, open).await
}

/// The consultations that ended without a snapshot: before there were any.
///
/// # Errors
/// When the database refuses.
pub async fn to_fix(source: &impl Source) -> Result<Vec<Uuid>, Failure> {
    let ended = [ConsultationStatus::Closed, ConsultationStatus::Concluded].map(ConsultationStatus::code);
    let fixed = Condition::any()
        .add(consultations::Column::Mode.ne(ConsultationMode::Anonymous.code()))
        .add(consultations::Column::SealedAt.is_not_null());
    let taken = Entity::find().select_only().column(Column::ConsultationId).into_query();
    let without = Condition::all()
        .add(consultations::Column::Status.is_in(ended))
        .add(fixed)
        .add(consultations::Column::Id.not_in_subquery(taken));
    ids(source, without).await
}

async fn ids(source: &impl Source, condition: Condition) -> Result<Vec<Uuid>, Failure> {
    let found = consultations::Entity::find().select_only().column(consultations::Column::Id).filter(condition);
    Ok(found.order_by_asc(consultations::Column::Id).into_tuple().all(source.beneath()).await?)
}
