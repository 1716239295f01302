//! What a participant and the organisations around them promise each other. Every party
//! accepts, or it does not hold; a change is a new version.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{AgreementStatus, PartyKind};
use crate::calendar::reversed;
use crate::lifecycle::{open_to, take};
use crate::networks::Perspective;
use crate::participants::Channel;
use crate::policy::{Roles, Standing};
use crate::refusal::{Fault, Refusal};
use crate::text::Texts;

/// One who promises, and whether they said yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// What they are.
    pub kind: PartyKind,
    /// Which: of the member the membership.
    pub id: Uuid,
    /// Their yes.
    pub accepted: Option<Acceptance>,
}

/// A party's yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acceptance {
    /// On which day.
    pub on: NaiveDate,
    /// How it was said.
    pub channel: Channel,
    /// The account that said it, or wrote it down.
    pub by: Option<Uuid>,
}

/// What is promised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promises {
    /// What the person does.
    pub role: Texts,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day, where there is one.
    pub ends_on: Option<NaiveDate>,
    /// How much time it takes. Minutes a month.
    pub expected_minutes: Option<i32>,
    /// What is given for it: a rate of the host's.
    pub rate_id: Option<Uuid>,
    /// Which training the person gets.
    pub training: Option<Texts>,
    /// The account of the person's contact person.
    pub contact_id: Option<Uuid>,
    /// Within how many days what the person brings is answered.
    pub answer_days: Option<i32>,
}

/// An agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Its id.
    pub id: Uuid,
    /// The membership that it is about.
    pub membership_id: Uuid,
    /// In which network.
    pub network_id: Uuid,
    /// The network's host.
    pub organisation_id: Uuid,
    /// Who takes part.
    pub participant_id: Uuid,
    /// From which perspective.
    pub perspective: Perspective,
    /// Counts the versions, from 1.
    pub agreement_version: i32,
    /// The version that it takes the place of.
    pub replaces_id: Option<Uuid>,
    /// What is promised.
    pub promises: Promises,
    /// Who promises.
    pub parties: Vec<Party>,
    /// Where it stands.
    pub status: AgreementStatus,
}

/// Who answers for a party.
#[derive(Debug, Clone, Copy)]
pub struct Answering<'o> {
    /// What they are to the membership.
    pub roles: Roles,
    /// The organisations for which they speak.
    pub speaks_for: &'o [Uuid],
    /// Whether the member has an account, and so says yes themself.
    pub member_signs_in: bool,
}

impl Agreement {
    /// What is wrong with it, all at once: `period.reversed`, `agreement.no_promise`.
    pub fn check(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if reversed(Some(self.promises.starts_on), self.promises.ends_on) {
            faults.push(Fault::body("/endsOn", "period.reversed"));
        }
        let promises = &self.promises;
        let any = promises.expected_minutes.is_some()
            || promises.rate_id.is_some()
            || promises.training.is_some()
            || promises.contact_id.is_some()
            || promises.answer_days.is_some();
        if !any {
            faults.push(Fault::body("", "agreement.no_promise"));
        }
        faults
    }

    /// The parties for which somebody answers, in person or by writing down what was said.
    pub fn answers_for_any(&self, by: Answering<'_>) -> Vec<usize> {
        let mut all = self.answers_for(by, true);
        all.extend(self.answers_for(by, false));
        all
    }

    /// The parties for which somebody answers: themself (`online`), or by writing down what
    /// who has no account said by phone or in person. One yes is one party's.
    pub fn answers_for(&self, by: Answering<'_>, online: bool) -> Vec<usize> {
        let own = by.roles.has_any(&[Standing::Participant, Standing::Representative]);
        let keeps = by.roles.has_any(&[Standing::Coordinator, Standing::Manager, Standing::Chair, Standing::Officer]);
        let writes_down = keeps && !by.member_signs_in;
        let council = by.roles.has_any(&[Standing::Chair, Standing::Secretary]);
        let answers = |party: &Party| match party.kind {
            PartyKind::Participant => {
                if online {
                    own
                } else {
                    writes_down
                }
            }
            PartyKind::Organisation => online && by.speaks_for.contains(&party.id),
            PartyKind::Network => online && council && party.id == self.network_id,
        };
        let all = self.parties.iter().enumerate().filter(|(_, party)| answers(party));
        all.map(|(index, _)| index).collect()
    }

    /// Whether somebody is a party, speaks for one, or keeps it.
    pub fn is_for(&self, by: Answering<'_>) -> bool {
        let keeps = by.roles.has_any(super::AGREEMENT_KEEPERS);
        keeps || !self.answers_for_any(by).is_empty()
    }

    /// The agreement after the parties for which they answer said yes. With the last yes
    /// it holds.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`] where they answer for none; `agreement.not_proposed`,
    /// `agreement.accepted_already` (409).
    pub fn accept(mut self, by: Answering<'_>, said: Acceptance) -> Result<Self, Refusal> {
        let theirs = self.answers_for(by, said.channel == Channel::Internet);
        if theirs.is_empty() {
            return Err(Refusal::Forbidden);
        }
        if self.status != AgreementStatus::Proposed {
            return Err(Refusal::Conflict("agreement.not_proposed"));
        }
        let mut any = false;
        for (index, party) in self.parties.iter_mut().enumerate() {
            if theirs.contains(&index) && party.accepted.is_none() {
                party.accepted = Some(said);
                any = true;
            }
        }
        if !any {
            return Err(Refusal::Conflict("agreement.accepted_already"));
        }
        if self.parties.iter().all(|party| party.accepted.is_some()) {
            self.status = AgreementStatus::Accepted;
        }
        Ok(self)
    }

    /// The states that somebody may move it to.
    pub fn open_to(&self, by: Answering<'_>) -> Vec<AgreementStatus> {
        if self.answers_for_any(by).is_empty() { Vec::new() } else { open_to(self.status, by.roles) }
    }

    /// The agreement after this move: a party says no, or ends it.
    ///
    /// # Errors
    /// Those of [`take`]; 403 for who answers for no party.
    pub fn take(self, to: AgreementStatus, by: Answering<'_>, reason: Option<&str>) -> Result<Self, Refusal> {
        let status = take(self.status, to, by.roles, reason)?;
        if self.answers_for_any(by).is_empty() {
            return Err(Refusal::Forbidden);
        }
        Ok(Self { status, ..self })
    }

    /// Whether it holds on this day.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        let within = self.promises.starts_on <= day && self.promises.ends_on.is_none_or(|end| day <= end);
        self.status == AgreementStatus::Accepted && within
    }

    /// Whether another can take its place: it stands, and is about the same membership.
    pub fn may_be_replaced(&self, membership: Uuid) -> bool {
        let stands = matches!(self.status, AgreementStatus::Proposed | AgreementStatus::Accepted);
        stands && self.membership_id == membership
    }
}
