//! The only crate that knows SQL: rows, queries and the unit of work.
//!
//! Functions here take a [`Source`] (a reader or a running [`Tx`]) and give
//! values of the domain; entities never leave this crate.

#![deny(missing_docs)]

pub mod access;
pub mod agreements;
pub mod compensation;
pub mod consultations;
pub mod demo;
pub mod experience;
pub mod feedback;
pub mod networks;
pub mod organisations;
pub mod participants;
pub mod privacy;
pub mod programmes;
pub mod recruitment;
pub mod store;

pub use store::{
    Act, Connection, Failure, Ids, KeyFolder, Keys, Page, PageRequest, Progress, Reader, Repeat, Source, Store, Stored,
    Tx, UNDER_CONTACT_KEYS, UnderContactKeys,
};
