//! The experience directory: what people can bring, requests for it, and approaches.

mod approach;
mod approach_wire;
mod moves;
mod offer;
mod profile;
mod profile_wire;
mod request;
mod request_wire;

use crate::web::routes::Routes;

/// Adds the context's routes.
pub(crate) fn routes(to: &mut impl Routes) {
    to.service(profile::get_experience_profile)
        .service(profile::update_experience_profile)
        .service(request::list_experience_requests)
        .service(request::create_experience_request)
        .service(request::get_experience_request)
        .service(request::update_experience_request)
        .service(request::delete_experience_request)
        .service(moves::create_experience_request_transition)
        .service(moves::list_experience_request_transitions)
        .service(offer::list_experience_offers)
        .service(approach::list_my_experience_approaches)
        .service(approach::list_participant_experience_approaches)
        .service(approach::get_experience_approach)
        .service(approach::create_experience_approach_transition)
        .service(approach::list_experience_approach_transitions);
}
