//! Accounts, sessions, one-time codes, roles; clients and their credentials.

pub mod accounts;
pub mod audit;
pub mod clients;
pub mod credentials;
pub(crate) mod entity;
pub mod grants;
pub mod machines;
pub mod review;
pub mod rights;
pub mod sessions;

pub use accounts::{Account, NewAccount};
pub use credentials::{KeptCredential, NewCredential};
pub use grants::{Grant, NewGrant};
pub use machines::{Bearer, Known};
pub use sessions::{NewSession, Session};
