//! How people are asked: until when, how often they were reminded, and who tried to call or
//! visit them. Nothing of it is written when somebody answers.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::calendar::start_of;
use klankbord_domain::consultations::{Asked, Consultation, ConsultationStatus, Stratum, answer_by, remind_on};
use klankbord_domain::participants::{AttemptOutcome, Channel, ContactChannel};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, Condition, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, QueryTrait as _,
};
use uuid::Uuid;

use super::burden::BurdenTerms;
use super::entity::consultation_asks::{Column, Entity, Model};
use super::entity::{consultations, invitations, responses};
use crate::participants::entity::participants;
use crate::store::{
    Failure, Keyset, Page, PageRequest, Source, Tx, fetch_page, from_json, optional, parse, rows, to_json,
};

const TABLE: &str = "consultation_asks";
/// How many ids one query names.
const BATCH: usize = 500;

/// How somebody is asked. Days alone, no instants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// The consultation.
    pub consultation_id: Uuid,
    /// Who is asked.
    pub participant_id: Uuid,
    /// In which part of the audience they are.
    pub stratum: Stratum,
    /// By when they are asked to answer.
    pub answer_by: Option<NaiveDate>,
    /// When the clock reminds them next.
    pub remind_on: Option<NaiveDate>,
    /// How often they were reminded.
    pub reminders: i32,
    /// On which day last.
    pub reminded_on: Option<NaiveDate>,
    /// Whether a call or a visit is due by a reminder.
    pub due: bool,
    /// How often somebody called or visited.
    pub attempts: i32,
    /// What came of it last.
    pub outcome: Option<AttemptOutcome>,
    /// On which day.
    pub tried_on: Option<NaiveDate>,
    /// What to know of it the next time.
    pub note: Option<String>,
    /// On which day it was marked by hand that they answered.
    pub done_on: Option<NaiveDate>,
    /// Their turn on the list: the day on which somebody tried last, or on which they were asked.
    pub turn_at: DateTime<Utc>,
}

impl Ask {
    /// That somebody is asked now.
    pub fn made(consultation: &Consultation, participant_id: Uuid, stratum: Stratum, terms: BurdenTerms) -> Self {
        let today = terms.today();
        let answer_by = answer_by(consultation, today, terms.asking);
        Self {
            consultation_id: consultation.id,
            participant_id,
            stratum,
            answer_by,
            remind_on: remind_on(answer_by, 0, today, terms.asking),
            reminders: 0,
            reminded_on: None,
            due: false,
            attempts: 0,
            outcome: None,
            tried_on: None,
            note: None,
            done_on: None,
            turn_at: start_of(today, terms.zone),
        }
    }

    /// The same once they were reminded: who wants a call or a visit comes first on the list.
    #[must_use]
    pub fn reminded(self, channel: Channel, terms: BurdenTerms) -> Self {
        let (today, reminders) = (terms.today(), self.reminders + 1);
        let due = channel != Channel::Internet;
        Self {
            remind_on: remind_on(self.answer_by, reminders, today, terms.asking),
            reminders,
            reminded_on: Some(today),
            due: self.due || due,
            turn_at: if due { DateTime::UNIX_EPOCH } else { self.turn_at },
            ..self
        }
    }

    /// The same when the day of a reminder passed without one.
    #[must_use]
    pub fn passed_over(self, terms: BurdenTerms) -> Self {
        Self { remind_on: remind_on(self.answer_by, self.reminders, terms.today(), terms.asking), ..self }
    }

    /// The same with longer to answer.
    #[must_use]
    pub fn extended(self, until: NaiveDate, terms: BurdenTerms) -> Self {
        let remind_on = remind_on(Some(until), self.reminders, terms.today(), terms.asking);
        Self { answer_by: Some(until), remind_on, ..self }
    }
}

/// Keeps that these people are asked.
pub(super) async fn insert_all(tx: &Tx, asks: Vec<Ask>) -> Result<(), Failure> {
    let found: Result<Vec<Model>, Failure> = asks.iter().map(row_of).collect();
    rows::insert_all(tx, found?).await
}

/// Saves what changed of it. The consultation is held by the command.
///
/// # Errors
/// When the database refuses.
pub async fn save(tx: &Tx, ask: &Ask) -> Result<(), Failure> {
    let row = row_of(ask)?.into_active_model().reset_all();
    Entity::update_many().set(row).filter(which(ask.consultation_id, ask.participant_id)).exec(tx.beneath()).await?;
    Ok(())
}

fn which(consultation: Uuid, person: Uuid) -> Condition {
    Condition::all().add(Column::ConsultationId.eq(consultation)).add(Column::ParticipantId.eq(person))
}

/// How somebody is asked in a consultation; none where they aren't.
///
/// # Errors
/// When the database refuses.
pub async fn of(source: &impl Source, consultation: Uuid, person: Uuid) -> Result<Option<Ask>, Failure> {
    Entity::find().filter(which(consultation, person)).one(source.beneath()).await?.map(read).transpose()
}

