//! The lists of whom to call and visit for their answer, as they go over the wire.

use chrono::NaiveDate;
use klankbord_domain::participants::{AttemptOutcome, Channel, Contact, ContactChannel, Participant};
use klankbord_persistence::consultations::ask::Ask;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::participants::HowToReach;
use crate::web::csv::Row;
use crate::web::page::page;

/// The list as a table.
pub(super) const TABLE: &str = "participantId,displayName,channel,language,reachable,name,phoneNumber,mailingAddress,\
    contactOf,contactTimes,accessNeeds,answerDueOn,due,attempts,lastOutcome,lastTriedOn,note,done,doneOn\r\n\
    0197c000-0000-7000-8000-000700000004,Deelnemer 4,phone,nl-simple,true,,'+31 88 555 01 04,,,evening,interpreter,\
    2026-12-07,false,1,call_back,2026-11-24,Liever na zes uur.,false,\r\n";

/// Whom to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct ConsultationContactQuery {
    /// Those who chose to be called, or those who chose to be visited; absent: both.
    #[param(example = "phone")]
    pub(super) channel: Option<ContactChannel>,
    /// Those who are done, or those who aren't; absent: both.
    pub(super) done: Option<bool>,
}

/// Somebody to call, or to visit, for their answer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsultationContactEntry {
    /// Who.
    participant_id: Uuid,
    /// The name by which they want to be known.
    #[schema(max_length = 100, example = "Zonnebloem")]
    display_name: String,
    /// How they want to be reached.
    #[schema(example = "phone")]
    channel: Channel,
    /// The language that they want to be addressed in (BCP 47).
    #[schema(max_length = 35, example = "nl-simple")]
    language: String,
    #[serde(flatten)]
    reach: HowToReach,
    /// By when they are asked to answer.
    answer_due_on: Option<NaiveDate>,
    /// Whether they are to be reminded, and nobody tried since.
    #[schema(example = false)]
    due: bool,
    /// How often somebody tried.
    #[schema(minimum = 0, maximum = 1_000_000, example = 1)]
    attempts: i32,
    /// What came of it last.
    #[schema(example = "call_back")]
    last_outcome: Option<AttemptOutcome>,
    /// On which day.
    last_tried_on: Option<NaiveDate>,
    /// What to know of them the next time.
    #[schema(max_length = 500, example = "Liever na zes uur.")]
    note: Option<String>,
    /// Whether they are done: they answered; of an anonymous consultation: it was marked by
    /// hand, whatever they answered elsewhere.
    #[schema(example = false)]
    done: bool,
    /// On which day.
    done_on: Option<NaiveDate>,
}

page!(
    /// A page of the call list or the visit list.
    ConsultationContactPage of ConsultationContactEntry
);

/// Somebody on the list, with how to reach them where that may be used.
pub(super) fn entry(
    ask: Ask,
    person: &Participant,
    contact: Option<Contact>,
    done_on: Option<NaiveDate>,
) -> ConsultationContactEntry {
    ConsultationContactEntry {
        participant_id: person.id,
        display_name: person.display_name.clone(),
        channel: person.channel,
        language: person.language.clone(),
        reach: HowToReach::of(person.channel, person, contact),
        answer_due_on: ask.answer_by,
        due: ask.due && done_on.is_none(),
        attempts: ask.attempts,
        last_outcome: ask.outcome,
        last_tried_on: ask.tried_on,
        note: ask.note,
        done: done_on.is_some(),
        done_on,
    }
}

impl Row for ConsultationContactEntry {
    const HEAD: &'static [&'static str] = &[
        "participantId",
        "displayName",
        "channel",
        "language",
        "reachable",
        "name",
        "phoneNumber",
        "mailingAddress",
        "contactOf",
        "contactTimes",
        "accessNeeds",
        "answerDueOn",
        "due",
        "attempts",
        "lastOutcome",
        "lastTriedOn",
        "note",
        "done",
        "doneOn",
    ];

    fn cells(&self) -> Vec<String> {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let who = [
            self.participant_id.to_string(),
            self.display_name.clone(),
            self.channel.code().to_owned(),
            self.language.clone(),
        ];
        let when = [
            day(self.answer_due_on),
            self.due.to_string(),
            self.attempts.to_string(),
            self.last_outcome.map(|one| one.code().to_owned()).unwrap_or_default(),
            day(self.last_tried_on),
            text(&self.note),
            self.done.to_string(),
            day(self.done_on),
        ];
        who.into_iter().chain(self.reach.cells()).chain(when).collect()
    }
}

/// A call or a visit to be noted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConsultationContactAttemptCreate {
    /// To whom.
    pub(super) participant_id: Uuid,
    /// What came of it.
    #[schema(example = "call_back")]
    pub(super) outcome: AttemptOutcome,
    /// On which day; absent: today.
    pub(super) happened_on: Option<NaiveDate>,
    /// What to know of them the next time, in place of what stood there. Nothing of their
    /// health, nor of what they answered.
    #[schema(min_length = 1, max_length = 500, example = "Liever na zes uur.")]
    pub(super) note: Option<String>,
    /// Of an anonymous consultation: that they are done. In others the answer says so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) done: bool,
}

/// A call or a visit that was noted (contactpoging).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsultationContactAttempt {
    /// Of which consultation.
    pub(super) consultation_id: Uuid,
    /// To whom.
    pub(super) participant_id: Uuid,
    /// What came of it.
    #[schema(example = "call_back")]
    pub(super) outcome: AttemptOutcome,
    /// On which day.
    #[schema(example = "2026-11-24")]
    pub(super) happened_on: NaiveDate,
    /// How often somebody tried so far.
    #[schema(minimum = 1, maximum = 1_000_000, example = 1)]
    pub(super) attempts: i32,
    /// On which day it was marked by hand that they are done.
    pub(super) done_on: Option<NaiveDate>,
}
