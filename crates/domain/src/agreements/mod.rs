//! Agreements (afspraken): what participants, professionals and organisations promise each
//! other, and what was kept of it.

mod agreement;
#[cfg(test)]
mod agreement_tests;
mod kept;
pub mod operations;
mod vocabulary;

pub use self::agreement::{Acceptance, Agreement, Answering, Party, Promises};
pub use self::kept::{Deeds, Kept, kept};
pub use self::vocabulary::{AGREEMENT_KEEPERS, AgreementStatus, PartyKind};