/// The same, held until the command ends.
///
/// # Errors
/// When the database refuses.
pub async fn held(tx: &Tx, consultation: Uuid, person: Uuid) -> Result<Option<Ask>, Failure> {
    let found = Entity::find().filter(which(consultation, person)).lock_exclusive().one(tx.beneath()).await?;
    found.map(read).transpose()
}

/// By when these persons are asked to answer these consultations.
pub(super) async fn deadlines(
    source: &impl Source,
    persons: &[Uuid],
) -> Result<HashMap<(Uuid, Uuid), NaiveDate>, Failure> {
    let found = Entity::find().filter(Column::ParticipantId.is_in(persons.iter().copied()));
    let found = found.all(source.beneath()).await?.into_iter();
    Ok(found.filter_map(|row| Some(((row.consultation_id, row.participant_id), row.answer_due_on?))).collect())
}

/// Everybody who is asked in a consultation.
///
/// # Errors
/// When the database refuses.
pub async fn all_in(source: &impl Source, consultation: Uuid) -> Result<Vec<Ask>, Failure> {
    let found = Entity::find().filter(Column::ConsultationId.eq(consultation)).order_by_asc(Column::ParticipantId);
    found.all(source.beneath()).await?.into_iter().map(read).collect()
}

/// The open consultations in which the clock may remind somebody on this day.
///
/// # Errors
/// When the database refuses.
pub async fn due(source: &impl Source, today: NaiveDate) -> Result<Vec<Uuid>, Failure> {
    let open = consultations::Entity::find()
        .select_only()
        .column(consultations::Column::Id)
        .filter(consultations::Column::Status.eq(ConsultationStatus::Open.code()));
    let found = Entity::find()
        .select_only()
        .column(Column::ConsultationId)
        .distinct()
        .filter(Column::RemindOn.lte(today))
        .filter(Column::ConsultationId.in_subquery(open.into_query()))
        .order_by_asc(Column::ConsultationId);
    Ok(found.into_tuple().all(source.beneath()).await?)
}

/// The day on which anybody in a consultation was reminded last.
///
/// # Errors
/// When the database refuses.
pub async fn reminded_last(source: &impl Source, consultation: Uuid) -> Result<Option<NaiveDate>, Failure> {
    let found = Entity::find()
        .select_only()
        .column(Column::RemindedOn)
        .filter(Column::ConsultationId.eq(consultation))
        .filter(Column::RemindedOn.is_not_null())
        .order_by_desc(Column::RemindedOn)
        .limit(1);
    Ok(found.into_tuple::<Option<NaiveDate>>().one(source.beneath()).await?.flatten())
}

/// Of a consultation in which the service knows who answered: who did, and on which day they
/// did by its clock.
///
/// # Errors
/// When the database refuses.
pub async fn answered(source: &impl Source, consultation: Uuid) -> Result<HashMap<Uuid, DateTime<Utc>>, Failure> {
    let found = responses::Entity::find()
        .select_only()
        .column(responses::Column::ParticipantId)
        .column(responses::Column::CreatedAt)
        .filter(responses::Column::ConsultationId.eq(consultation));
    Ok(found.into_tuple::<(Uuid, DateTime<Utc>)>().all(source.beneath()).await?.into_iter().collect())
}

/// Whom to list of those who are called or visited.
#[derive(Debug, Clone, Copy)]
pub struct ToContact {
    /// Whom this organisation registered.
    pub organisation: Uuid,
    /// Only those who chose so; none: both.
    pub channel: Option<ContactChannel>,
    /// Only those who are done, or only the others.
    pub done: Option<bool>,
}

/// A page of those who are called or visited for their answer: by turn. Who is done is told by
/// what was marked by hand in an anonymous consultation, and by their answers in others.
///
/// # Errors
/// When the database refuses.
pub async fn to_contact(
    source: &impl Source,
    consultation: &Consultation,
    whom: ToContact,
    request: &PageRequest,
) -> Result<Page<Ask>, Failure> {
    use participants::Column as Person;
    let channels = whom.channel.map_or_else(|| ContactChannel::ALL.to_vec(), |one| vec![one]);
    let persons = participants::Entity::find()
        .select_only()
        .column(Person::Id)
        .filter(Person::OrganisationId.eq(whom.organisation))
        .filter(Person::Channel.is_in(channels.into_iter().map(|one| one.as_channel().code())))
        .filter(Person::ErasedAt.is_null());
    let mut selection = Entity::find()
        .filter(Column::ConsultationId.eq(consultation.id))
        .filter(Column::ParticipantId.in_subquery(persons.into_query()));
    if let Some(done) = whom.done {
        selection = selection.filter(is_done(consultation, done));
    }
    fetch_page(source, selection, keyset(), request).await?.try_map(read)
}

