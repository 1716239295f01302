//! Feedback as it goes over the wire.

use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::feedback::{
    Addressee, Author, Feedback as Domain, FeedbackKind, FeedbackStatus, OfficialResponse as DomainResponse, Removal,
};
use klankbord_domain::participants::Channel;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::web::page::page;
use crate::web::patch::patch_of;
use crate::web::text::{TextVariant, to_wire, to_wire_or_none};

/// The word `organisation`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrganisationWord {
    /// An organisation.
    Organisation,
}

/// The word `network`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NetworkWord {
    /// A network.
    Network,
}

/// The word `participant`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ParticipantWord {
    /// A participant.
    Participant,
}

/// An organisation, as addressee or author.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OrganisationAsParty {
    /// What kind of party it is.
    kind: OrganisationWord,
    /// Which organisation.
    #[schema(example = "0197c000-0000-7000-8000-000100000001")]
    id: Uuid,
}

/// A network, as addressee or author.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NetworkAsParty {
    /// What kind of party it is.
    kind: NetworkWord,
    /// Which network.
    #[schema(example = "0197c000-0000-7000-8000-000600000001")]
    id: Uuid,
}

/// A participant, as author.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ParticipantAsParty {
    /// What kind of party it is.
    kind: ParticipantWord,
    /// Which participant.
    #[schema(example = "0197c000-0000-7000-8000-000700000001")]
    id: Uuid,
}

/// To whom feedback is addressed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(discriminator(property_name = "kind", mapping(
    ("organisation" = "#/components/schemas/OrganisationAsParty"),
    ("network" = "#/components/schemas/NetworkAsParty")
)))]
pub enum FeedbackAddressee {
    /// An organisation.
    Organisation(OrganisationAsParty),
    /// A network.
    Network(NetworkAsParty),
}

/// Who brings feedback: a person, or an organisation or network as such.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(discriminator(property_name = "kind", mapping(
    ("participant" = "#/components/schemas/ParticipantAsParty"),
    ("organisation" = "#/components/schemas/OrganisationAsParty"),
    ("network" = "#/components/schemas/NetworkAsParty")
)))]
pub enum FeedbackAuthor {
    /// A person.
    Participant(ParticipantAsParty),
    /// An organisation as such.
    Organisation(OrganisationAsParty),
    /// A network, a council for instance, as such.
    Network(NetworkAsParty),
}

/// What feedback is made from.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FeedbackCreate {
    /// To whom it is addressed.
    pub(super) addressee: FeedbackAddressee,
    /// Who brings it; absent: you in person, as you are known there. Shown to
    /// the author and to who answers, not to others who take part.
    pub(super) author: Option<FeedbackAuthor>,
    /// How it came in; `internet` for what you write yourself.
    pub(super) channel: Channel,
    /// What it is.
    pub(super) kind: FeedbackKind,
    /// In a few words.
    #[schema(min_items = 1, max_items = 20)]
    pub(super) title: Vec<TextVariant>,
    /// The whole.
    #[schema(min_items = 1, max_items = 20)]
    pub(super) body: Vec<TextVariant>,
}

patch_of!(
    /// What to change of feedback.
    FeedbackPatch of FeedbackCreate, fixed "addressee", "author"
);

/// Feedback: what people bring themselves (inbreng).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Feedback {
    /// Its id.
    pub(super) id: Uuid,
    /// Whose it is to deal with: the organisation addressed, or the host of the network.
    pub(super) organisation_id: Uuid,
    #[serde(flatten)]
    pub(super) content: FeedbackCreate,
    /// The account that wrote it down on the author's behalf.
    pub(super) recorded_by: Option<Uuid>,
    /// Why its text is there no longer; what was counted and answered stays.
    pub(super) removed: Option<Removal>,
    /// Where it stands.
    pub(super) status: FeedbackStatus,
    /// The states that you may move it to.
    #[schema(max_items = 12, example = json!(["in_consideration", "merged"]))]
    pub(super) allowed_transitions: Vec<&'static str>,
    /// How many others support it.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 3)]
    pub(super) supporters: i64,
    /// Your own support of it, where you gave it.
    pub(super) support_id: Option<Uuid>,
    /// When it was first received.
    pub(super) received_at: Option<DateTime<Utc>>,
    /// The last day on which its answer is in time.
    pub(super) answer_due_on: Option<NaiveDate>,
    /// The newest official response.
    pub(super) official_response: Option<OfficialResponse>,
    /// The other feedback in which it goes on.
    pub(super) merged_into_id: Option<Uuid>,
    /// What became of it.
    #[schema(max_items = 20)]
    pub(super) outcome: Option<Vec<TextVariant>>,
    /// When it was made.
    pub(super) created_at: DateTime<Utc>,
    /// When it changed last.
    pub(super) updated_at: DateTime<Utc>,
    /// The version and digest of this representation, for `If-Match`.
    #[schema(max_length = 100)]
    pub(super) etag: Option<String>,
}

