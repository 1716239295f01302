//! Compensation: rates, claims, the ceilings of the volunteer allowance, and what
//! each perspective gets for the same work.

mod allowance;
mod claim;
mod claim_moves;
mod claim_wire;
mod rate;
mod report;
pub mod settings;

use crate::web::routes::Routes;

/// Adds the context's routes.
pub(crate) fn routes(to: &mut impl Routes) {
    to.service(rate::list_compensation_rates)
        .service(rate::create_compensation_rate)
        .service(rate::get_compensation_rate)
        .service(rate::update_compensation_rate)
        .service(rate::list_membership_rates)
        .service(claim::list_claims)
        .service(claim::create_claim)
        .service(claim::get_claim)
        .service(claim::update_claim)
        .service(claim::delete_claim)
        .service(claim_moves::create_claim_transition)
        .service(claim_moves::list_claim_transitions)
        .service(allowance::get_allowance)
        .service(allowance::get_my_allowance)
        .service(report::get_network_compensation)
        .service(report::get_organisation_compensation);
}
