//! What is configured of ages that law hangs on.

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

impl Ages {
    /// Every key with what holds for it.
    pub(crate) fn to_lines(self) -> [String; 2] {
        [format!("age.consent = {}", self.consent), format!("age.ask_address_days = {}", self.ask_address_days)]
    }
}
