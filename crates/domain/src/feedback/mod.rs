//! Feedback (inbreng): what people bring themselves, and what became of it.

mod entry;
mod moves;
pub mod operations;
mod vocabulary;

pub use entry::{Addressee, Author, Feedback, OfficialResponse};
pub use moves::{ANSWER_WEEKS, MoveFacts, Mover, allowed, transition};
pub use vocabulary::{FeedbackKind, FeedbackStatus, Removal};
