//! feedback
pub mod operations;
