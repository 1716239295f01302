//! Programmes and their documents.

pub mod document;
pub(crate) mod entity;
pub mod programme;
