//! Organisations, regions, information pages.

mod information_page;
pub(crate) mod named;
mod organisation;
mod region;

pub(crate) use organisation::place;

use crate::web::routes::Routes;

/// Adds the context's routes.
pub(crate) fn routes(to: &mut impl Routes) {
    to.service(organisation::list_organisations)
        .service(organisation::create_organisation)
        .service(organisation::get_organisation)
        .service(organisation::update_organisation)
        .service(region::list_regions)
        .service(region::create_region)
        .service(region::get_region)
        .service(information_page::list_information_pages)
        .service(information_page::create_information_page)
        .service(information_page::get_information_page)
        .service(information_page::update_information_page)
        .service(information_page::delete_information_page)
        .service(information_page::create_information_page_transition)
        .service(information_page::list_information_page_transitions);
}
