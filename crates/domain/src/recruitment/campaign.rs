//! A campaign, and where it seeks.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::calendar::reversed;
use crate::lifecycle::{Lifecycle, Move, Reason};
use crate::networks::Perspective;
use crate::policy::Standing;
use crate::refusal::{Fault, Refusal};
use crate::text::Texts;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// Where a campaign stands.
    CampaignStatus {
        /// People are sought.
        Open => "open",
        /// It is over; what came of it stays.
        Closed => "closed",
    }
}

vocabulary! {
    /// How people are reached.
    RecruitmentChannel {
        /// A personal link, by mail or message.
        Link => "link",
        /// A letter or a card with a code.
        Letter => "letter",
        /// A telephone call.
        Phone => "phone",
        /// A talk: at home, in a group, at a meeting.
        InPerson => "in_person",
        /// A poster, a newsletter, a website: with a code that many read.
        Notice => "notice",
    }
}

vocabulary! {
    /// What somebody said who was reached.
    RecruitmentAnswer {
        /// They came forward.
        CameForward => "came_forward",
        /// They said no, in one step.
        Declined => "declined",
    }
}

/// Who seeks people for a network; in a council its own chair and secretary.
pub const SEEKERS: &[Standing] = &[Standing::Manager, Standing::Coordinator, Standing::Chair, Standing::Secretary];

impl Lifecycle for CampaignStatus {
    const MOVES: &'static [Move<Self>] =
        &[Move { from: Self::Open, to: Self::Closed, by: SEEKERS, reason: Reason::Optional }];

    fn code(self) -> &'static str {
        Self::code(self)
    }
}

/// A campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    /// Its id.
    pub id: Uuid,
    /// For which network.
    pub network_id: Uuid,
    /// The network's host.
    pub organisation_id: Uuid,
    /// What it is called.
    pub name: Texts,
    /// From which perspective people are sought.
    pub perspective: Perspective,
    /// How many are sought.
    pub target: Option<i32>,
    /// The organisations through which they are sought.
    pub sources: Vec<Uuid>,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: Option<NaiveDate>,
    /// Where it stands.
    pub status: CampaignStatus,
}

/// Those who were reached together: through one source, by one channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// The organisation; none: the network itself.
    pub organisation: Option<Uuid>,
    /// How.
    pub channel: RecruitmentChannel,
}

impl Campaign {
    /// What is wrong with it, all at once: `period.reversed`, `recruitment.source_repeated`.
    pub fn check(&self) -> Vec<Fault> {
        let mut faults = Fault::repeated(&self.sources, "/sourceIds", "recruitment.source_repeated");
        if reversed(Some(self.starts_on), self.ends_on) {
            faults.push(Fault::body("/endsOn", "period.reversed"));
        }
        faults
    }

    /// Whether people can come forward on this day: it is open, and within its days.
    pub fn runs_on(&self, day: NaiveDate) -> bool {
        let within = self.starts_on <= day && self.ends_on.is_none_or(|end| day <= end);
        self.status == CampaignStatus::Open && within
    }

    /// That more people may be reached.
    ///
    /// # Errors
    /// `recruitment.closed` (409).
    pub fn may_reach(&self) -> Result<(), Refusal> {
        if self.status == CampaignStatus::Open { Ok(()) } else { Err(Refusal::Conflict("recruitment.closed")) }
    }
}
