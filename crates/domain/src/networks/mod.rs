//! Networks: groups of people who participate together.

pub mod operations;
mod vocabulary;

pub use vocabulary::{Expertise, NetworkKind, Perspective, Ring, Rung};
