//! Feedback and the official response to it.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{FeedbackKind, FeedbackStatus, Removal};
use crate::participants::Channel;
use crate::policy::{Roles, Standing};
use crate::refusal::{Fault, Refusal};
use crate::text::Texts;

/// To whom feedback is addressed; one for each ("several: one row each").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Addressee {
    /// An organisation.
    Organisation(Uuid),
    /// A network.
    Network(Uuid),
}

/// Who brings it. Organisations and networks have a voice too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Author {
    /// A person.
    Participant(Uuid),
    /// An organisation as such.
    Organisation(Uuid),
    /// A network, a council for instance, as such.
    Network(Uuid),
}

/// What somebody brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feedback {
    /// Its id.
    pub id: Uuid,
    /// To whom it is addressed.
    pub addressee: Addressee,
    /// The owner: the organisation addressed, or the host of the network.
    pub organisation_id: Uuid,
    /// Who brings it.
    pub author: Author,
    /// The account that wrote it down on the author's behalf.
    pub recorded_by: Option<Uuid>,
    /// How it came in.
    pub channel: Channel,
    /// What it is.
    pub kind: FeedbackKind,
    /// In a few words.
    pub title: Texts,
    /// The whole.
    pub body: Texts,
    /// Where it stands.
    pub status: FeedbackStatus,
    /// When it was first received.
    pub received_at: Option<DateTime<Utc>>,
    /// Until which day the author may wait for an answer.
    pub answer_due_on: Option<NaiveDate>,
    /// In which other feedback it goes on.
    pub merged_into: Option<Uuid>,
    /// What became of it.
    pub outcome: Option<Texts>,
    /// Why its text is there no longer.
    pub removed: Option<Removal>,
}

/// What the addressee officially answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficialResponse {
    /// Its id.
    pub id: Uuid,
    /// To which feedback.
    pub feedback_id: Uuid,
    /// The answer.
    pub text: Texts,
    /// Why so; needed where not all is taken over.
    pub reasons: Option<Texts>,
    /// When it was given.
    pub made_at: DateTime<Utc>,
}

impl Feedback {
    /// What is wrong with it, all at once: `feedback.author_is_addressee`,
    /// `feedback.channel_needs_recorder` (a call or a visit is written down by
    /// somebody else than the author).
    pub fn check(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let to_themselves = match (self.author, self.addressee) {
            (Author::Organisation(author), Addressee::Organisation(addressee))
            | (Author::Network(author), Addressee::Network(addressee)) => author == addressee,
            (Author::Participant(_) | Author::Organisation(_) | Author::Network(_), _) => false,
        };
        if to_themselves {
            faults.push(Fault::body("/addressee", "feedback.author_is_addressee"));
        }
        if self.channel != Channel::Internet && self.recorded_by.is_none() {
            faults.push(Fault::body("/channel", "feedback.channel_needs_recorder"));
        }
        faults
    }

    /// Whether somebody may know of it. `author`: they are its author, speak
    /// for it, or recorded it; `nearby`: they take part in the place addressed.
    pub fn may_be_seen(&self, author: bool, roles: Roles, nearby: bool) -> bool {
        let answers: &[Standing] = match self.addressee {
            Addressee::Organisation(_) => {
                &[Standing::Officer, Standing::Manager, Standing::Client, Standing::Moderator]
            }
            Addressee::Network(_) => {
                &[Standing::Coordinator, Standing::Chair, Standing::Secretary, Standing::Moderator]
            }
        };
        author || (self.status != FeedbackStatus::Draft && roles.has_any(answers)) || (nearby && self.is_shared())
    }

    /// Whether others who take part may read it: kinds that are shared, once
    /// received, unless taken back or away.
    fn is_shared(&self) -> bool {
        self.kind.is_shared() && self.status.is_shared()
    }

    /// Whether its content may still change: only while it is a draft.
    ///
    /// # Errors
    /// `feedback.not_draft` (409).
    pub fn may_change(&self) -> Result<(), Refusal> {
        if self.status == FeedbackStatus::Draft { Ok(()) } else { Err(Refusal::Conflict("feedback.not_draft")) }
    }

    /// Whether it may be deleted: only a draft.
    ///
    /// # Errors
    /// `feedback.not_draft` (409).
    pub fn may_be_deleted(&self) -> Result<(), Refusal> {
        self.may_change()
    }

    /// Whether somebody else may add their support. `own`: they are its author.
    ///
    /// # Errors
    /// `support.own`, `support.not_shared`, `support.closed` (409).
    pub fn may_be_supported(&self, own: bool) -> Result<(), Refusal> {
        if own {
            return Err(Refusal::Conflict("support.own"));
        }
        if !self.kind.is_shared() {
            return Err(Refusal::Conflict("support.not_shared"));
        }
        if self.status.is_waiting() { Ok(()) } else { Err(Refusal::Conflict("support.closed")) }
    }

    /// Whether an official response may be given: while it waits for one.
    ///
    /// # Errors
    /// `feedback.not_waiting` (409).
    pub fn may_be_responded_to(&self) -> Result<(), Refusal> {
        if self.status.is_waiting() { Ok(()) } else { Err(Refusal::Conflict("feedback.not_waiting")) }
    }
}
