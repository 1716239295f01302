//! Rows.

pub(crate) mod code_sessions;
pub(crate) mod contact_attempts;
pub(crate) mod contact_verifications;
pub(crate) mod legal_representatives;
pub(crate) mod membership_invitations;
pub(crate) mod memberships;
pub(crate) mod participant_contacts;
pub(crate) mod participants;
