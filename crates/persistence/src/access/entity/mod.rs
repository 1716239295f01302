//! Rows.

pub(crate) mod accounts;
pub(crate) mod grants;
pub(crate) mod sessions;
pub(crate) mod sign_in_codes;
