//! Rows.

pub(crate) mod claim_lines;
pub(crate) mod claims;
pub(crate) mod compensation_rates;
