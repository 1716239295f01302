//! Accounts, sessions, one-time codes, second factors, roles.

pub mod accounts;
pub(crate) mod entity;
pub mod grants;
pub mod origins;
pub mod rights;
pub mod second_factors;
pub mod sessions;

pub use accounts::{Account, NewAccount};
pub use grants::{Grant, NewGrant};
pub use second_factors::SecondFactor;
pub use sessions::{Method, NewSession, Session};
