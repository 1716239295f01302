//! Rows of this context.

pub mod claim_lines;
pub mod claims;
pub mod compensation_rates;
