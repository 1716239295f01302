//! Rows.

pub(crate) mod experience_approaches;
pub(crate) mod experience_offers;
pub(crate) mod experience_profiles;
pub(crate) mod experience_requests;
