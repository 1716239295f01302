//! Recruitment: campaigns, how people were reached, and who answered.

pub mod batch;
pub mod campaign;
pub mod candidate;
pub(crate) mod entity;
