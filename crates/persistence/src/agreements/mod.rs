//! Agreements, and what was done of what they promise.

pub mod agreement;
pub mod deeds;
pub(crate) mod entity;
