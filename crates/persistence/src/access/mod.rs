//! Accounts, sessions, one-time codes, roles.

pub mod accounts;
pub mod codes;
pub(crate) mod entity;
pub mod grants;
pub mod rights;
pub mod sessions;

pub use accounts::{Account, NewAccount};
pub use grants::{Grant, NewGrant};
pub use sessions::{NewSession, Session};
