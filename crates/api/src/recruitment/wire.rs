//! Campaigns as they go over the wire.

use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::lifecycle::open_codes;
use klankbord_domain::networks::Perspective;
use klankbord_domain::policy::Roles;
use klankbord_domain::recruitment::{Campaign as Domain, CampaignStatus, RecruitmentAnswer, RecruitmentChannel};
use klankbord_persistence::Stored;
use klankbord_persistence::recruitment::batch::Batch;
use klankbord_persistence::recruitment::candidate::Candidate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::web::page::page;
use crate::web::text::{TextVariant, to_wire};

/// What a campaign is made from.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecruitmentCampaignCreate {
    /// What it is called.
    #[schema(min_items = 1, max_items = 20)]
    pub(super) name: Vec<TextVariant>,
    /// From which perspective people are sought.
    #[schema(example = "parent")]
    pub(super) perspective: Perspective,
    /// How many are sought.
    #[schema(minimum = 1, maximum = 1_000_000, example = 4)]
    pub(super) target: Option<i32>,
    /// The organisations through which they are sought: partners of the network.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub(super) source_ids: Vec<Uuid>,
    /// The first day.
    #[schema(example = "2026-12-01")]
    pub(super) starts_on: NaiveDate,
    /// The last day.
    pub(super) ends_on: Option<NaiveDate>,
}

/// A campaign by which a network seeks people (werving).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecruitmentCampaign {
    /// Its id.
    id: Uuid,
    /// The network.
    network_id: Uuid,
    #[serde(flatten)]
    content: RecruitmentCampaignCreate,
    /// Where it stands.
    status: CampaignStatus,
    /// The states that you may move it to.
    #[schema(max_items = 10, example = json!(["closed"]))]
    allowed_transitions: Vec<&'static str>,
    /// When it was started.
    created_at: DateTime<Utc>,
    /// When it changed last.
    updated_at: DateTime<Utc>,
    /// The version and digest of this representation, for `If-Match`.
    #[schema(max_length = 100)]
    etag: Option<String>,
}

page!(
    /// A page of campaigns.
    RecruitmentCampaignPage of RecruitmentCampaign
);

/// Which campaigns to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct RecruitmentCampaignQuery {
    /// Only in these states.
    #[param(max_items = 2)]
    pub(super) status: Option<Vec<CampaignStatus>>,
}

/// A campaign as somebody with these roles sees it.
pub(super) fn view(stored: Stored<Domain>, roles: Roles) -> RecruitmentCampaign {
    let Stored { value, version: _, created_at, updated_at } = stored;
    RecruitmentCampaign {
        id: value.id,
        network_id: value.network_id,
        allowed_transitions: open_codes(value.status, roles),
        content: RecruitmentCampaignCreate {
            name: to_wire(&value.name),
            perspective: value.perspective,
            target: value.target,
            source_ids: value.sources,
            starts_on: value.starts_on,
            ends_on: value.ends_on,
        },
        status: value.status,
        created_at,
        updated_at,
        etag: None,
    }
}

/// People to reach together.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecruitmentBatchCreate {
    /// The organisation that reaches them; absent: the network itself.
    pub(super) source_id: Option<Uuid>,
    /// How.
    #[schema(example = "letter")]
    pub(super) channel: RecruitmentChannel,
    /// How many: as many codes are made, where they are asked.
    #[schema(minimum = 1, maximum = 500, example = 20)]
    pub(super) reached: i32,
    /// Whether each gets a code, to answer with. The source hands them out blind.
    #[serde(default)]
    pub(super) with_codes: bool,
}

/// A code, and the link that has it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecruitmentCode {
    /// The code: for a letter or a card.
    #[schema(max_length = 64, example = "k7mpq-x2cde-9fghj-abcde-23456")]
    pub(super) code: String,
    /// The page of the frontend that takes it.
    #[schema(max_length = 2000, example = "https://app.example/#recruitment=k7mpq-x2cde-9fghj-abcde-23456")]
    pub(super) link: String,
}

/// People who were reached together.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecruitmentBatch {
    /// Its id.
    id: Uuid,
    /// In which campaign.
    recruitment_campaign_id: Uuid,
    /// The organisation that reached them; absent: the network itself.
    source_id: Option<Uuid>,
    /// How.
    channel: RecruitmentChannel,
    /// How many.
    #[schema(minimum = 1, maximum = 500, example = 20)]
    reached: i32,
    /// Whether each got a code.
    with_codes: bool,
    /// The codes; shown once, when they are made.
    #[schema(max_items = 500)]
    codes: Option<Vec<RecruitmentCode>>,
    /// When.
    created_at: DateTime<Utc>,
}

page!(
    /// A page of people who were reached together.
    RecruitmentBatchPage of RecruitmentBatch
);

/// A batch; with its codes, when they were just made.
pub(super) fn batch(batch: &Batch, codes: Option<Vec<RecruitmentCode>>) -> RecruitmentBatch {
    RecruitmentBatch {
        id: batch.id,
        recruitment_campaign_id: batch.campaign_id,
        source_id: batch.source.organisation,
        channel: batch.source.channel,
        reached: batch.reached,
        with_codes: batch.coded,
        codes,
        created_at: batch.created_at,
    }
}

/// Whose coming forward is noted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecruitmentCandidateCreate {
    /// Their membership of the network.
    #[schema(example = "0197c000-0000-7000-8000-000800000003")]
    pub(super) membership_id: Uuid,
    /// On which day; absent: today.
    pub(super) came_on: Option<NaiveDate>,
}

/// One who came forward.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecruitmentCandidate {
    /// Its id.
    id: Uuid,
    /// With whom they were reached.
    recruitment_batch_id: Uuid,
    /// Their membership.
    membership_id: Option<Uuid>,
    /// What they said.
    answer: RecruitmentAnswer,
    /// On which day.
    came_on: NaiveDate,
}

impl From<Candidate> for RecruitmentCandidate {
    fn from(candidate: Candidate) -> Self {
        let Candidate { id, batch_id, membership_id, answer, came_on } = candidate;
        Self { id, recruitment_batch_id: batch_id, membership_id, answer, came_on }
    }
}
