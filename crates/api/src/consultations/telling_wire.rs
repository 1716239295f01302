//! The lists of people to tell, as they go over the wire.

use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::consultations::{ReportBack, ReportBackKind};
use klankbord_domain::participants::{AttemptOutcome, Channel, Contact, ContactChannel, Participant};
use klankbord_persistence::consultations::telling::Telling;
use klankbord_persistence::consultations::telling_attempt::TellingAttempt as Kept;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::participants::HowToReach;
use crate::web::csv::Row;
use crate::web::page::page;

/// The list as a table.
pub(super) const TABLE: &str = "membershipId,reportBackId,consultationId,kind,edition,displayName,channel,language,readIn,\
    reachable,name,phoneNumber,mailingAddress,contactOf,contactTimes,accessNeeds,publishedAt,attempts,toldOn\r\n\
    0197c000-0000-7000-8000-000800000004,0197c000-0000-7000-8000-000d00000002,0197c000-0000-7000-8000-000900000002,final,1,\
    Deelnemer 4,phone,nl-simple,nl-simple,true,,'+31 88 555 01 04,,,,,2026-11-09T09:00:00Z,1,\r\n";

/// Whom to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct TellingListQuery {
    /// Those who chose to be called, or those who chose to be visited; absent: everybody
    /// whom no mail tells.
    #[param(example = "phone")]
    pub(super) channel: Option<ContactChannel>,
    /// Whom to tell of this report-back alone.
    pub(super) report_back_id: Option<Uuid>,
    /// Those who were told already (`true`), or those who still wait; absent: those who wait.
    pub(super) told: Option<bool>,
}

/// Somebody to be told what came of what they were asked, whether or not they answered.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TellingListEntry {
    /// Their membership.
    membership_id: Uuid,
    /// The report-back to tell them.
    report_back_id: Uuid,
    /// The consultation that it is on.
    consultation_id: Uuid,
    /// On the way, or final.
    kind: ReportBackKind,
    /// Which version of it.
    #[schema(minimum = 1, maximum = 20, example = 1)]
    edition: i32,
    /// The name by which they want to be known.
    #[schema(max_length = 100, example = "Zonnebloem")]
    display_name: String,
    /// How they wanted to be reached when it was published.
    #[schema(example = "phone")]
    channel: Channel,
    /// The language that they want to be addressed in (BCP 47).
    #[schema(max_length = 35, example = "nl-simple")]
    language: String,
    /// The language of the report-back that is nearest to it, to be read to them (BCP 47).
    #[schema(max_length = 35, example = "nl-simple")]
    read_in: String,
    #[serde(flatten)]
    reach: HowToReach,
    /// When it was published.
    published_at: DateTime<Utc>,
    /// How often somebody tried.
    #[schema(minimum = 0, maximum = 1_000_000, example = 1)]
    attempts: i64,
    /// The day on which they were told.
    told_on: Option<NaiveDate>,
}

page!(
    /// A page of whom to tell.
    TellingListPage of TellingListEntry
);

/// Somebody on the list, with how to reach them where that may be used.
pub(super) fn entry(
    telling: &Telling,
    (membership_id, person): (Uuid, &Participant),
    told: &ReportBack,
    contact: Option<Contact>,
    attempts: i64,
) -> TellingListEntry {
    // Whom no mail told is called.
    let by = if telling.channel == Channel::Internet { Channel::Phone } else { telling.channel };
    let read_in = told.heard.pick(&[person.language.as_str()]).map(|text| text.language.clone());
    TellingListEntry {
        membership_id,
        report_back_id: told.id,
        consultation_id: telling.consultation_id,
        kind: told.kind,
        edition: telling.edition,
        display_name: person.display_name.clone(),
        channel: telling.channel,
        language: person.language.clone(),
        read_in: read_in.unwrap_or_default(),
        reach: HowToReach::of(by, person, contact),
        published_at: telling.published_at,
        attempts,
        told_on: telling.state.told_on,
    }
}

impl Row for TellingListEntry {
    const HEAD: &'static [&'static str] = &[
        "membershipId",
        "reportBackId",
        "consultationId",
        "kind",
        "edition",
        "displayName",
        "channel",
        "language",
        "readIn",
        "reachable",
        "name",
        "phoneNumber",
        "mailingAddress",
        "contactOf",
        "contactTimes",
        "accessNeeds",
        "publishedAt",
        "attempts",
        "toldOn",
    ];

    fn cells(&self) -> Vec<String> {
        let who = [
            self.membership_id.to_string(),
            self.report_back_id.to_string(),
            self.consultation_id.to_string(),
            self.kind.code().to_owned(),
            self.edition.to_string(),
            self.display_name.clone(),
            self.channel.code().to_owned(),
            self.language.clone(),
            self.read_in.clone(),
        ];
        let when = [
            self.published_at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            self.attempts.to_string(),
            self.told_on.map(|day| day.to_string()).unwrap_or_default(),
        ];
        who.into_iter().chain(self.reach.cells()).chain(when).collect()
    }
}

/// A call or a visit to tell somebody, to be noted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TellingAttemptCreate {
    /// Of which report-back.
    #[schema(example = "0197c000-0000-7000-8000-000d00000002")]
    pub(super) report_back_id: Uuid,
    /// How.
    #[schema(example = "phone")]
    pub(super) channel: ContactChannel,
    /// What came of it: who was reached was told.
    #[schema(example = "reached")]
    pub(super) outcome: AttemptOutcome,
    /// On which day; absent: today.
    pub(super) happened_on: Option<NaiveDate>,
    /// What to know of it the next time. Nothing of their health, nor of what they answered.
    #[schema(min_length = 1, max_length = 500, example = "Liever na zes uur.")]
    pub(super) note: Option<String>,
}

/// A call or a visit to tell somebody.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TellingAttempt {
    /// Its id.
    id: Uuid,
    /// To whom.
    membership_id: Uuid,
    /// Of which report-back.
    report_back_id: Uuid,
    /// How.
    #[schema(example = "phone")]
    channel: ContactChannel,
    /// What came of it.
    #[schema(example = "reached")]
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
    TellingAttemptPage of TellingAttempt
);

impl TellingAttempt {
    /// An attempt to tell this member of that report-back.
    pub(super) fn of(kept: Kept, membership_id: Uuid, report_back_id: Uuid) -> Self {
        let Kept { id, telling_id: _, channel, outcome, happened_on, note, noted_by, created_at } = kept;
        Self { id, membership_id, report_back_id, channel, outcome, happened_on, note, noted_by, created_at }
    }
}
