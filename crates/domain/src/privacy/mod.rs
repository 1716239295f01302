//! Privacy: what people are asked to consent to, and what stands of it, and what
//! they ask of their own data.

mod consent;
#[cfg(test)]
mod consent_tests;
mod consent_text;
mod data_request;
pub mod operations;
mod standing;
mod vocabulary;

pub use self::consent::{Consent, ConsentMove};
pub use self::consent_text::{Asked, ConsentText};
pub use self::data_request::{DataRequest, DataRequestAsker, DataRequestKind, DataRequestMove, DataRequestStatus};
pub use self::standing::{ConsentFacts, consent_state, own_voice};
pub use self::vocabulary::{
    ConsentAnswer, ConsentGiver, ConsentPurpose, ConsentState, ConsentStatus, ConsentTextStatus,
};
