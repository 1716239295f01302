//! Rows.

pub(crate) mod accounts;
pub(crate) mod client_credentials;
pub(crate) mod clients;
pub(crate) mod external_identities;
pub(crate) mod grants;
pub(crate) mod role_invitations;
pub(crate) mod second_factors;
pub(crate) mod sessions;
pub(crate) mod sign_in_codes;
pub(crate) mod sign_in_origins;
pub(crate) mod used_refresh_tokens;
