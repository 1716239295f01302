//! Consents as they go over the wire.

use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::lifecycle::open_codes;
use klankbord_domain::participants::Channel;
use klankbord_domain::policy::Roles;
use klankbord_domain::privacy::{Consent as Domain, ConsentAnswer, ConsentGiver, ConsentPurpose, ConsentStatus};
use klankbord_persistence::Stored;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::web::page::page;

/// What was said.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConsentCreate {
    /// To which text: a version that is published.
    #[schema(example = "0197c000-0000-7000-8000-004200000001")]
    pub(super) consent_text_id: Uuid,
    /// Yes or no.
    #[schema(example = "given")]
    pub(super) answer: ConsentAnswer,
    /// Who said it. Absent: who calls, the person or with `Acting-For` who represents them;
    /// where the organisation writes it down for somebody under age it is needed.
    pub(super) giver: Option<ConsentGiver>,
    /// The record of the legal representative who said it, where somebody else writes it
    /// down.
    pub(super) representative_id: Option<Uuid>,
    /// Through which channel. What somebody else writes down came by phone or in person.
    pub(super) channel: Channel,
    /// On which day; absent: today.
    pub(super) happened_on: Option<NaiveDate>,
    /// Why no representative is asked: help that is offered directly and free of charge to
    /// a minor (UAVG art. 5.5). For an exception alone.
    #[schema(min_length = 1, max_length = 2000)]
    pub(super) reason: Option<String>,
}

/// A consent, or a refusal (toestemming).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Consent {
    /// Its id.
    id: Uuid,
    /// For whom.
    participant_id: Uuid,
    /// The controller that asked.
    organisation_id: Uuid,
    /// To which text.
    #[serde(rename = "consentTextId")]
    text_id: Uuid,
    /// For what.
    purpose: ConsentPurpose,
    /// Which version of the text for it.
    #[schema(minimum = 1, maximum = 1_000_000, example = 1)]
    text_version: i32,
    /// Yes or no.
    answer: ConsentAnswer,
    /// Who said it.
    giver: ConsentGiver,
    /// The record of the legal representative who said it.
    representative_id: Option<Uuid>,
    /// Through which channel.
    channel: Channel,
    /// On which day.
    happened_on: NaiveDate,
    /// Why no representative is asked.
    #[schema(max_length = 2000)]
    reason: Option<String>,
    /// The account that wrote it down; of an exception its author.
    recorded_by: Option<Uuid>,
    /// Where it stands.
    status: ConsentStatus,
    /// The day on which it was taken back.
    withdrawn_on: Option<NaiveDate>,
    /// The states that you may move it to.
    #[schema(max_items = 10, example = json!(["withdrawn"]))]
    allowed_transitions: Vec<&'static str>,
    /// When it was written down.
    created_at: DateTime<Utc>,
    /// When it changed last.
    updated_at: DateTime<Utc>,
    /// The version and digest of this representation, for `If-Match`.
    #[schema(max_length = 100)]
    etag: Option<String>,
}

page!(
    /// A page of what was said.
    ConsentPage of Consent
);

/// A consent as somebody sees it who stands so towards the person.
pub(super) fn view(stored: Stored<Domain>, roles: Roles) -> Consent {
    let Stored { value, version: _, created_at, updated_at } = stored;
    let allowed = if value.answer == ConsentAnswer::Refused {
        Vec::new()
    } else {
        open_codes(value.status, value.counted(roles))
    };
    Consent {
        id: value.id,
        participant_id: value.participant_id,
        organisation_id: value.organisation_id,
        text_id: value.consent_text_id,
        purpose: value.purpose,
        text_version: value.text_version,
        answer: value.answer,
        giver: value.giver,
        representative_id: value.representative_id,
        channel: value.channel,
        happened_on: value.happened_on,
        reason: value.reason,
        recorded_by: value.recorded_by,
        status: value.status,
        withdrawn_on: value.withdrawn_on,
        allowed_transitions: allowed,
        created_at,
        updated_at,
        etag: None,
    }
}
