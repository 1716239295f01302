//! Memberships: who takes part in which network.

use std::collections::HashMap;

use klankbord_domain::networks::Perspective;
use klankbord_domain::participants::{Member, Membership, MembershipStatus};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QuerySelect as _, Select,
};
use uuid::Uuid;

use super::entity::memberships::{Column, Entity, Model};
use super::erased;
use super::speaking::Speaking;
use crate::store::{Failure, Page, PageRequest, Source, Stored, Tx, fetch_page, keyset, optional, parse, rows};

/// The kind of thing, in histories and the audit trail.
pub const KIND: &str = "membership";
const TABLE: &str = "memberships";
/// How many ids one query names.
const BATCH: usize = 500;

/// Which memberships of a network to list.
#[derive(Debug, Clone, Default)]
pub struct MembershipFilter {
    /// Only those that stand so; empty: all.
    pub statuses: Vec<MembershipStatus>,
    /// Only from these perspectives; empty: all.
    pub perspectives: Vec<Perspective>,
    /// Only somebody's own, and of those for whom they speak, in a network of this
    /// host that is a council or not; none: everybody's.
    pub own: Option<(Speaking, (Uuid, bool))>,
}

/// Makes a membership. `host`: the organisation that hosts the network.
///
/// # Errors
/// 409 `membership.exists` when the member has one there that is not over.
pub async fn insert(tx: &Tx, membership: Membership, host: Uuid) -> Result<Stored<Membership>, Failure> {
    let stored = Stored { value: membership, version: 1, created_at: tx.now(), updated_at: tx.now() };
    if let Member::Participant(person) = stored.value.member {
        erased::is_there(tx, person).await?;
    }
    rows::insert(tx, row_of(&stored)).await?;
    written(tx, &stored.value, "membership.made", host);
    Ok(stored)
}

/// Saves a changed membership. `host`: the organisation that hosts the network.
///
/// # Errors
/// 412 when somebody changed it meanwhile.
pub async fn save(tx: &Tx, changed: Stored<Membership>, host: Uuid) -> Result<Stored<Membership>, Failure> {
    let read = changed.version;
    let stored = Stored { version: read + 1, updated_at: tx.now(), ..changed };
    rows::save(tx, row_of(&stored), [Column::Id, Column::Version], read).await?;
    written(tx, &stored.value, "membership.changed", host);
    Ok(stored)
}

/// Ends the membership of somebody who is erased. `host`: who hosts the network, where that
/// may be told outside it; else nothing names it.
///
/// # Errors
/// 412 when somebody changed it meanwhile.
pub async fn end(tx: &Tx, changed: Stored<Membership>, host: Option<Uuid>) -> Result<(), Failure> {
    let read = changed.version;
    let stored = Stored { version: read + 1, updated_at: tx.now(), ..changed };
    rows::save(tx, row_of(&stored), [Column::Id, Column::Version], read).await?;
    if let Some(host) = host {
        written(tx, &stored.value, "membership.changed", host);
    }
    Ok(())
}

fn written(tx: &Tx, membership: &Membership, event: &str, host: Uuid) {
    tx.happened(event, Some(host), KIND, membership.id);
    if let Member::Participant(person) = membership.member {
        tx.concerns(person);
    }
}

/// The membership with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid) -> Result<Option<Stored<Membership>>, Failure> {
    rows::one::<Entity>(source, id).await?.map(read).transpose()
}

/// The membership with this id, for changing it.
///
/// # Errors
/// When the database refuses.
pub async fn find_to_change(tx: &Tx, id: Uuid) -> Result<Option<Stored<Membership>>, Failure> {
    rows::locked::<Entity>(tx, id).await?.map(read).transpose()
}

/// Whether the member has a membership of the network that is not over.
///
/// # Errors
/// When the database refuses.
pub async fn is_live(source: &impl Source, network: Uuid, member: Member) -> Result<bool, Failure> {
    let live = Entity::find().filter(Column::LiveKey.eq(live_key(network, member)));
    Ok(live.count(source.beneath()).await? > 0)
}

