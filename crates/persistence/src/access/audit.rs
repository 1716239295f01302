//! Reading the audit trail.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use klankbord_domain::access::audit::{ANSWERING, WHO_ANSWERED};
use sea_orm::sea_query::Query;
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QuerySelect as _, QueryTrait as _, Select,
};
use uuid::Uuid;

use crate::participants::entity::memberships;
use crate::participants::membership;
use crate::store::entity::audit_rows::{Column, Entity, Model};
use crate::store::entity::audit_subjects;
use crate::store::{Failure, Page, PageRequest, Source, fetch_page, keyset};

/// How many ids one query names.
const BATCH: usize = 500;

/// Something that was done: who, what, to which thing, when, from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// The operation.
    pub operation: String,
    /// The kind of thing it was done to.
    pub object_kind: String,
    /// Which one.
    pub object_id: Uuid,
    /// How it ended.
    pub result: String,
    /// Where it came from; not told to the persons it concerns.
    pub origin: Option<String>,
    /// The account that did it; none when the clock did, or nobody in particular.
    pub actor_id: Option<Uuid>,
    /// The participant for whom it was done.
    pub acting_for: Option<Uuid>,
    /// The request's id.
    pub request_id: String,
    /// The organisation it belongs to.
    pub organisation_id: Option<Uuid>,
    /// The council in whose room it happened.
    pub room_id: Option<Uuid>,
    /// The persons whose data it touched, as far as they are told.
    pub subjects: Vec<Uuid>,
}

/// Which part of the trail is read.
#[derive(Debug, Clone)]
pub enum Trail {
    /// What belongs to no organisation.
    Installation,
    /// An organisation's, without its councils' rooms.
    Organisation(Uuid),
    /// What happened in these councils' rooms.
    Rooms(Vec<Uuid>),
    /// What concerns a person, for that person and their account: all of it, but of
    /// councils' rooms only those that know the account.
    Own {
        /// The person.
        participant: Uuid,
        /// Their account.
        account: Option<Uuid>,
    },
    /// What concerns a person, for the organisation that registered them.
    Of {
        /// The person.
        participant: Uuid,
        /// The organisation.
        organisation: Uuid,
    },
}

/// Which entries to list.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// Only what this account did.
    pub actor_id: Option<Uuid>,
    /// Only what was done to things of this kind.
    pub object_kind: Option<String>,
    /// Only what was done to this thing.
    pub object_id: Option<Uuid>,
    /// Only this operation.
    pub operation: Option<String>,
    /// From this instant on.
    pub from: Option<DateTime<Utc>>,
    /// Before this instant.
    pub to: Option<DateTime<Utc>>,
}

/// The entries of a trail, in pages.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    trail: &Trail,
    filter: AuditFilter,
    request: &PageRequest,
) -> Result<Page<AuditEntry>, Failure> {
    let keyset = keyset!(crate::store::entity::audit_rows, At as at);
    let page = fetch_page(source, filtered(selected(trail), filter), keyset, request).await?;
    let told = match trail {
        Trail::Organisation(_) | Trail::Rooms(_) | Trail::Installation => subjects(source, &page.items).await?,
        // It is about one person: who else was on the same page isn't told.
        Trail::Own { .. } | Trail::Of { .. } => HashMap::new(),
    };
    let own = matches!(trail, Trail::Own { .. });
    Ok(page.map(|row| read(row, &told, own)))
}

fn selected(trail: &Trail) -> Select<Entity> {
    let all = Entity::find();
    match trail {
        Trail::Installation => all.filter(Column::OrganisationId.is_null()),
        Trail::Organisation(id) => of_organisation(all, *id).filter(Column::Action.ne(ANSWERING)),
        Trail::Rooms(ids) => all.filter(Column::RoomId.is_in(ids.iter().copied())).filter(Column::Action.ne(ANSWERING)),
        Trail::Own { participant, account } => {
            let rooms = membership::known(*account).select_only().column(memberships::Column::NetworkId);
            let rooms = rooms.filter(memberships::Column::MemberId.eq(*participant));
            let open =
                Condition::any().add(Column::RoomId.is_null()).add(Column::RoomId.in_subquery(rooms.into_query()));
            concerning(all, *participant).filter(open)
        }
        Trail::Of { participant, organisation } => {
            let found = of_organisation(concerning(all, *participant), *organisation);
            found.filter(Column::Action.is_not_in(WHO_ANSWERED.iter().copied()))
        }
    }
}

fn of_organisation(all: Select<Entity>, id: Uuid) -> Select<Entity> {
    all.filter(Column::OrganisationId.eq(id)).filter(Column::RoomId.is_null())
}

fn concerning(all: Select<Entity>, person: Uuid) -> Select<Entity> {
    let rows = Query::select()
        .column(audit_subjects::Column::AuditId)
        .from(audit_subjects::Entity)
        .and_where(audit_subjects::Column::ParticipantId.eq(person))
        .to_owned();
    all.filter(Column::Id.in_subquery(rows))
}

fn filtered(mut all: Select<Entity>, filter: AuditFilter) -> Select<Entity> {
    let AuditFilter { actor_id, object_kind, object_id, operation, from, to } = filter;
    let conditions = [
        actor_id.map(|id| Column::ActorId.eq(id)),
        object_kind.map(|kind| Column::ObjectKind.eq(kind)),
        object_id.map(|id| Column::ObjectId.eq(id)),
        operation.map(|operation| Column::Action.eq(operation)),
        from.map(|from| Column::At.gte(from)),
        to.map(|to| Column::At.lt(to)),
    ];
    for condition in conditions.into_iter().flatten() {
        all = all.filter(condition);
    }
    all
}

/// The persons beside these rows, but for those who answered.
async fn subjects(source: &impl Source, rows: &[Model]) -> Result<HashMap<Uuid, Vec<Uuid>>, Failure> {
    let told = rows.iter().filter(|row| !WHO_ANSWERED.contains(&row.action.as_str()));
    let ids: Vec<Uuid> = told.map(|row| row.id).collect();
    let mut found: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for batch in ids.chunks(BATCH) {
        let beside = audit_subjects::Entity::find()
            .filter(audit_subjects::Column::AuditId.is_in(batch.iter().copied()))
            .all(source.beneath())
            .await?;
        for row in beside {
            found.entry(row.audit_id).or_default().push(row.participant_id);
        }
    }
    Ok(found)
}

fn read(row: Model, told: &HashMap<Uuid, Vec<Uuid>>, own: bool) -> AuditEntry {
    let mut subjects = told.get(&row.id).cloned().unwrap_or_default();
    subjects.sort_unstable();
    AuditEntry {
        id: row.id,
        at: row.at,
        operation: row.action,
        object_kind: row.object_kind,
        object_id: row.object_id,
        result: row.result,
        origin: (!own).then_some(row.origin),
        actor_id: row.actor_id,
        acting_for: row.acting_for,
        request_id: row.request_id,
        organisation_id: row.organisation_id,
        room_id: row.room_id,
        subjects,
    }
}
