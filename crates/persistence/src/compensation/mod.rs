//! Rates and claims.

pub mod claim;
pub(crate) mod entity;
pub mod rate;
mod sight;
pub mod work;

pub use sight::ClaimSight;
