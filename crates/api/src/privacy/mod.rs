//! Privacy: what people are asked to consent to, what they said, what stands of it;
//! what is done with personal data here, and what people ask of their own.

mod consent;
mod consent_text;
mod consent_wire;
mod data_request;
mod data_request_wire;
mod erasure;
mod export;
mod processing;
mod proven_age;
mod retention;
pub mod settings;
mod states;
mod summary;

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
        .service(processing::get_processing_activities)
        .service(data_request::list_data_requests)
        .service(data_request::list_participant_data_requests)
        .service(data_request::create_data_request)
        .service(data_request::list_my_data_requests)
        .service(data_request::create_my_data_request)
        .service(data_request::get_data_request)
        .service(data_request::create_data_request_transition)
        .service(data_request::list_data_request_transitions)
        .service(erasure::get_erasure_plan)
        .service(retention::list_retention_notices)
        .service(export::create_data_export)
        .service(export::create_data_export_reading);
}
