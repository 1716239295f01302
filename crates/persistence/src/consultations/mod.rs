//! Consultations: what is asked, who was asked, what they answered, what they
//! heard back.

pub mod ask;
pub mod ballot;
pub mod ballot_code;
mod ballot_content;
pub mod burden;
mod codec;
pub mod consultation;
pub mod due;
pub(crate) mod entity;
pub mod extension;
pub mod invitation;
pub mod kiosk;
pub mod link;
pub mod mine;
pub mod report_back;
pub mod response;
pub mod sample;
pub mod sealed;
pub mod sealing;
pub mod setting;
pub mod visible;

pub use ballot_content::Written;
pub(crate) use codec::without_text;
