//! Rows.

pub(crate) mod legal_representatives;
pub(crate) mod memberships;
pub(crate) mod participant_contacts;
pub(crate) mod participants;
