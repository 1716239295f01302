//! Participants, memberships and legal representatives.

pub mod code_session;
pub mod contact_attempt;
pub(crate) mod entity;
pub mod erased;
pub mod membership;
pub mod membership_invitation;
pub mod participant;
pub mod representative;
mod sealed_contact;
pub mod speaking;
pub mod verification;
