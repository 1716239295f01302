//! Consultations with whom they ask and who facilitates them.

use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::consultations::{
    Asking, Audience, Breakdowns, Consultation, ConsultationMode, ConsultationStatus,
};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use uuid::Uuid;

use super::codec::{read_questions, write_questions};
use super::entity::consultations::{Column, Entity, Model};
use super::entity::{consultation_facilitators as facilitators, consultation_networks as networks, responses};
use super::{burden, link, medium, sample};
use crate::store::{
    Failure, Page, PageRequest, Source, Stored, Tx, bury, fetch_page, from_json, keyset, optional, parse, read_texts,
    rows, to_json, write_texts,
};

/// The kind of thing, in histories and the audit trail.
pub const KIND: &str = "consultation";
const TABLE: &str = "consultations";

/// A consultation with what is kept beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The consultation.
    pub consultation: Consultation,
    /// A council asks on its own behalf: it stands in the council's room.
    pub council: bool,
    /// There may be minors among those invited.
    pub minors: bool,
    /// When its anonymous answers were rewritten: no more come in.
    pub rewritten_at: Option<DateTime<Utc>>,
}

impl Kept {
    /// The same with another consultation.
    #[must_use]
    pub fn with(&self, consultation: Consultation) -> Self {
        Self { consultation, ..self.clone() }
    }
}

/// Which consultations to list.
#[derive(Debug, Clone, Default)]
pub struct ConsultationFilter {
    /// Only this organisation's.
    pub organisation: Option<Uuid>,
    /// Only those that ask this network.
    pub network: Option<Uuid>,
    /// Only those that stand so; empty: all.
    pub statuses: Vec<ConsultationStatus>,
    /// Only the client-experience surveys of this year.
    pub client_experience_year: Option<i32>,
}

impl ConsultationFilter {
    fn condition(&self) -> Condition {
        let mut all = Condition::all();
        if let Some(organisation) = self.organisation {
            all = all.add(Column::OrganisationId.eq(organisation));
        }
        if let Some(network) = self.network {
            all = all.add(asks_any_of([network]));
        }
        if let Some(year) = self.client_experience_year {
            all = all.add(Column::ClientExperienceYear.eq(year));
        }
        if !self.statuses.is_empty() {
            all = all.add(Column::Status.is_in(self.statuses.iter().map(|status| status.code())));
        }
        all
    }
}

/// That one of these networks is asked.
pub(super) fn asks_any_of(ids: impl IntoIterator<Item = Uuid>) -> Condition {
    let asked = networks::Entity::find()
        .select_only()
        .column(networks::Column::ConsultationId)
        .filter(networks::Column::NetworkId.is_in(ids));
    Condition::all().add(Column::Id.in_subquery(sea_orm::QueryTrait::into_query(asked)))
}

/// Makes a consultation.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, kept: Kept) -> Result<Stored<Kept>, Failure> {
    let stored = Stored { value: kept, version: 1, created_at: tx.now(), updated_at: tx.now() };
    rows::insert(tx, row_of(&stored)?).await?;
    write_parts(tx, &stored.value.consultation).await?;
    noted(tx, &stored.value.consultation, "consultation.made");
    Ok(stored)
}

/// Saves a changed consultation; the event says what happened to it
/// (`consultation.changed`, `consultation.opened`).
///
/// # Errors
/// 412 when somebody changed it meanwhile.
pub async fn save(tx: &Tx, changed: Stored<Kept>, event: &str) -> Result<Stored<Kept>, Failure> {
    let read = changed.version;
    let stored = Stored { version: read + 1, updated_at: tx.now(), ..changed };
    rows::save(tx, row_of(&stored)?, [Column::Id, Column::Version], read).await?;
    forget_parts(tx, stored.value.consultation.id).await?;
    write_parts(tx, &stored.value.consultation).await?;
    noted(tx, &stored.value.consultation, event);
    Ok(stored)
}

fn noted(tx: &Tx, consultation: &Consultation, event: &str) {
    tx.happened(event, Some(consultation.organisation_id), KIND, consultation.id);
}

