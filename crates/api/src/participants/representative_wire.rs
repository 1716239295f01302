//! Legal representatives as they go over the wire.

use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::lifecycle::open_codes;
use klankbord_domain::participants::{
    Evidence, LegalRepresentative as Domain, Participant, Representation, RepresentationEvidence, RepresentationStatus,
    RepresentativeKind,
};
use klankbord_domain::policy::{Roles, SPEAKERS};
use klankbord_persistence::Stored;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::web::page::page;
use crate::web::patch::patch_of;

/// Who saw what, and when.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LegalRepresentativeEvidence {
    /// What was seen. No copy of it is kept.
    #[schema(example = "authority_register")]
    document: RepresentationEvidence,
    /// The day on which it was seen.
    #[schema(example = "2026-11-02")]
    seen_on: NaiveDate,
    /// The manager or officer who saw it; whoever records it, when absent.
    pub(super) seen_by: Option<Uuid>,
}

/// What the record of a legal representative is made from.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LegalRepresentativeCreate {
    /// By what they represent the person. It never changes.
    #[schema(example = "parent_with_authority")]
    kind: RepresentativeKind,
    /// Their name. Kept sealed.
    #[schema(min_length = 1, max_length = 200, example = "Ouder (demo)")]
    name: String,
    /// Their account, if they have one: it acts for the person with the header
    /// `Acting-For`. Nobody links their own.
    pub(super) account_id: Option<Uuid>,
    /// The first day.
    #[schema(example = "2026-11-02")]
    starts_on: NaiveDate,
    /// The last day, where it is known.
    ends_on: Option<NaiveDate>,
    /// What it rests on.
    pub(super) evidence: LegalRepresentativeEvidence,
}

patch_of!(
    /// What to change of the record of a legal representative.
    LegalRepresentativePatch of LegalRepresentativeCreate, fixed "kind"
);

/// Somebody who acts by law for a participant (wettelijk vertegenwoordiger).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LegalRepresentative {
    /// Its id.
    id: Uuid,
    /// Whom they represent.
    participant_id: Uuid,
    /// By what they represent the person.
    #[schema(example = "parent_with_authority")]
    kind: RepresentativeKind,
    /// Their name.
    #[schema(max_length = 200, example = "Ouder (demo)")]
    name: String,
    /// Their account, for the organisation that recorded it.
    account_id: Option<Uuid>,
    /// The first day.
    starts_on: NaiveDate,
    /// The last day, where it is known.
    ends_on: Option<NaiveDate>,
    /// What it rests on.
    evidence: LegalRepresentativeEvidence,
    /// Who recorded it.
    recorded_by: Uuid,
    /// Where the record stands.
    status: RepresentationStatus,
    /// Whether it holds today. Authority over a child holds until the person
    /// counts as 16.
    #[schema(example = true)]
    in_force: bool,
    /// The last day on which it can hold, as far as that is known.
    last_day_on: Option<NaiveDate>,
    /// The states that you may move it to.
    #[schema(max_items = 10, example = json!(["ended"]))]
    allowed_transitions: Vec<&'static str>,
    /// When it was recorded.
    created_at: DateTime<Utc>,
    /// When it changed last.
    updated_at: DateTime<Utc>,
    /// The version and digest of this representation, for `If-Match`.
    #[schema(max_length = 100)]
    etag: Option<String>,
}

page!(
    /// A page of legal representatives.
    LegalRepresentativePage of LegalRepresentative
);

impl LegalRepresentativeCreate {
    /// The record that this describes; the domain checks it.
    pub(super) fn into_domain(self, (id, participant_id): (Uuid, Uuid), recorded_by: Uuid) -> Domain {
        let Self { kind, name, account_id, starts_on, ends_on, evidence } = self;
        let LegalRepresentativeEvidence { document, seen_on, seen_by } = evidence;
        let status = RepresentationStatus::Active;
        Domain {
            id,
            participant_id,
            name,
            account_id,
            representation: Representation { kind, starts_on, ends_on, status },
            evidence: Evidence { document, seen_on, seen_by: seen_by.unwrap_or(recorded_by) },
            recorded_by,
        }
    }
}

impl From<Evidence> for LegalRepresentativeEvidence {
    fn from(evidence: Evidence) -> Self {
        let Evidence { document, seen_on, seen_by } = evidence;
        Self { document, seen_on, seen_by: Some(seen_by) }
    }
}

impl From<Domain> for LegalRepresentativeCreate {
    fn from(one: Domain) -> Self {
        let Domain { name, account_id, representation, evidence, .. } = one;
        let Representation { kind, starts_on, ends_on, status: _ } = representation;
        Self { kind, name, account_id, starts_on, ends_on, evidence: evidence.into() }
    }
}

/// The record as somebody sees it who stands so towards the person.
pub(super) fn view(
    stored: Stored<Domain>,
    person: &Participant,
    (roles, today): (Roles, NaiveDate),
) -> LegalRepresentative {
    let Stored { value, version: _, created_at, updated_at } = stored;
    let Domain { id, participant_id, name, account_id, representation, evidence, recorded_by } = value;
    LegalRepresentative {
        id,
        participant_id,
        kind: representation.kind,
        name,
        account_id: account_id.filter(|_| roles.has_any(SPEAKERS)),
        starts_on: representation.starts_on,
        ends_on: representation.ends_on,
        evidence: evidence.into(),
        recorded_by,
        status: representation.status,
        in_force: representation.holds(person.age(), today),
        last_day_on: representation.last_day(person.age()),
        allowed_transitions: open_codes(representation.status, roles),
        created_at,
        updated_at,
        etag: None,
    }
}
