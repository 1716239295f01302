//! The audit trail: that nothing goes without, that nothing of it can be changed
//! unseen, who reads it, and how long it is kept.

mod coverage;
pub mod database;
mod race;
mod reading;
mod retention;
mod tampering;
