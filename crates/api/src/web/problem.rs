//! The one form of every error: `application/problem+json` (RFC 9457).

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use klankbord_domain::{Fault, FaultIn, Refusal};
use klankbord_persistence::{Failure, store::KeptAnswer};
use serde::Serialize;
use utoipa::ToSchema;

use super::language::Language;
use super::messages;

/// Where a fault stands.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = FaultPlace)]
pub enum FaultPlace {
    /// In the request body; `location` is a JSON Pointer.
    Body,
    /// In the query; `location` is the parameter's name.
    Query,
    /// In the path; `location` is the parameter's name.
    Path,
    /// In a header; `location` is its name.
    Header,
    /// In what is stored; `location` is a JSON Pointer into the resource.
    Resource,
}

/// The longest place that is told whole: names in a request can be longer.
const LONGEST_LOCATION: usize = 500;

/// One fault in a request, or in what is stored.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProblemError {
    /// Where the fault stands.
    pub r#in: FaultPlace,
    /// JSON Pointer (RFC 6901), or the name of a parameter or header.
    #[schema(example = "/name", max_length = 500)]
    pub location: String,
    /// Stable code of the fault.
    #[schema(example = "value.required", max_length = 100)]
    pub code: String,
    /// The fault in short, plain words; never the value itself.
    #[schema(example = "Dit veld is verplicht.", max_length = 500)]
    pub detail: String,
}

/// What went wrong (RFC 9457).
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Problem)]
pub struct ProblemDocument {
    /// A page about this kind of problem.
    #[schema(format = "uri-reference", example = "/docs/problems#request.invalid", max_length = 200)]
    pub r#type: String,
    /// The kind of problem in a few words.
    #[schema(example = "De aanvraag klopt niet", max_length = 200)]
    pub title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599, example = 400)]
    pub status: i32,
    /// What to do about it, in plain words.
    #[schema(example = "Verbeter wat hieronder staat en probeer het opnieuw.", max_length = 500)]
    pub detail: String,
    /// Stable code of the problem.
    #[schema(example = "request.invalid", max_length = 100)]
    pub code: String,
    /// The request's id, the same as in the log.
    #[schema(example = "01994c1e-7a10-7000-8000-00000000c0de", max_length = 64)]
    pub request_id: String,
    /// All faults at once, sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100, required = false)]
    pub errors: Vec<ProblemError>,
    /// The moves that are open from here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 20, example = json!(["open", "withdrawn"]))]
    pub allowed_transitions: Option<Vec<String>>,
    /// The limits that are over, by their names in `RateLimit-Policy`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 5, required = false, example = json!(["caller"]))]
    pub violated_policies: Vec<String>,
}

/// An error on its way out: rendered at the edge, in the caller's language.
#[derive(Debug, Clone, Default)]
pub struct Problem {
    code: &'static str,
    errors: Vec<Fault>,
    allowed: Option<Vec<&'static str>>,
    allow_header: Option<Box<str>>,
    /// The seconds to wait, and the limit that is over, where it has a name.
    wait: Option<Box<(u64, Option<&'static str>)>>,
    kept: Option<Box<KeptAnswer>>,
    /// What the log should say, and the answer not.
    cause: Option<String>,
}

impl Problem {
    /// A problem by its code in the catalogue, which says its status.
    pub fn new(code: &'static str) -> Self {
        Self { code, ..Self::default() }
    }

    /// A request that is wrong, with all its faults.
    pub fn invalid(mut errors: Vec<Fault>) -> Self {
        errors.sort();
        errors.dedup();
        errors.truncate(100);
        Self { code: "request.invalid", errors, ..Self::default() }
    }

    /// A fault of ours; the cause goes to the log.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self { code: "server.error", cause: Some(cause.to_string()), ..Self::default() }
    }

    /// The same problem with its cause for the log, where the fault is ours.
    #[must_use]
    pub fn because(mut self, cause: impl std::fmt::Display) -> Self {
        if self.status().is_server_error() {
            self.cause = Some(cause.to_string());
        }
        self
    }

    /// 405 with the methods that the path knows.
    pub fn method(allow: String) -> Self {
        Self { code: "request.method_not_allowed", allow_header: Some(allow.into()), ..Self::default() }
    }

