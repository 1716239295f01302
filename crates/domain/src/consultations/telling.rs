//! What people who were asked are told of a report-back, one by one: by mail, on the
//! telephone, on a visit. Everybody who was invited stands on it, so that it tells
//! nothing of who answered.

use chrono::NaiveDate;

use crate::participants::AttemptOutcome;
use crate::refusal::Refusal;

/// How it stands with telling somebody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TellingState {
    /// The day on which they were told by somebody.
    pub told_on: Option<NaiveDate>,
    /// A newer report-back, or a newer version of this one, takes its place.
    pub superseded: bool,
}

impl TellingState {
    /// The same after a call or a visit on that day; whoever was spoken to was told.
    ///
    /// # Errors
    /// `telling.superseded`, `telling.told` (409).
    pub fn tried(self, outcome: AttemptOutcome, on: NaiveDate) -> Result<Self, Refusal> {
        if self.superseded {
            return Err(Refusal::Conflict("telling.superseded"));
        }
        if self.told_on.is_some() {
            return Err(Refusal::Conflict("telling.told"));
        }
        match outcome {
            AttemptOutcome::Reached => Ok(Self { told_on: Some(on), ..self }),
            AttemptOutcome::NotReached | AttemptOutcome::CallBack => Ok(self),
        }
    }
}

/// When the organisation is warned about the day on which people hear back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueWarning {
    /// Before it: so much is left.
    Soon,
    /// Once it passed.
    Passed,
}

impl DueWarning {
    /// The word that it is kept by.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Soon => "soon",
            Self::Passed => "passed",
        }
    }

    /// Which warning is due on this day, so many days before the day itself; none where
    /// there is more time.
    pub fn due(due_on: NaiveDate, days_before: u32, today: NaiveDate) -> Option<Self> {
        if today > due_on {
            return Some(Self::Passed);
        }
        ((due_on - today).num_days() <= i64::from(days_before)).then_some(Self::Soon)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consultations::samples::day;

    #[test]
    fn whoever_was_spoken_to_was_told_once() {
        let waits = TellingState::default();
        assert_eq!(waits.tried(AttemptOutcome::NotReached, day(2026, 5, 1)), Ok(waits));
        assert_eq!(waits.tried(AttemptOutcome::CallBack, day(2026, 5, 1)), Ok(waits));
        let told = waits.tried(AttemptOutcome::Reached, day(2026, 5, 2)).unwrap();
        assert_eq!(told.told_on, Some(day(2026, 5, 2)));
        assert_eq!(told.tried(AttemptOutcome::Reached, day(2026, 5, 3)), Err(Refusal::Conflict("telling.told")));
        let old = TellingState { superseded: true, ..waits };
        assert_eq!(old.tried(AttemptOutcome::Reached, day(2026, 5, 3)), Err(Refusal::Conflict("telling.superseded")));
    }

    #[test]
    fn a_warning_comes_before_the_day_and_when_it_passed() {
        let on = |today| DueWarning::due(day(2026, 5, 20), 7, today);
        assert_eq!(on(day(2026, 5, 12)), None);
        assert_eq!(on(day(2026, 5, 13)), Some(DueWarning::Soon));
        assert_eq!(on(day(2026, 5, 20)), Some(DueWarning::Soon));
        assert_eq!(on(day(2026, 5, 21)), Some(DueWarning::Passed));
        assert_eq!(DueWarning::due(day(2026, 5, 20), 0, day(2026, 5, 19)), None);
    }
}
