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
use super::cors::Cors;
use super::language::Language;
use super::limits::Told;
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
    within(WHOLE_TIME, app, request, next).await
}

async fn within<B: MessageBody + 'static>(
    whole_time: Duration,
    app: Data<App>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let id = request_id(&app, request.headers());
    request.extensions_mut().insert(RequestId(id.clone()));
    let marks = Marks::of(&app, &request, &id);
    request.extensions_mut().insert(marks.told.clone());
    let language = Language::of(request.headers());
    let outline = telemetry::Outline::of(&app, &request);
    let span = outline.span(&id);
    outline.received(&span);
    let asked = marks.cors.preflight(&request);
    let work = async {
        match asked {
            Some(answer) => Ok(request.into_response(answer)),
            None => Ok(next.call(request).await?.map_into_boxed_body()),
        }
    };
    let work = AssertUnwindSafe(work).catch_unwind().instrument(span.clone());
    let outcome = tokio::time::timeout(whole_time, work).await;
    let failed = match outcome {
        Ok(Ok(Ok(mut response))) => {
            if let Some(problem) = render(&mut response, &language, &id) {
                outline.failed(&span, &problem);
            }
            marks.put(response.headers_mut());
            outline.observe(&span, response.status());
            return Ok(response);
        }
        Ok(Ok(Err::<_, actix_web::Error>(error))) => {
            Problem::of_status(error.as_response_error().status_code()).because(&error)
        }
        Ok(Err(panic)) => Problem::internal(format!("a handler panicked: {}", telemetry::panic_words(&*panic))),
        Err(_late) => Problem::new("server.unavailable").because(format!("not done within {whole_time:?}")),
    };
    // The request went with the work that failed: the answer goes out as an error.
    outline.failed(&span, &failed);
    outline.observe(&span, failed.status());
    Err(Failed { problem: failed, language, marks }.into())
}

/// An answer to a request that is no longer at hand.
#[derive(Debug)]
struct Failed {
    problem: Problem,
    language: Language,
    marks: Marks,
}

/// What goes with every answer to one request.
#[derive(Debug)]
struct Marks {
    id: String,
    version: String,
    cors: Cors,
    told: Told,
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
        let mut response = self.problem.response(&self.language, &self.marks.id);
        self.marks.put(response.headers_mut());
        response
    }
}

