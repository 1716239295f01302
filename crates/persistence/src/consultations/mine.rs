//! What is asked of somebody, and what became of what they answered.

use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::Texts;
use klankbord_domain::consultations::{
    Consultation, ConsultationMode, ConsultationStatus, ReportBack, waits_for_answers,
};
use klankbord_domain::policy::{Caller, Standing};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::entity::{invitations, responses};
use super::invitation::{asked_of, heard};
use super::{ask, consultation, report_back, response};
use crate::store::{Failure, Source};

/// A consultation that waits for somebody's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenAsk {
    /// Which consultation.
    pub consultation_id: Uuid,
    /// Who is asked.
    pub participant_id: Uuid,
    /// What it is called.
    pub title: Texts,
    /// Who may know what is answered. Of an anonymous one it isn't known whether somebody
    /// answered: it waits until it closes.
    pub mode: ConsultationMode,
    /// Since when.
    pub opened_at: Option<DateTime<Utc>>,
    /// The last day to answer.
    pub closes_on: Option<NaiveDate>,
    /// By when they are asked to answer, where that is another day.
    pub answer_by: Option<NaiveDate>,
}

/// What somebody answered, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Which response.
    pub response_id: Uuid,
    /// To which consultation.
    pub consultation_id: Uuid,
    /// Who answered.
    pub participant_id: Uuid,
    /// What the consultation is called.
    pub title: Texts,
    /// Where the consultation stands.
    pub status: ConsultationStatus,
    /// When they answered.
    pub at: DateTime<Utc>,
    /// What they heard back last.
    pub report_back: Option<ReportBack>,
}

/// What somebody is asked, as each of their persons, and can still answer on this
/// day; the first to close first.
///
/// # Errors
/// When the database refuses.
pub async fn open_for(source: &impl Source, caller: &Caller, today: NaiveDate) -> Result<Vec<OpenAsk>, Failure> {
    let participants = caller.persons();
    if participants.is_empty() {
        return Ok(Vec::new());
    }
    let persons = || participants.iter().copied();
    let asked = invitations::Entity::find()
        .filter(invitations::Column::ParticipantId.is_in(persons()))
        .filter(heard(caller.account));
    let asked = asked.all(source.beneath()).await?;
    let deadlines = ask::deadlines(source, &participants).await?;
    let given = responses::Entity::find().filter(responses::Column::ParticipantId.is_in(persons()));
    let given = given.all(source.beneath()).await?;
    let ids: Vec<Uuid> = asked.iter().map(|row| row.consultation_id).collect();
    let mut found = Vec::new();
    for stored in consultation::find_all(source, &ids).await? {
        let one = stored.value.consultation;
        if !waits_for_answers(&one, today) {
            continue;
        }
        let did = |person: Uuid| given.iter().any(|row| (row.consultation_id, row.participant_id) == (one.id, person));
        let waiting = asked.iter().filter(|row| row.consultation_id == one.id && !did(row.participant_id));
        found.extend(waiting.map(|row| OpenAsk {
            consultation_id: one.id,
            participant_id: row.participant_id,
            title: one.title.clone(),
            mode: one.mode,
            opened_at: one.opened_at,
            closes_on: one.closes_on,
            answer_by: deadlines.get(&(one.id, row.participant_id)).copied().min(one.closes_on).or(one.closes_on),
        }));
    }
    found.sort_by_key(|ask| (ask.closes_on, ask.consultation_id, ask.participant_id));
    Ok(found)
}

/// What somebody was asked, as each of their persons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WasAsked {
    /// Which consultation.
    pub consultation_id: Uuid,
    /// Who was asked.
    pub participant_id: Uuid,
    /// What it is called.
    pub title: Texts,
    /// Where it stands.
    pub status: ConsultationStatus,
    /// When they were asked.
    pub at: DateTime<Utc>,
}