    /// 429: this limit is over, for so many seconds.
    pub fn limited(policy: &'static str, seconds: u64) -> Self {
        Self { code: "request.rate_limited", wait: Some(Box::new((seconds, Some(policy)))), ..Self::default() }
    }

    /// A problem that is over after so many seconds.
    pub fn wait(code: &'static str, seconds: i64) -> Self {
        let seconds = u64::try_from(seconds).unwrap_or_default().max(1);
        Self { code, wait: Some(Box::new((seconds, None))), ..Self::default() }
    }

    /// The problem that fits a bare status.
    pub fn of_status(status: StatusCode) -> Self {
        Self::new(messages::code_of_status(status.as_u16()))
    }

    /// What the log should say.
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// The answer that was kept, when this stands for a repeated request.
    pub fn kept(&self) -> Option<&KeptAnswer> {
        self.kept.as_deref()
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(messages::status(self.code)).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The document, in the caller's language.
    pub fn document(&self, language: &Language, request_id: &str) -> ProblemDocument {
        let english = language.prefers_english();
        let (title, detail) = messages::problem(self.code, english);
        let errors = self.errors.iter().map(|fault| ProblemError {
            r#in: place(fault.place),
            location: fault.location.chars().take(LONGEST_LOCATION).collect(),
            code: fault.code.to_owned(),
            detail: messages::fault(fault.code, english).to_owned(),
        });
        ProblemDocument {
            r#type: format!("/docs/problems#{}", self.code),
            title: title.to_owned(),
            status: i32::from(self.status().as_u16()),
            detail: detail.to_owned(),
            code: self.code.to_owned(),
            request_id: request_id.to_owned(),
            errors: errors.collect(),
            allowed_transitions: self.allowed.as_ref().map(|codes| codes.iter().map(ToString::to_string).collect()),
            violated_policies: self.wait.iter().filter_map(|wait| wait.1.map(str::to_owned)).collect(),
        }
    }

    /// The response, in the caller's language.
    pub fn response(&self, language: &Language, request_id: &str) -> HttpResponse {
        let mut response = HttpResponse::build(self.status());
        response.insert_header(("Content-Type", "application/problem+json"));
        response.insert_header(("Content-Language", if language.prefers_english() { "en" } else { "nl" }));
        response.insert_header(("Vary", "Accept-Language"));
        if let Some(allow) = &self.allow_header {
            response.insert_header(("Allow", &**allow));
        }
        if let Some(wait) = &self.wait {
            response.insert_header(("Retry-After", wait.0.to_string()));
        }
        match self.status().as_u16() {
            401 => response.insert_header(("WWW-Authenticate", "Bearer")),
            503 => response.insert_header(("Retry-After", "2")),
            _ => &mut response,
        };
        let body = serde_json::to_vec(&self.document(language, request_id)).unwrap_or_default();
        response.body(body)
    }
}

fn place(place: FaultIn) -> FaultPlace {
    match place {
        FaultIn::Body => FaultPlace::Body,
        FaultIn::Query => FaultPlace::Query,
        FaultIn::Path => FaultPlace::Path,
        FaultIn::Header => FaultPlace::Header,
        FaultIn::Resource => FaultPlace::Resource,
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Hidden => Self::new("resource.not_found"),
            Refusal::Forbidden => Self::new("access.forbidden"),
            Refusal::Invalid(errors) => Self::invalid(errors),
            Refusal::Incomplete(mut errors) => {
                errors.sort();
                Self { code: "resource.incomplete", errors, ..Self::default() }
            }
            Refusal::IllegalMove { allowed } => {
                Self { code: "transition.not_allowed", allowed: Some(allowed), ..Self::default() }
            }
            Refusal::Conflict(code) => Self::new(code),
            Refusal::Stale => Self::new("etag.stale"),
        }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => refusal.into(),
            Failure::Replay(kept) => Self { code: "server.error", kept: Some(kept), ..Self::default() },
            Failure::Unavailable(cause) | Failure::Crossed(cause) => {
                Self { code: "server.unavailable", cause: Some(cause), ..Self::default() }
            }
            Failure::Broken(cause) => Self::internal(cause),
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.code)
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    /// Without a request at hand; the envelope renders it anew with one.
    fn error_response(&self) -> HttpResponse {
        self.response(&Language::default(), "")
    }
}
