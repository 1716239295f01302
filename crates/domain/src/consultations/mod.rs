//! consultations
pub mod operations;
