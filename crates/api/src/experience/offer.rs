//! Who said yes, for who asked: with what they chose to share, and nothing else.

use std::collections::HashMap;

use actix_web::get;
use chrono::{DateTime, Utc};
use klankbord_domain::experience::{
    ExperienceConsents, ExperienceDayPart, ExperienceForm, ExperienceOffer as Domain, ExperiencePart, ExperiencePlace,
    ExperienceProfile, ExperienceTheme, operations as op,
};
use klankbord_domain::participants::{Channel, Contact, Participant};
use klankbord_domain::privacy::{ConsentState, own_voice};
use klankbord_persistence::experience::{offer, profile, request};
use klankbord_persistence::participants::{participant, representative};
use klankbord_persistence::privacy::standing::{self, ConsentTerms};
use klankbord_persistence::{Failure, Page, Source};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::profile_wire::{ExperienceTraining, trainings};
use super::request::read;
use crate::privacy::terms;
use crate::web::page::{Paging, page};
use crate::web::text::{TextVariant, to_wire_or_none};
use crate::web::{Answer, Call, Problem};

/// How somebody can be reached who chose to share that.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExperienceContact {
    /// The name on letters.
    #[schema(max_length = 200)]
    name: Option<String>,
    /// The e-mail address.
    #[schema(max_length = 254, example = "deelnemer@demo.klankbord.example")]
    email_address: Option<String>,
    /// The telephone number.
    #[schema(max_length = 30, example = "+31 88 555 01 01")]
    phone_number: Option<String>,
    /// The address on letters.
    #[schema(max_length = 500)]
    mailing_address: Option<String>,
}

/// Somebody who said yes to a request, with what they share.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExperienceOffer {
    /// Its id.
    id: Uuid,
    /// The request.
    experience_request_id: Uuid,
    /// The name by which they want to be known.
    #[schema(max_length = 100, example = "Zonnebloem")]
    display_name: String,
    /// How they want to be reached.
    channel: Channel,
    /// What they chose to share.
    #[schema(max_items = 5)]
    shared: Vec<ExperiencePart>,
    /// How to reach them; of a child who represents them.
    contact: Option<ExperienceContact>,
    /// What they know about.
    #[schema(max_items = 30)]
    themes: Option<Vec<ExperienceTheme>>,
    /// The same in their own words.
    #[schema(max_items = 20)]
    own_words: Option<Vec<TextVariant>>,
    /// In which forms they bring it.
    #[schema(max_items = 20)]
    forms: Option<Vec<ExperienceForm>>,
    /// When in the week they can.
    #[schema(max_items = 4)]
    day_parts: Option<Vec<ExperienceDayPart>>,
    /// How long they can in a month. Minutes.
    #[schema(minimum = 1, maximum = 50_000, example = 480)]
    minutes_per_month: Option<i32>,
    /// Where they can.
    #[schema(max_items = 2)]
    places: Option<Vec<ExperiencePlace>>,
    /// CBS codes of the municipalities to which they would come.
    #[schema(max_items = 50)]
    municipalities: Option<Vec<String>>,
    /// The trainings that they followed.
    #[schema(max_items = 50)]
    trainings: Option<Vec<ExperienceTraining>>,
    /// When they said yes.
    created_at: DateTime<Utc>,
}

page!(
    /// A page of people who said yes.
    ExperienceOfferPage of ExperienceOffer
);

/// List who said yes
///
/// With the name by which they go, how they want to be reached, and what each chose to share.
/// Who said no, and who said nothing, is never in it, nor counted. Who takes a yes back, or
/// consents no longer, is gone from it. The read is written down.
#[utoipa::path(operation_id = "listExperienceOffers", tag = "Experience", params(Paging),
    responses((status = 200, description = "A page", body = ExperienceOfferPage)))]
