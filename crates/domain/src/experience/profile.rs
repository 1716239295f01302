//! What somebody can bring, and whether they want to be approached for it.

use chrono::{Datelike as _, NaiveDate};
use uuid::Uuid;

use super::{ExperienceDayPart, ExperienceForm, ExperiencePlace, ExperienceTheme};
use crate::organisations::is_municipality_code;
use crate::participants::Age;
use crate::policy::{Roles, Standing};
use crate::privacy::own_voice;
use crate::refusal::{Fault, Refusal};
use crate::text::Texts;

/// No training here is older. The year.
const FIRST_YEAR: i32 = 1950;

/// A training that somebody followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExperienceTraining {
    /// What it is called.
    pub name: String,
    /// Who gave it.
    pub given_by: Option<String>,
    /// In which year they finished it.
    pub year: Option<i32>,
    /// Whether they have a certificate.
    pub certified: bool,
}

/// What somebody can bring (ervaringsprofiel): one for each participant, empty until it is
/// written. Nobody but the person, who represents them and who registered them reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExperienceProfile {
    /// Whose it is.
    pub participant_id: Uuid,
    /// The organisation that registered them.
    pub organisation_id: Uuid,
    /// What they know about.
    pub themes: Vec<ExperienceTheme>,
    /// The same in their own words.
    pub own_words: Option<Texts>,
    /// In which forms they bring it.
    pub forms: Vec<ExperienceForm>,
    /// When in the week they can; none: it isn't said.
    pub day_parts: Vec<ExperienceDayPart>,
    /// How long they can in a month at most. Minutes.
    pub minutes_per_month: Option<i32>,
    /// Where they can; none: it isn't said.
    pub places: Vec<ExperiencePlace>,
    /// CBS codes of the municipalities to which they would come; none: all.
    pub municipalities: Vec<String>,
    /// The trainings that they followed.
    pub trainings: Vec<ExperienceTraining>,
    /// Whether they want to be approached; not, unless somebody said so.
    pub approachable: bool,
    /// Since which day.
    pub approachable_since_on: Option<NaiveDate>,
}

impl ExperienceProfile {
    /// That of somebody who wrote nothing.
    pub const fn empty(participant_id: Uuid, organisation_id: Uuid) -> Self {
        Self {
            participant_id,
            organisation_id,
            themes: Vec::new(),
            own_words: None,
            forms: Vec::new(),
            day_parts: Vec::new(),
            minutes_per_month: None,
            places: Vec::new(),
            municipalities: Vec::new(),
            trainings: Vec::new(),
            approachable: false,
            approachable_since_on: None,
        }
    }

    /// What is wrong with it, all at once: `experience.repeated`, `municipality.malformed`,
    /// `experience.training_blank`, `experience.training_year`.
    pub fn check(&self, today: NaiveDate) -> Vec<Fault> {
        let mut faults = Fault::repeated(&self.themes, "/themes", "experience.repeated");
        faults.extend(Fault::repeated(&self.forms, "/forms", "experience.repeated"));
        faults.extend(Fault::repeated(&self.day_parts, "/dayParts", "experience.repeated"));
        faults.extend(Fault::repeated(&self.places, "/places", "experience.repeated"));
        faults.extend(Fault::repeated(&self.municipalities, "/municipalities", "experience.repeated"));
        for (index, code) in self.municipalities.iter().enumerate() {
            if !is_municipality_code(code) {
                faults.push(Fault::body(format!("/municipalities/{index}"), "municipality.malformed"));
            }
        }
        for (index, training) in self.trainings.iter().enumerate() {
            let blank = |text: &str| text.trim().is_empty();
            if blank(&training.name) {
                faults.push(Fault::body(format!("/trainings/{index}/name"), "experience.training_blank"));
            }
            if training.given_by.as_deref().is_some_and(blank) {
                faults.push(Fault::body(format!("/trainings/{index}/givenBy"), "experience.training_blank"));
            }
            if training.year.is_some_and(|year| !(FIRST_YEAR..=today.year()).contains(&year)) {
                faults.push(Fault::body(format!("/trainings/{index}/year"), "experience.training_year"));
            }
        }
        faults
    }

