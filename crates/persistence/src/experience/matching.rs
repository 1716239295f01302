//! Whom a request is put before.

use std::collections::{HashMap, HashSet};

use klankbord_domain::experience::{
    Approachability, ExperienceCandidate, ExperienceConsents, ExperienceProfile, ExperienceRequest, matched,
};
use klankbord_domain::participants::{MayBeAsked, Participant};
use klankbord_domain::privacy::{ConsentPurpose, ConsentState, own_voice};
use uuid::Uuid;

use super::profile;
use crate::consultations::burden::{self, Asked, BurdenTerms};
use crate::networks::network;
use crate::participants::{participant, representative};
use crate::privacy::data_request::{self, STOPS};
use crate::privacy::standing::{self, ConsentTerms};
use crate::programmes::programme;
use crate::store::{Failure, Source, Tx};

/// The persons before whom a request is put: among those whom the asking organisation
/// registered, and whom the others of its running programmes did. They are held until the
/// command ends, so that two requests at once don't ask anybody once too often.
///
/// # Errors
/// When the database refuses.
pub async fn found(tx: &Tx, request: &ExperienceRequest, terms: BurdenTerms) -> Result<Vec<Uuid>, Failure> {
    let organisations = programme::together_with(tx, request.organisation_id, terms.today()).await?;
    let profiles = profile::approachable(tx, &organisations).await?;
    let fitting: Vec<Uuid> = profiles.iter().filter(|one| one.fits(request)).map(|one| one.participant_id).collect();
    let persons = participant::by_id(tx, &fitting).await?;
    let persons: Vec<&Participant> = persons.values().collect();
    burden::hold(tx, &persons).await?;
    // As they are while they are held: who took it back meanwhile isn't found.
    let profiles = profile::of_persons(tx, &fitting).await?;
    let persons = participant::by_id(tx, &fitting).await?;
    let may = Facts::of(tx, request, persons.values().collect(), terms).await?;
    let mut candidates = Vec::new();
    for profile in &profiles {
        let Some(person) = persons.get(&profile.participant_id) else { continue };
        let may = may.of_person(person, profile);
        candidates.push(ExperienceCandidate { profile, account: person.account_id, may });
    }
    Ok(matched(request, &candidates))
}

/// What is known of all candidates.
struct Facts {
    asker: Uuid,
    terms: BurdenTerms,
    weighed: HashMap<Uuid, MayBeAsked>,
    consents: HashMap<(Uuid, ConsentPurpose), ConsentState>,
    stopped: HashSet<Uuid>,
    represented: HashSet<Uuid>,
}

impl Facts {
    async fn of(
        source: &impl Source,
        request: &ExperienceRequest,
        persons: Vec<&Participant>,
        terms: BurdenTerms,
    ) -> Result<Self, Failure> {
        let ceiling = match request.network_id {
            Some(id) => network::find(source, id).await?.and_then(|found| found.value.ask_ceiling),
            None => None,
        };
        let asked: Vec<Asked<'_>> =
            persons.iter().map(|person| Asked { person, network: ceiling, overridden: false }).collect();
        let ids: Vec<Uuid> = persons.iter().map(|person| person.id).collect();
        let today = ConsentTerms { today: terms.today(), from: terms.consent_from };
        Ok(Self {
            asker: request.organisation_id,
            terms,
            weighed: burden::weigh(source, &asked, terms).await?,
            consents: standing::of(source, &persons, &ExperienceConsents::PURPOSES, today).await?,
            stopped: data_request::stopped(source, &ids, STOPS).await?,
            represented: representative::signing_in_for(source, &persons, today.today).await?,
        })
    }

    fn of_person(&self, person: &Participant, profile: &ExperienceProfile) -> Approachability {
        let (from, today) = (self.terms.consent_from, self.terms.today());
        let state = |purpose| self.consents.get(&(person.id, purpose)).copied().unwrap_or(ConsentState::NotAsked);
        let speaks = own_voice(person.age(), from, today);
        let own = person.organisation_id == self.asker;
        let signs_in = if speaks { person.account_id.is_some() } else { self.represented.contains(&person.id) };
        Approachability {
            wanted: profile.stands(person.age(), from, today),
            consents: ExperienceConsents::of(speaks, state),
            may_be_asked: self.weighed.get(&person.id).copied().unwrap_or(MayBeAsked::Yes),
            left_alone: self.stopped.contains(&person.id),
            // Of those without an account who registered them puts it before them: not where it
            // is that organisation that asks, for it would learn who was found.
            reachable: signs_in || (speaks && !own),
        }
    }
}
