//! Accounts, sessions, one-time codes, second factors, roles, identities at other issuers; clients and their credentials.

pub mod accounts;
pub mod audit;
pub mod clients;
pub mod codes;
pub mod credentials;
pub(crate) mod entity;
pub mod grants;
pub mod identities;
pub mod machines;
pub mod origins;
pub mod review;
pub mod rights;
pub mod role_invitations;
pub mod second_factors;
pub mod sessions;

pub use accounts::{Account, NewAccount};
pub use credentials::{KeptCredential, NewCredential};
pub use grants::{Grant, NewGrant};
pub use machines::{Bearer, Known};
pub use role_invitations::{NewRoleInvitation, RoleInvitation};
pub use second_factors::SecondFactor;
pub use sessions::{Method, NewSession, Session};
