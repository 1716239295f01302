//! Participants, their memberships, and who represents them in law.

mod contact_list;
mod contact_wire;
mod how_to_reach;
mod invitation_link;
mod inviting;
mod member;
mod membership;
mod membership_wire;
mod participant;
mod reading;
mod reminder;
mod representative;
mod representative_wire;
pub mod settings;
mod turning;
mod verification;
mod wire;

pub(crate) use how_to_reach::HowToReach;
pub(crate) use inviting::reachable;
pub(crate) use member::person_of;
pub(crate) use membership::{load_room, place as membership_place, read as read_membership};
pub(crate) use participant::place;
pub(crate) use reading::{others, witness_one, witness_page};

use crate::web::routes::Routes;

/// Adds the context's routes.
pub(crate) fn routes(to: &mut impl Routes) {
    to.service(participant::search_participants)
        .service(participant::list_participants)
        .service(participant::create_participant)
        .service(participant::get_participant)
        .service(participant::update_participant)
        .service(verification::create_contact_verification)
        .service(verification::create_contact_confirmation)
        .service(membership::list_memberships)
        .service(membership::create_membership)
        .service(membership::get_membership)
        .service(membership::update_membership)
        .service(membership::create_membership_transition)
        .service(membership::list_membership_transitions)
        .service(invitation_link::get_membership_invitation)
        .service(invitation_link::create_membership_answer)
        .service(reminder::create_membership_reminder)
        .service(contact_list::list_contact_list)
        .service(contact_list::create_contact_attempt)
        .service(contact_list::list_contact_attempts)
        .service(representative::list_legal_representatives)
        .service(representative::create_legal_representative)
        .service(representative::get_legal_representative)
        .service(representative::update_legal_representative)
        .service(representative::create_legal_representative_transition)
        .service(representative::list_legal_representative_transitions);
}
