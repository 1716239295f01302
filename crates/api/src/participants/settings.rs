//! What is configured of invitations to networks.

use serde::Deserialize;
use validator::Validate;

/// How long the link to an invitation works, and how people are reminded.
#[derive(Debug, Clone, Copy, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Invitations {
    /// How many days a link that came by mail works.
    #[validate(range(min = 1, max = 90))]
    pub days: i64,
    /// How many days lie between an invitation and a reminder, and between two of those.
    #[validate(range(min = 1, max = 365))]
    pub reminder_after_days: u32,
    /// The most reminders that go out by themselves; 0: none.
    #[validate(range(max = 5))]
    pub reminders: u32,
}

impl Invitations {
    /// Every key with what holds for it.
    pub(crate) fn to_lines(self) -> [String; 3] {
        [
            format!("invitations.days = {}", self.days),
            format!("invitations.reminder_after_days = {}", self.reminder_after_days),
            format!("invitations.reminders = {}", self.reminders),
        ]
    }
}
