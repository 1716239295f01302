//! What somebody said to a text: who, for whom, when, through which channel.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{ConsentAnswer, ConsentGiver, ConsentPurpose, ConsentStatus};
use crate::lifecycle;
use crate::participants::{Age, Channel};
use crate::policy::{Roles, Standing};
use crate::refusal::{Fault, Refusal};

/// A consent, or a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Its id.
    pub id: Uuid,
    /// For whom.
    pub participant_id: Uuid,
    /// The controller that asked.
    pub organisation_id: Uuid,
    /// To which text.
    pub consent_text_id: Uuid,
    /// For what.
    pub purpose: ConsentPurpose,
    /// To which version of the text for it.
    pub text_version: i32,
    /// What was said.
    pub answer: ConsentAnswer,
    /// By whom.
    pub giver: ConsentGiver,
    /// The record of the legal representative who said it.
    pub representative_id: Option<Uuid>,
    /// Through which channel.
    pub channel: Channel,
    /// On which day.
    pub happened_on: NaiveDate,
    /// Why no representative is asked, for an exception.
    pub reason: Option<String>,
    /// The account that wrote it down; for an exception its author.
    pub recorded_by: Option<Uuid>,
    /// Where it stands.
    pub status: ConsentStatus,
    /// The day on which it was taken back.
    pub withdrawn_on: Option<NaiveDate>,
}

/// Who takes a consent back, and for what.
#[derive(Debug, Clone, Copy)]
pub struct ConsentMove<'r> {
    /// What they are to the person.
    pub roles: Roles,
    /// Why, where they say so.
    pub reason: Option<&'r str>,
    /// The day.
    pub today: NaiveDate,
}

impl Consent {
    /// What is wrong with it, all at once, for a person of this age:
    /// `consent.in_future`; `consent.reason_missing`, `consent.exception_refuses`,
    /// `consent.exception_for_adults` and `consent.exception_purpose` of an exception, which
    /// is for help: taking part and being reached; `consent.representative_missing`
    /// and `consent.representative_unused`; `consent.channel_needs_person` where
    /// somebody else writes down what came by internet.
    pub fn check(&self, (age, from): (Age, i32), own: bool, today: NaiveDate) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut wrong = |holds: bool, location: &str, code| {
            if holds {
                faults.push(Fault::body(location, code));
            }
        };
        wrong(self.happened_on > today, "/happenedOn", "consent.in_future");
        let exception = self.giver == ConsentGiver::Exception;
        let said = self.reason.as_deref().is_some_and(|reason| !reason.trim().is_empty());
        wrong(exception && !said, "/reason", "consent.reason_missing");
        wrong(exception && self.answer == ConsentAnswer::Refused, "/answer", "consent.exception_refuses");
        wrong(exception && age.is_at_least(from, today), "/giver", "consent.exception_for_adults");
        let helps = matches!(self.purpose, ConsentPurpose::Participation | ConsentPurpose::Contact);
        wrong(exception && !helps, "/giver", "consent.exception_purpose");
        let by_representative = self.giver == ConsentGiver::Representative;
        wrong(
            by_representative && self.representative_id.is_none(),
            "/representativeId",
            "consent.representative_missing",
        );
        wrong(
            !by_representative && self.representative_id.is_some(),
            "/representativeId",
            "consent.representative_unused",
        );
        wrong(!own && !exception && self.channel == Channel::Internet, "/channel", "consent.channel_needs_person");
        faults
    }

    /// These roles, as far as they count for taking it back: who represents the person
    /// takes back what representatives said.
    pub fn counted(&self, roles: Roles) -> Roles {
        let theirs = self.giver == ConsentGiver::Representative;
        if theirs { roles } else { roles.without(&[Standing::Representative]) }
    }

    /// Whether somebody who stands so towards the person may know of it: help that was
    /// offered without asking those who represent them isn't told to them.
    pub fn may_be_seen(&self, roles: Roles) -> bool {
        !(roles.has(Standing::Representative) && self.giver == ConsentGiver::Exception)
    }

    /// The consent after it was taken back.
    ///
    /// # Errors
    /// Those of [`lifecycle::take`]; `consent.refused_already` (409) for what was never
    /// given.
    pub fn withdraw(self, to: ConsentStatus, by: ConsentMove<'_>) -> Result<Self, Refusal> {
        let status = lifecycle::take(self.status, to, self.counted(by.roles), by.reason)?;
        if self.answer == ConsentAnswer::Refused {
            return Err(Refusal::Conflict("consent.refused_already"));
        }
        Ok(Self { status, withdrawn_on: Some(by.today), ..self })
    }

    /// Whether it says yes now.
    pub fn is_yes(&self) -> bool {
        self.answer == ConsentAnswer::Given && self.status == ConsentStatus::Standing
    }
}
