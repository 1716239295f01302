//! Requests as they go over the wire.

use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::experience::{
    ExperienceForm, ExperiencePlace, ExperienceReach, ExperienceRequest as Domain, ExperienceRequestStatus,
    ExperienceTheme,
};
use klankbord_domain::lifecycle::open_codes;
use klankbord_domain::policy::Roles;
use klankbord_domain::{Fault, Refusal, Texts};
use klankbord_persistence::Stored;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::web::page::page;
use crate::web::patch::patch_of;
use crate::web::text::{Reading, TextVariant, to_wire, to_wire_or_none};

/// What a request is made from.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExperienceRequestCreate {
    /// For which of the organisation's networks. A coordinator asks for their own.
    #[schema(example = json!("0197c000-0000-7000-8000-000600000001"))]
    pub(super) network_id: Option<Uuid>,
    /// What it is called. Who is approached reads it.
    #[schema(min_items = 1, max_items = 20)]
    title: Vec<TextVariant>,
    /// What it is for.
    #[schema(min_items = 1, max_items = 20)]
    purpose: Vec<TextVariant>,
    /// About what: one of these is enough.
    #[serde(default)]
    #[schema(max_items = 30, example = json!(["foster_care"]))]
    themes: Vec<ExperienceTheme>,
    /// In which forms: one of these is enough.
    #[serde(default)]
    #[schema(max_items = 20, example = json!(["co_reading"]))]
    forms: Vec<ExperienceForm>,
    /// The first day on which somebody is needed.
    starts_on: Option<NaiveDate>,
    /// The last day.
    ends_on: Option<NaiveDate>,
    /// How long it takes in a month. Minutes.
    #[schema(minimum = 1, maximum = 50_000, example = 120)]
    minutes_per_month: Option<i32>,
    /// What is given in return.
    #[schema(min_items = 1, max_items = 20)]
    compensation: Option<Vec<TextVariant>>,
    /// Where it can be done; empty: either.
    #[serde(default)]
    #[schema(max_items = 2, example = json!(["remote"]))]
    places: Vec<ExperiencePlace>,
    /// CBS code of the municipality in which it is.
    #[schema(min_length = 1, max_length = 20, example = "GM0363")]
    municipality: Option<String>,
    /// The last day on which people can answer.
    answer_due_on: Option<NaiveDate>,
}

patch_of!(
    /// What to change of a draft.
    ExperienceRequestPatch of ExperienceRequestCreate, fixed "networkId"
);

/// A request for somebody's experience (ervaringsvraag).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExperienceRequest {
    /// Its id.
    id: Uuid,
    /// Who asks.
    organisation_id: Uuid,
    #[serde(flatten)]
    content: ExperienceRequestCreate,
    /// Where it stands.
    status: ExperienceRequestStatus,
    /// Whether it reached ten people, since it was opened. How many, and whom, isn't told.
    reach: Option<ExperienceReach>,
    /// The states that you may move it to.
    #[schema(max_items = 10, example = json!(["closed"]))]
    allowed_transitions: Vec<&'static str>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it changed last.
    updated_at: DateTime<Utc>,
    /// The version and digest of this representation, for `If-Match`.
    #[schema(max_length = 100)]
    etag: Option<String>,
}

page!(
    /// A page of requests.
    ExperienceRequestPage of ExperienceRequest
);

/// Which requests to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExperienceRequestQuery {
    /// Only in these states.
    #[param(max_items = 4)]
    pub(super) status: Option<Vec<ExperienceRequestStatus>>,
}

impl From<Domain> for ExperienceRequestCreate {
    fn from(request: Domain) -> Self {
        Self {
            network_id: request.network_id,
            title: to_wire(&request.title),
            purpose: to_wire(&request.purpose),
            themes: request.themes,
            forms: request.forms,
            starts_on: request.starts_on,
            ends_on: request.ends_on,
            minutes_per_month: request.minutes_per_month,
            compensation: to_wire_or_none(request.compensation.as_ref()),
            places: request.places,
            municipality: request.municipality,
            answer_due_on: request.answer_due_on,
        }
    }
}

impl ExperienceRequestCreate {
    /// A draft with this content, and what is wrong with it.
    pub(super) fn into_domain(self, (id, organisation_id): (Uuid, Uuid)) -> (Domain, Vec<Fault>) {
        let mut reading = Reading::default();
        let made = Domain {
            id,
            organisation_id,
            network_id: self.network_id,
            title: reading.texts("/title", self.title),
            purpose: reading.texts("/purpose", self.purpose),
            themes: self.themes,
            forms: self.forms,
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            minutes_per_month: self.minutes_per_month,
            compensation: reading.texts_or_none("/compensation", self.compensation),
            places: self.places,
            municipality: self.municipality,
            answer_due_on: self.answer_due_on,
            status: ExperienceRequestStatus::Draft,
            reach: None,
        };
        let mut faults = reading.faults;
        faults.extend(made.check());
        (made, faults)
    }

    /// The draft with this content in the place of what it was.
    pub(super) fn over(self, old: &Domain) -> Result<Domain, Refusal> {
        let (mut next, faults) = self.into_domain((old.id, old.organisation_id));
        Refusal::unless_clean(faults)?;
        next.title = old.title.revised(next.title);
        next.purpose = old.purpose.revised(next.purpose);
        next.compensation = Texts::revised_or_none(old.compensation.as_ref(), next.compensation);
        Ok(next)
    }
}

/// A request as somebody with these roles sees it.
pub(super) fn view(stored: Stored<Domain>, roles: Roles) -> ExperienceRequest {
    let Stored { value, version: _, created_at, updated_at } = stored;
    ExperienceRequest {
        id: value.id,
        organisation_id: value.organisation_id,
        status: value.status,
        reach: value.reach,
        allowed_transitions: open_codes(value.status, roles),
        content: value.into(),
        created_at,
        updated_at,
        etag: None,
    }
}