page!(
    /// A page of feedback.
    FeedbackPage of Feedback
);

/// Which feedback to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct FeedbackQuery {
    /// Only what this organisation has to deal with: addressed to it, or to a
    /// network that it hosts.
    pub(super) organisation_id: Option<Uuid>,
    /// Only what is addressed to this network.
    pub(super) network_id: Option<Uuid>,
    /// Only in these states.
    #[param(max_items = 12)]
    pub(super) status: Option<Vec<FeedbackStatus>>,
    /// Only of these kinds.
    #[param(max_items = 7)]
    pub(super) kind: Option<Vec<FeedbackKind>>,
}

/// An official response to make.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OfficialResponseCreate {
    /// The answer.
    #[schema(min_items = 1, max_items = 20)]
    pub(super) text: Vec<TextVariant>,
    /// Why so; needed where not all is taken over.
    #[schema(min_items = 1, max_items = 20)]
    pub(super) reasons: Option<Vec<TextVariant>>,
}

/// What the addressee officially answers.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OfficialResponse {
    /// Its id.
    id: Uuid,
    /// To which feedback.
    feedback_id: Uuid,
    /// The answer.
    #[schema(min_items = 1, max_items = 20)]
    text: Vec<TextVariant>,
    /// Why so.
    #[schema(max_items = 20)]
    reasons: Option<Vec<TextVariant>>,
    /// When it was given.
    made_at: DateTime<Utc>,
}

page!(
    /// A page of official responses, the newest last.
    OfficialResponsePage of OfficialResponse
);

impl From<DomainResponse> for OfficialResponse {
    fn from(response: DomainResponse) -> Self {
        let DomainResponse { id, feedback_id, text, reasons, made_at } = response;
        Self { id, feedback_id, text: to_wire(&text), reasons: to_wire_or_none(reasons.as_ref()), made_at }
    }
}

impl FeedbackAddressee {
    pub(super) fn domain(&self) -> Addressee {
        match self {
            Self::Organisation(party) => Addressee::Organisation(party.id),
            Self::Network(party) => Addressee::Network(party.id),
        }
    }
}

impl From<Addressee> for FeedbackAddressee {
    fn from(addressee: Addressee) -> Self {
        match addressee {
            Addressee::Organisation(id) => {
                Self::Organisation(OrganisationAsParty { kind: OrganisationWord::Organisation, id })
            }
            Addressee::Network(id) => Self::Network(NetworkAsParty { kind: NetworkWord::Network, id }),
        }
    }
}

impl FeedbackAuthor {
    pub(super) fn domain(&self) -> Author {
        match self {
            Self::Participant(party) => Author::Participant(party.id),
            Self::Organisation(party) => Author::Organisation(party.id),
            Self::Network(party) => Author::Network(party.id),
        }
    }
}

impl From<Author> for FeedbackAuthor {
    fn from(author: Author) -> Self {
        match author {
            Author::Participant(id) => Self::Participant(ParticipantAsParty { kind: ParticipantWord::Participant, id }),
            Author::Organisation(id) => {
                Self::Organisation(OrganisationAsParty { kind: OrganisationWord::Organisation, id })
            }
            Author::Network(id) => Self::Network(NetworkAsParty { kind: NetworkWord::Network, id }),
        }
    }
}

/// The content of feedback, its author told.
pub(super) fn content(feedback: &Domain) -> FeedbackCreate {
    FeedbackCreate {
        addressee: feedback.addressee.into(),
        author: Some(feedback.author.into()),
        channel: feedback.channel,
        kind: feedback.kind,
        title: to_wire(&feedback.title),
        body: to_wire(&feedback.body),
    }
}