/// Everything that somebody was ever asked.
///
/// # Errors
/// When the database refuses.
pub async fn ever_asked(source: &impl Source, caller: &Caller) -> Result<Vec<WasAsked>, Failure> {
    let persons = caller.persons_as(Standing::Participant);
    let asked = invitations::Entity::find()
        .filter(invitations::Column::ParticipantId.is_in(persons))
        .filter(heard(caller.account))
        .all(source.beneath())
        .await?;
    let ids: Vec<Uuid> = asked.iter().map(|row| row.consultation_id).collect();
    let known = consultation::find_all(source, &ids).await?;
    let found = asked.into_iter().filter_map(|row| {
        let one = &known.iter().find(|stored| stored.value.consultation.id == row.consultation_id)?.value.consultation;
        Some(WasAsked {
            consultation_id: one.id,
            participant_id: row.participant_id,
            title: one.title.clone(),
            status: one.status,
            at: row.invited_at,
        })
    });
    Ok(found.collect())
}

/// A consultation that somebody was asked in, whatever became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedIn {
    /// The consultation.
    pub consultation: Consultation,
    /// Who was asked.
    pub participant_id: Uuid,
    /// When they were asked.
    pub at: DateTime<Utc>,
    /// What was published on it, the newest first.
    pub told: Vec<ReportBack>,
    /// The consultation that asks whether people felt heard in it, if this person was asked.
    pub closing_round: Option<Uuid>,
}

/// Everything that somebody was ever asked, as each of their persons, or as whom they act
/// for, with what came of it. Nothing of whether they answered. A closing round stands
/// with what it closes.
///
/// # Errors
/// When the database refuses.
pub async fn asked_in(source: &impl Source, caller: &Caller) -> Result<Vec<AskedIn>, Failure> {
    let asked = invitations::Entity::find()
        .filter(invitations::Column::ParticipantId.is_in(caller.persons()))
        .filter(heard(caller.account))
        .all(source.beneath())
        .await?;
    let ids: Vec<Uuid> = asked.iter().map(|row| row.consultation_id).collect();
    let known = consultation::find_all(source, &ids).await?;
    let told = report_back::published(source, &ids).await?;
    let closes = |one: &Consultation, of: Uuid, person: Uuid| {
        let asks = |row: &invitations::Model| (row.consultation_id, row.participant_id) == (one.id, person);
        one.closing_round_of == Some(of) && asked.iter().any(asks)
    };
    let found = asked.iter().filter_map(|row| {
        let (id, participant_id) = (row.consultation_id, row.participant_id);
        let all = || known.iter().map(|stored| &stored.value.consultation);
        let consultation = all().find(|one| one.id == id && !one.is_closing_round())?.clone();
        let closing_round = all().find(|one| closes(one, id, participant_id)).map(|one| one.id);
        let told = told.iter().filter(|one| one.consultation_id == id).cloned().collect();
        Some(AskedIn { consultation, participant_id, at: row.invited_at, told, closing_round })
    });
    Ok(found.collect())
}

/// What somebody answered, as each of their persons, the newest first.
///
/// # Errors
/// When the database refuses.
pub async fn answered_by(source: &impl Source, caller: &Caller) -> Result<Vec<Answered>, Failure> {
    let participants = caller.persons_as(Standing::Participant);
    if participants.is_empty() {
        return Ok(Vec::new());
    }
    let mut given = response::of(source, &participants).await?;
    let ids: Vec<Uuid> = given.iter().map(|one| one.response.consultation_id).collect();
    let asked = asked_of(source, caller, &ids).await?;
    given.retain(|one| asked.contains(&(one.response.consultation_id, one.response.participant_id)));
    let known = consultation::find_all(source, &ids).await?;
    let told = report_back::published(source, &ids).await?;
    let answered = given.into_iter().filter_map(|one| {
        let id = one.response.consultation_id;
        let asked = &known.iter().find(|stored| stored.value.consultation.id == id)?.value.consultation;
        Some(Answered {
            response_id: one.response.id,
            consultation_id: id,
            participant_id: one.response.participant_id,
            title: asked.title.clone(),
            status: asked.status,
            at: one.at,
            report_back: told.iter().find(|one| one.consultation_id == id).cloned(),
        })
    });
    Ok(answered.collect())
}
