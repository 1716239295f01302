//! Contact details that were checked. What was checked is known by its keyed hash alone:
//! a detail that changed is verified no longer.

use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::participants::{Contact, ContactKind, ContactVerification, Participant, VerificationMethod};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::code_session;
use super::entity::contact_verifications::{Column, Entity, Model};
use super::entity::participants;
use super::participant::KIND;
use crate::access::accounts;
use crate::store::{Failure, Keys, Source, Tx, parse, rows};

const TABLE: &str = "contact_verifications";

/// The keyed hash of one detail; none where it isn't there.
pub(super) fn lookup(keys: &Keys, contact: &Contact, kind: ContactKind) -> Option<String> {
    let kept = |purpose: &str, clear: &Option<String>, folded: fn(&str) -> String| {
        clear.as_deref().map(|clear| keys.secret_lookup(purpose, &folded(clear)))
    };
    match kind {
        ContactKind::EmailAddress => contact.email_address.as_deref().map(|address| keys.email_lookup(address)),
        ContactKind::PhoneNumber => kept("contact-phone", &contact.phone_number, digits),
        ContactKind::MailingAddress => kept("contact-postal", &contact.mailing_address, words),
    }
}

/// A number in another writing is the same.
fn digits(number: &str) -> String {
    number.chars().filter(|one| one.is_ascii_digit() || *one == '+').collect()
}

