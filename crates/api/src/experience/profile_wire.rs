//! What people can bring, as it goes over the wire.

use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::experience::{
    ExperienceDayPart, ExperienceForm, ExperiencePlace, ExperienceProfile as Domain, ExperienceTheme,
    ExperienceTraining as Training,
};
use klankbord_domain::{Fault, Refusal};
use klankbord_persistence::Stored;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::web::patch::patch_of;
use crate::web::text::{Reading, TextVariant, to_wire_or_none};

/// A training that somebody followed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExperienceTraining {
    /// What it is called.
    #[schema(min_length = 1, max_length = 200, example = "Ervaring inbrengen")]
    name: String,
    /// Who gave it.
    #[schema(min_length = 1, max_length = 200, example = "ExpEx (demo)")]
    given_by: Option<String>,
    /// In which year they finished it.
    #[schema(minimum = 1950, maximum = 2200, example = 2024)]
    year: Option<i32>,
    /// Whether they have a certificate.
    #[serde(default)]
    #[schema(example = true)]
    certified: bool,
}

/// What somebody can bring, as they write it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExperienceProfileContent {
    /// What they know about.
    #[serde(default)]
    #[schema(max_items = 30, example = json!(["foster_care", "leaving_care"]))]
    themes: Vec<ExperienceTheme>,
    /// The same in their own words.
    #[schema(min_items = 1, max_items = 20)]
    own_words: Option<Vec<TextVariant>>,
    /// In which forms they bring it.
    #[serde(default)]
    #[schema(max_items = 20, example = json!(["conversation", "co_reading"]))]
    forms: Vec<ExperienceForm>,
    /// When in the week they can; empty: it isn't said.
    #[serde(default)]
    #[schema(max_items = 4, example = json!(["weekday_evening"]))]
    day_parts: Vec<ExperienceDayPart>,
    /// How long they can in a month at most. Minutes.
    #[schema(minimum = 1, maximum = 50_000, example = 480)]
    minutes_per_month: Option<i32>,
    /// Where they can; empty: it isn't said.
    #[serde(default)]
    #[schema(max_items = 2, example = json!(["remote", "on_site"]))]
    places: Vec<ExperiencePlace>,
    /// CBS codes of the municipalities to which they would come; empty: all.
    #[serde(default)]
    #[schema(max_items = 50, example = json!(["GM0363"]))]
    municipalities: Vec<String>,
    /// The trainings that they followed.
    #[serde(default)]
    #[schema(max_items = 50)]
    trainings: Vec<ExperienceTraining>,
    /// Whether they want to be approached; not, unless it is said.
    #[serde(default)]
    #[schema(example = true)]
    approachable: bool,
}

patch_of!(
    /// What to change of what somebody can bring. Lists are replaced as a whole.
    ExperienceProfilePatch of ExperienceProfileContent
);

/// What somebody can bring (ervaringsprofiel): for them, who represents them and who
/// registered them alone.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExperienceProfile {
    /// Whose it is.
    participant_id: Uuid,
    /// What they know about.
    #[schema(max_items = 30, example = json!(["foster_care", "leaving_care"]))]
    themes: Vec<ExperienceTheme>,
    /// The same in their own words.
    #[schema(min_items = 1, max_items = 20)]
    own_words: Option<Vec<TextVariant>>,
    /// In which forms they bring it.
    #[schema(max_items = 20, example = json!(["conversation", "co_reading"]))]
    forms: Vec<ExperienceForm>,
    /// When in the week they can; empty: it isn't said.
    #[schema(max_items = 4, example = json!(["weekday_evening"]))]
    day_parts: Vec<ExperienceDayPart>,
    /// How long they can in a month at most. Minutes.
    #[schema(minimum = 1, maximum = 50_000, example = 480)]
    minutes_per_month: Option<i32>,
    /// Where they can; empty: it isn't said.
    #[schema(max_items = 2, example = json!(["remote", "on_site"]))]
    places: Vec<ExperiencePlace>,
    /// CBS codes of the municipalities to which they would come; empty: all.
    #[schema(max_items = 50, example = json!(["GM0363"]))]
    municipalities: Vec<String>,
    /// The trainings that they followed.
    #[schema(max_items = 50)]
    trainings: Vec<ExperienceTraining>,
    /// Whether they want to be approached; not, unless it is said.
    #[schema(example = true)]
    approachable: bool,
    /// Since which day they want to be approached.
    approachable_since_on: Option<NaiveDate>,
    /// Whether that stands today: what was said for a child ends on the day on which they count
    /// as 16.
    #[schema(example = true)]
    stands: bool,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it changed last.
    updated_at: DateTime<Utc>,
    /// The version and digest of this representation, for `If-Match`.
    #[schema(max_length = 100)]
    etag: Option<String>,
}

impl From<Training> for ExperienceTraining {
    fn from(training: Training) -> Self {
        let Training { name, given_by, year, certified } = training;
        Self { name, given_by, year, certified }
    }
}

/// The trainings for the wire.
pub(super) fn trainings(all: &[Training]) -> Vec<ExperienceTraining> {
    all.iter().cloned().map(ExperienceTraining::from).collect()
}

impl From<&Domain> for ExperienceProfileContent {
    fn from(profile: &Domain) -> Self {
        Self {
            themes: profile.themes.clone(),
            own_words: to_wire_or_none(profile.own_words.as_ref()),
            forms: profile.forms.clone(),
            day_parts: profile.day_parts.clone(),
            minutes_per_month: profile.minutes_per_month,
            places: profile.places.clone(),
            municipalities: profile.municipalities.clone(),
            trainings: trainings(&profile.trainings),
            approachable: profile.approachable,
        }
    }
}

impl ExperienceProfileContent {
    /// The profile with this content, after the one that stands.
    pub(super) fn into_domain(self, before: &Domain, today: NaiveDate) -> Result<Domain, Refusal> {
        let mut reading = Reading::default();
        let own_words = reading.texts_or_none("/ownWords", self.own_words);
        let own_words = own_words.map(|new| match &before.own_words {
            Some(old) => old.revised(new),
            None => new,
        });
        let training = |one: ExperienceTraining| {
            let ExperienceTraining { name, given_by, year, certified } = one;
            Training { name, given_by, year, certified }
        };
        let next = Domain {
            participant_id: before.participant_id,
            organisation_id: before.organisation_id,
            themes: self.themes,
            own_words,
            forms: self.forms,
            day_parts: self.day_parts,
            minutes_per_month: self.minutes_per_month,
            places: self.places,
            municipalities: self.municipalities,
            trainings: self.trainings.into_iter().map(training).collect(),
            approachable: self.approachable,
            approachable_since_on: before.approachable_since_on,
        };
        let mut faults: Vec<Fault> = reading.faults;
        faults.extend(next.check(today));
        Refusal::unless_clean(faults)?;
        Ok(next)
    }
}

/// A profile as it is shown; `stands`: whether it holds today that they want to be approached.
pub(super) fn view(stored: &Stored<Domain>, stands: bool) -> ExperienceProfile {
    let content = ExperienceProfileContent::from(&stored.value);
    ExperienceProfile {
        participant_id: stored.value.participant_id,
        themes: content.themes,
        own_words: content.own_words,
        forms: content.forms,
        day_parts: content.day_parts,
        minutes_per_month: content.minutes_per_month,
        places: content.places,
        municipalities: content.municipalities,
        trainings: content.trainings,
        approachable: content.approachable,
        approachable_since_on: stored.value.approachable_since_on,
        stands,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        etag: None,
    }
}
