//! Rows.

pub(crate) mod consent_texts;
pub(crate) mod consents;
