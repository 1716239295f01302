//! Consents with their texts, and what stands of them.

pub mod consent;
pub mod consent_text;
pub(crate) mod entity;
pub mod standing;
