//! Consents with their texts, and what stands of them; what people ask of their own
//! data, and the map by which it is found.

pub mod consent;
pub mod consent_text;
pub mod data_export;
pub mod data_request;
pub(crate) mod entity;
pub mod map;
pub mod retention;
pub mod standing;
pub mod subject;
