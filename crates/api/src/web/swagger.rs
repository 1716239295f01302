//! Swagger UI at `/docs`, from the binary itself, and the page about problems.

use std::fmt::Write as _;
use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::Uri;
use actix_web::web::{self, Path, ServiceConfig};
use serde_json::{Map, Value, json};
use utoipa_swagger_ui::{Config, oauth};

use super::messages;
use super::problem::Problem;
use crate::access::oidc::Endpoints;
use crate::access::oidc::settings::Issuer;
use crate::app::App;

/// The page may load and run what comes from here, nothing else.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                           img-src 'self' data:; frame-ancestors 'none'; connect-src 'self'";

/// The document as `/docs` reads it where people sign in at another issuer: with
/// how they do. What `/v1` serves is what is committed.
const SIGNED_DOCUMENT: &str = "/docs/openapi.json";
/// Where the issuer sends people back to.
const REDIRECT: &str = "/docs/oauth2-redirect.html";
/// What the way to sign in is called in that document.
const SCHEME: &str = "signIn";

/// Adds the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route("/docs", web::get().to(to_page))
        .route("/docs/problems", web::get().to(problems))
        .route(SIGNED_DOCUMENT, web::get().to(document))
        .route("/docs/{tail:.*}", web::get().to(asset));
}

fn ui(document: &'static str, sign_in: Option<oauth::Config>) -> Config<'static> {
    let ui = match sign_in {
        Some(sign_in) => Config::with_oauth_config([document], sign_in),
        None => Config::new([document]),
    };
    ui.try_it_out_enabled(true)
        .persist_authorization(true)
        .display_request_duration(true)
        .display_operation_id(true)
        .filter(true)
        .deep_linking(true)
        .doc_expansion("none")
        .default_models_expand_depth(0)
        .validator_url("none")
}

/// With how people sign in: by code and PKCE, without a secret (RFC 7636).
fn with_sign_in(issuer: &Issuer, client: &str, public_url: &str) -> Config<'static> {
    let by_code = oauth::Config::new()
        .client_id(client)
        .app_name(issuer.shown())
        .scopes(issuer.docs_scopes.clone())
        .use_pkce_with_authorization_code_grant(true);
    let back = format!("{}{REDIRECT}", public_url.trim_end_matches('/'));
    ui(SIGNED_DOCUMENT, Some(by_code)).oauth2_redirect_url(back)
}

/// The document with a way to sign in beside every bearer token.
fn signed(document: &str, issuer: &Issuer, endpoints: &Endpoints) -> Value {
    let mut document: Value = serde_json::from_str(document).unwrap_or_default();
    let scopes: Map<String, Value> = issuer.docs_scopes.iter().map(|scope| (scope.clone(), Value::from(""))).collect();
    let scheme = json!({
        "type": "oauth2", "description": format!("Sign in at {}.", issuer.shown()),
        "flows": { "authorizationCode": {
            "authorizationUrl": endpoints.authorization, "tokenUrl": endpoints.token, "scopes": scopes,
        } },
    });
    if let Some(Value::Object(schemes)) = document.pointer_mut("/components/securitySchemes") {
        schemes.insert(SCHEME.to_owned(), scheme);
    }
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    let items = paths.into_iter().flat_map(Map::values_mut).filter_map(Value::as_object_mut);
    for operation in items.flat_map(Map::values_mut) {
        if let Some(Value::Array(security)) = operation.get_mut("security")
            && security.iter().any(|one| one.get("bearer").is_some())
        {
            security.push(json!({ SCHEME: issuer.docs_scopes }));
        }
    }
    document
}

/// The document with how people sign in; where that isn't configured, or the
/// issuer can't be asked, as it is.
async fn document(app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let plain = app.contract.document().map_err(Problem::internal)?;
    let body = match app.issuers.for_docs(app.now()).await {
        Some((issuer, _, endpoints)) => signed(plain, issuer, &endpoints).to_string(),
        None => plain.to_owned(),
    };
    Ok(HttpResponse::Ok().content_type("application/json").body(body))
}

async fn to_page() -> HttpResponse {
    HttpResponse::SeeOther().insert_header(("Location", "/docs/")).finish()
}

async fn asset(path: Path<String>, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let is_page = path.is_empty() || path.ends_with(".html") || path.ends_with("initializer.js");
    let sign_in = if is_page { app.issuers.for_docs(app.now()).await } else { None };
    let (ui, policy) = match &sign_in {
        Some((issuer, client, endpoints)) => {
            let policy = format!("{PAGE_POLICY} {}", origin_of(&endpoints.token));
            (with_sign_in(issuer, client, &app.config.server.public_url), policy)
        }
        None => (ui("/v1/openapi.json", None), PAGE_POLICY.to_owned()),
    };
    let found = utoipa_swagger_ui::serve(&path, Arc::new(ui)).map_err(Problem::internal)?;
    let file = found.ok_or_else(|| Problem::new("route.not_found"))?;
    let mut response = HttpResponse::Ok();
    response.content_type(file.content_type).insert_header(("Content-Security-Policy", policy));
    response.insert_header(("Referrer-Policy", "no-referrer"));
    if path.ends_with(".js") || path.ends_with(".css") || path.ends_with(".png") {
        response.insert_header(("Cache-Control", "public, max-age=3600"));
    }
    Ok(response.body(file.bytes.to_vec()))
}

/// The origin of an address, for a page's policy; nothing where it has none.
fn origin_of(address: &str) -> String {
    let uri: Option<Uri> = address.parse().ok();
    let parts = uri.as_ref().and_then(|uri| Some((uri.scheme_str()?, uri.authority()?.as_str())));
    let plain = |text: &str| !text.contains([';', ',', ' ', '@']);
    parts.filter(|(_, host)| plain(host)).map(|(scheme, host)| format!("{scheme}://{host}")).unwrap_or_default()
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
