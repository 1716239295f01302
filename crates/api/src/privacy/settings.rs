//! What is configured of ages that law hangs on, and of how long people are kept.

use serde::Deserialize;
use validator::Validate;

/// Ages. Years.
#[derive(Debug, Clone, Copy, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Ages {
    /// From which age on people consent themselves.
    #[validate(range(min = 13, max = 16))]
    pub consent: i32,
    /// How many days before somebody turns 16 an address of their own is asked.
    #[validate(range(min = 1, max = 365))]
    pub ask_address_days: u32,
}

/// How long what is known of people is kept once they no longer take part.
#[derive(Debug, Clone, Copy, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Months after the last thing that happened with them.
    #[validate(range(min = 1, max = 240))]
    pub months: u32,
    /// How many days before it goes they are told.
    #[validate(range(min = 7, max = 365))]
    pub warning_days: u32,
}

impl Retention {
    /// Every key with what holds for it.
    pub(crate) fn to_lines(self) -> [String; 2] {
        [format!("retention.months = {}", self.months), format!("retention.warning_days = {}", self.warning_days)]
    }
}

impl Ages {
    /// Every key with what holds for it.
    pub(crate) fn to_lines(self) -> [String; 2] {
        [format!("age.consent = {}", self.consent), format!("age.ask_address_days = {}", self.ask_address_days)]
    }
}
