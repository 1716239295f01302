//! Accounts, sessions and roles.

mod account;
pub(crate) mod by_hand;
mod first;
mod grant;
mod mailed_code;
mod me;
pub(crate) mod password;
mod reset;
pub mod secret;
mod session;

use utoipa_actix_web::service_config::ServiceConfig;

/// Adds the context's routes.
pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(session::create_session)
        .service(mailed_code::request_sign_in_code)
        .service(reset::reset_password)
        .service(session::redeem_sign_in_code)
        .service(session::refresh_session)
        .service(session::delete_session)
        .service(me::get_me)
        .service(account::create_account)
        .service(grant::create_grant)
        .service(grant::list_grants)
        .service(grant::delete_grant);
}
