//! Recruitment: campaigns, codes that sources hand out, who answers, and the funnel.

mod answer;
mod batch;
mod campaign;
mod funnel;
mod wire;

use crate::web::routes::Routes;

/// Adds the context's routes.
pub(crate) fn routes(to: &mut impl Routes) {
    to.service(campaign::list_recruitment_campaigns)
        .service(campaign::create_recruitment_campaign)
        .service(campaign::get_recruitment_campaign)
        .service(campaign::create_recruitment_campaign_transition)
        .service(campaign::list_recruitment_campaign_transitions)
        .service(batch::create_recruitment_batch)
        .service(batch::list_recruitment_batches)
        .service(batch::create_recruitment_candidate)
        .service(answer::create_recruitment_answer)
        .service(funnel::get_recruitment_funnel);
}
