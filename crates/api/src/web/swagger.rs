//! Swagger UI at `/docs`, from the binary itself, and the page about problems.

use std::fmt::Write as _;
use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::{self, Path, ServiceConfig};
use utoipa_swagger_ui::Config;

use super::messages;
use super::problem::Problem;

/// The page may load and run what comes from here, nothing else.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                           img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

/// Adds the pages.
pub fn routes(config: &mut ServiceConfig) {
    let ui = Config::new(["/v1/openapi.json"])
        .try_it_out_enabled(true)
        .persist_authorization(true)
        .display_request_duration(true)
        .display_operation_id(true)
        .filter(true)
        .deep_linking(true)
        .doc_expansion("none")
        .default_models_expand_depth(0)
        .validator_url("none");
    config
        .app_data(web::Data::new(Arc::new(ui)))
        .route("/docs", web::get().to(to_page))
        .route("/docs/problems", web::get().to(problems))
        .route("/docs/{tail:.*}", web::get().to(asset));
}

async fn to_page() -> HttpResponse {
    HttpResponse::SeeOther().insert_header(("Location", "/docs/")).finish()
}

async fn asset(path: Path<String>, ui: web::Data<Arc<Config<'static>>>) -> Result<HttpResponse, Problem> {
    let found = utoipa_swagger_ui::serve(&path, ui.get_ref().clone()).map_err(Problem::internal)?;
    let file = found.ok_or_else(|| Problem::new("route.not_found"))?;
    let mut response = HttpResponse::Ok();
    response.content_type(file.content_type).insert_header(("Content-Security-Policy", PAGE_POLICY));
    response.insert_header(("Referrer-Policy", "no-referrer"));
    if path.ends_with(".js") || path.ends_with(".css") || path.ends_with(".png") {
        response.insert_header(("Cache-Control", "public, max-age=3600"));
    }
    Ok(response.body(file.bytes.to_vec()))
}

async fn problems() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        ))
        .insert_header(("Referrer-Policy", "no-referrer"))
        .body(problems_page())
}

fn problems_page() -> String {
    let mut page = String::from(
        "<!doctype html><html lang=\"nl\"><meta charset=\"utf-8\"><title>Klankbord: problemen</title>\
         <style>body{font:1rem/1.5 sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}\
         code{background:#f2f2f2;padding:0 .25rem}</style><h1>Problemen</h1>",
    );
    for (code, status, [(title, detail), (title_en, detail_en)]) in messages::every_problem() {
        let _written = write!(
            page,
            "<section id=\"{code}\"><h2>{title}</h2><p>{detail}</p>\
             <p lang=\"en\"><strong>{title_en}.</strong> {detail_en}</p><p><code>{status} {code}</code></p></section>"
        );
    }
    page.push_str("<h1>Fouten in een aanvraag</h1><dl>");
    for (code, dutch, english) in messages::every_fault() {
        let _written = write!(page, "<dt><code>{code}</code></dt><dd>{dutch} <span lang=\"en\">{english}</span></dd>");
    }
    page.push_str("</dl></html>");
    page
}
