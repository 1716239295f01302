//! Networks, and who is in them, counted.

mod burden;
pub(crate) mod composition;
mod network;
mod rota;
mod wire;

pub(crate) use network::{place, seen};

use crate::web::routes::Routes;

/// Adds the context's routes.
pub(crate) fn routes(to: &mut impl Routes) {
    to.service(network::list_networks)
        .service(network::create_network)
        .service(network::get_network)
        .service(network::update_network)
        .service(network::delete_network)
        .service(network::create_network_transition)
        .service(network::list_network_transitions)
        .service(composition::get_network_composition)
        .service(rota::get_network_rota)
        .service(burden::list_askable_memberships)
        .service(burden::get_network_load);
}
