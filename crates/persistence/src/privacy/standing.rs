//! What stands of persons' consents on a day.

use std::collections::HashMap;

use chrono::NaiveDate;
use klankbord_domain::participants::Participant;
use klankbord_domain::privacy::{
    Asked, Consent, ConsentFacts, ConsentPurpose, ConsentState, ConsentText, consent_state,
};
use uuid::Uuid;

use super::{consent, consent_text};
use crate::participants::representative;
use crate::store::{Failure, Source};

/// On which day, and from which age on people consent themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConsentTerms {
    /// The day.
    pub today: NaiveDate,
    /// From which age on. Years.
    pub from: i32,
}

/// What stands for each of these persons and each of these purposes.
///
/// # Errors
/// When the database refuses.
pub async fn of(
    source: &impl Source,
    persons: &[&Participant],
    purposes: &[ConsentPurpose],
    terms: ConsentTerms,
) -> Result<HashMap<(Uuid, ConsentPurpose), ConsentState>, Failure> {
    let mut organisations: Vec<Uuid> = persons.iter().map(|person| person.organisation_id).collect();
    organisations.sort_unstable();
    organisations.dedup();
    let texts = consent_text::of_organisations(source, &organisations).await?;
    let asked = |person: &Participant, purpose: ConsentPurpose| {
        let same = |text: &&ConsentText| (text.organisation_id, text.purpose) == (person.organisation_id, purpose);
        Asked::of(texts.iter().map(|found| &found.value).filter(same), person.age_on(terms.today))
    };
    let concerned = |person: &&&Participant| purposes.iter().any(|one| asked(person, *one).is_some());
    let ids: Vec<Uuid> = persons.iter().filter(concerned).map(|person| person.id).collect();
    let said = consent::of_participants(source, &ids).await?;
    let representatives = representative::of_participants(source, &ids).await?;
    let mut found = HashMap::new();
    for person in persons {
        for purpose in purposes {
            let all = said.get(&person.id).map(Vec::as_slice).unwrap_or_default();
            let for_it: Vec<Consent> = all.iter().filter(|one| one.purpose == *purpose).cloned().collect();
            let facts = ConsentFacts {
                age: person.age(),
                from: terms.from,
                representatives: representatives.get(&person.id).map(Vec::as_slice).unwrap_or_default(),
                said: &for_it,
                asked: asked(person, *purpose),
                today: terms.today,
            };
            found.insert((person.id, *purpose), consent_state(facts));
        }
    }
    Ok(found)
}

/// What stands for one person and one purpose.
///
/// # Errors
/// When the database refuses.
pub async fn of_one(
    source: &impl Source,
    person: &Participant,
    purpose: ConsentPurpose,
    terms: ConsentTerms,
) -> Result<ConsentState, Failure> {
    let found = of(source, &[person], &[purpose], terms).await?;
    Ok(found.get(&(person.id, purpose)).copied().unwrap_or(ConsentState::NotAsked))
}