/// An address in other capitals, or with other spaces, is the same.
fn words(address: &str) -> String {
    address.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether somebody's contact details have this one.
pub fn has(source: &impl Source, contact: Option<&Contact>, kind: ContactKind) -> bool {
    contact.and_then(|contact| lookup(source.keys(), contact, kind)).is_some()
}

/// Whether the e-mail address of these contact details is that of this account.
///
/// # Errors
/// When the database refuses.
pub async fn is_of_account(source: &impl Source, contact: &Contact, account: Uuid) -> Result<bool, Failure> {
    match &contact.email_address {
        Some(address) => accounts::has_address(source, account, address).await,
        None => Ok(false),
    }
}

/// Keeps a verification of what stands in these contact details now, in place of one of the
/// same detail that waited; `waits`: the link's token, and until when. One that is found
/// right takes the place of every other.
///
/// # Errors
/// When the database refuses.
pub async fn insert(
    tx: &Tx,
    person: &Participant,
    (made, contact): (&ContactVerification, &Contact),
    waits: Option<(&str, DateTime<Utc>)>,
) -> Result<(), Failure> {
    let value_lookup = lookup(tx.keys(), contact, made.kind)
        .ok_or_else(|| Failure::Broken(format!("{TABLE}: nothing to verify of {}", person.id)))?;
    let waiting = Column::VerifiedOn.is_null();
    let others = Condition::all().add_option(made.verified_on.is_none().then_some(waiting));
    forget_others(tx, (made.participant_id, made.kind, made.id), others).await?;
    let row = Model {
        id: made.id,
        participant_id: made.participant_id,
        kind: made.kind.code().to_owned(),
        method: made.method.code().to_owned(),
        whose: made.whose.code().to_owned(),
        value_lookup,
        token_hash: waits.map(|(token, _)| token_hash(tx, token)),
        recorded_by: made.recorded_by,
        created_at: tx.now(),
        expires_at: waits.map(|(_, until)| until),
        verified_on: made.verified_on,
    };
    rows::insert(tx, row).await?;
    let event = if made.verified_on.is_some() { "contact_verified" } else { "contact_verification_asked" };
    note(tx, (person.organisation_id, person.id), event);
    Ok(())
}

fn note(tx: &Tx, (organisation, person): (Uuid, Uuid), event: &str) {
    tx.happened(format!("participant.{event}"), Some(organisation), KIND, person);
    tx.concerns(person);
}

fn token_hash(source: &impl Source, token: &str) -> String {
    source.keys().secret_lookup("contact-verification", token)
}

async fn forget_others(
    tx: &Tx,
    (person, kind, this): (Uuid, ContactKind, Uuid),
    which: Condition,
) -> Result<(), Failure> {
    let others = Entity::delete_many()
        .filter(Column::ParticipantId.eq(person))
        .filter(Column::Kind.eq(kind.code()))
        .filter(Column::Id.ne(this))
        .filter(which);
    others.exec(tx.beneath()).await?;
    Ok(())
}

/// Whether this token is that of a link that still waits.
///
/// # Errors
/// When the database refuses.
pub async fn waits(source: &impl Source, token: &str, now: DateTime<Utc>) -> Result<bool, Failure> {
    Ok(by_token(source, token, now).await?.is_some())
}

async fn by_token(source: &impl Source, token: &str, now: DateTime<Utc>) -> Result<Option<Model>, Failure> {
    let waiting = Entity::find()
        .filter(Column::TokenHash.eq(token_hash(source, token)))
        .filter(Column::VerifiedOn.is_null())
        .filter(Column::ExpiresAt.gt(now));
    Ok(waiting.one(source.beneath()).await?)
}

/// Finds an address right by the link that was mailed there; whether it was one that waits,
/// of an address that is still theirs.
///
/// # Errors
/// When the database refuses.
pub async fn confirm(tx: &Tx, token: &str, today: NaiveDate) -> Result<bool, Failure> {
    let Some(row) = by_token(tx, token, tx.now()).await? else { return Ok(false) };
    // Held until the command ends: a change of the address comes before it, or after.
    let person = rows::locked::<participants::Entity>(tx, row.participant_id).await?;
    let Some(person) = person.filter(super::participant::is_there) else { return Ok(false) };
    let update = Entity::update_many()
        .col_expr(Column::VerifiedOn, Expr::val(today))
        .col_expr(Column::TokenHash, Expr::val(None::<String>))
        .filter(Column::Id.eq(row.id))
        .filter(Column::VerifiedOn.is_null());
    // Of two at once only one finds it waiting.
    if update.exec(tx.beneath()).await?.rows_affected == 0 {
        return Ok(false);
    }
    forget_others(tx, (person.id, ContactKind::EmailAddress, row.id), Condition::all()).await?;
    note(tx, (person.organisation_id, person.id), "contact_verified");
    Ok(true)
}

/// Which of somebody's contact details were found right, as they stand now.
///
/// # Errors
/// When the database refuses.
pub async fn of(source: &impl Source, person: Uuid, contact: &Contact) -> Result<Vec<ContactVerification>, Failure> {
    let found = Entity::find().filter(Column::ParticipantId.eq(person)).filter(Column::VerifiedOn.is_not_null());
    let mut verified = Vec::new();
    for row in found.all(source.beneath()).await? {
        if stands(source.keys(), &row, contact)? {
            verified.push(read(&row)?);
        }
    }
    verified.sort_by_key(|one| one.kind);
    Ok(verified)
}

/// Whether it is about a detail that is still there, and still the same one's.
fn stands(keys: &Keys, row: &Model, contact: &Contact) -> Result<bool, Failure> {
    let kind: ContactKind = parse((TABLE, "kind"), &row.kind)?;
    let same = lookup(keys, contact, kind).is_some_and(|lookup| lookup == row.value_lookup);
    Ok(same && row.whose == contact.whose.code())
}

/// Whether this address, which is this one's, was found right.
pub(super) async fn is_verified(
    source: &impl Source,
    person: Uuid,
    (address_lookup, whose): (&str, &str),
) -> Result<bool, Failure> {
    let found = Entity::find()
        .filter(Column::ParticipantId.eq(person))
        .filter(Column::Kind.eq(ContactKind::EmailAddress.code()))
        .filter(Column::ValueLookup.eq(address_lookup))
        .filter(Column::Whose.eq(whose))
        .filter(Column::VerifiedOn.is_not_null());
    Ok(found.one(source.beneath()).await?.is_some())
}

/// Forgets what was checked of details that are these no longer, and ends what a code at an
/// address opened that isn't theirs any more. Called where details are written.
pub(super) async fn settle(tx: &Tx, person: Uuid, contact: Option<&Contact>) -> Result<(), Failure> {
    for row in Entity::find().filter(Column::ParticipantId.eq(person)).all(tx.beneath()).await? {
        let same = contact.map(|contact| stands(tx.keys(), &row, contact)).transpose()?;
        if same != Some(true) {
            Entity::delete_many().filter(Column::Id.eq(row.id)).exec(tx.beneath()).await?;
        }
    }
    let address = contact.and_then(|contact| lookup(tx.keys(), contact, ContactKind::EmailAddress));
    let whose = contact.map(|contact| contact.whose);
    code_session::keep_only(tx, person, address.zip(whose)).await
}

/// Forgets links that were never used.
pub(crate) async fn forget(tx: &Tx) -> Result<(), Failure> {
    let old = Entity::delete_many().filter(Column::VerifiedOn.is_null()).filter(Column::ExpiresAt.lte(tx.now()));
    old.exec(tx.beneath()).await?;
    Ok(())
}

fn read(row: &Model) -> Result<ContactVerification, Failure> {
    let method: VerificationMethod = parse((TABLE, "method"), &row.method)?;
    Ok(ContactVerification {
        id: row.id,
        participant_id: row.participant_id,
        kind: parse((TABLE, "kind"), &row.kind)?,
        method,
        whose: parse((TABLE, "whose"), &row.whose)?,
        recorded_by: row.recorded_by,
        verified_on: row.verified_on,
    })
}
