//! participants
pub mod operations;
