//! The words of agreements (afspraken).

use crate::lifecycle::{Lifecycle, Move, Reason};
use crate::policy::Standing;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// Where an agreement stands.
    AgreementStatus {
        /// Every party has yet to say yes, or some.
        Proposed => "proposed",
        /// Every party said yes: it holds.
        Accepted => "accepted",
        /// A party said no.
        Declined => "declined",
        /// It held once.
        Ended => "ended",
    }
}

vocabulary! {
    /// Who promises something.
    PartyKind {
        /// The member whose agreement it is.
        Participant => "participant",
        /// An organisation: the network's host, or one that takes part in it.
        Organisation => "organisation",
        /// The network itself: a council is its own party.
        Network => "network",
    }
}

/// Who keeps a network's agreements; in a council its own chair and secretary.
pub const AGREEMENT_KEEPERS: &[Standing] =
    &[Standing::Manager, Standing::Officer, Standing::Coordinator, Standing::Chair, Standing::Secretary];
/// Whoever is a party, or speaks for one.
pub(super) const PARTIES: &[Standing] = &[
    Standing::Manager,
    Standing::Officer,
    Standing::Coordinator,
    Standing::Chair,
    Standing::Secretary,
    Standing::Participant,
    Standing::Representative,
    Standing::Partner,
];

impl Lifecycle for AgreementStatus {
    // That it is accepted follows from its parties: nobody moves it there.
    const MOVES: &'static [Move<Self>] = &[
        Move { from: Self::Proposed, to: Self::Declined, by: PARTIES, reason: Reason::Optional },
        Move { from: Self::Accepted, to: Self::Ended, by: PARTIES, reason: Reason::Required },
    ];

    fn code(self) -> &'static str {
        Self::code(self)
    }
}
