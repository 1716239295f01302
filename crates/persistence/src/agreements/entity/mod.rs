//! Rows.

pub(crate) mod agreement_parties;
pub(crate) mod agreements;