/// Deletes a draft; a tombstone stays.
///
/// # Errors
/// When the database refuses.
pub async fn delete(tx: &Tx, consultation: &Consultation) -> Result<(), Failure> {
    forget_parts(tx, consultation.id).await?;
    burden::forget(tx, consultation.id).await?;
    sample::forget(tx, consultation.id).await?;
    link::forget(tx, consultation.id).await?;
    medium::forget(tx, consultation.id).await?;
    Entity::delete_by_id(consultation.id).exec(tx.beneath()).await?;
    bury(tx, consultation.organisation_id, KIND, consultation.id).await
}

/// The consultation with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid) -> Result<Option<Stored<Kept>>, Failure> {
    let row = rows::one::<Entity>(source, id).await?;
    one(source, row).await
}

/// The consultation with this id, for changing it.
///
/// # Errors
/// When the database refuses.
pub async fn find_to_change(tx: &Tx, id: Uuid) -> Result<Option<Stored<Kept>>, Failure> {
    let row = rows::locked::<Entity>(tx, id).await?;
    one(tx, row).await
}

/// The consultation with this id, for adding to it: it doesn't change before
/// the command ends, and others can add to it at the same time.
///
/// # Errors
/// When the database refuses.
pub async fn find_to_add(tx: &Tx, id: Uuid) -> Result<Option<Stored<Kept>>, Failure> {
    let row = Entity::find_by_id(id).lock_shared().one(tx.beneath()).await?;
    one(tx, row).await
}

/// A page of consultations: of those that meet the condition, what was asked for.
pub(super) async fn list(
    source: &impl Source,
    visible: Condition,
    filter: &ConsultationFilter,
    request: &PageRequest,
) -> Result<Page<Stored<Kept>>, Failure> {
    let selection = Entity::find().filter(visible).filter(filter.condition());
    let page = fetch_page(source, selection, keyset!(super::entity::consultations), request).await?;
    let (next, total) = (page.next, page.total);
    Ok(Page { items: with_parts(source, page.items).await?, next, total })
}

/// What the public register lists.
#[derive(Debug, Clone)]
pub struct RegisterFilter {
    /// Only this organisation's.
    pub organisation: Option<Uuid>,
    /// Only those that stand so; empty: all.
    pub statuses: Vec<ConsultationStatus>,
    /// Only those of which people should have heard back, or only the others.
    pub overdue: Option<bool>,
    /// The day on which it is asked.
    pub today: NaiveDate,
}

/// A page of the register: whatever was put to people. What a council asks on
/// its own behalf stays in its room, and a closing round is no subject of its own.
///
/// # Errors
/// When the database refuses.
pub async fn register(
    source: &impl Source,
    filter: &RegisterFilter,
    request: &PageRequest,
) -> Result<Page<Stored<Kept>>, Failure> {
    let RegisterFilter { organisation, statuses, overdue, today } = filter;
    let plain =
        ConsultationFilter { organisation: *organisation, statuses: statuses.clone(), ..ConsultationFilter::default() };
    let mut visible = Condition::all()
        .add(Column::OpenedAt.is_not_null())
        .add(Column::Council.eq(false))
        .add(Column::ClosingRoundOf.is_null());
    if let Some(overdue) = overdue {
        // The same as `report_back_state`, in the database's words.
        let waiting = [ConsultationStatus::Open, ConsultationStatus::Closed].map(ConsultationStatus::code);
        let is = Condition::all().add(Column::Status.is_in(waiting)).add(Column::ReportBackDueOn.lt(*today));
        let isnt = Condition::any()
            .add(Column::Status.is_not_in(waiting))
            .add(Column::ReportBackDueOn.is_null())
            .add(Column::ReportBackDueOn.gte(*today));
        visible = visible.add(if *overdue { is } else { isnt });
    }
    list(source, visible, &plain, request).await
}

/// The consultations with these ids, in no order.
///
/// # Errors
/// When the database refuses.
pub async fn find_all(source: &impl Source, ids: &[Uuid]) -> Result<Vec<Stored<Kept>>, Failure> {
    let found = Entity::find().filter(Column::Id.is_in(ids.iter().copied())).all(source.beneath()).await?;
    with_parts(source, found).await
}

