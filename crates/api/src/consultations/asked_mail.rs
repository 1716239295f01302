//! A mail to those who are asked something, or told what came of it, and want to be
//! reached by internet.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Utc};
use klankbord_domain::calendar::{end_of, start_of};
use klankbord_domain::consultations::Consultation;
use klankbord_domain::participants::{Channel, ContactOf, OF_OWN_VOICE, Participant};
use klankbord_domain::privacy::ConsentPurpose;
use klankbord_persistence::consultations::burden::BurdenTerms;
use klankbord_persistence::participants::{participant, representative};
use klankbord_persistence::privacy::standing::{self, ConsentTerms};
use klankbord_persistence::store::mails::{self, NewMail, Values};
use klankbord_persistence::{Failure, Tx};
use uuid::Uuid;

use crate::mail::Template;

/// For how many days it is tried to tell people by mail; after that they are told otherwise.
const TOLD_WITHIN_DAYS: u64 = 60;

/// A mail that says that something is asked, or told, and not what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AskedMail {
    /// Whose mail it is.
    pub(crate) organisation: Option<Uuid>,
    /// Its text.
    pub(crate) template: Template,
    /// From when on it is of no use any more.
    pub(crate) good_until: Option<DateTime<Utc>>,
}

impl AskedMail {
    /// That a consultation asks something: of no use once it is closed.
    pub(super) fn of(consultation: &Consultation, terms: BurdenTerms) -> Self {
        let good_until = consultation.closes_on.map(|day| end_of(day, terms.zone));
        let organisation = Some(consultation.organisation_id);
        Self { organisation, template: Template::ConsultationOpened, good_until }
    }

    /// That there is a report-back on it: told late it is of use still, for a while.
    pub(super) fn telling(consultation: &Consultation, terms: BurdenTerms) -> Self {
        let good_until = terms.now.checked_add_days(Days::new(TOLD_WITHIN_DAYS));
        let organisation = Some(consultation.organisation_id);
        Self { organisation, template: Template::ReportBackPublished, good_until }
    }

    /// The same again, for who may not have answered yet.
    pub(super) fn again(consultation: &Consultation, terms: BurdenTerms) -> Self {
        Self { template: Template::ConsultationReminder, ..Self::of(consultation, terms) }
    }
}

/// Queues a mail to each of these persons who is reached by internet and has an address
/// that may be used today, unless they don't consent to being reached. Gives the mails,
/// by person.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn queue(
    tx: &Tx,
    mail: AskedMail,
    persons: &[Uuid],
    terms: BurdenTerms,
) -> Result<BTreeMap<Uuid, Uuid>, Failure> {
    let mut queued = BTreeMap::new();
    let known = participant::by_id(tx, persons).await?;
    let reached: Vec<&Participant> = known.values().filter(|one| one.channel == Channel::Internet).collect();
    let ids: Vec<Uuid> = reached.iter().map(|person| person.id).collect();
    let contacts = participant::contacts(tx, &ids).await?;
    let held = representative::of_participants(tx, &ids).await?;
    let (today, from) = (terms.today(), terms.consent_from);
    let consents = standing::of(tx, &reached, &[ConsentPurpose::Contact], ConsentTerms { today, from }).await?;
    for person in reached {
        let allowed = consents.get(&(person.id, ConsentPurpose::Contact)).is_none_or(|state| state.allows());
        let held: Vec<_> = held.get(&person.id).into_iter().flatten().map(|(_, one)| *one).collect();
        let contact = contacts.get(&person.id).filter(|contact| contact.holds(person.age(), &held, today));
        let address = contact.and_then(|contact| Some((contact.email_address.clone()?, contact.whose)));
        let Some((address, contact_of)) = address.filter(|_| allowed) else { continue };
        // What waits too long doesn't go to a representative after all.
        let turns = person.age().reaches_on(OF_OWN_VOICE).filter(|_| contact_of == ContactOf::Representative);
        let turns = turns.map(|day| start_of(day, terms.zone));
        let good_until = [mail.good_until, turns].into_iter().flatten().min();
        let new = NewMail {
            organisation: mail.organisation,
            account: None,
            participant: Some(person.id),
            template: mail.template.code(),
            language: person.language.clone(),
            address,
            values: Values::new(),
            good_until,
        };
        queued.insert(person.id, mails::queue(tx, new).await?);
    }
    Ok(queued)
}
