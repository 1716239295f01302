//! What an organisation asks: somebody's experience, for what, when, and for what in return.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{ExperienceForm, ExperiencePlace, ExperienceReach, ExperienceRequestStatus, ExperienceTheme};
use crate::calendar::reversed;
use crate::lifecycle::{self, Lifecycle, Move, Reason};
use crate::organisations::is_municipality_code;
use crate::policy::{Roles, Standing};
use crate::refusal::{Fault, Refusal};
use crate::text::Texts;

/// Who asks for an organisation; a coordinator for the network that they run.
pub const ASKERS: &[Standing] = &[Standing::Manager, Standing::Officer, Standing::Coordinator];

impl Lifecycle for ExperienceRequestStatus {
    const MOVES: &'static [Move<Self>] = &[
        Move { from: Self::Draft, to: Self::Open, by: ASKERS, reason: Reason::Optional },
        Move { from: Self::Open, to: Self::Closed, by: ASKERS, reason: Reason::Optional },
        Move { from: Self::Open, to: Self::Withdrawn, by: ASKERS, reason: Reason::Required },
    ];

    fn code(self) -> &'static str {
        Self::code(self)
    }
}

/// A request for somebody's experience (ervaringsvraag).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExperienceRequest {
    /// Its id.
    pub id: Uuid,
    /// Who asks.
    pub organisation_id: Uuid,
    /// For which of its networks.
    pub network_id: Option<Uuid>,
    /// What it is called.
    pub title: Texts,
    /// What it is for.
    pub purpose: Texts,
    /// About what: one of these is enough.
    pub themes: Vec<ExperienceTheme>,
    /// In which forms: one of these is enough.
    pub forms: Vec<ExperienceForm>,
    /// The first day on which somebody is needed.
    pub starts_on: Option<NaiveDate>,
    /// The last day.
    pub ends_on: Option<NaiveDate>,
    /// How long it takes in a month. Minutes.
    pub minutes_per_month: Option<i32>,
    /// What is given in return.
    pub compensation: Option<Texts>,
    /// Where it can be done; none: either.
    pub places: Vec<ExperiencePlace>,
    /// CBS code of the municipality in which it is.
    pub municipality: Option<String>,
    /// The last day on which people can answer.
    pub answer_due_on: Option<NaiveDate>,
    /// Where it stands.
    pub status: ExperienceRequestStatus,
    /// How many it reached, since it was opened.
    pub reach: Option<ExperienceReach>,
}

impl ExperienceRequest {
    /// What is wrong with it, all at once: `experience.repeated`, `municipality.malformed`,
    /// `period.reversed`.
    pub fn check(&self) -> Vec<Fault> {
        let mut faults = Fault::repeated(&self.themes, "/themes", "experience.repeated");
        faults.extend(Fault::repeated(&self.forms, "/forms", "experience.repeated"));
        faults.extend(Fault::repeated(&self.places, "/places", "experience.repeated"));
        if self.municipality.as_deref().is_some_and(|code| !is_municipality_code(code)) {
            faults.push(Fault::body("/municipality", "municipality.malformed"));
        }
        if reversed(self.starts_on, self.ends_on) {
            faults.push(Fault::body("/endsOn", "period.reversed"));
        }
        faults
    }

    /// That it may still change, or go.
    ///
    /// # Errors
    /// `experience.not_draft` (409).
    pub fn may_change(&self) -> Result<(), Refusal> {
        let draft = self.status == ExperienceRequestStatus::Draft;
        if draft { Ok(()) } else { Err(Refusal::Conflict("experience.not_draft")) }
    }

