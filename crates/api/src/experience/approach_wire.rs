//! Approaches as they go over the wire.

use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::Refusal;
use klankbord_domain::experience::{
    ExperienceApproach as Domain, ExperienceApproachStatus, ExperienceForm, ExperiencePart, ExperiencePlace,
    ExperienceRequest, ExperienceTheme,
};
use klankbord_domain::lifecycle::open_codes;
use klankbord_domain::policy::Roles;
use klankbord_persistence::Stored;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::web::page::page;
use crate::web::text::{TextVariant, to_wire, to_wire_or_none};

/// What somebody says to an approach.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExperienceApproachTransitionCreate {
    /// `interested` for a yes, `declined` for a no, `withdrawn` to take a yes back. No reason is
    /// asked.
    #[schema(example = "interested", min_length = 1, max_length = 40, pattern = "^[a-z_]+$")]
    pub(super) to: String,
    /// With a yes: what you share with who asks, beside the name by which you go and how you want
    /// to be reached.
    #[serde(default)]
    #[schema(max_items = 5, example = json!(["contact"]))]
    pub(super) shared: Vec<ExperiencePart>,
}

impl ExperienceApproachTransitionCreate {
    /// The state that is asked for.
    ///
    /// # Errors
    /// 400 when an approach has no such state.
    pub(super) fn state(&self) -> Result<ExperienceApproachStatus, Refusal> {
        self.to.parse().map_err(|_| Refusal::invalid("/to", "transition.unknown"))
    }
}

/// Who asks what, as who is approached reads it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExperienceQuestion {
    /// Who asks.
    organisation_id: Uuid,
    /// What it is called.
    #[schema(max_length = 200, example = "Stichting Alexander")]
    organisation_name: String,
    /// What the request is called.
    #[schema(max_items = 20)]
    title: Vec<TextVariant>,
    /// What it is for.
    #[schema(max_items = 20)]
    purpose: Vec<TextVariant>,
    /// About what.
    #[schema(max_items = 30)]
    themes: Vec<ExperienceTheme>,
    /// In which forms.
    #[schema(max_items = 20)]
    forms: Vec<ExperienceForm>,
    /// The first day on which somebody is needed.
    starts_on: Option<NaiveDate>,
    /// The last day.
    ends_on: Option<NaiveDate>,
    /// How long it takes in a month. Minutes.
    #[schema(minimum = 1, maximum = 50_000, example = 120)]
    minutes_per_month: Option<i32>,
    /// What is given in return.
    #[schema(max_items = 20)]
    compensation: Option<Vec<TextVariant>>,
    /// Where it can be done; empty: either.
    #[schema(max_items = 2)]
    places: Vec<ExperiencePlace>,
    /// CBS code of the municipality in which it is.
    #[schema(max_length = 20, example = "GM0363")]
    municipality: Option<String>,
    /// The last day on which you can answer.
    answer_due_on: Option<NaiveDate>,
}

/// A request before somebody (benadering): their answer is theirs alone.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExperienceApproach {
    /// Its id.
    id: Uuid,
    /// Who is approached: one of the persons that you are, or represent.
    participant_id: Uuid,
    /// Who asks what.
    question: ExperienceQuestion,
    /// Where it stands. Who asks sees a yes alone.
    status: ExperienceApproachStatus,
    /// The states that you may move it to.
    #[schema(max_items = 10, example = json!(["interested", "declined"]))]
    allowed_transitions: Vec<&'static str>,
    /// What is shared with who asks.
    #[schema(max_items = 5)]
    shared: Option<Vec<ExperiencePart>>,
    /// When it was put before them.
    created_at: DateTime<Utc>,
    /// When it changed last.
    updated_at: DateTime<Utc>,
    /// The version and digest of this representation, for `If-Match`.
    #[schema(max_length = 100)]
    etag: Option<String>,
}

page!(
    /// A page of approaches.
    ExperienceApproachPage of ExperienceApproach
);

/// What an approach is shown with.
pub(super) struct About<'a> {
    /// The request.
    pub(super) request: &'a ExperienceRequest,
    /// Who asks.
    pub(super) organisation: String,
    /// What is shared.
    pub(super) shared: Option<Vec<ExperiencePart>>,
    /// What who looks is to the person.
    pub(super) roles: Roles,
    /// The day.
    pub(super) today: NaiveDate,
}

/// An approach as it is shown.
pub(super) fn view(stored: &Stored<Domain>, about: About<'_>) -> ExperienceApproach {
    let About { request, organisation, shared, roles, today } = about;
    let status = stored.value.stands(request, today);
    ExperienceApproach {
        id: stored.value.id,
        participant_id: stored.value.participant_id,
        question: ExperienceQuestion {
            organisation_id: request.organisation_id,
            organisation_name: organisation,
            title: to_wire(&request.title),
            purpose: to_wire(&request.purpose),
            themes: request.themes.clone(),
            forms: request.forms.clone(),
            starts_on: request.starts_on,
            ends_on: request.ends_on,
            minutes_per_month: request.minutes_per_month,
            compensation: to_wire_or_none(request.compensation.as_ref()),
            places: request.places.clone(),
            municipality: request.municipality.clone(),
            answer_due_on: request.answer_due_on,
        },
        status,
        allowed_transitions: open_codes(status, roles),
        shared,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        etag: None,
    }
}
