//! Participants: persons who take part, with or without an account, and their
//! memberships of networks.

mod age;
mod membership;
#[cfg(test)]
mod membership_tests;
pub mod operations;
mod participant;
mod vocabulary;

pub use age::{AgeBand, Birth};
pub use membership::{Member, Membership, MembershipRole, MembershipStatus, ORGANISERS};
pub use participant::{Contact, KEEPERS, Participant, Shown};
pub use vocabulary::Channel;
