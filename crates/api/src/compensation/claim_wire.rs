//! Claims as they go over the wire.

use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::compensation::{
    APPROVERS, Claim as Domain, ClaimBasis, ClaimLine as DomainLine, ClaimStatus, LineAmount, LineKind,
};
use klankbord_domain::lifecycle::open_codes;
use klankbord_domain::networks::Perspective;
use klankbord_domain::policy::{Roles, Standing};
use klankbord_persistence::Stored;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::allowance::Allowance;
use crate::web::csv::Row;
use crate::web::page::page;
use crate::web::patch::patch_of;

/// A line of a claim, to be made.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClaimLineCreate {
    /// For what.
    #[schema(example = "hours")]
    pub(super) kind: LineKind,
    /// When it was earned or spent.
    #[schema(example = "2026-11-12")]
    pub(super) happened_on: NaiveDate,
    /// How much, for time, meetings and kilometres: minutes, meetings, kilometres.
    #[schema(minimum = 1, maximum = 100_000, example = 120)]
    pub(super) quantity: Option<i64>,
    /// At which rate, for time, meetings and kilometres.
    #[schema(example = "0197c000-0000-7000-8000-005a00000001")]
    pub(super) rate_id: Option<Uuid>,
    /// How much, for costs and gifts. Cents.
    #[schema(minimum = 1, maximum = 10_000_000)]
    pub(super) amount_cents: Option<i64>,
    /// What it was for. No bank account, no citizen service number (BSN).
    #[schema(min_length = 1, max_length = 500, example = "Bijeenkomst kerngroep")]
    pub(super) description: Option<String>,
    /// Whether a receipt was shown; no copy of it is kept.
    #[serde(default)]
    pub(super) proven: bool,
}

/// What a claim is made from.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClaimCreate {
    /// On what footing.
    #[schema(example = "volunteer_allowance")]
    pub(super) basis: ClaimBasis,
    /// What it is for.
    #[schema(max_items = 100)]
    pub(super) lines: Vec<ClaimLineCreate>,
}

patch_of!(
    /// What to change of a claim.
    ClaimPatch of ClaimCreate
);

/// A line of a claim.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClaimLine {
    #[serde(flatten)]
    told: ClaimLineCreate,
    /// What it comes to. Cents.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64, example = 1120)]
    cents: i64,
}

/// What somebody asks for what they did or spent (declaratie).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Claim {
    /// Its id.
    id: Uuid,
    /// For which membership.
    membership_id: Uuid,
    /// In which network.
    network_id: Uuid,
    /// Who pays: the network's host.
    organisation_id: Uuid,
    /// Whose it is; for the person, and for who finds claims good.
    participant_id: Option<Uuid>,
    /// From which perspective it was done.
    perspective: Perspective,
    /// Whether as a trained expert by experience.
    trained: bool,
    /// On what footing.
    basis: ClaimBasis,
    /// What it is for.
    #[schema(max_items = 100)]
    lines: Vec<ClaimLine>,
    /// What it comes to. Cents.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64, example = 1120)]
    cents: i64,
    /// Where it stands.
    status: ClaimStatus,
    /// The states that you may move it to.
    #[schema(max_items = 10, example = json!(["submitted"]))]
    allowed_transitions: Vec<&'static str>,
    /// The day on which it was handed in.
    submitted_on: Option<NaiveDate>,
    /// The last day on which payment is in time.
    due_on: Option<NaiveDate>,
    /// The day on which it was paid.
    paid_on: Option<NaiveDate>,
    /// Whether it was, or is, paid later than promised.
    #[schema(example = false)]
    late: bool,
    /// Where the person stands under the ceilings of the volunteer allowance in each
    /// year of the claim, this claim included; for the person, and for who finds
    /// claims good. In lists it is left out.
    #[schema(max_items = 10)]
    allowances: Option<Vec<Allowance>>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it changed last.
    updated_at: DateTime<Utc>,
    /// The version and digest of this representation, for `If-Match`.
    #[schema(max_length = 100)]
    etag: Option<String>,
    /// The name by which the person goes; for a table alone.
    #[serde(skip)]
    pub(super) display_name: String,
}

