//! Consultations: what is asked, who was asked, what they answered, what they
//! heard back.

pub mod ballot;
pub mod ballot_code;
mod ballot_content;
pub mod burden;
pub mod characteristics;
mod codec;
pub mod consultation;
mod counted;
pub mod due;
pub(crate) mod entity;
pub mod invitation;
pub mod kiosk;
pub mod mine;
pub mod report_back;
pub mod response;
pub mod sealed;
pub mod sealing;
pub mod setting;
pub mod snapshot;
pub mod visible;

pub use ballot_content::Written;
pub(crate) use codec::without_text;
