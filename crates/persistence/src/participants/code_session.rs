//! One-time codes of people without an account, and the sessions that they open: to the
//! data of one person, for a short while. Whether one holds is asked at every request:
//! the address is still theirs and verified, they have no account, they weren't erased,
//! and who represents them still does.

use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::participants::{ContactOf, Participant, opens};
use klankbord_domain::policy::Caller;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use uuid::Uuid;

use super::entity::code_sessions::{Column, Entity, Model};
use super::entity::participant_contacts as contacts;
use super::participant::{self, KIND};
use super::{representative, verification};
use crate::store::{Failure, Reader, Source, Tx, parse, rows};

/// The kind of thing, in the audit trail.
pub const SESSION: &str = "session";
/// How many codes a person has at most that weren't used yet; older ones die.
const HANDFUL: u64 = 5;

/// Somebody whom a code at an address lets in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// The person whose data it is.
    pub person: Participant,
    /// Whether the address is theirs, or that of who represents them.
    pub whose: ContactOf,
    /// The keyed hash of the address.
    address_lookup: String,
}

/// A session that a code opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeSession {
    /// Its id.
    pub id: Uuid,
    /// Whose data it opens.
    pub participant_id: Uuid,
    /// For them, or for who represents them.
    pub whose: ContactOf,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
}

/// Whom a code at this address lets in on this day, in an order that stays.
///
/// # Errors
/// When the database refuses.
pub async fn reached_at(source: &impl Source, address: &str, today: NaiveDate) -> Result<Vec<Reached>, Failure> {
    let lookup = source.keys().email_lookup(address);
    let found = contacts::Entity::find()
        .select_only()
        .column(contacts::Column::ParticipantId)
        .filter(contacts::Column::EmailLookup.eq(lookup))
        .order_by_asc(contacts::Column::ParticipantId);
    let persons: Vec<Uuid> = found.into_tuple().all(source.beneath()).await?;
    let mut reached = Vec::new();
    for person in persons {
        reached.extend(let_in(source, person, today).await?);
    }
    Ok(reached)
}

/// This person, where a code at the address that is kept of them lets somebody in today.
///
/// # Errors
/// When the database refuses.
pub async fn let_in(source: &impl Source, person: Uuid, today: NaiveDate) -> Result<Option<Reached>, Failure> {
    let Some(person) = participant::find(source, person).await?.map(|found| found.value) else { return Ok(None) };
    let Some(kept) = rows::one::<contacts::Entity>(source, person.id).await? else { return Ok(None) };
    let Some(address_lookup) = kept.email_lookup else { return Ok(None) };
    if !verification::is_verified(source, person.id, (&address_lookup, &kept.whose)).await? {
        return Ok(None);
    }
    let held = representative::of_participant(source, person.id).await?;
    let whose = parse(("participant_contacts", "whose"), &kept.whose)?;
    let opened = opens((person.account_id, person.age()), whose, &held, today);
    Ok(opened.map(|whose| Reached { person, whose, address_lookup }))
}

fn code_hash(source: &impl Source, code: &str) -> String {
    source.keys().secret_lookup("own-data-code", code)
}

/// Keeps a code for somebody, by its keyed hash.
///
/// # Errors
/// When the database refuses.
pub async fn keep(tx: &Tx, reached: &Reached, code: &str, until: DateTime<Utc>) -> Result<(), Failure> {
    let row = Model {
        id: tx.new_id(),
        participant_id: reached.person.id,
        whose: reached.whose.code().to_owned(),
        address_lookup: reached.address_lookup.clone(),
        code_hash: code_hash(tx, code),
        created_at: tx.now(),
        code_expires_at: until,
        opened_at: None,
        expires_at: None,
        ended_at: None,
    };
    rows::insert(tx, row).await?;
    tx.touches(Some(reached.person.organisation_id), KIND, reached.person.id);
    tx.concerns(reached.person.id);
    let older = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::ParticipantId.eq(reached.person.id))
        .filter(Column::OpenedAt.is_null())
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .offset(HANDFUL)
        .limit(500);
    let older: Vec<Uuid> = older.into_tuple().all(tx.beneath()).await?;
    Entity::delete_many().filter(Column::Id.is_in(older)).exec(tx.beneath()).await?;
    Ok(())
}

/// Whether a code is good. It isn't used up.
///
/// # Errors
/// When the database refuses.
pub async fn is_good(
    source: &impl Source,
    code: &str,
    (now, today): (DateTime<Utc>, NaiveDate),
) -> Result<bool, Failure> {
    Ok(by_code(source, code, (now, today)).await?.is_some())
}

