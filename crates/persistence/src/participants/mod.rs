//! Participants and memberships.

pub(crate) mod entity;
pub mod membership;
pub mod participant;
mod sealed_contact;
pub mod speaking;