/// Whether the network has a membership, or is itself a member somewhere,
/// however it stands.
///
/// # Errors
/// When the database refuses.
pub async fn any_of_network(source: &impl Source, network: Uuid) -> Result<bool, Failure> {
    let itself = Condition::all().add(Column::MemberKind.eq("network")).add(Column::MemberId.eq(network));
    let either = Condition::any().add(Column::NetworkId.eq(network)).add(itself);
    Ok(Entity::find().filter(either).count(source.beneath()).await? > 0)
}

/// The memberships of everybody who takes part in these networks now.
///
/// # Errors
/// When the database refuses.
pub async fn active_in(source: &impl Source, networks: &[Uuid]) -> Result<Vec<Membership>, Failure> {
    let active = Column::Status.eq(MembershipStatus::Active.code());
    let mut found = Vec::new();
    for batch in networks.chunks(BATCH) {
        let within = Column::NetworkId.is_in(batch.iter().copied());
        found.extend(Entity::find().filter(within).filter(active.clone()).all(source.beneath()).await?);
    }
    found.into_iter().map(|row| Ok(read(row)?.value)).collect()
}

/// The memberships of these persons, however they stand.
///
/// # Errors
/// When the database refuses.
pub async fn of_participants(source: &impl Source, persons: &[Uuid]) -> Result<Vec<Membership>, Failure> {
    let mut found = Vec::new();
    for batch in persons.chunks(BATCH) {
        let theirs = Column::MemberId.is_in(batch.iter().copied());
        let persons = Entity::find().filter(Column::MemberKind.eq("participant")).filter(theirs);
        found.extend(persons.all(source.beneath()).await?);
    }
    found.into_iter().map(|row| Ok(read(row)?.value)).collect()
}

/// Everybody's memberships of a network, however they stand.
///
/// # Errors
/// When the database refuses.
pub async fn ever_in(source: &impl Source, network: Uuid) -> Result<Vec<Membership>, Failure> {
    let found = Entity::find().filter(Column::NetworkId.eq(network)).all(source.beneath()).await?;
    found.into_iter().map(|row| Ok(read(row)?.value)).collect()
}

/// The memberships with these ids; those that don't exist are left out.
///
/// # Errors
/// When the database refuses.
pub async fn by_id(source: &impl Source, ids: &[Uuid]) -> Result<HashMap<Uuid, Membership>, Failure> {
    let mut found = HashMap::new();
    for batch in ids.chunks(BATCH) {
        for row in Entity::find().filter(Column::Id.is_in(batch.iter().copied())).all(source.beneath()).await? {
            found.insert(row.id, read(row)?.value);
        }
    }
    Ok(found)
}

/// How many terms a member had in a network: memberships that ended.
///
/// # Errors
/// When the database refuses.
pub async fn terms_served(source: &impl Source, network: Uuid, member: Member) -> Result<i32, Failure> {
    let (kind, id) = columns_of(member);
    let ended = Entity::find()
        .filter(Column::NetworkId.eq(network))
        .filter(Column::MemberKind.eq(kind))
        .filter(Column::MemberId.eq(id))
        .filter(Column::Status.eq(MembershipStatus::Ended.code()));
    Ok(i32::try_from(ended.count(source.beneath()).await?).unwrap_or(i32::MAX))
}

/// Where these memberships stand.
///
/// # Errors
/// When the database refuses.
pub async fn statuses(source: &impl Source, ids: &[Uuid]) -> Result<HashMap<Uuid, MembershipStatus>, Failure> {
    let mut found = HashMap::new();
    for batch in ids.chunks(BATCH) {
        for row in Entity::find().filter(Column::Id.is_in(batch.iter().copied())).all(source.beneath()).await? {
            found.insert(row.id, parse((TABLE, "status"), &row.status)?);
        }
    }
    Ok(found)
}

/// The memberships with which an account takes, or took, part: as the person whom
/// the network knows by that account, not as one to whom it was linked since.
pub(crate) fn known(account: Option<Uuid>) -> Select<Entity> {
    let admitted = [MembershipStatus::Active, MembershipStatus::Ended].map(MembershipStatus::code);
    Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::MemberKind.eq("participant"))
        .filter(Column::AccountId.is_in(account))
        .filter(Column::Status.is_in(admitted))
}

