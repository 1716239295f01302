//! The experience directory: what people can bring, who asks for it, whom it is put before,
//! and who said yes.

pub mod approach;
pub(crate) mod entity;
pub mod matching;
pub mod offer;
pub mod profile;
pub mod request;
