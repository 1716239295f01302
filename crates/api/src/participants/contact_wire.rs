//! The lists of people to call and visit, as they go over the wire.

use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::participants::{
    AccessNeed, AttemptOutcome, Channel, Contact, ContactChannel, ContactOf, ContactTime, Participant,
};
use klankbord_persistence::participants::contact_attempt::ContactAttempt as Kept;
use klankbord_persistence::participants::membership_invitation::Kept as Invited;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::inviting::can_be_reached;
use crate::web::csv::Row;
use crate::web::page::page;

/// The list as a table.
pub(super) const TABLE: &str = "membershipId,displayName,channel,language,reachable,name,phoneNumber,mailingAddress,contactOf,\
    contactTimes,accessNeeds,invitedAt,remindedAt,due,attempts\r\n\
    0197c000-0000-7000-8000-000800000015,Deelnemer 21,phone,nl-simple,true,,'+31 88 555 01 21,,,evening,interpreter,\
    2026-11-09T09:00:00Z,,false,1\r\n";

/// Whom to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct ContactListQuery {
    /// Those who chose to be called, or those who chose to be visited; absent: both.
    #[param(example = "phone")]
    pub(super) channel: Option<ContactChannel>,
}

/// Somebody to call, or to visit.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContactListEntry {
    /// Their membership.
    membership_id: Uuid,
    /// The name by which they want to be known.
    #[schema(max_length = 100, example = "Zonnebloem")]
    display_name: String,
    /// How they want to be reached.
    #[schema(example = "phone")]
    channel: Channel,
    /// The language that they want to be addressed in (BCP 47).
    #[schema(max_length = 35, example = "nl-simple")]
    language: String,
    /// Whether they may be reached today, and it is known how. Why not is not told.
    #[schema(example = true)]
    reachable: bool,
    /// The name on letters.
    #[schema(max_length = 200)]
    name: Option<String>,
    /// The telephone number.
    #[schema(max_length = 30, example = "+31 88 555 01 21")]
    phone_number: Option<String>,
    /// The address; on the visit list.
    #[schema(max_length = 500)]
    mailing_address: Option<String>,
    /// Whose these are, where it is who represents the person in law.
    contact_of: Option<ContactOf>,
    /// When they like to be reached.
    #[schema(max_items = 4, example = json!(["evening"]))]
    contact_times: Vec<ContactTime>,
    /// What they need (an interpreter, sign language, …).
    #[schema(max_items = 8, example = json!(["interpreter"]))]
    access_needs: Vec<AccessNeed>,
    /// When they were invited.
    invited_at: DateTime<Utc>,
    /// When they were to be reminded last.
    reminded_at: Option<DateTime<Utc>>,
    /// Whether they are to be reminded, and nobody tried since.
    #[schema(example = false)]
    due: bool,
    /// How often somebody tried.
    #[schema(minimum = 0, maximum = 1_000_000, example = 1)]
    attempts: i64,
}

page!(
    /// A page of the call list or the visit list.
    ContactListPage of ContactListEntry
);

/// Somebody on the list, with how to reach them where that may be used.
pub(super) fn entry(kept: &Invited, person: &Participant, contact: Option<Contact>, attempts: i64) -> ContactListEntry {
    let contact = contact.filter(|contact| can_be_reached(person.channel, contact));
    let reachable = contact.is_some();
    let Contact { name, phone_number, mailing_address, whose, .. } = contact.unwrap_or_default();
    let visited = person.channel == Channel::InPerson;
    ContactListEntry {
        membership_id: kept.membership_id,
        display_name: person.display_name.clone(),
        channel: person.channel,
        language: person.language.clone(),
        reachable,
        name,
        phone_number,
        mailing_address: mailing_address.filter(|_| visited),
        contact_of: (whose != ContactOf::Person).then_some(whose),
        contact_times: person.contact_times.clone(),
        access_needs: person.access_needs.clone(),
        invited_at: kept.invitation.invited_at,
        reminded_at: kept.invitation.reminded_at,
        due: kept.invitation.due,
        attempts,
    }
}

impl Row for ContactListEntry {
    const HEAD: &'static [&'static str] = &[
        "membershipId",
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
        "invitedAt",
        "remindedAt",
        "due",
        "attempts",
    ];

    fn cells(&self) -> Vec<String> {
        let at = |at: DateTime<Utc>| at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
        let words = |words: Vec<&str>| words.join(" ");
        vec![
            self.membership_id.to_string(),
            self.display_name.clone(),
            self.channel.code().to_owned(),
            self.language.clone(),
            self.reachable.to_string(),
            self.name.clone().unwrap_or_default(),
            self.phone_number.clone().unwrap_or_default(),
            self.mailing_address.clone().unwrap_or_default(),
            self.contact_of.map(|whose| whose.code().to_owned()).unwrap_or_default(),
            words(self.contact_times.iter().map(|one| one.code()).collect()),
            words(self.access_needs.iter().map(|one| one.code()).collect()),
            at(self.invited_at),
            self.reminded_at.map(at).unwrap_or_default(),
            self.due.to_string(),
            self.attempts.to_string(),
        ]
    }
}

/// A call or a visit to be noted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ContactAttemptCreate {
    /// How.
    #[schema(example = "phone")]
    pub(super) channel: ContactChannel,
    /// What came of it.
    #[schema(example = "call_back")]
    pub(super) outcome: AttemptOutcome,
    /// On which day; absent: today.
    pub(super) happened_on: Option<NaiveDate>,
    /// What to know of it the next time. Nothing of their health, nor why they need what they need.
    #[schema(min_length = 1, max_length = 500, example = "Liever na zes uur.")]
    pub(super) note: Option<String>,
}

/// A call or a visit (contactpoging).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContactAttempt {
    /// Its id.
    id: Uuid,
    /// To whom, as who is invited.
    membership_id: Uuid,
    /// How.
    #[schema(example = "phone")]
    channel: ContactChannel,
    /// What came of it.
    #[schema(example = "call_back")]
    outcome: AttemptOutcome,
    /// On which day.
    #[schema(example = "2026-11-23")]
    happened_on: NaiveDate,
    /// What to know of it the next time.
    #[schema(max_length = 500, example = "Liever na zes uur.")]
    note: Option<String>,
    /// The account that noted it.
    noted_by: Option<Uuid>,
    /// When it was noted.
    created_at: DateTime<Utc>,
}

page!(
    /// A page of calls and visits.
    ContactAttemptPage of ContactAttempt
);

impl From<Kept> for ContactAttempt {
    fn from(kept: Kept) -> Self {
        let Kept { id, membership_id, channel, outcome, happened_on, note, noted_by, created_at } = kept;
        Self { id, membership_id, channel, outcome, happened_on, note, noted_by, created_at }
    }
}
