//! Privacy: what people are asked to consent to, what they said, what stands of it,
//! and what is done with personal data here.

mod consent;
mod consent_text;
mod consent_wire;
mod processing;
mod proven_age;
pub mod settings;
mod states;

pub(crate) use states::{consents_to_taking_part, terms};

use crate::web::routes::Routes;

/// Adds the context's routes.
pub(crate) fn routes(to: &mut impl Routes) {
    to.service(consent_text::list_consent_texts)
        .service(consent_text::create_consent_text)
        .service(consent_text::get_consent_text)
        .service(consent_text::update_consent_text)
        .service(consent_text::delete_consent_text)
        .service(consent_text::create_consent_text_transition)
        .service(consent_text::list_consent_text_transitions)
        .service(consent::list_consents)
        .service(consent::create_consent)
        .service(consent::get_consent)
        .service(consent::create_consent_transition)
        .service(consent::list_consent_transitions)
        .service(states::get_consent_states)
        .service(proven_age::create_proven_age)
        .service(processing::get_processing_activities);
}
