//! networks
pub mod operations;
