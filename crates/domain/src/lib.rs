//! The vocabulary and the rules of client participation.
//!
//! Everything here is pure: no I/O, no clock, no randomness, no async. Time,
//! identifiers and facts come in as values; decisions come out as values.
//! The words are those of the field (see `docs/glossary.md`).

#![deny(missing_docs, clippy::wildcard_enum_match_arm)]

pub mod access;
pub mod agreements;
pub mod calendar;
pub mod cells;
pub mod compensation;
pub mod consultations;
pub mod experience;
pub mod feedback;
pub mod lifecycle;
pub mod link;
pub mod networks;
pub mod organisations;
pub mod participants;
pub mod policy;
pub mod privacy;
pub mod programmes;
pub mod recruitment;
pub mod refusal;
pub mod text;
pub mod typed;
mod vocabulary;
#[cfg(test)]
mod walks;

pub use cells::{Cell, Why, protect_total};
pub use refusal::{Fault, FaultIn, Refusal};
pub use text::{Text, Texts};
pub use vocabulary::UnknownCode;
