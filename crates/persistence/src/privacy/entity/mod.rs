//! Rows.

pub(crate) mod consent_texts;
pub(crate) mod consents;
pub(crate) mod data_exports;
pub(crate) mod data_requests;
pub(crate) mod retention_notices;
