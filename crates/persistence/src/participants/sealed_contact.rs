//! How participants can be reached: every detail sealed, the e-mail address
//! found by its keyed hash only.

use klankbord_domain::participants::Contact;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::entity::participant_contacts::{Column, Entity, Model};
use crate::store::{Failure, Source, Tx, optional, rows};

fn bound_to(column: &str, participant: Uuid) -> String {
    format!("participant_contacts.{column}.{participant}")
}

/// Keeps a person's contact details in place of those that were there; none,
/// or an empty one, leaves nothing.
pub(super) async fn put(tx: &Tx, participant: Uuid, contact: Option<&Contact>) -> Result<(), Failure> {
    Entity::delete_many().filter(Column::ParticipantId.eq(participant)).exec(tx.beneath()).await?;
    let Some(contact) = contact.filter(|contact| **contact != Contact::default()) else { return Ok(()) };
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
    };
    rows::insert(tx, row).await
}

/// A person's contact details.
pub(super) async fn get(source: &impl Source, participant: Uuid) -> Result<Option<Contact>, Failure> {
    let Some(row) = rows::one::<Entity>(source, participant).await? else { return Ok(None) };
    let open = |column: &str, sealed: Option<Vec<u8>>| {
        optional(sealed, |sealed| source.keys().open_contact(&bound_to(column, participant), &sealed))
    };
    Ok(Some(Contact {
        name: open("name", row.name_sealed)?,
        email_address: open("email", row.email_sealed)?,
        phone_number: open("phone", row.phone_sealed)?,
        mailing_address: open("postal", row.postal_sealed)?,
    }))
}
