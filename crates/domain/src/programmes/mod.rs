//! Programmes: the frame under which networks and consultations hang, and the
//! documents that they work towards.

mod document;
pub mod operations;
mod programme;

pub use document::{DocumentKind, DocumentVersion, ProgrammeDocument};
pub use programme::{Milestone, Phase, Pillar, Product, Programme};
