//! Participants: persons who take part, with or without an account.

pub mod operations;
mod vocabulary;

pub use vocabulary::Channel;