page!(
    /// A page of claims.
    ClaimPage of Claim
);

/// Which claims to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct ClaimQuery {
    /// Only those that this organisation pays.
    pub(super) organisation_id: Option<Uuid>,
    /// Only those of this network.
    pub(super) network_id: Option<Uuid>,
    /// Only those of this membership.
    pub(super) membership_id: Option<Uuid>,
    /// Only in these states.
    #[param(max_items = 5)]
    pub(super) status: Option<Vec<ClaimStatus>>,
    /// Only those that are awaited still though their day has passed; `false`: all.
    pub(super) late: Option<bool>,
}

/// Who sees whose a claim is, and where that person stands: the person, who
/// represents them, and who finds it good and pays it.
pub(super) fn knows_person(roles: Roles) -> bool {
    roles.has_any(APPROVERS) || roles.has_any(&[Standing::Participant, Standing::Representative])
}

impl From<DomainLine> for ClaimLineCreate {
    fn from(line: DomainLine) -> Self {
        let DomainLine { id: _, kind, happened_on, amount, description, proven } = line;
        let (quantity, rate_id, amount_cents) = match amount {
            LineAmount::Counted { quantity, rate_id, rate_cents: _ } => (Some(quantity), Some(rate_id), None),
            LineAmount::Told(cents) => (None, None, Some(cents)),
        };
        Self { kind, happened_on, quantity, rate_id, amount_cents, description, proven }
    }
}

impl From<Domain> for ClaimCreate {
    fn from(claim: Domain) -> Self {
        Self { basis: claim.basis, lines: claim.lines.into_iter().map(ClaimLineCreate::from).collect() }
    }
}

/// A claim as somebody sees it who stands so towards it; `counted`: what of their
/// roles counts for moving it on.
pub(super) fn view(
    stored: Stored<Domain>,
    (roles, counted): (Roles, Roles),
    allowances: Option<Vec<Allowance>>,
    today: NaiveDate,
) -> Claim {
    let Stored { value, version: _, created_at, updated_at } = stored;
    let (cents, late) = (value.cents(), value.is_late(today));
    let line = |line: DomainLine| ClaimLine { cents: line.cents(), told: line.into() };
    Claim {
        id: value.id,
        membership_id: value.membership_id,
        network_id: value.network_id,
        organisation_id: value.organisation_id,
        participant_id: knows_person(roles).then_some(value.participant_id),
        perspective: value.perspective,
        trained: value.trained,
        basis: value.basis,
        lines: value.lines.into_iter().map(line).collect(),
        cents,
        status: value.status,
        allowed_transitions: open_codes(value.status, counted),
        submitted_on: value.submitted_on,
        due_on: value.due_on,
        paid_on: value.paid_on,
        late,
        allowances,
        created_at,
        updated_at,
        etag: None,
        display_name: String::new(),
    }
}

/// The columns of a table of claims, in the document.
pub(super) const TABLE: &str =
    "id,membershipId,networkId,participantId,displayName,basis,cents,currency,status,submittedOn,dueOn,paidOn,late\r\n";

impl Row for Claim {
    const HEAD: &'static [&'static str] = &[
        "id",
        "membershipId",
        "networkId",
        "participantId",
        "displayName",
        "basis",
        "cents",
        "currency",
        "status",
        "submittedOn",
        "dueOn",
        "paidOn",
        "late",
    ];

    fn cells(&self) -> Vec<String> {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        vec![
            self.id.to_string(),
            self.membership_id.to_string(),
            self.network_id.to_string(),
            self.participant_id.map(|id| id.to_string()).unwrap_or_default(),
            self.display_name.clone(),
            self.basis.code().to_owned(),
            self.cents.to_string(),
            "EUR".to_owned(),
            self.status.code().to_owned(),
            day(self.submitted_on),
            day(self.due_on),
            day(self.paid_on),
            self.late.to_string(),
        ]
    }
}
