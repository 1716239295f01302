//! Rows.

pub(crate) mod memberships;
pub(crate) mod participant_contacts;
pub(crate) mod participants;
