//! The lists of people to call and visit, as they go over the wire.

use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::participants::{AttemptOutcome, Channel, Contact, ContactChannel, Participant};
use klankbord_persistence::participants::contact_attempt::ContactAttempt as Kept;
use klankbord_persistence::participants::membership_invitation::Kept as Invited;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::how_to_reach::HowToReach;
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
    #[serde(flatten)]
    reach: HowToReach,
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
    ContactListEntry {
        membership_id: kept.membership_id,
        display_name: person.display_name.clone(),
        channel: person.channel,
        language: person.language.clone(),
        reach: HowToReach::of(person.channel, person, contact),
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
        let who = [
            self.membership_id.to_string(),
            self.display_name.clone(),
            self.channel.code().to_owned(),
            self.language.clone(),
        ];
        let when = [
            at(self.invited_at),
            self.reminded_at.map(at).unwrap_or_default(),
            self.due.to_string(),
            self.attempts.to_string(),
        ];
        who.into_iter().chain(self.reach.cells()).chain(when).collect()
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
