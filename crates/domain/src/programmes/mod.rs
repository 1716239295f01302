//! programmes
pub mod operations;
