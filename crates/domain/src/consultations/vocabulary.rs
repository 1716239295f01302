//! The words of consultations, and their lifecycles.

use crate::lifecycle::{Lifecycle, Move, Reason};
use crate::policy::Standing;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// Who may know who answered what; fixed at opening.
    ConsultationMode {
        /// Those who run the consultation know.
        Named => "named",
        /// Only the facilitators named on it know.
        Confidential => "confidential",
        /// Nobody knows: answers are kept apart from who gave them, and nothing joins
        /// them again.
        Anonymous => "anonymous",
    }
}

vocabulary! {
    /// What an anonymous answer rests on.
    BallotProof {
        /// Somebody who was invited.
        Person => "person",
        /// A printed code that works once.
        Code => "code",
        /// Nothing: whoever stood before a device on site.
        None => "none",
    }
}

vocabulary! {
    /// By what it is seen to that each answers an anonymous consultation once; fixed at
    /// opening.
    OneAnswerBy {
        /// Who is invited answers once.
        Invitation => "invitation",
        /// Each printed code is good for one answer; nobody answers by their invitation.
        PrintedCode => "printed_code",
        /// Either: who is invited and also holds a code can answer twice, and results say
        /// that they aren't verified.
        Either => "either",
    }
}

vocabulary! {
    /// Where a consultation stands.
    ConsultationStatus {
        /// Being prepared.
        Draft => "draft",
        /// People can answer.
        Open => "open",
        /// People could answer; they still have to hear back.
        Closed => "closed",
        /// People heard back.
        Concluded => "concluded",
        /// Called off.
        Withdrawn => "withdrawn",
    }
}

/// Those who run a consultation: for an organisation its managers, officers and machines,
/// for a network its coordinators and facilitators, in councils chair and
/// secretary.
pub(super) const RUNS: &[Standing] = &[
    Standing::Manager,
    Standing::Officer,
    Standing::Client,
    Standing::Coordinator,
    Standing::Facilitator,
    Standing::Chair,
    Standing::Secretary,
];

/// Those who answer for it: who promise a rung, and say what is done.
pub(super) const ANSWERS_FOR: &[Standing] = &[
    Standing::Manager,
    Standing::Officer,
    Standing::Client,
    Standing::Coordinator,
    Standing::Chair,
    Standing::Secretary,
];

impl Lifecycle for ConsultationStatus {
    const MOVES: &'static [Move<Self>] = &[
        Move { from: Self::Draft, to: Self::Open, by: ANSWERS_FOR, reason: Reason::Optional },
        Move { from: Self::Draft, to: Self::Withdrawn, by: ANSWERS_FOR, reason: Reason::Required },
        Move { from: Self::Open, to: Self::Closed, by: ANSWERS_FOR, reason: Reason::Optional },
        // It closes by itself when its last day ends.
        Move { from: Self::Open, to: Self::Closed, by: &[], reason: Reason::Optional },
        Move { from: Self::Open, to: Self::Withdrawn, by: ANSWERS_FOR, reason: Reason::Required },
        Move { from: Self::Closed, to: Self::Concluded, by: ANSWERS_FOR, reason: Reason::Optional },
    ];

    fn code(self) -> &'static str {
        Self::code(self)
    }
}

vocabulary! {
    /// What kind of report-back it is.
    ReportBackKind {
        /// On the way.
        Interim => "interim",
        /// The one without which a consultation never ends.
        Final => "final",
    }
}

vocabulary! {
    /// Where a report-back stands.
    ReportBackStatus {
        /// Being written.
        Draft => "draft",
        /// Everybody who was invited can read it.
        Published => "published",
    }
}

impl Lifecycle for ReportBackStatus {
    const MOVES: &'static [Move<Self>] =
        &[Move { from: Self::Draft, to: Self::Published, by: ANSWERS_FOR, reason: Reason::Optional }];

    fn code(self) -> &'static str {
        Self::code(self)
    }
}

vocabulary! {
    /// What is done with a point that was heard.
    PointOutcome {
        /// It is followed.
        Followed => "followed",
        /// A part is followed.
        PartlyFollowed => "partly_followed",
        /// It isn't followed.
        NotFollowed => "not_followed",
        /// It was heard; what is done with it isn't decided yet. In interim ones alone.
        Heard => "heard",
    }
}

impl PointOutcome {
    /// Whether it is decided what is done with it.
    pub const fn is_decided(self) -> bool {
        match self {
            Self::Followed | Self::PartlyFollowed | Self::NotFollowed => true,
            Self::Heard => false,
        }
    }
}
