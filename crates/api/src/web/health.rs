//! What stands outside `/v1`: whether the service lives, is ready, and its figures.

use actix_web::http::{Method, StatusCode};
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use super::problem::Problem;
use super::swagger;
use crate::app::App;
use crate::telemetry;

/// Paths outside the contract, all of them for reading alone.
const OUTSIDE: [&str; 9] = [
    "/",
    "/docs",
    "/docs/",
    "/docs/problems",
    "/health/live",
    "/health/ready",
    "/metrics",
    "/v1/openapi.json",
    "/v1/openapi.yaml",
];

/// Checks the method of a request outside the contract.
///
/// # Errors
/// 404 where there is nothing, 405 where only reading is possible.
pub fn method_allowed(method: &Method, path: &str) -> Result<(), Problem> {
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

async fn as_json(app: Data<App>) -> HttpResponse {
    open(&app, "application/json").body(app.contract.document().to_string())
}

async fn as_yaml(app: Data<App>, _: HttpRequest) -> Result<HttpResponse, Problem> {
    let text = serde_yaml_ng::to_string(app.contract.document()).map_err(Problem::internal)?;
    Ok(open(&app, "application/yaml").body(text))
}

fn open(_: &App, content_type: &'static str) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response.content_type(content_type).insert_header(("Access-Control-Allow-Origin", "*"));
    response
}
