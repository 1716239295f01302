//! The words of feedback, and its lifecycle.

use crate::lifecycle::{Lifecycle, Move, Reason};
use crate::policy::Standing;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// Why what somebody wrote is there no longer.
    Removal {
        /// Its author had it removed.
        Author => "author",
    }
}

vocabulary! {
    /// What somebody brings.
    FeedbackKind {
        /// An idea (idee).
        Idea => "idea",
        /// Something to be decided (voorstel).
        Proposal => "proposal",
        /// What matters most (prioriteit).
        Priority => "priority",
        /// Something that goes wrong (signaal).
        Signal => "signal",
        /// What somebody lived through (ervaring).
        Experience => "experience",
        /// What goes well (compliment).
        Compliment => "compliment",
        /// A question (vraag).
        Question => "question",
    }
}

impl FeedbackKind {
    /// Whether it ends in an answer, rather than in a decision to take it over
    /// or not.
    pub const fn is_answered(self) -> bool {
        match self {
            Self::Question | Self::Experience | Self::Compliment => true,
            Self::Idea | Self::Proposal | Self::Priority | Self::Signal => false,
        }
    }

    /// Whether others who take part in the same place may read and support it.
    /// What somebody lived through, asks or signals stays between them and
    /// whom they tell.
    pub const fn is_shared(self) -> bool {
        match self {
            Self::Idea | Self::Proposal | Self::Priority => true,
            Self::Signal | Self::Experience | Self::Compliment | Self::Question => false,
        }
    }
}

vocabulary! {
    /// Where feedback stands.
    FeedbackStatus {
        /// Being written; only its author knows of it.
        Draft => "draft",
        /// It arrived.
        Received => "received",
        /// Somebody is at it.
        InConsideration => "in_consideration",
        /// It is taken over.
        Adopted => "adopted",
        /// A part is taken over.
        PartlyAdopted => "partly_adopted",
        /// It isn't taken over.
        Declined => "declined",
        /// What was taken over was done.
        Realised => "realised",
        /// What was taken over wasn't done.
        NotRealised => "not_realised",
        /// It got its answer.
        Answered => "answered",
        /// Its author took it back.
        Withdrawn => "withdrawn",
        /// It goes on in other feedback.
        Merged => "merged",
        /// It was taken away as indecent; its author can appeal.
        ModeratedOut => "moderated_out",
    }
}

/// The author: a participant, or who speaks for the organisation or network
/// that brings it, or who recorded it on their behalf ([`super::Mover`]).
const AUTHOR: &[Standing] = &[Standing::Participant];

/// Who answers: for an organisation its officers and managers, for a network
/// its coordinators, and in councils chair and secretary.
const ADDRESSEE: &[Standing] = &[
    Standing::Officer,
    Standing::Manager,
    Standing::Client,
    Standing::Coordinator,
    Standing::Chair,
    Standing::Secretary,
];

/// A network's moderators; what is addressed to an organisation its manager
/// takes away.
const MODERATOR: &[Standing] = &[Standing::Moderator, Standing::Manager];

const fn step(
    from: FeedbackStatus,
    to: FeedbackStatus,
    by: &'static [Standing],
    reason: Reason,
) -> Move<FeedbackStatus> {
    Move { from, to, by, reason }
}

impl Lifecycle for FeedbackStatus {
    const MOVES: &'static [Move<Self>] = &[
        step(Self::Draft, Self::Received, AUTHOR, Reason::Optional),
        step(Self::Received, Self::InConsideration, ADDRESSEE, Reason::Optional),
        step(Self::Received, Self::Withdrawn, AUTHOR, Reason::Optional),
        step(Self::Received, Self::Merged, ADDRESSEE, Reason::Required),
        step(Self::Received, Self::ModeratedOut, MODERATOR, Reason::Required),
        step(Self::InConsideration, Self::Adopted, ADDRESSEE, Reason::Optional),
        // These two need reasons, here or in the official response.
        step(Self::InConsideration, Self::PartlyAdopted, ADDRESSEE, Reason::Optional),
        step(Self::InConsideration, Self::Declined, ADDRESSEE, Reason::Optional),
        step(Self::InConsideration, Self::Answered, ADDRESSEE, Reason::Optional),
        step(Self::InConsideration, Self::Withdrawn, AUTHOR, Reason::Optional),
        step(Self::InConsideration, Self::Merged, ADDRESSEE, Reason::Required),
        step(Self::InConsideration, Self::ModeratedOut, MODERATOR, Reason::Required),
        step(Self::Adopted, Self::Realised, ADDRESSEE, Reason::Optional),
        step(Self::Adopted, Self::NotRealised, ADDRESSEE, Reason::Required),
        step(Self::PartlyAdopted, Self::Realised, ADDRESSEE, Reason::Optional),
        step(Self::PartlyAdopted, Self::NotRealised, ADDRESSEE, Reason::Required),
        step(Self::ModeratedOut, Self::Received, AUTHOR, Reason::Optional),
    ];

    fn code(self) -> &'static str {
        Self::code(self)
    }
}

impl FeedbackStatus {
    /// Whether a kind of feedback can reach this state at all.
    pub const fn is_for(self, kind: FeedbackKind) -> bool {
        match self {
            Self::Answered => kind.is_answered(),
            Self::Adopted | Self::PartlyAdopted | Self::Declined | Self::Realised | Self::NotRealised => {
                !kind.is_answered()
            }
            Self::Draft
            | Self::Received
            | Self::InConsideration
            | Self::Withdrawn
            | Self::Merged
            | Self::ModeratedOut => true,
        }
    }

    /// Whether others who take part may read what is shared: once received,
    /// unless taken back or away.
    pub const fn is_shared(self) -> bool {
        match self {
            Self::Draft | Self::Withdrawn | Self::ModeratedOut => false,
            Self::Received
            | Self::InConsideration
            | Self::Adopted
            | Self::PartlyAdopted
            | Self::Declined
            | Self::Realised
            | Self::NotRealised
            | Self::Answered
            | Self::Merged => true,
        }
    }

    /// Whether it still waits for its answer.
    pub const fn is_waiting(self) -> bool {
        match self {
            Self::Received | Self::InConsideration => true,
            Self::Draft
            | Self::Adopted
            | Self::PartlyAdopted
            | Self::Declined
            | Self::Realised
            | Self::NotRealised
            | Self::Answered
            | Self::Withdrawn
            | Self::Merged
            | Self::ModeratedOut => false,
        }
    }

    /// Whether this state rests on an official response.
    pub(super) const fn needs_response(self) -> bool {
        match self {
            Self::Adopted | Self::PartlyAdopted | Self::Declined | Self::Answered => true,
            Self::Draft
            | Self::Received
            | Self::InConsideration
            | Self::Realised
            | Self::NotRealised
            | Self::Withdrawn
            | Self::Merged
            | Self::ModeratedOut => false,
        }
    }
}
