//! Agreements as they go over the wire.

use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::agreements::{
    Acceptance, Agreement as Domain, AgreementStatus, Answering, Party, PartyKind, Promises,
};
use klankbord_domain::networks::Perspective;
use klankbord_domain::participants::Channel;
use klankbord_persistence::Stored;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::web::page::page;
use crate::web::text::{Reading, TextVariant, to_wire, to_wire_or_none};

/// What is promised.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AgreementCreate {
    /// What the person does.
    #[schema(min_items = 1, max_items = 20)]
    role: Vec<TextVariant>,
    /// The first day.
    #[schema(example = "2026-12-01")]
    starts_on: NaiveDate,
    /// The last day, where there is one.
    #[schema(example = "2027-11-30")]
    ends_on: Option<NaiveDate>,
    /// How much time it takes, beside work, school and family. Minutes a month.
    #[schema(minimum = 1, maximum = 20_000, example = 240)]
    expected_minutes_per_month: Option<i32>,
    /// What is given for it: a rate that holds in this network.
    #[schema(example = "0197c000-0000-7000-8000-005a00000001")]
    pub(super) compensation_rate_id: Option<Uuid>,
    /// Which training the person gets.
    #[schema(max_items = 20)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    training: Vec<TextVariant>,
    /// The person's contact person: an account with a role in the network or its host.
    #[schema(example = "0197c000-0000-7000-8000-001100000004")]
    pub(super) contact_id: Option<Uuid>,
    /// Within how many days what the person brings is answered.
    #[schema(minimum = 1, maximum = 365, example = 21)]
    answer_within_days: Option<i32>,
    /// The organisations that promise beside the host: partners of the network.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub(super) organisation_ids: Vec<Uuid>,
    /// The version that it takes the place of, once every party said yes.
    pub(super) replaces_id: Option<Uuid>,
}

impl AgreementCreate {
    /// What is promised.
    pub(super) fn promises(&self, reading: &mut Reading) -> Promises {
        let role = reading.texts("/role", self.role.clone());
        let training = (!self.training.is_empty()).then(|| reading.texts("/training", self.training.clone()));
        Promises {
            role,
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            expected_minutes: self.expected_minutes_per_month,
            rate_id: self.compensation_rate_id,
            training,
            contact_id: self.contact_id,
            answer_days: self.answer_within_days,
        }
    }
}

/// A party's yes.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AgreementAcceptanceCreate {
    /// How it was said: `internet` for who says it themselves; what somebody without an
    /// account said is written down as `phone` or `in_person`.
    pub(super) channel: Channel,
}

/// One who promises.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AgreementParty {
    /// What they are.
    kind: PartyKind,
    /// The organisation, or the network; absent for the member.
    #[serde(rename = "organisationId")]
    organisation_id: Option<Uuid>,
    /// The day on which they said yes; absent while they didn't.
    accepted_on: Option<NaiveDate>,
    /// How it was said.
    channel: Option<Channel>,
}

impl From<&Party> for AgreementParty {
    fn from(party: &Party) -> Self {
        let organisation_id = (party.kind == PartyKind::Organisation).then_some(party.id);
        let said = party.accepted;
        let (accepted_on, channel) = (said.map(|said| said.on), said.map(|said: Acceptance| said.channel));
        Self { kind: party.kind, organisation_id, accepted_on, channel }
    }
}

/// What a participant and the organisations around them promise each other (afspraak).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Agreement {
    /// Its id.
    id: Uuid,
    /// The membership that it is about.
    membership_id: Uuid,
    /// The network.
    network_id: Uuid,
    /// From where the person takes part.
    perspective: Perspective,
    /// Counts the versions, from 1.
    #[serde(rename = "agreementVersion")]
    #[schema(minimum = 1, maximum = 1_000_000, example = 1)]
    number: i32,
    #[serde(flatten)]
    content: AgreementCreate,
    /// The name of the contact person.
    #[schema(max_length = 100, example = "Coördinator (demo)")]
    contact_name: Option<String>,
    /// Who promises, and who said yes.
    #[schema(max_items = 30)]
    parties: Vec<AgreementParty>,
    /// Where it stands.
    status: AgreementStatus,
    /// Whether it holds today.
    #[schema(example = true)]
    in_force: bool,
    /// Whether a yes of yours is waited for.
    #[schema(example = false)]
    awaits_you: bool,
    /// The states that you may move it to.
    #[schema(max_items = 10, example = json!(["ended"]))]
    allowed_transitions: Vec<&'static str>,
    /// When it was proposed.
    created_at: DateTime<Utc>,
    /// When it changed last.
    updated_at: DateTime<Utc>,
    /// The version and digest of this representation, for `If-Match`.
    #[schema(max_length = 100)]
    etag: Option<String>,
}

page!(
    /// A page of agreements.
    AgreementPage of Agreement
);

/// Which agreements to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct AgreementQuery {
    /// Only in these states.
    #[param(max_items = 4)]
    pub(super) status: Option<Vec<AgreementStatus>>,
}

/// An agreement as somebody sees it who answers so.
pub(super) fn view(stored: Stored<Domain>, by: Answering<'_>, contact: Option<String>, today: NaiveDate) -> Agreement {
    let Stored { value, version: _, created_at, updated_at } = stored;
    let theirs = value.answers_for_any(by);
    let waits = |index: &usize| value.parties.get(*index).is_some_and(|party| party.accepted.is_none());
    let awaits_you = value.status == AgreementStatus::Proposed && theirs.iter().any(waits);
    let organisations = value.parties.iter().filter(|party| party.kind == PartyKind::Organisation);
    let beside = organisations.map(|party| party.id).filter(|id| *id != value.organisation_id);
    let promises = &value.promises;
    Agreement {
        id: value.id,
        membership_id: value.membership_id,
        network_id: value.network_id,
        perspective: value.perspective,
        number: value.agreement_version,
        content: AgreementCreate {
            role: to_wire(&promises.role),
            starts_on: promises.starts_on,
            ends_on: promises.ends_on,
            expected_minutes_per_month: promises.expected_minutes,
            compensation_rate_id: promises.rate_id,
            training: to_wire_or_none(promises.training.as_ref()).unwrap_or_default(),
            contact_id: promises.contact_id,
            answer_within_days: promises.answer_days,
            organisation_ids: beside.collect(),
            replaces_id: value.replaces_id,
        },
        contact_name: contact,
        parties: value.parties.iter().map(AgreementParty::from).collect(),
        status: value.status,
        in_force: value.holds_on(today),
        awaits_you,
        allowed_transitions: value.open_to(by).into_iter().map(AgreementStatus::code).collect(),
        created_at,
        updated_at,
        etag: None,
    }
}
