//! organisations
pub mod operations;
