//! Programmes and their documents.

mod composition;
mod document;
mod programme;
mod wire;

pub(crate) use programme::place;

use crate::web::routes::Routes;

/// Adds the context's routes.
pub(crate) fn routes(to: &mut impl Routes) {
    to.service(programme::list_programmes)
        .service(programme::create_programme)
        .service(programme::get_programme)
        .service(programme::update_programme)
        .service(composition::get_programme_composition)
        .service(document::list_programme_documents)
        .service(document::create_programme_document)
        .service(document::get_programme_document)
        .service(document::update_programme_document);
}
