//! What is configured for asking people, and for telling them what came of it.

use serde::Deserialize;
use validator::Validate;

/// How often people may be asked, over all networks.
#[derive(Debug, Clone, Copy, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Burden {
    /// For how many days being asked counts.
    #[validate(range(min = 1, max = 731))]
    pub window_days: u32,
    /// The most times within it; none where only networks and people set one.
    #[validate(range(min = 1, max = 1000))]
    pub ceiling: Option<i32>,
}

impl Burden {
    /// Every key with what holds for it.
    pub(crate) fn to_lines(self) -> [String; 2] {
        let ceiling = self.ceiling.map(|times| times.to_string()).unwrap_or_default();
        [format!("burden.window_days = {}", self.window_days), format!("burden.ceiling = {ceiling}")]
    }
}

/// What is done for people to hear back in time.
#[derive(Debug, Clone, Copy, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct ReportBacks {
    /// How many days before the day on which people hear back the organisation is warned.
    #[validate(range(min = 1, max = 90))]
    pub warning_days: u32,
}

impl ReportBacks {
    /// Every key with what holds for it.
    pub(crate) fn to_lines(self) -> [String; 1] {
        [format!("report_backs.warning_days = {}", self.warning_days)]
    }
}

/// Until when people are asked to answer, and how they are reminded.
#[derive(Debug, Clone, Copy, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Asking {
    /// How many days people are given to answer, where the consultation doesn't say.
    #[validate(range(min = 1, max = 366))]
    pub answer_days: u32,
    /// The most reminders that go out by themselves; 0: none.
    #[validate(range(max = 5))]
    pub reminders: u32,
    /// How many days lie between a reminder and somebody's own deadline, and between two
    /// reminders.
    #[validate(range(min = 1, max = 90))]
    pub reminder_days: u32,
}

impl Asking {
    /// Every key with what holds for it.
    pub(crate) fn to_lines(self) -> [String; 3] {
        [
            format!("asking.answer_days = {}", self.answer_days),
            format!("asking.reminders = {}", self.reminders),
            format!("asking.reminder_days = {}", self.reminder_days),
        ]
    }
}
