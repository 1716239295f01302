//! The unit of work and what every context shares: connections, keys, texts as
//! columns, pages, histories, the audit trail.

pub mod audit;
mod ballots;
mod codec;
mod connect;
mod contact_keys;
pub(crate) mod entity;
mod failure;
pub mod history;
pub mod keys;
pub mod mails;
mod mixing;
pub mod outbox;
mod page;
pub mod repeat;
mod rotation;
pub mod rows;
mod sealed;
mod tombstone;
mod tx;
mod write;

pub use ballots::BallotTx;
pub(crate) use ballots::leads_to;
pub(crate) use codec::{TextRow, from_json, optional, parse, read_texts, text_rows, texts_of, to_json, write_texts};
pub use connect::{Connection, Store};
pub(crate) use contact_keys::ContactSealer;
pub use failure::Failure;
pub use keys::{KeyFolder, Keys};
pub(crate) use page::{Keyset, fetch_page, keyset};
pub use page::{Page, PageRequest, Sort, SortKey};
pub use repeat::{KeptAnswer, Repeat};
pub use rotation::{Progress, UNDER_CONTACT_KEYS, UnderContactKeys};
pub use rows::Stored;
pub use tombstone::bury;
pub use tx::{Act, Ids, Reader, Source, Tx};