fn request_id(app: &App, headers: &HeaderMap) -> String {
    let given = headers.get("x-request-id").and_then(|value| value.to_str().ok());
    let sound = |id: &&str| {
        (8..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    given.filter(sound).map_or_else(|| app.ids.next(app.now()).to_string(), str::to_owned)
}

/// Turns an error, ours or the framework's, into its problem document; gives the problem.
fn render(response: &mut ServiceResponse<BoxBody>, language: &Language, id: &str) -> Option<Problem> {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return None;
    }
    let error = response.response().error();
    if error.is_some_and(|error| error.as_error::<TokenRefusal>().is_some()) {
        return None;
    }
    let known = error.and_then(|error| error.as_error::<Problem>()).cloned();
    let problem = match known {
        Some(problem) => problem,
        None if response.headers().contains_key("content-type") && is_problem(response.headers()) => return None,
        None => {
            let problem = Problem::of_status(status);
            response.response().error().map_or(problem.clone(), |error| problem.because(error))
        }
    };
    if let Some(kept) = problem.kept() {
        let replayed = actix_web::Responder::respond_to(Answer::kept(kept), response.request());
        *response.response_mut() = replayed;
        return None;
    }
    *response.response_mut() = problem.response(language, id);
    Some(problem)
}

fn is_problem(headers: &HeaderMap) -> bool {
    headers.get("content-type").is_some_and(|value| value == "application/problem+json")
}

impl Marks {
    fn of(app: &App, request: &ServiceRequest, id: &str) -> Self {
        let cors = Cors::of(&app.config.cors.origins, request);
        Self { id: id.to_owned(), version: app.contract.version().to_owned(), cors, told: Told::default() }
    }

    fn put(&self, headers: &mut HeaderMap) {
        for (name, value) in SECURITY {
            let name = HeaderName::from_static(name);
            if !headers.contains_key(&name) {
                headers.insert(name, HeaderValue::from_static(value));
            }
        }
        for (name, value) in [("api-version", &self.version), ("x-request-id", &self.id)] {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        self.cors.write(headers);
        self.told.write(headers);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex, PoisonError};

    use actix_web::http::Method;
    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, init_service, try_call_service};
    use actix_web::{App as Service, web};
    use serde_json::Value;

    use super::*;
    use crate::Config;
    use crate::app::{SystemClock, SystemIds};

    /// The log, kept.
    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    async fn app(folder: &std::path::Path) -> Data<App> {
        let mut config = Config::defaults().unwrap();
        config.keys.dir = folder.join("keys");
        config.database.url = format!("sqlite:{}", folder.join("test.db").display());
        Data::new(App::build(config, Arc::new(SystemClock), Arc::new(SystemIds)).await.unwrap())
    }

    async fn panics() -> HttpResponse {
        panic!("the inside of it")
    }

    async fn never_ends() -> HttpResponse {
        std::future::pending().await
    }

    async fn fails() -> actix_web::Result<HttpResponse> {
        Err(actix_web::error::ErrorInternalServerError("the cause of it"))
    }

    /// When an anonymous answer failed would lead to who gave it.
    #[actix_web::test]
    async fn of_an_anonymous_answer_that_failed_nothing_is_in_the_log() {
        let folder = tempfile::tempdir().unwrap();
        let app = app(folder.path()).await;
        let log = Kept::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .json()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(move || writer.clone())
            .finish();
        let _kept = tracing::subscriber::set_default(subscriber);
        let long = Duration::from_secs(5);
        let service = Service::new()
            .wrap(from_fn(move |request, next| within(long, app.clone(), request, next)))
            .route("/v1/coded-responses", web::post().to(fails))
            .route("/v1/sessions", web::post().to(fails));
        let service = init_service(service).await;
        for (path, told) in [("/v1/coded-responses", false), ("/v1/sessions", true)] {
            log.0.lock().unwrap().clear();
            let request = TestRequest::post().uri(path).to_request();
            let response = try_call_service(&service, request).await.unwrap();
            assert_eq!(response.status().as_u16(), 500);
            let lines = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
            let ours = lines.lines().filter(|line| line.contains("klankbord_api")).count();
            assert_eq!(ours > 0, told, "{path}: {lines}");
        }
        // Nor of what a browser asks before it sends one for a page of another origin.
        log.0.lock().unwrap().clear();
        let asks = TestRequest::default().method(Method::OPTIONS).uri("/v1/coded-responses");
        let asks = asks.insert_header(("origin", "https://portal.example"));
        let asks = asks.insert_header(("access-control-request-method", "POST")).to_request();
        try_call_service(&service, asks).await.unwrap();
        let lines = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        assert!(!lines.contains("klankbord_api"), "{lines}");
    }

    /// What the framework, a panic or the clock ends is a problem like any other;
    /// the log has its cause under the request's id, the answer doesn't.
    #[actix_web::test]
    async fn whatever_ends_a_request_is_a_problem_with_its_cause_in_the_log() {
        let folder = tempfile::tempdir().unwrap();
        let app = app(folder.path()).await;
        let log = Kept::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt().json().with_writer(move || writer.clone()).finish();
        let _kept = tracing::subscriber::set_default(subscriber);
        let short = Duration::from_millis(50);
        let service = Service::new()
            .wrap(from_fn(move |request, next| within(short, app.clone(), request, next)))
            .route("/panics", web::get().to(panics))
            .route("/never-ends", web::get().to(never_ends))
            .route("/fails", web::get().to(fails));
        let service = init_service(service).await;
        for (path, status, code, cause) in [
            ("/panics", 500, "server.error", "a handler panicked: the inside of it"),
            ("/never-ends", 503, "server.unavailable", "not done within 50ms"),
            ("/fails", 500, "server.error", "the cause of it"),
        ] {
            log.0.lock().unwrap().clear();
            let request = TestRequest::get().uri(path).insert_header(("x-request-id", "request-1")).to_request();
            let response = match try_call_service(&service, request).await {
                Ok(response) => response.into_parts().1,
                Err(error) => error.error_response(),
            };
            assert_eq!(response.status().as_u16(), status, "{path}");
            assert_eq!(response.headers().get("x-request-id").unwrap(), "request-1");
            assert_eq!(response.headers().get("cache-control").unwrap(), "no-store");
            let body = actix_web::body::to_bytes(response.into_body()).await.unwrap();
            let body: Value = serde_json::from_slice(&body).unwrap();
            assert_eq!((body["code"].as_str(), body["requestId"].as_str()), (Some(code), Some("request-1")));
            assert!(!body.to_string().contains(cause));
            let told = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
            let failed = told.lines().find(|line| line.contains("the request failed")).unwrap_or_default();
            assert!(failed.contains(cause) && failed.contains("request-1"), "{path}: {told}");
        }
    }
}
