//! The words of consent (toestemming).

use crate::lifecycle::{Lifecycle, Move, Reason};
use crate::policy::Standing;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// For what somebody's consent is asked: one purpose, one consent (GDPR art. 6.1.a, 7).
    ConsentPurpose {
        /// That they take part, and that this is kept: being somebody's client is health data.
        Participation => "participation",
        /// That they are reached for it.
        Contact => "contact",
        /// That what they said is quoted.
        Quotes => "quotes",
        /// That picture or sound is taken of them.
        Recording => "recording",
        /// That partner organisations hear of them.
        Sharing => "sharing",
        /// That researchers use what they said.
        Research => "research",
    }
}

vocabulary! {
    /// Where a text stands.
    ConsentTextStatus {
        /// Being written.
        Draft => "draft",
        /// It is what people are asked.
        Published => "published",
        /// It isn't asked any more; what was said to it still counts.
        Retired => "retired",
    }
}

vocabulary! {
    /// What somebody said.
    ConsentAnswer {
        /// Yes.
        Given => "given",
        /// No.
        Refused => "refused",
    }
}

vocabulary! {
    /// Who said it.
    ConsentGiver {
        /// The person themself.
        Person => "person",
        /// A legal representative.
        Representative => "representative",
        /// Nobody: help that is offered directly and free of charge to a minor needs no
        /// representative's consent (UAVG art. 5.5). Its author stands with it.
        Exception => "exception",
    }
}

vocabulary! {
    /// Where a consent stands.
    ConsentStatus {
        /// As it was said.
        Standing => "standing",
        /// Taken back: what rested on it stops.
        Withdrawn => "withdrawn",
    }
}

vocabulary! {
    /// What stands of somebody's consent to one purpose today.
    ConsentState {
        /// It isn't asked: the organisation has no text for it.
        NotAsked => "not_asked",
        /// Yes.
        Given => "given",
        /// Nobody answered yet.
        Missing => "missing",
        /// No, or taken back.
        Refused => "refused",
        /// Representatives disagree: nothing starts.
        Disagreed => "disagreed",
        /// It was given before, and is asked anew: they turned 16, a representative
        /// changed, or the text did.
        Anew => "anew",
        /// Help offered directly and free of charge to a minor (UAVG art. 5.5).
        Excepted => "excepted",
    }
}

impl ConsentState {
    /// Whether what it is about may be done.
    pub const fn allows(self) -> bool {
        match self {
            Self::NotAsked | Self::Given | Self::Excepted => true,
            Self::Missing | Self::Refused | Self::Disagreed | Self::Anew => false,
        }
    }

    /// Whether somebody still has to answer.
    pub const fn waits(self) -> bool {
        match self {
            Self::Missing | Self::Anew => true,
            Self::NotAsked | Self::Given | Self::Refused | Self::Disagreed | Self::Excepted => false,
        }
    }
}

/// Who writes the texts of an organisation.
const WRITERS: &[Standing] = &[Standing::Manager, Standing::Officer];
/// Who takes a consent back: as easily as it was given (GDPR art. 7.3).
const EITHER: &[Standing] = &[Standing::Participant, Standing::Representative, Standing::Manager, Standing::Officer];

impl Lifecycle for ConsentTextStatus {
    const MOVES: &'static [Move<Self>] = &[
        Move { from: Self::Draft, to: Self::Published, by: WRITERS, reason: Reason::Optional },
        Move { from: Self::Published, to: Self::Retired, by: WRITERS, reason: Reason::Optional },
    ];

    fn code(self) -> &'static str {
        Self::code(self)
    }
}

impl Lifecycle for ConsentStatus {
    const MOVES: &'static [Move<Self>] =
        &[Move { from: Self::Standing, to: Self::Withdrawn, by: EITHER, reason: Reason::Optional }];

    fn code(self) -> &'static str {
        Self::code(self)
    }
}