/// A page of a network's memberships.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    network: Uuid,
    filter: &MembershipFilter,
    request: &PageRequest,
) -> Result<Page<Stored<Membership>>, Failure> {
    let mut selection = Entity::find().filter(Column::NetworkId.eq(network));
    if !filter.statuses.is_empty() {
        selection = selection.filter(Column::Status.is_in(filter.statuses.iter().map(|status| status.code())));
    }
    if !filter.perspectives.is_empty() {
        let codes = filter.perspectives.iter().map(|perspective| perspective.code());
        selection = selection.filter(Column::Perspective.is_in(codes));
    }
    if let Some((speaking, network)) = &filter.own {
        selection = selection.filter(speaking.selection(*network));
    }
    fetch_page(source, selection, keyset!(super::entity::memberships), request).await?.try_map(read)
}

/// A page of the invitations that somebody has not answered yet, for themself and
/// for those for whom they speak.
///
/// # Errors
/// When the database refuses.
pub async fn invitations_of(
    source: &impl Source,
    speaking: &Speaking,
    request: &PageRequest,
) -> Result<Page<Stored<Membership>>, Failure> {
    let selection = Entity::find().filter(speaking.own()).filter(Column::Status.eq(MembershipStatus::Invited.code()));
    fetch_page(source, selection, keyset!(super::entity::memberships), request).await?.try_map(read)
}

/// Whether a member takes part in the network now.
///
/// # Errors
/// When the database refuses.
pub async fn takes_part(source: &impl Source, network: Uuid, member: Member) -> Result<bool, Failure> {
    let (kind, id) = columns_of(member);
    let active = Entity::find()
        .filter(Column::NetworkId.eq(network))
        .filter(Column::MemberKind.eq(kind))
        .filter(Column::MemberId.eq(id))
        .filter(Column::Status.eq(MembershipStatus::Active.code()));
    Ok(active.count(source.beneath()).await? > 0)
}

/// How a member stands in its columns.
fn columns_of(member: Member) -> (&'static str, Uuid) {
    match member {
        Member::Participant(id) => ("participant", id),
        Member::Organisation(id) => ("organisation", id),
        Member::Network(id) => ("network", id),
    }
}

/// What is unique among the memberships that are not over.
fn live_key(network: Uuid, member: Member) -> String {
    let (kind, id) = columns_of(member);
    format!("{network}/{kind}/{id}")
}

fn row_of(stored: &Stored<Membership>) -> Model {
    let membership = &stored.value;
    let (member_kind, member_id) = columns_of(membership.member);
    let live = !membership.status.is_over();
    Model {
        id: membership.id,
        version: stored.version,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        network_id: membership.network_id,
        member_kind: member_kind.to_owned(),
        member_id,
        perspective: membership.perspective.code().to_owned(),
        role: membership.role.code().to_owned(),
        ring: membership.ring.map(|ring| ring.code().to_owned()),
        rung: membership.rung.map(|rung| rung.code().to_owned()),
        seat: membership.seat.clone(),
        term_starts_on: membership.term_starts_on,
        term_ends_on: membership.term_ends_on,
        status: membership.status.code().to_owned(),
        account_id: membership.account_id,
        live_key: live.then(|| live_key(membership.network_id, membership.member)),
    }
}

fn read(row: Model) -> Result<Stored<Membership>, Failure> {
    let member = match row.member_kind.as_str() {
        "participant" => Member::Participant(row.member_id),
        "organisation" => Member::Organisation(row.member_id),
        "network" => Member::Network(row.member_id),
        other => return Err(Failure::unreadable(TABLE, "member_kind", other)),
    };
    let value = Membership {
        id: row.id,
        network_id: row.network_id,
        member,
        perspective: parse((TABLE, "perspective"), &row.perspective)?,
        role: parse((TABLE, "role"), &row.role)?,
        ring: optional(row.ring, |code| parse((TABLE, "ring"), &code))?,
        rung: optional(row.rung, |code| parse((TABLE, "rung"), &code))?,
        seat: row.seat,
        term_starts_on: row.term_starts_on,
        term_ends_on: row.term_ends_on,
        status: parse((TABLE, "status"), &row.status)?,
        account_id: row.account_id,
    };
    Ok(Stored { value, version: row.version, created_at: row.created_at, updated_at: row.updated_at })
}
