//! Rows.

pub(crate) mod recruitment_batches;
pub(crate) mod recruitment_campaigns;
pub(crate) mod recruitment_candidates;
pub(crate) mod recruitment_codes;