async fn by_code(
    source: &impl Source,
    code: &str,
    (now, today): (DateTime<Utc>, NaiveDate),
) -> Result<Option<(Model, Reached)>, Failure> {
    let unused = Entity::find()
        .filter(Column::CodeHash.eq(code_hash(source, code)))
        .filter(Column::OpenedAt.is_null())
        .filter(Column::EndedAt.is_null())
        .filter(Column::CodeExpiresAt.gt(now));
    let Some(row) = unused.one(source.beneath()).await? else { return Ok(None) };
    let reached = holding(source, &row, today).await?;
    Ok(reached.map(|reached| (row, reached)))
}

/// For whom a row still stands.
async fn holding(source: &impl Source, row: &Model, today: NaiveDate) -> Result<Option<Reached>, Failure> {
    let reached = let_in(source, row.participant_id, today).await?;
    Ok(reached.filter(|one| one.address_lookup == row.address_lookup && one.whose.code() == row.whose))
}

/// Uses a code up: gives the session that it opens until then, when it is good.
///
/// # Errors
/// When the database refuses.
pub async fn open(
    tx: &Tx,
    code: &str,
    (until, today): (DateTime<Utc>, NaiveDate),
) -> Result<Option<CodeSession>, Failure> {
    let Some((row, reached)) = by_code(tx, code, (tx.now(), today)).await? else { return Ok(None) };
    let update = Entity::update_many()
        .col_expr(Column::OpenedAt, Expr::val(tx.now()))
        .col_expr(Column::ExpiresAt, Expr::val(until))
        .filter(Column::Id.eq(row.id))
        .filter(Column::OpenedAt.is_null());
    // Of two at once only one finds it unused.
    if update.exec(tx.beneath()).await?.rows_affected == 0 {
        return Ok(None);
    }
    tx.touches(Some(reached.person.organisation_id), SESSION, row.id);
    tx.concerns(row.participant_id);
    Ok(Some(CodeSession { id: row.id, participant_id: row.participant_id, whose: reached.whose, expires_at: until }))
}

/// Who calls in this session; none when it has ended, or what it rested on has.
///
/// # Errors
/// When the database refuses.
pub async fn known(
    reader: &Reader,
    session: Uuid,
    (now, today): (DateTime<Utc>, NaiveDate),
) -> Result<Option<Caller>, Failure> {
    let row = rows::one::<Entity>(reader, session).await?;
    let lasts = |row: &Model| row.ended_at.is_none() && row.expires_at.is_some_and(|until| until > now);
    let Some(row) = row.filter(lasts) else { return Ok(None) };
    let reached = holding(reader, &row, today).await?;
    Ok(reached.map(|reached| Caller::with_code(reached.person.id, session, reached.whose)))
}

/// Ends a session; its token holds no longer from the next request on.
///
/// # Errors
/// When the database refuses.
pub async fn end(tx: &Tx, session: Uuid) -> Result<(), Failure> {
    let update = Entity::update_many().col_expr(Column::EndedAt, Expr::val(tx.now()));
    update.filter(Column::Id.eq(session)).exec(tx.beneath()).await?;
    let person = rows::one::<Entity>(tx, session).await?.map(|row| row.participant_id);
    let person = match person {
        Some(id) => participant::find(tx, id).await?,
        None => None,
    };
    tx.touches(person.map(|found| found.value.organisation_id), SESSION, session);
    Ok(())
}

/// Ends codes and sessions of a person but those at this address, which is this one's.
pub(super) async fn keep_only(tx: &Tx, person: Uuid, stays: Option<(String, ContactOf)>) -> Result<(), Failure> {
    let mut going = Condition::all().add(Column::ParticipantId.eq(person));
    if let Some((address_lookup, whose)) = stays {
        let other = Column::AddressLookup.ne(address_lookup);
        going = going.add(Condition::any().add(other).add(Column::Whose.ne(whose.code())));
    }
    Entity::delete_many().filter(going).exec(tx.beneath()).await?;
    Ok(())
}

/// Forgets codes that were never used, and sessions that are over by themselves.
pub(crate) async fn forget(tx: &Tx) -> Result<(), Failure> {
    let unused = Condition::all().add(Column::OpenedAt.is_null()).add(Column::CodeExpiresAt.lte(tx.now()));
    let over = Condition::any().add(unused).add(Column::ExpiresAt.lte(tx.now()));
    Entity::delete_many().filter(over).exec(tx.beneath()).await?;
    Ok(())
}
