//! Accounts, sessions, roles, and machines.

mod account;
mod account_moves;
mod audit;
mod audit_wire;
pub(crate) mod by_hand;
mod client;
mod credential;
mod first;
mod grant;
mod ground;
mod inviting;
mod mailed_code;
mod me;
mod notice;
pub(crate) mod oauth;
pub mod oidc;
mod own_data_session;
pub(crate) mod password;
mod password_change;
mod password_rules;
mod permissions;
mod reset;
mod review;
mod role_invitation;
mod role_invitation_acceptance;
mod second_factor;
pub mod secret;
mod session;
mod session_list;
pub mod settings;
pub(crate) mod totp;
pub(crate) mod tries;

use crate::web::routes::Routes;

/// Adds the context's routes.
pub(crate) fn routes(to: &mut impl Routes) {
    to.service(session::create_session)
        .service(mailed_code::request_sign_in_code)
        .service(reset::reset_password)
        .service(session::redeem_sign_in_code)
        .service(own_data_session::create_own_data_session)
        .service(session::refresh_session)
        .service(session::delete_session)
        .service(session_list::list_sessions)
        .service(session_list::get_session)
        .service(session_list::delete_other_sessions)
        .service(me::get_me)
        .service(permissions::get_my_permissions)
        .service(me::update_me)
        .service(password_change::create_password_change)
        .service(second_factor::create_second_factor)
        .service(second_factor::create_second_factor_confirmation)
        .service(second_factor::create_second_factor_check)
        .service(second_factor::delete_second_factor)
        .service(account::create_account)
        .service(account_moves::get_account)
        .service(account_moves::create_account_transition)
        .service(account_moves::list_account_transitions)
        .service(account_moves::delete_account_second_factor)
        .service(account_moves::delete_account_external_identity)
        .service(grant::create_grant)
        .service(grant::list_grants)
        .service(grant::get_grant)
        .service(grant::delete_grant)
        .service(role_invitation::create_role_invitation)
        .service(role_invitation::list_role_invitations)
        .service(role_invitation::get_role_invitation)
        .service(role_invitation::delete_role_invitation)
        .service(role_invitation_acceptance::accept_role_invitation)
        .service(client::list_clients)
        .service(client::create_client)
        .service(client::get_client)
        .service(client::update_client)
        .service(client::create_client_transition)
        .service(client::list_client_transitions)
        .service(credential::list_client_credentials)
        .service(credential::create_client_credential)
        .service(credential::delete_client_credential)
        .service(review::list_role_reviews)
        .service(audit::list_audit_entries)
        .service(audit::list_organisation_audit_entries)
        .service(audit::list_network_audit_entries)
        .service(audit::list_participant_audit_entries);
}