/// The open consultations whose last day is over on this day.
///
/// # Errors
/// When the database refuses.
pub async fn due_to_close(source: &impl Source, today: NaiveDate) -> Result<Vec<Uuid>, Failure> {
    let due = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Status.eq(ConsultationStatus::Open.code()))
        .filter(Column::ClosesOn.lt(today))
        .order_by_asc(Column::Id);
    Ok(due.into_tuple().all(source.beneath()).await?)
}

/// The anonymous consultations that ended, and whose answers are not sealed yet.
///
/// # Errors
/// When the database refuses.
pub async fn to_seal(source: &impl Source) -> Result<Vec<Stored<Kept>>, Failure> {
    let ended = [ConsultationStatus::Closed, ConsultationStatus::Concluded, ConsultationStatus::Withdrawn];
    let found = Entity::find()
        .filter(Column::Mode.eq(ConsultationMode::Anonymous.code()))
        .filter(Column::Status.is_in(ended.map(ConsultationStatus::code)))
        .filter(Column::OpenedAt.is_not_null())
        .filter(Column::SealedAt.is_null())
        .order_by_asc(Column::Id);
    with_parts(source, found.all(source.beneath()).await?).await
}

/// How many people answered; of an anonymous one nobody knows.
///
/// # Errors
/// When the database refuses.
pub async fn responses(source: &impl Source, id: Uuid) -> Result<i64, Failure> {
    let given = responses::Entity::find().filter(responses::Column::ConsultationId.eq(id));
    Ok(i64::try_from(given.count(source.beneath()).await?).unwrap_or(i64::MAX))
}

async fn write_parts(tx: &Tx, consultation: &Consultation) -> Result<(), Failure> {
    let consultation_id = consultation.id;
    let asked = consultation.audience.network_ids.iter().zip(0..);
    let asked = asked.map(|(id, position)| networks::Model { consultation_id, position, network_id: *id });
    rows::insert_all(tx, asked.collect()).await?;
    let named = consultation.facilitators.iter().zip(0..);
    let named = named.map(|(id, position)| facilitators::Model { consultation_id, position, account_id: *id });
    rows::insert_all(tx, named.collect()).await
}

async fn forget_parts(tx: &Tx, id: Uuid) -> Result<(), Failure> {
    let asked = networks::Entity::delete_many().filter(networks::Column::ConsultationId.eq(id));
    asked.exec(tx.beneath()).await?;
    let named = facilitators::Entity::delete_many().filter(facilitators::Column::ConsultationId.eq(id));
    named.exec(tx.beneath()).await?;
    Ok(())
}

fn row_of(stored: &Stored<Kept>) -> Result<Model, Failure> {
    let Kept { consultation, council, minors, rewritten_at } = &stored.value;
    let text = |text: &Option<klankbord_domain::Texts>| text.as_ref().map(write_texts).transpose();
    Ok(Model {
        id: consultation.id,
        version: stored.version,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        organisation_id: consultation.organisation_id,
        programme_id: consultation.programme_id,
        council: *council,
        minors: *minors,
        title: write_texts(&consultation.title)?,
        goal: text(&consultation.goal)?,
        limits: text(&consultation.limits)?,
        rung: consultation.rung.map(|rung| rung.code().to_owned()),
        mode: consultation.mode.code().to_owned(),
        perspectives: to_json(&consultation.audience.perspectives)?,
        municipalities: to_json(&consultation.audience.municipalities)?,
        questions: write_questions(&consultation.questions)?,
        closes_on: consultation.closes_on,
        report_back_due_on: consultation.report_back_due_on,
        report_back_due_reason: text(&consultation.report_back_due_reason)?,
        report_back_first_due_on: consultation.report_back_first_due_on,
        closing_round_of: consultation.closing_round_of,
        status: consultation.status.code().to_owned(),
        opened_at: consultation.opened_at,
        closed_at: consultation.closed_at,
        concluded_at: consultation.concluded_at,
        heard_by_others: consultation.heard_by_others,
        one_answer_by: consultation.one_answer_by.code().to_owned(),
        entries_until_on: consultation.entries_until_on,
        rewritten_at: *rewritten_at,
        sealed_at: consultation.sealed_at,
        breakdowns: to_json(&consultation.breakdowns.by)?,
        crossings: to_json(&consultation.breakdowns.crossed)?,
        interim_results: consultation.interim_results,
        builds_on_id: consultation.builds_on,
        recruitment: consultation.asking.recruitment.code().to_owned(),
        answer_days: consultation.asking.answer_days,
        client_experience_year: consultation.asking.client_experience_year,
    })
}

