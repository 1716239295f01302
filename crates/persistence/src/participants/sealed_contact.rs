//! How participants can be reached: every detail sealed, the e-mail address
//! found by its keyed hash only.

use std::collections::HashMap;

use chrono::NaiveDate;
use klankbord_domain::participants::{Contact, ContactOf};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use uuid::Uuid;

use super::entity::participant_contacts::{Column, Entity, Model};
use super::membership_invitation;
use super::verification;
use crate::access::entity::accounts;
use crate::store::{Failure, Source, Tx, mails, optional, parse, rows};

/// How many ids one query names.
const BATCH: usize = 500;

fn bound_to(column: &str, participant: Uuid) -> String {
    format!("participant_contacts.{column}.{participant}")
}

/// Keeps a person's contact details in place of those that were there; none,
/// or an empty one, leaves nothing.
pub(super) async fn put(tx: &Tx, participant: Uuid, contact: Option<&Contact>) -> Result<(), Failure> {
    let before = rows::one::<Entity>(tx, participant).await?;
    Entity::delete_many().filter(Column::ParticipantId.eq(participant)).exec(tx.beneath()).await?;
    let lookup = contact.and_then(|contact| contact.email_address.as_deref());
    let lookup = lookup.map(|address| tx.keys().email_lookup(address));
    let whose = contact.map(|contact| contact.whose.code());
    let stays = |row: &Model| row.email_lookup == lookup && Some(row.whose.as_str()) == whose;
    if before.as_ref().is_some_and(|row| !stays(row)) {
        // What waits goes to an address that isn't theirs any more.
        mails::drop_for(tx, participant).await?;
        membership_invitation::drop_links(tx, participant).await?;
    }
    verification::settle(tx, participant, contact).await?;
    let Some(contact) = contact.filter(|contact| !contact.is_empty()) else { return Ok(()) };
    let sealer = tx.contact_sealer().await?;
    let seal = |column: &str, clear: &Option<String>| {
        optional(clear.as_deref(), |clear| sealer.seal(&bound_to(column, participant), clear))
    };
    let row = Model {
        participant_id: participant,
        name_sealed: seal("name", &contact.name)?,
        email_sealed: seal("email", &contact.email_address)?,
        email_lookup: lookup,
        phone_sealed: seal("phone", &contact.phone_number)?,
        postal_sealed: seal("postal", &contact.mailing_address)?,
        whose: contact.whose.code().to_owned(),
        asked_own_on: before.and_then(|row| row.asked_own_on),
    };
    rows::insert(tx, row).await
}

/// Takes away the details of a representative that are those of this account, where these
/// persons are reached through them.
pub(super) async fn end_of_account(tx: &Tx, account: Uuid, persons: &[Uuid]) -> Result<(), Failure> {
    let Some(row) = rows::one::<accounts::Entity>(tx, account).await? else { return Ok(()) };
    for person in persons {
        let held = rows::one::<Entity>(tx, *person).await?;
        let theirs = held.is_some_and(|held| {
            held.whose == ContactOf::Representative.code()
                && held.email_lookup.as_deref() == Some(row.email_lookup.as_str())
        });
        if theirs {
            put(tx, *person, None).await?;
        }
    }
    Ok(())
}

/// A person's contact details.
pub(super) async fn get(source: &impl Source, participant: Uuid) -> Result<Option<Contact>, Failure> {
    rows::one::<Entity>(source, participant).await?.map(|row| opened(source, row)).transpose()
}

/// The contact details of these persons.
pub(super) async fn of(source: &impl Source, persons: &[Uuid]) -> Result<HashMap<Uuid, Contact>, Failure> {
    let mut found = HashMap::new();
    for batch in persons.chunks(BATCH) {
        let selection = Entity::find().filter(Column::ParticipantId.is_in(batch.iter().copied()));
        for row in selection.all(source.beneath()).await? {
            found.insert(row.participant_id, opened(source, row)?);
        }
    }
    Ok(found)
}

/// Those who are reached through who represents them; of one person where one is named.
pub(super) async fn through_representatives(
    source: &impl Source,
    person: Option<Uuid>,
) -> Result<Vec<ThroughRepresentative>, Failure> {
    let mut selection = Entity::find().filter(Column::Whose.eq(ContactOf::Representative.code()));
    if let Some(person) = person {
        selection = selection.filter(Column::ParticipantId.eq(person));
    }
    let found = selection.order_by_asc(Column::ParticipantId).all(source.beneath()).await?;
    Ok(found
        .into_iter()
        .map(|row| ThroughRepresentative {
            participant_id: row.participant_id,
            asked: row.asked_own_on.is_some() || row.email_lookup.is_none(),
        })
        .collect())
}

/// Somebody who is reached through who represents them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThroughRepresentative {
    /// The person.
    pub participant_id: Uuid,
    /// Whether an address of their own was asked, or can't be by mail.
    pub asked: bool,
}

/// Notes that an address of their own was asked.
pub(super) async fn asked_own(tx: &Tx, participant: Uuid, day: NaiveDate) -> Result<(), Failure> {
    let update = Entity::update_many().col_expr(Column::AskedOwnOn, Expr::val(day));
    update.filter(Column::ParticipantId.eq(participant)).exec(tx.beneath()).await?;
    Ok(())
}

fn opened(source: &impl Source, row: Model) -> Result<Contact, Failure> {
    let participant = row.participant_id;
    let open = |column: &str, sealed: Option<Vec<u8>>| {
        optional(sealed, |sealed| source.keys().open_contact(&bound_to(column, participant), &sealed))
    };
    Ok(Contact {
        name: open("name", row.name_sealed)?,
        email_address: open("email", row.email_sealed)?,
        phone_number: open("phone", row.phone_sealed)?,
        mailing_address: open("postal", row.postal_sealed)?,
        whose: parse(("participant_contacts", "whose"), &row.whose)?,
    })
}
