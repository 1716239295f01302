//! What every response carries, and what becomes of every error.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpMessage as _, HttpResponse, ResponseError};
use futures_util::FutureExt as _;
use tracing::Instrument as _;

use super::answer::Answer;
use super::language::Language;
use super::problem::Problem;
use super::token_refusal::TokenRefusal;
use crate::app::App;
use crate::telemetry;

/// The longest that a request may take as a whole.
const WHOLE_TIME: Duration = Duration::from_secs(15);

/// The request's id: the caller's own when it is sound, else a new one.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// The security headers that the Dutch API Design Rules ask for.
const SECURITY: [(&str, &str); 5] = [
    ("cache-control", "no-store"),
    ("content-security-policy", "frame-ancestors 'none'"),
    ("strict-transport-security", "max-age=31536000"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
];

/// Wraps every request: id, span, whole-request timeout, panics, problems, headers.
///
/// # Errors
/// A panic and a timeout, as errors that carry their whole answer.
pub async fn envelope<B: MessageBody + 'static>(
    app: Data<App>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let id = request_id(&app, request.headers());
    request.extensions_mut().insert(RequestId(id.clone()));
    let language = Language::of(request.headers());
    let outline = telemetry::Outline::of(&app, &request);
    let span = outline.span(&id);
    span.in_scope(|| tracing::debug!("received"));
    let work = AssertUnwindSafe(next.call(request)).catch_unwind().instrument(span.clone());
    let outcome = tokio::time::timeout(WHOLE_TIME, work).await;
    let version = app.contract.version();
    let failed = match outcome {
        Ok(Ok(Ok(response))) => {
            let mut response = response.map_into_boxed_body();
            span.in_scope(|| render(&mut response, &language, &id));
            finish(response.headers_mut(), version, &id);
            outline.observe(&span, response.status());
            return Ok(response);
        }
        Ok(Ok(Err(error))) => Problem::of_status(error.as_response_error().status_code()),
        Ok(Err(_panic)) => Problem::internal("a handler panicked"),
        Err(_late) => Problem::new("server.unavailable"),
    };
    // The request went with the work that failed: the answer goes out as an error.
    span.in_scope(|| log(&failed));
    outline.observe(&span, failed.status());
    Err(Failed { problem: failed, language, id, version: version.to_owned() }.into())
}

/// An answer to a request that is no longer at hand.
#[derive(Debug)]
struct Failed {
    problem: Problem,
    language: Language,
    id: String,
    version: String,
}

impl std::fmt::Display for Failed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.problem.fmt(formatter)
    }
}

impl ResponseError for Failed {
    fn status_code(&self) -> StatusCode {
        self.problem.status()
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = self.problem.response(&self.language, &self.id);
        finish(response.headers_mut(), &self.version, &self.id);
        response
    }
}

fn log(problem: &Problem) {
    if let Some(cause) = problem.cause() {
        tracing::error!(code = problem.code(), cause, "the request failed");
    }
}

fn request_id(app: &App, headers: &HeaderMap) -> String {
    let given = headers.get("x-request-id").and_then(|value| value.to_str().ok());
    let sound = |id: &&str| {
        (8..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    given.filter(sound).map_or_else(|| app.ids.next(app.now()).to_string(), str::to_owned)
}

/// Turns an error, ours or the framework's, into its problem document.
fn render(response: &mut ServiceResponse<BoxBody>, language: &Language, id: &str) {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return;
    }
    let error = response.response().error();
    if error.is_some_and(|error| error.as_error::<TokenRefusal>().is_some()) {
        return;
    }
    let known = error.and_then(|error| error.as_error::<Problem>()).cloned();
    let problem = match known {
        Some(problem) => problem,
        None if response.headers().contains_key("content-type") && is_problem(response.headers()) => return,
        None => Problem::of_status(status),
    };
    if let Some(kept) = problem.kept() {
        let replayed = actix_web::Responder::respond_to(Answer::kept(kept), response.request());
        *response.response_mut() = replayed;
        return;
    }
    log(&problem);
    *response.response_mut() = problem.response(language, id);
}

fn is_problem(headers: &HeaderMap) -> bool {
    headers.get("content-type").is_some_and(|value| value == "application/problem+json")
}

fn finish(headers: &mut HeaderMap, version: &str, id: &str) {
    for (name, value) in SECURITY {
        let name = HeaderName::from_static(name);
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    for (name, value) in [("api-version", version), ("x-request-id", id)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
}