async fn one(source: &impl Source, row: Option<Model>) -> Result<Option<Stored<Kept>>, Failure> {
    Ok(with_parts(source, row.into_iter().collect()).await?.pop())
}

pub(super) async fn with_parts(source: &impl Source, found: Vec<Model>) -> Result<Vec<Stored<Kept>>, Failure> {
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = found.iter().map(|row| row.id).collect();
    let asked = networks::Entity::find()
        .filter(networks::Column::ConsultationId.is_in(ids.clone()))
        .order_by_asc(networks::Column::Position)
        .all(source.beneath())
        .await?;
    let named = facilitators::Entity::find()
        .filter(facilitators::Column::ConsultationId.is_in(ids))
        .order_by_asc(facilitators::Column::Position)
        .all(source.beneath())
        .await?;
    found.into_iter().map(|row| read(row, &asked, &named)).collect()
}

fn read(row: Model, asked: &[networks::Model], named: &[facilitators::Model]) -> Result<Stored<Kept>, Failure> {
    let network_ids = asked.iter().filter(|one| one.consultation_id == row.id).map(|one| one.network_id).collect();
    let text = |column: &'static str, json: Option<String>| optional(json, |json| read_texts((TABLE, column), &json));
    let consultation = Consultation {
        id: row.id,
        organisation_id: row.organisation_id,
        programme_id: row.programme_id,
        title: read_texts((TABLE, "title"), &row.title)?,
        goal: text("goal", row.goal)?,
        limits: text("limits", row.limits)?,
        rung: optional(row.rung, |code| parse((TABLE, "rung"), &code))?,
        mode: parse((TABLE, "mode"), &row.mode)?,
        audience: Audience {
            network_ids,
            perspectives: from_json((TABLE, "perspectives"), &row.perspectives)?,
            municipalities: from_json((TABLE, "municipalities"), &row.municipalities)?,
        },
        asking: Asking {
            recruitment: parse((TABLE, "recruitment"), &row.recruitment)?,
            answer_days: row.answer_days,
            client_experience_year: row.client_experience_year,
        },
        facilitators: named.iter().filter(|one| one.consultation_id == row.id).map(|one| one.account_id).collect(),
        questions: read_questions(&row.questions)?,
        closes_on: row.closes_on,
        report_back_due_on: row.report_back_due_on,
        report_back_due_reason: text("report_back_due_reason", row.report_back_due_reason)?,
        report_back_first_due_on: row.report_back_first_due_on,
        closing_round_of: row.closing_round_of,
        status: parse((TABLE, "status"), &row.status)?,
        opened_at: row.opened_at,
        closed_at: row.closed_at,
        concluded_at: row.concluded_at,
        heard_by_others: row.heard_by_others,
        one_answer_by: parse((TABLE, "one_answer_by"), &row.one_answer_by)?,
        entries_until_on: row.entries_until_on,
        sealed_at: row.sealed_at,
        breakdowns: Breakdowns {
            by: from_json((TABLE, "breakdowns"), &row.breakdowns)?,
            crossed: from_json((TABLE, "crossings"), &row.crossings)?,
        },
        interim_results: row.interim_results,
        builds_on: row.builds_on_id,
    };
    let (council, minors, rewritten_at) = (row.council, row.minors, row.rewritten_at);
    let value = Kept { consultation, council, minors, rewritten_at };
    Ok(Stored { value, version: row.version, created_at: row.created_at, updated_at: row.updated_at })
}
