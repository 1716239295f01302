//! Requests about one's own data as they go over the wire.

use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::participants::Channel;
use klankbord_domain::privacy::{DataRequest as Domain, DataRequestAsker, DataRequestKind, DataRequestStatus};
use klankbord_persistence::Stored;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::data_request::Towards;
use crate::web::page::page;

/// What is asked of a participant's data.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DataRequestCreate {
    /// What is asked.
    #[schema(example = "export")]
    pub(super) kind: DataRequestKind,
    /// How it came in; what the organisation writes down came by phone or in person.
    pub(super) channel: Channel,
    /// What is wrong and what it should be, where something is to be put right; else why,
    /// for who wants to say so.
    #[schema(min_length = 1, max_length = 4000, example = "Mijn roepnaam is veranderd.")]
    pub(super) details: Option<String>,
    /// How it was checked that the person is who they say, where the organisation writes it
    /// down. No number of a document, and no copy.
    #[schema(min_length = 1, max_length = 500, example = "Teruggebeld op het bekende nummer.")]
    pub(super) identity_check: Option<String>,
    /// The day on which it came in; absent: today.
    pub(super) received_on: Option<NaiveDate>,
}

impl DataRequestCreate {
    /// What somebody asks by themself, now.
    pub(super) const fn of_kind(kind: DataRequestKind) -> Self {
        let channel = Channel::Internet;
        Self { kind, channel, details: None, identity_check: None, received_on: None }
    }
}

/// What is asked of all that is one's own.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MyDataRequestCreate {
    /// What is asked: all that is kept of you, or that it goes. What is about you as a
    /// participant only is asked of the organisation that registered you.
    #[schema(example = "export")]
    pub(super) kind: OwnDataRequestKind,
}

/// What can be asked of all that is one's own.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OwnDataRequestKind {
    /// Everything that is kept of you.
    Export,
    /// That it goes, with your account.
    Erasure,
}

impl From<OwnDataRequestKind> for DataRequestKind {
    fn from(kind: OwnDataRequestKind) -> Self {
        match kind {
            OwnDataRequestKind::Export => Self::Export,
            OwnDataRequestKind::Erasure => Self::Erasure,
        }
    }
}

/// Something that somebody asked of their own data (verzoek van een betrokkene).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DataRequest {
    /// Its id.
    id: Uuid,
    /// The controller that was asked; absent where it is about all that is your own.
    organisation_id: Option<Uuid>,
    /// Whose data; absent where it is about all that is your own.
    participant_id: Option<Uuid>,
    /// What is asked.
    kind: DataRequestKind,
    /// Where it stands.
    status: DataRequestStatus,
    /// The states that you may move it to.
    #[schema(max_items = 10, example = json!(["carried_out"]))]
    allowed_transitions: Vec<&'static str>,
    /// Who asked.
    asked_by: DataRequestAsker,
    /// How it came in.
    channel: Channel,
    /// What is wrong, or why it is asked; gone after an erasure.
    #[schema(max_length = 4000)]
    details: Option<String>,
    /// How it was checked who asks.
    #[schema(max_length = 500)]
    identity_check: Option<String>,
    /// The day on which it came in.
    received_on: NaiveDate,
    /// Until when the organisation has: a month, and two more where it was extended.
    due_on: NaiveDate,
    /// Whether that day has passed without an answer.
    #[schema(example = false)]
    overdue: bool,
    /// The day on which it was decided.
    decided_on: Option<NaiveDate>,
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
    DataRequestPage of DataRequest
);

/// Which requests to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct DataRequestQuery {
    /// Only in these states.
    #[param(max_items = 6)]
    pub(super) status: Option<Vec<DataRequestStatus>>,
    /// Only those past their term.
    pub(super) overdue: Option<bool>,
}

/// A request as somebody sees it who stands so towards the person.
pub(super) fn view(stored: Stored<Domain>, towards: Towards, today: NaiveDate) -> DataRequest {
    let Stored { value, version: _, created_at, updated_at } = stored;
    let open = value.open_to(towards.roles, towards.own_voice);
    DataRequest {
        id: value.id,
        organisation_id: value.organisation_id,
        participant_id: value.participant_id,
        kind: value.kind,
        status: value.status,
        allowed_transitions: open.into_iter().map(DataRequestStatus::code).collect(),
        asked_by: value.asked_by,
        channel: value.channel,
        overdue: value.is_overdue(today),
        details: value.details,
        identity_check: value.identity_check,
        received_on: value.received_on,
        due_on: value.due_on,
        decided_on: value.decided_on,
        created_at,
        updated_at,
        etag: None,
    }
}
