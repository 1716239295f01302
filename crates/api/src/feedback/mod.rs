//! Feedback (inbreng), who supports it, what is answered; and everybody's own desk.

mod contributions;
mod desk;
mod entry;
mod history;
mod moves;
mod my_consultations;
mod response;
mod support;
mod tasks;
mod viewer;
mod voice;
mod wire;

pub(crate) use viewer::place;

use crate::web::routes::Routes;

/// Adds the context's routes.
pub(crate) fn routes(to: &mut impl Routes) {
    to.service(entry::list_feedback)
        .service(entry::create_feedback)
        .service(entry::get_feedback)
        .service(entry::update_feedback)
        .service(entry::delete_feedback)
        .service(moves::create_feedback_transition)
        .service(moves::list_feedback_transitions)
        .service(support::create_support)
        .service(support::delete_support)
        .service(response::create_official_response)
        .service(response::list_official_responses)
        .service(tasks::list_my_tasks)
        .service(contributions::list_my_contributions)
        .service(my_consultations::list_my_consultations)
        .service(history::list_my_history);
}