    /// Moves it on. Opening needs what people must know before they answer: about what, in
    /// which form, how long, what is given in return, and until when they can say so.
    ///
    /// # Errors
    /// Those of [`lifecycle::take`]; [`Refusal::Incomplete`] with `experience.missing` and
    /// `experience.answer_due_past`.
    pub fn take(
        mut self,
        to: ExperienceRequestStatus,
        (roles, reason): (Roles, Option<&str>),
        today: NaiveDate,
    ) -> Result<Self, Refusal> {
        self.status = lifecycle::take(self.status, to, roles, reason)?;
        if to != ExperienceRequestStatus::Open {
            return Ok(self);
        }
        let missing = [
            ("/themes", self.themes.is_empty()),
            ("/forms", self.forms.is_empty()),
            ("/minutesPerMonth", self.minutes_per_month.is_none()),
            ("/compensation", self.compensation.is_none()),
            ("/answerDueOn", self.answer_due_on.is_none()),
        ];
        let missing = missing.into_iter().filter(|(_, missing)| *missing);
        let mut faults: Vec<Fault> = missing.map(|(at, _)| Fault::resource(at, "experience.missing")).collect();
        if self.answer_due_on.is_some_and(|day| day < today) {
            faults.push(Fault::resource("/answerDueOn", "experience.answer_due_past"));
        }
        faults.sort();
        if faults.is_empty() { Ok(self) } else { Err(Refusal::Incomplete(faults)) }
    }

    /// Whether people can answer on this day.
    pub fn takes_answers(&self, day: NaiveDate) -> bool {
        self.status == ExperienceRequestStatus::Open && self.answer_due_on.is_none_or(|last| day <= last)
    }

    /// Whether those who said yes are in sight of who asked.
    pub const fn shows_offers(&self) -> bool {
        matches!(self.status, ExperienceRequestStatus::Open | ExperienceRequestStatus::Closed)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::walks;

    pub(crate) fn request() -> ExperienceRequest {
        ExperienceRequest {
            id: Uuid::from_u128(1),
            organisation_id: Uuid::from_u128(2),
            network_id: None,
            title: Texts::plain("nl", "Meelezen"),
            purpose: Texts::plain("nl", "Een folder."),
            themes: vec![ExperienceTheme::FosterCare],
            forms: vec![ExperienceForm::CoReading],
            starts_on: None,
            ends_on: None,
            minutes_per_month: Some(120),
            compensation: Some(Texts::plain("nl", "Een vergoeding.")),
            places: Vec::new(),
            municipality: None,
            answer_due_on: Some("2026-12-10".parse().unwrap()),
            status: ExperienceRequestStatus::Draft,
            reach: None,
        }
    }

    #[test]
    fn opening_names_all_that_is_missing() {
        let today = "2026-11-26".parse().unwrap();
        let by = || (Roles::of(&[Standing::Officer]), None);
        let bare = ExperienceRequest { themes: Vec::new(), compensation: None, answer_due_on: None, ..request() };
        let Err(Refusal::Incomplete(faults)) = bare.take(ExperienceRequestStatus::Open, by(), today) else { panic!() };
        let at: Vec<_> = faults.iter().map(|fault| fault.location.as_str()).collect();
        assert_eq!(at, ["/answerDueOn", "/compensation", "/themes"]);
        let late = ExperienceRequest { answer_due_on: Some("2026-11-25".parse().unwrap()), ..request() };
        assert!(matches!(late.take(ExperienceRequestStatus::Open, by(), today), Err(Refusal::Incomplete(_))));
        let open = request().take(ExperienceRequestStatus::Open, by(), today).unwrap();
        assert!(
            open.takes_answers("2026-12-10".parse().unwrap()) && !open.takes_answers("2026-12-11".parse().unwrap())
        );
        assert_eq!(open.may_change(), Err(Refusal::Conflict("experience.not_draft")));
        let nobody = (Roles::of(&[Standing::Member]), None);
        assert_eq!(open.take(ExperienceRequestStatus::Closed, nobody, today), Err(Refusal::Forbidden));
    }

    const LEGAL: &[(&str, &str)] = &[("draft", "open"), ("open", "closed"), ("open", "withdrawn")];

    #[test]
    fn the_table_is_that_of_the_design() {
        walks::table_is::<ExperienceRequestStatus>(LEGAL, &[("open", "withdrawn")]);
    }

    proptest! {
        #[test]
        fn no_walk_leaves_the_table(attempts in prop::collection::vec(any::<walks::Attempt>(), 0..40)) {
            walks::walk(ExperienceRequestStatus::Draft, ExperienceRequestStatus::ALL, LEGAL, &attempts);
        }
    }
}
