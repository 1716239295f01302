//! The words for money that goes to people who take part.

use crate::lifecycle::{Lifecycle, Move, Reason};
use crate::policy::Standing;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// On what footing somebody is paid.
    ClaimBasis {
        /// A volunteer's allowance (vrijwilligersvergoeding), under its ceilings.
        VolunteerAllowance => "volunteer_allowance",
        /// A fee for a meeting attended (vacatiegeld).
        AttendanceFee => "attendance_fee",
        /// Costs that were really made (onkosten).
        ActualCosts => "actual_costs",
        /// An invoice of one's own undertaking (factuur).
        Invoice => "invoice",
        /// A gift, at its value (cadeau, bon).
        Gift => "gift",
    }
}

vocabulary! {
    /// For what a rate gives an amount.
    RateUnit {
        /// An hour.
        Hour => "hour",
        /// A meeting, however long.
        Meeting => "meeting",
        /// A kilometre travelled.
        Kilometre => "kilometre",
    }
}

vocabulary! {
    /// Whom a rate is for, by whether they were trained.
    Training {
        /// Trained experts by experience (ervaringsdeskundigen).
        Trained => "trained",
        /// All others.
        Untrained => "untrained",
    }
}

vocabulary! {
    /// What a line of a claim is for.
    LineKind {
        /// Time, in minutes, at a rate per hour.
        Hours => "hours",
        /// Meetings, at a rate per meeting.
        Meetings => "meetings",
        /// Kilometres, at a rate per kilometre.
        Kilometres => "kilometres",
        /// Costs, at what they were.
        Costs => "costs",
        /// A gift, at its value.
        Gift => "gift",
    }
}

vocabulary! {
    /// Where a claim stands.
    ClaimStatus {
        /// Being written.
        Draft => "draft",
        /// Handed in.
        Submitted => "submitted",
        /// Somebody else found it good.
        Approved => "approved",
        /// Turned down, with the reason.
        Rejected => "rejected",
        /// The money went.
        Paid => "paid",
    }
}

impl LineKind {
    /// What its rate counts; none where the amount is told.
    pub const fn unit(self) -> Option<RateUnit> {
        match self {
            Self::Hours => Some(RateUnit::Hour),
            Self::Meetings => Some(RateUnit::Meeting),
            Self::Kilometres => Some(RateUnit::Kilometre),
            Self::Costs | Self::Gift => None,
        }
    }

    /// Whether it can stand on a claim on this footing.
    pub const fn suits(self, basis: ClaimBasis) -> bool {
        match basis {
            ClaimBasis::VolunteerAllowance | ClaimBasis::AttendanceFee => {
                matches!(self, Self::Hours | Self::Meetings)
            }
            ClaimBasis::ActualCosts => matches!(self, Self::Kilometres | Self::Costs),
            ClaimBasis::Invoice => !matches!(self, Self::Gift),
            ClaimBasis::Gift => matches!(self, Self::Gift),
        }
    }
}

/// Who hands a claim in: the person, who represents them, or who keeps the
/// network's people for somebody without an account.
const EITHER: &[Standing] = &[
    Standing::Participant,
    Standing::Representative,
    Standing::Manager,
    Standing::Officer,
    Standing::Coordinator,
    Standing::Chair,
    Standing::Secretary,
];
/// Who finds a claim good or not. In a council its own chair and secretary.
const APPROVERS: &[Standing] = super::APPROVERS;

impl Lifecycle for ClaimStatus {
    const MOVES: &'static [Move<Self>] = &[
        Move { from: Self::Draft, to: Self::Submitted, by: EITHER, reason: Reason::Optional },
        Move { from: Self::Submitted, to: Self::Approved, by: APPROVERS, reason: Reason::Optional },
        Move { from: Self::Submitted, to: Self::Rejected, by: APPROVERS, reason: Reason::Required },
        Move { from: Self::Approved, to: Self::Paid, by: APPROVERS, reason: Reason::Optional },
        Move { from: Self::Rejected, to: Self::Draft, by: EITHER, reason: Reason::Optional },
    ];

    fn code(self) -> &'static str {
        Self::code(self)
    }
}

impl ClaimStatus {
    /// Whether its content may still change.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Draft)
    }

    /// Whether it counts towards what somebody gets: handed in, and not turned down.
    pub const fn counts(self) -> bool {
        match self {
            Self::Submitted | Self::Approved | Self::Paid => true,
            Self::Draft | Self::Rejected => false,
        }
    }

    /// Whether the money is still awaited.
    pub const fn is_awaited(self) -> bool {
        match self {
            Self::Submitted | Self::Approved => true,
            Self::Draft | Self::Rejected | Self::Paid => false,
        }
    }
}