fn is_done(consultation: &Consultation, done: bool) -> Condition {
    if consultation.is_anonymous() {
        let marked = if done { Column::DoneOn.is_not_null() } else { Column::DoneOn.is_null() };
        return Condition::all().add(marked);
    }
    let given = responses::Entity::find()
        .select_only()
        .column(responses::Column::ParticipantId)
        .filter(responses::Column::ConsultationId.eq(consultation.id));
    let answered = Condition::all().add(Column::ParticipantId.in_subquery(given.into_query()));
    if done { answered } else { answered.not() }
}

fn keyset() -> Keyset<Entity> {
    Keyset {
        id: Column::ParticipantId,
        created_at: Column::TurnAt,
        updated_at: Column::TurnAt,
        read: |row, _| (row.turn_at, row.participant_id),
    }
}

/// Somebody who was asked, with how they want to be reached, and when they were asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// How they are asked.
    pub ask: Ask,
    /// How they wanted to be reached then.
    pub channel: Channel,
    /// When they were asked.
    pub invited_at: DateTime<Utc>,
}

/// A page of those who were asked, by when they were asked.
///
/// # Errors
/// When the database refuses.
pub async fn invited(
    source: &impl Source,
    consultation: Uuid,
    request: &PageRequest,
) -> Result<Page<Invitation>, Failure> {
    let keyset = Keyset::<invitations::Entity> {
        id: invitations::Column::ParticipantId,
        created_at: invitations::Column::InvitedAt,
        updated_at: invitations::Column::InvitedAt,
        read: |row, _| (row.invited_at, row.participant_id),
    };
    let selection = invitations::Entity::find().filter(invitations::Column::ConsultationId.eq(consultation));
    let page = fetch_page(source, selection, keyset, request).await?;
    let persons: Vec<Uuid> = page.items.iter().map(|row| row.participant_id).collect();
    let mut asks = HashMap::new();
    for batch in persons.chunks(BATCH) {
        let found = Entity::find()
            .filter(Column::ConsultationId.eq(consultation))
            .filter(Column::ParticipantId.is_in(batch.iter().copied()));
        for row in found.all(source.beneath()).await? {
            asks.insert(row.participant_id, read(row)?);
        }
    }
    page.try_map(|row| {
        let missing = || Failure::Broken(format!("consultation {consultation} asks somebody without saying how"));
        let ask = asks.remove(&row.participant_id).ok_or_else(missing)?;
        let channel = parse(("invitations", "channel"), &row.channel)?;
        Ok(Invitation { ask, channel, invited_at: row.invited_at })
    })
}

/// How many were asked in each stratum and by each channel, and how many of them answered;
/// `answered`: who did.
///
/// # Errors
/// When the database refuses.
pub async fn counted(
    source: &impl Source,
    consultation: Uuid,
    answered: &BTreeSet<Uuid>,
) -> Result<(HashMap<Stratum, Asked>, HashMap<Channel, Asked>), Failure> {
    let chosen = invitations::Entity::find()
        .select_only()
        .column(invitations::Column::ParticipantId)
        .column(invitations::Column::Channel)
        .filter(invitations::Column::ConsultationId.eq(consultation));
    let chosen: HashMap<Uuid, String> = chosen.into_tuple().all(source.beneath()).await?.into_iter().collect();
    let (mut strata, mut channels) = (HashMap::new(), HashMap::new());
    for ask in all_in(source, consultation).await? {
        let one = Asked { invited: 1, answered: i64::from(answered.contains(&ask.participant_id)) };
        add(strata.entry(ask.stratum).or_default(), one);
        if let Some(code) = chosen.get(&ask.participant_id) {
            add(channels.entry(parse(("invitations", "channel"), code)?).or_default(), one);
        }
    }
    Ok((strata, channels))
}

fn add(to: &mut Asked, one: Asked) {
    *to = Asked { invited: to.invited + one.invited, answered: to.answered + one.answered };
}

fn row_of(ask: &Ask) -> Result<Model, Failure> {
    Ok(Model {
        consultation_id: ask.consultation_id,
        participant_id: ask.participant_id,
        stratum: to_json(&ask.stratum)?,
        answer_due_on: ask.answer_by,
        remind_on: ask.remind_on,
        reminders: ask.reminders,
        reminded_on: ask.reminded_on,
        due: ask.due,
        attempts: ask.attempts,
        outcome: ask.outcome.map(|one| one.code().to_owned()),
        tried_on: ask.tried_on,
        note: ask.note.clone(),
        done_on: ask.done_on,
        turn_at: ask.turn_at,
    })
}

fn read(row: Model) -> Result<Ask, Failure> {
    Ok(Ask {
        consultation_id: row.consultation_id,
        participant_id: row.participant_id,
        stratum: from_json((TABLE, "stratum"), &row.stratum)?,
        answer_by: row.answer_due_on,
        remind_on: row.remind_on,
        reminders: row.reminders,
        reminded_on: row.reminded_on,
        due: row.due,
        attempts: row.attempts,
        outcome: optional(row.outcome, |code| parse((TABLE, "outcome"), &code))?,
        tried_on: row.tried_on,
        note: row.note,
        done_on: row.done_on,
        turn_at: row.turn_at,
    })
}
