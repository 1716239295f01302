//! Agreements: what people and organisations promise each other, and what was kept.

mod agreement;
mod promises;
mod wire;

use crate::web::routes::Routes;

/// Adds the context's routes.
pub(crate) fn routes(to: &mut impl Routes) {
    to.service(agreement::list_agreements)
        .service(agreement::create_agreement)
        .service(agreement::get_agreement)
        .service(agreement::create_agreement_acceptance)
        .service(agreement::create_agreement_transition)
        .service(agreement::list_agreement_transitions)
        .service(promises::get_network_promises);
}
