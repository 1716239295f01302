//! Feedback, supports, official responses.

pub(crate) mod entity;
pub mod entry;
pub mod response;
pub mod sight;
pub mod support;
