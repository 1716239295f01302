//! Consultations: what is asked, who was asked, what they answered, what they
//! heard back.

pub mod ask;
pub mod ballot;
pub mod ballot_code;
mod ballot_content;
pub mod burden;
pub mod characteristics;
pub mod closing_round;
mod codec;
pub mod coding;
pub mod consultation;
mod counted;
pub mod due;
pub(crate) mod entity;
pub mod extension;
pub mod input_session;
pub mod invitation;
mod kind_codec;
pub mod kiosk;
pub mod library_question;
pub mod link;
pub mod medium;
pub mod mine;
mod placement_codec;
pub mod promises;
pub mod report_back;
pub mod report_back_version;
pub mod response;
pub mod sample;
pub mod sealed;
pub mod sealing;
pub mod session_note;
pub mod setting;
pub mod snapshot;
pub mod telling;
pub mod telling_attempt;
pub mod visible;
pub mod warning;

pub use ballot_content::Written;
pub(crate) use codec::without_text;
