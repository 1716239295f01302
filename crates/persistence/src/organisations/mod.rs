//! Organisations, regions, information pages.

pub(crate) mod entity;
pub mod organisation;
pub mod page;
pub mod region;
