//! Rows.

pub(crate) mod feedback;
pub(crate) mod official_responses;
pub(crate) mod supports;
