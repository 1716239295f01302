//! Participants: persons who take part, with or without an account, their
//! memberships of networks, and who represents them in law.

mod age;
mod burden;
mod invitation;
mod membership;
#[cfg(test)]
mod membership_tests;
pub mod operations;
mod participant;
mod representative;
#[cfg(test)]
mod representative_tests;
mod turned;
mod verification;
mod vocabulary;

pub use age::{AgeBand, Birth};
pub use burden::{AskCeilings, LOAD_STEPS, MayBeAsked, counts_from, load, lowest_of, may_be_asked};
pub use invitation::{
    AttemptOutcome, ContactChannel, Invitation, InvitationAnswer, InvitationText, ReminderTerms, answered_before,
    by_link, waits,
};
pub use membership::{Member, Membership, MembershipRole, MembershipStatus};
pub use participant::{AddressDue, Contact, KEEPERS, Participant, Shown, address_due};
pub use representative::{
    Evidence, LegalRepresentative, OF_OWN_VOICE, Representation, RepresentationEvidence, RepresentationStatus,
    RepresentativeKind,
};
pub use turned::{Age, ProvenAge, Turned};
pub use verification::{ContactVerification, opens};
pub use vocabulary::{AccessNeed, Channel, ContactKind, ContactOf, ContactTime, VerificationMethod};
