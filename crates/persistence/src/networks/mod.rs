//! Networks: their tree, and who is in them, counted.

pub mod composition;
pub(crate) mod entity;
pub mod network;
mod tree;
