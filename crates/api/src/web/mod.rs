//! Mechanics that every context shares: the order of checks, the contract that
//! is published and enforced, answers, problems, pages, texts.

mod accept;
mod acting;
pub mod address;
pub mod answer;
pub(crate) mod bearer;
pub mod call;
pub mod cell;
pub mod contract;
pub mod cors;
pub mod csv;
pub mod document;
pub mod envelope;
pub mod etag;
mod faults;
pub mod gate;
pub mod health;
pub mod language;
pub mod limits;
pub mod messages;
pub mod page;
pub mod patch;
pub mod problem;
mod query;
pub(crate) mod routes;
pub mod swagger;
pub mod text;
pub mod token_refusal;
pub mod transition;
pub mod workbook;

pub use answer::Answer;
pub use call::Call;
pub use problem::Problem;
