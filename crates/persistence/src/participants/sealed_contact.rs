//! How participants can be reached: every detail sealed, the e-mail address
//! found by its keyed hash only.

use std::collections::HashMap;

use chrono::NaiveDate;
use klankbord_domain::participants::{Contact, ContactOf};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use uuid::Uuid;

use super::entity::participant_contacts::{Column, Entity, Model};
use crate::store::{Failure, Source, Tx, optional, parse, rows};

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
    let Some(contact) = contact.filter(|contact| !contact.is_empty()) else { return Ok(()) };
    let sealer = tx.contact_sealer().await?;
    let seal = |column: &str, clear: &Option<String>| {
        optional(clear.as_deref(), |clear| sealer.seal(&bound_to(column, participant), clear))
    };
    let row = Model {
        participant_id: participant,
        name_sealed: seal("name", &contact.name)?,
        email_sealed: seal("email", &contact.email_address)?,
        email_lookup: contact.email_address.as_deref().map(|address| tx.keys().email_lookup(address)),
        phone_sealed: seal("phone", &contact.phone_number)?,
        postal_sealed: seal("postal", &contact.mailing_address)?,
        whose: contact.whose.code().to_owned(),
        asked_own_on: before.and_then(|row| row.asked_own_on),
    };
    rows::insert(tx, row).await
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

/// The persons who are reached through who represents them, and on which day an
/// address of their own was asked.
pub(super) async fn through_representatives(source: &impl Source) -> Result<Vec<(Uuid, Option<NaiveDate>)>, Failure> {
    let selection = Entity::find()
        .select_only()
        .columns([Column::ParticipantId, Column::AskedOwnOn])
        .filter(Column::Whose.eq(ContactOf::Representative.code()))
        .order_by_asc(Column::ParticipantId);
    Ok(selection.into_tuple().all(source.beneath()).await?)
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
