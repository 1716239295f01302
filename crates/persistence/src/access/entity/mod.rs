//! Rows.

#![expect(unreachable_pub, reason = "the derives of the rows make everything public; the room itself is closed")]

pub(crate) mod accounts;
pub(crate) mod grants;
pub(crate) mod sessions;
pub(crate) mod sign_in_codes;
