//! The audit trail on the wire.

use chrono::{DateTime, Utc};
use klankbord_persistence::access::audit::{AuditEntry as Kept, AuditFilter};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::web::csv::Row;
use crate::web::page::page;

/// The most persons that an entry names; it says how many there are.
const NAMED: usize = 100;

/// Something that was done: who, what, to which thing, when, from where.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// Its id.
    id: Uuid,
    /// When.
    happened_at: DateTime<Utc>,
    /// The operation: its `operationId`, or the name of work that the clock asks for.
    #[schema(max_length = 100, example = "getParticipant")]
    operation: String,
    /// The kind of thing that was read, made, changed, moved or deleted.
    #[schema(max_length = 100, example = "participant")]
    object_kind: String,
    /// Which one.
    #[schema(example = json!("0197c000-0000-7000-8000-000700000001"))]
    object_id: Uuid,
    /// How it ended.
    #[schema(max_length = 40, example = "done")]
    result: String,
    /// The account or the client that did it, or the participant without an account by a
    /// one-time code; absent when the clock did.
    actor_id: Option<Uuid>,
    /// The participant for whom it was done.
    acting_for_id: Option<Uuid>,
    /// Where it came from: a network address, `clock`, `terminal`, or `link` for
    /// what a link token did. Persons don't see it of those who read about them.
    #[schema(max_length = 100, example = "192.0.2.7")]
    origin: Option<String>,
    /// The request's id.
    #[schema(max_length = 64, example = "0197c000-0000-7000-8000-00000000c0de")]
    request_id: String,
    /// The organisation to which it belongs; absent for the installation.
    organisation_id: Option<Uuid>,
    /// The council in whose room it happened.
    network_id: Option<Uuid>,
    /// The persons whose data it touched, the first hundred. Left out in a
    /// person's own list, and where it would tell who answered a consultation.
    #[schema(max_items = 100)]
    subject_ids: Vec<Uuid>,
    /// How many persons there are.
    #[schema(minimum = 0, maximum = 2_147_483_647, example = 1)]
    subject_count: i32,
}

page!(
    /// A page of the audit trail, the latest first.
    AuditEntryPage of AuditEntry
);

/// Which entries to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct AuditQuery {
    /// Only what this account or client did.
    actor_id: Option<Uuid>,
    /// Only what was done to things of this kind.
    #[param(min_length = 1, max_length = 100, example = "participant")]
    object_kind: Option<String>,
    /// Only what was done to this thing.
    object_id: Option<Uuid>,
    /// Only this operation.
    #[param(min_length = 1, max_length = 100, example = "getParticipant")]
    operation: Option<String>,
    /// From this instant on.
    from: Option<DateTime<Utc>>,
    /// Before this instant.
    to: Option<DateTime<Utc>>,
}

/// Between which instants.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditPeriod {
    /// From this instant on.
    from: Option<DateTime<Utc>>,
    /// Before this instant.
    to: Option<DateTime<Utc>>,
}

impl From<AuditQuery> for AuditFilter {
    fn from(query: AuditQuery) -> Self {
        let AuditQuery { actor_id, object_kind, object_id, operation, from, to } = query;
        Self { actor_id, object_kind, object_id, operation, from, to }
    }
}

impl From<AuditPeriod> for AuditFilter {
    fn from(AuditPeriod { from, to }: AuditPeriod) -> Self {
        Self { from, to, ..Self::default() }
    }
}

impl From<Kept> for AuditEntry {
    fn from(kept: Kept) -> Self {
        let subject_count = i32::try_from(kept.subjects.len()).unwrap_or(i32::MAX);
        Self {
            id: kept.id,
            happened_at: kept.at,
            operation: kept.operation,
            object_kind: kept.object_kind,
            object_id: kept.object_id,
            result: kept.result,
            actor_id: kept.actor_id,
            // The installation's own trail is the admin's, who knows nobody who takes part.
            acting_for_id: kept.acting_for.filter(|_| kept.organisation_id.is_some()),
            origin: kept.origin,
            request_id: kept.request_id,
            organisation_id: kept.organisation_id,
            network_id: kept.room_id,
            subject_ids: kept.subjects.into_iter().take(NAMED).collect(),
            subject_count,
        }
    }
}

impl AuditEntry {
    /// The persons that it names.
    pub(super) fn named(&self) -> &[Uuid] {
        &self.subject_ids
    }
}

impl Row for AuditEntry {
    const HEAD: &'static [&'static str] = &[
        "id",
        "happenedAt",
        "operation",
        "objectKind",
        "objectId",
        "result",
        "actorId",
        "actingForId",
        "origin",
        "requestId",
        "organisationId",
        "networkId",
        "subjectIds",
        "subjectCount",
    ];

    fn cells(&self) -> Vec<String> {
        let optional = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
        let subjects: Vec<String> = self.subject_ids.iter().map(Uuid::to_string).collect();
        vec![
            self.id.to_string(),
            self.happened_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            self.operation.clone(),
            self.object_kind.clone(),
            self.object_id.to_string(),
            self.result.clone(),
            optional(self.actor_id),
            optional(self.acting_for_id),
            self.origin.clone().unwrap_or_default(),
            self.request_id.clone(),
            optional(self.organisation_id),
            optional(self.network_id),
            subjects.join(" "),
            self.subject_count.to_string(),
        ]
    }
}