#[get("/experience-requests/{experienceRequestId}/offers")]
pub(super) async fn list_experience_offers(call: Call<op::ListExperienceOffers>) -> Result<Answer, Problem> {
    let (_, listing) = call.listing::<Paging>()?;
    let (found, _) = read(&call).await?;
    let asker = found.value.organisation_id;
    let page = if found.value.shows_offers() {
        offer::list(call.reader(), found.value.id, &listing).await?
    } else {
        Page { items: Vec::new(), next: None, total: None }
    };
    let known = Known::of(call.reader(), &page.items, (asker, terms(&call))).await?;
    let persons = page.items.iter().map(|one| one.participant_id).filter(|id| known.persons.contains_key(id)).collect();
    call.witness(asker, (request::KIND, found.value.id), persons).await?;
    let Page { items, next, total } = page;
    let items = items.into_iter().filter_map(|one| known.view(one)).collect();
    call.page(Page { items, next, total })
}

/// What is known of those who said yes, and consent still.
struct Known {
    persons: HashMap<Uuid, Participant>,
    profiles: HashMap<Uuid, ExperienceProfile>,
    contacts: HashMap<Uuid, Contact>,
}

impl Known {
    async fn of(
        source: &impl Source,
        offers: &[Domain],
        (asker, terms): (Uuid, ConsentTerms),
    ) -> Result<Self, Failure> {
        let ids: Vec<Uuid> = offers.iter().map(|one| one.participant_id).collect();
        let mut persons = participant::by_id(source, &ids).await?;
        let all: Vec<&Participant> = persons.values().collect();
        let states = standing::of(source, &all, &ExperienceConsents::PURPOSES, terms).await?;
        persons.retain(|id, person| {
            let state = |purpose| states.get(&(*id, purpose)).copied().unwrap_or(ConsentState::NotAsked);
            let speaks = own_voice(person.age(), terms.from, terms.today);
            ExperienceConsents::of(speaks, state).allow(person.organisation_id == asker)
        });
        let profiles = profile::of_persons(source, &ids).await?;
        let profiles = profiles.into_iter().map(|profile| (profile.participant_id, profile)).collect();
        let sharing = offers.iter().filter(|one| one.shares(ExperiencePart::Contact));
        let sharing: Vec<Uuid> = sharing.map(|one| one.participant_id).collect();
        let mut contacts = participant::contacts(source, &sharing).await?;
        let held = representative::of_participants(source, &sharing).await?;
        contacts.retain(|id, contact| {
            let held: Vec<_> = held.get(id).into_iter().flatten().map(|(_, one)| *one).collect();
            persons.get(id).is_some_and(|person| contact.holds(person.age(), &held, terms.today))
        });
        Ok(Self { persons, profiles, contacts })
    }

    fn view(&self, offer: Domain) -> Option<ExperienceOffer> {
        let person = self.persons.get(&offer.participant_id)?;
        let shares = |part| self.profiles.get(&person.id).filter(|_| offer.shares(part));
        let contact = self.contacts.get(&person.id).filter(|_| offer.shares(ExperiencePart::Contact));
        let themes = shares(ExperiencePart::Themes);
        let when = shares(ExperiencePart::Availability);
        Some(ExperienceOffer {
            id: offer.id,
            experience_request_id: offer.request_id,
            display_name: person.display_name.clone(),
            channel: person.channel,
            contact: contact.map(|contact| ExperienceContact {
                name: contact.name.clone(),
                email_address: contact.email_address.clone(),
                phone_number: contact.phone_number.clone(),
                mailing_address: contact.mailing_address.clone(),
            }),
            themes: themes.map(|profile| profile.themes.clone()),
            own_words: to_wire_or_none(themes.and_then(|profile| profile.own_words.as_ref())),
            forms: shares(ExperiencePart::Forms).map(|profile| profile.forms.clone()),
            day_parts: when.map(|profile| profile.day_parts.clone()),
            minutes_per_month: when.and_then(|profile| profile.minutes_per_month),
            places: when.map(|profile| profile.places.clone()),
            municipalities: when.map(|profile| profile.municipalities.clone()),
            trainings: shares(ExperiencePart::Trainings).map(|profile| trainings(&profile.trainings)),
            created_at: offer.created_at,
            shared: offer.shared,
        })
    }
}
