//! Reaching people who are invited, in the way that they chose: who wants mail gets a
//! link, who wants a call or a visit stands on the list.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use klankbord_domain::calendar::{day_of, start_of};
use klankbord_domain::networks::Network;
use klankbord_domain::participants::{
    Channel, Contact, ContactOf, Invitation, InvitationText, Member, Membership, MembershipStatus, OF_OWN_VOICE,
    Participant, ReminderTerms,
};
use klankbord_domain::policy::Place;
use klankbord_domain::privacy::ConsentPurpose;
use klankbord_persistence::participants::membership_invitation::{self, Kept, NewLink};
use klankbord_persistence::participants::{membership, participant, representative};
use klankbord_persistence::privacy::standing::{self, ConsentTerms};
use klankbord_persistence::store::mails::{self, NewMail, Values};
use klankbord_persistence::{Failure, Source, Tx};
use uuid::Uuid;

use crate::app::App;
use crate::mail::Template;

/// What holds for invitations at an instant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms {
    /// The day, and from which age on people consent themselves.
    pub(super) consent: ConsentTerms,
    /// How often, and after how long, people are reminded.
    pub(super) reminders: ReminderTerms,
    zone: Tz,
    days: i64,
}

impl Terms {
    /// What is configured, on the day of this instant.
    pub(super) fn of(app: &App, now: DateTime<Utc>) -> Self {
        let (zone, held) = (app.config.time.zone, app.config.invitations);
        let consent = ConsentTerms { today: day_of(now, zone), from: app.config.age.consent };
        let reminders = ReminderTerms { after_days: held.reminder_after_days, most: held.reminders };
        Self { consent, reminders, zone, days: held.days }
    }
}

/// A link that may go out, and what holds for it.
#[derive(Debug, Clone)]
pub(super) struct Sending {
    /// Its token.
    pub(super) token: String,
    /// What holds.
    pub(super) terms: Terms,
}

/// How those of these persons can be reached who may be: their details may be used today,
/// and they don't refuse being reached.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn reachable(
    source: &impl Source,
    persons: &[&Participant],
    terms: ConsentTerms,
) -> Result<HashMap<Uuid, Contact>, Failure> {
    let ids: Vec<Uuid> = persons.iter().map(|person| person.id).collect();
    let mut contacts = participant::contacts(source, &ids).await?;
    let held = representative::of_participants(source, &ids).await?;
    let consents = standing::of(source, persons, &[ConsentPurpose::Contact], terms).await?;
    let mut found = HashMap::new();
    for person in persons {
        let allowed = consents.get(&(person.id, ConsentPurpose::Contact)).is_none_or(|state| state.allows());
        let held: Vec<_> = held.get(&person.id).into_iter().flatten().map(|(_, one)| *one).collect();
        let contact = contacts.remove(&person.id).filter(|contact| contact.holds(person.age(), &held, terms.today));
        if let Some(contact) = contact.filter(|_| allowed) {
            found.insert(person.id, contact);
        }
    }
    Ok(found)
}

/// Whether somebody who wants a call or a visit can be reached by what is known: a number,
/// or for a visit an address.
pub(crate) fn can_be_reached(channel: Channel, contact: &Contact) -> bool {
    match channel {
        Channel::Internet => contact.email_address.is_some(),
        Channel::Phone => contact.phone_number.is_some(),
        Channel::InPerson => contact.mailing_address.is_some() || contact.phone_number.is_some(),
    }
}

/// Notes that a person was invited, and writes to them where they want that. Nothing of
/// organisations and networks as members, nor of who applies.
///
/// # Errors
/// When the database refuses.
pub(super) async fn invite(
    tx: &Tx,
    made: &Membership,
    (network, place): (&Network, &Place),
    text: InvitationText,
    sending: &Sending,
) -> Result<Option<Invitation>, Failure> {
    let Member::Participant(id) = made.member else { return Ok(None) };
    if made.status != MembershipStatus::Invited {
        return Ok(None);
    }
    let invitation = Invitation::made(tx.now(), sending.terms.reminders);
    let mut kept = membership_invitation::insert(tx, made.id, invitation, text).await?;
    if let Some(person) = participant::find(tx, id).await? {
        let letter = (Template::MembershipInvitation, sending);
        write_to(tx, &person.value, (network, place), &mut kept, letter).await?;
    }
    Ok(Some(invitation))
}

/// Reminds somebody, in the way that they chose. None where they can't be reached so:
/// then nothing happened.
///
/// # Errors
/// When the database refuses.
pub(super) async fn remind(
    tx: &Tx,
    person: &Participant,
    (network, place): (&Network, &Place),
    kept: &Kept,
    sending: &Sending,
) -> Result<Option<Invitation>, Failure> {
    let reminded = kept.invitation.reminded(person.channel, tx.now(), sending.terms.reminders);
    let mut kept = Kept { invitation: reminded, ..kept.clone() };
    let done = match person.channel {
        Channel::Internet => {
            write_to(tx, person, (network, place), &mut kept, (Template::MembershipReminder, sending)).await?
        }
        // Whom another organisation registered stands on no list here.
        Channel::Phone | Channel::InPerson if person.organisation_id != network.host_id => false,
        Channel::Phone | Channel::InPerson => {
            let contacts = reachable(tx, &[person], sending.terms.consent).await?;
            contacts.get(&person.id).is_some_and(|contact| can_be_reached(person.channel, contact))
        }
    };
    if !done {
        return Ok(None);
    }
    membership_invitation::save(tx, &kept).await?;
    tx.happened("membership.reminded", Some(network.host_id), membership::KIND, kept.membership_id);
    tx.concerns(person.id);
    Ok(Some(reminded))
}

/// Queues a mail with a new link, where the person wants mail and has an address that may
/// be used today; whether it was. Into a council's room no link leads who represents
/// somebody: they stay outside.
async fn write_to(
    tx: &Tx,
    person: &Participant,
    (network, place): (&Network, &Place),
    kept: &mut Kept,
    (template, Sending { token, terms }): (Template, &Sending),
) -> Result<bool, Failure> {
    if person.channel != Channel::Internet {
        return Ok(false);
    }
    let contact = reachable(tx, &[person], terms.consent).await?.remove(&person.id);
    let address = contact.and_then(|contact| Some((contact.email_address?, contact.whose)));
    let address = address.filter(|(_, whose)| !(place.council && *whose == ContactOf::Representative));
    let Some((address, contact_of)) = address else { return Ok(false) };
    // From the day on which somebody counts as 16 no link of a representative works.
    let turns = person.age().reaches_on(OF_OWN_VOICE).filter(|_| contact_of == ContactOf::Representative);
    let turns = turns.map(|day| start_of(day, terms.zone));
    let ends = tx.now() + TimeDelta::days(terms.days);
    let expires_at = turns.map_or(ends, |turns| turns.min(ends));
    // Rounded down: the link works at least so long.
    let days = (expires_at - tx.now()).num_days().max(1).to_string();
    let mail = NewMail {
        organisation: Some(network.host_id),
        account: None,
        participant: Some(person.id),
        template: template.code(),
        language: person.language.clone(),
        address,
        values: Values::from([("token".to_owned(), token.clone()), ("days".to_owned(), days)]),
        good_until: Some(expires_at),
    };
    tx.in_room(place.room());
    let mail_id = mails::queue(tx, mail).await?;
    membership_invitation::keep_link(tx, kept, NewLink { token: token.clone(), contact_of, expires_at, mail_id })
        .await?;
    Ok(true)
}