    /// The profile as it is from today on, after this one: the day on which somebody became
    /// approachable stays as long as they are. Who doesn't speak for themself yet takes it
    /// back as they like; that they may be approached, who represents them says, or the
    /// organisation that heard them.
    ///
    /// # Errors
    /// `experience.needs_representative` (409).
    pub fn after(self, before: &Self, roles: Roles, (speaks, today): (bool, NaiveDate)) -> Result<Self, Refusal> {
        let others = [Standing::Representative, Standing::Manager, Standing::Officer];
        let begins = self.approachable && !before.approachable;
        if begins && !speaks && !roles.has_any(&others) {
            return Err(Refusal::Conflict("experience.needs_representative"));
        }
        let since = before.approachable_since_on.filter(|_| before.approachable).unwrap_or(today);
        Ok(Self { approachable_since_on: self.approachable.then_some(since), ..self })
    }

    /// Whether it stands today that they want to be approached. What was said for a child
    /// doesn't hold for who speaks for themself: they say it anew.
    pub fn stands(&self, age: Age, from: i32, today: NaiveDate) -> bool {
        let same = |since: NaiveDate| own_voice(age, from, since) == own_voice(age, from, today);
        self.approachable && self.approachable_since_on.is_some_and(same)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::participants::{Birth, Turned};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn profile() -> ExperienceProfile {
        ExperienceProfile::empty(Uuid::from_u128(1), Uuid::from_u128(2))
    }

    #[test]
    fn all_faults_come_at_once() {
        let training = ExperienceTraining {
            name: " ".to_owned(),
            given_by: Some(String::new()),
            year: Some(2027),
            certified: true,
        };
        let wrong = ExperienceProfile {
            themes: vec![ExperienceTheme::Loss, ExperienceTheme::Loss],
            forms: vec![ExperienceForm::Story, ExperienceForm::Story],
            municipalities: vec!["Ergens".to_owned()],
            trainings: vec![training],
            ..profile()
        };
        let found: Vec<_> = wrong.check(day("2026-11-26")).into_iter().map(|fault| fault.location).collect();
        let places = [
            "/themes/1",
            "/forms/1",
            "/municipalities/0",
            "/trainings/0/name",
            "/trainings/0/givenBy",
            "/trainings/0/year",
        ];
        assert_eq!(found, places);
        assert_eq!(profile().check(day("2026-11-26")), []);
    }

    #[test]
    fn it_is_off_until_somebody_says_so_and_the_day_stays() {
        let roles = Roles::of(&[Standing::Participant]);
        let on = ExperienceProfile { approachable: true, ..profile() };
        let first = on.clone().after(&profile(), roles, (true, day("2026-11-01"))).unwrap();
        assert_eq!(first.approachable_since_on, Some(day("2026-11-01")));
        let later = on.clone().after(&first, roles, (true, day("2026-11-26"))).unwrap();
        assert_eq!(later.approachable_since_on, Some(day("2026-11-01")));
        let off = profile().after(&later, roles, (true, day("2026-11-26"))).unwrap();
        assert_eq!((off.approachable, off.approachable_since_on), (false, None));
        let refused = on.clone().after(&profile(), roles, (false, day("2026-11-26")));
        assert_eq!(refused, Err(Refusal::Conflict("experience.needs_representative")));
        let parent = Roles::of(&[Standing::Representative]);
        assert!(on.after(&profile(), parent, (false, day("2026-11-26"))).is_ok());
    }

    #[test]
    fn what_was_said_for_a_child_ends_on_the_day_they_count_as_16() {
        let age = Age { birth: Some(Birth::Month { year: 2010, month: 10 }), turned: Turned::default() };
        let said =
            |since| ExperienceProfile { approachable: true, approachable_since_on: Some(day(since)), ..profile() };
        assert!(said("2026-09-01").stands(age, 16, day("2026-10-31")));
        assert!(!said("2026-09-01").stands(age, 16, day("2026-11-01")));
        assert!(said("2026-11-01").stands(age, 16, day("2026-11-26")));
        assert!(!profile().stands(age, 16, day("2026-11-26")));
    }
}
