//! What stands outside `/v1`: whether the service lives, is ready, and its figures.

use std::fmt::Write as _;

use actix_web::http::{Method, StatusCode};
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use chrono::{SecondsFormat, TimeDelta};
use serde_json::json;

use super::problem::Problem;
use super::swagger;
use crate::access::oauth::{KEYS_PATH, METADATA_PATH, TOKEN_PATH};
use crate::app::App;
use crate::telemetry;

/// Paths outside the contract for reading alone.
const OUTSIDE: [&str; 12] = [
    "/",
    KEYS_PATH,
    METADATA_PATH,
    "/.well-known/security.txt",
    "/docs",
    "/docs/",
    "/docs/problems",
    "/health/live",
    "/health/ready",
    "/metrics",
    "/v1/openapi.json",
    "/v1/openapi.yaml",
];

/// How long what `security.txt` says may be kept: less than the year that RFC 9116 §2.5.5 advises.
const SECURITY_HOLDS: TimeDelta = TimeDelta::days(180);

/// Checks the method of a request outside the contract.
///
/// # Errors
/// 404 where there is nothing, 405 where only reading, or only posting, is possible.
pub fn method_allowed(method: &Method, path: &str) -> Result<(), Problem> {
    if path == TOKEN_PATH {
        return if *method == Method::POST { Ok(()) } else { Err(Problem::method("POST".to_owned())) };
    }
    let known = OUTSIDE.contains(&path) || path.starts_with("/docs/");
    match (known, *method == Method::GET || *method == Method::HEAD) {
        (false, _) => Err(Problem::new("route.not_found")),
        (true, false) => Err(Problem::method("GET, HEAD".to_owned())),
        (true, true) => Ok(()),
    }
}

/// Adds what stands outside the contract.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route("/", web::get().to(home))
        .route("/.well-known/security.txt", web::get().to(security))
        .route("/health/live", web::get().to(live))
        .route("/health/ready", web::get().to(ready))
        .route("/metrics", web::get().to(figures))
        .route("/v1/openapi.json", web::get().to(as_json))
        .route("/v1/openapi.yaml", web::get().to(as_yaml))
        .configure(swagger::routes);
}

async fn home() -> HttpResponse {
    HttpResponse::build(StatusCode::SEE_OTHER).insert_header(("Location", "/docs/")).finish()
}

async fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "live" }))
}

async fn ready(app: Data<App>) -> Result<HttpResponse, Problem> {
    app.store.ping().await?;
    if app.store.is_current().await? {
        Ok(HttpResponse::Ok().json(json!({ "status": "ready" })))
    } else {
        Err(Problem::new("server.unavailable").because("the schema is not this program's"))
    }
}

async fn figures() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(telemetry::figures())
}

/// Whom to tell of a weakness (RFC 9116).
async fn security(app: Data<App>) -> HttpResponse {
    let server = &app.config.server;
    let expires = (app.now() + SECURITY_HOLDS).to_rfc3339_opts(SecondsFormat::Secs, true);
    let mut text = format!("Contact: {}\nExpires: {expires}\nPreferred-Languages: nl, en\n", server.security_contact);
    if let Some(policy) = &server.security_policy {
        let _written = writeln!(text, "Policy: {policy}");
    }
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(text)
}

async fn as_json(app: Data<App>) -> Result<HttpResponse, Problem> {
    let document = app.contract.document().map_err(Problem::internal)?;
    Ok(open(&app, "application/json").body(document.to_owned()))
}

async fn as_yaml(app: Data<App>, _: HttpRequest) -> Result<HttpResponse, Problem> {
    let document = app.contract.document().map_err(Problem::internal)?;
    let document: serde_json::Value = serde_json::from_str(document).map_err(Problem::internal)?;
    let text = serde_yaml_ng::to_string(&document).map_err(Problem::internal)?;
    Ok(open(&app, "application/yaml").body(text))
}

fn open(_: &App, content_type: &'static str) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response.content_type(content_type).insert_header(("Access-Control-Allow-Origin", "*"));
    response
}
