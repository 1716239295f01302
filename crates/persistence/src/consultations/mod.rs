//! Consultations: what is asked, who was asked, what they answered, what they
//! heard back.

pub mod burden;
mod codec;
pub mod consultation;
pub mod due;
pub(crate) mod entity;
pub mod invitation;
pub mod kiosk;
pub mod mine;
pub mod report_back;
pub mod response;
pub mod setting;
pub mod visible;

pub(crate) use codec::without_text;
