//! Sends requests and holds every reply against what the contract promises.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use serde_json::{Value, json};

use super::operation::{DOCUMENT, Opened, Operation, Shape, Token};
use crate::support::wire::{self, Reply};
use crate::support::{Client, Service};

/// What every response carries, and what none may.
const SECURITY: &[(&str, &str)] = &[
    ("cache-control", "no-store"),
    ("content-security-policy", "frame-ancestors 'none'"),
    ("strict-transport-security", "max-age=31536000"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
];
const NEVER: &[&str] = &["set-cookie", "server", "x-powered-by"];

/// A caller that knows the contract.
pub struct Probe<'a> {
    service: &'a Service,
    caller: &'a Client,
}

impl<'a> Probe<'a> {
    pub fn new(service: &'a Service, caller: &'a Client) -> Self {
        Self { service, caller }
    }

    /// Sends the request and checks what holds for every reply.
    pub async fn send(&self, operation: &Operation, shape: &Shape) -> Reply {
        let (nobody, forged) = (self.service.nobody(), self.service.bearer("nobody-made-this"));
        let client = match (shape.token, operation.opened) {
            (Token::Own, Opened::BySession) => self.caller,
            (Token::Own, Opened::ByLink) | (Token::Forged, _) => &forged,
            (Token::Own, Opened::ToAll) | (Token::Absent, _) => &nobody,
        };
        let query = if shape.query.is_empty() { String::new() } else { format!("?{}", shape.query) };
        let mut request = client.request(shape.method.clone(), &format!("{}{query}", shape.path));
        for (name, value) in &shape.headers {
            request = request.header(*name, value);
        }
        if let Some(content_type) = &shape.content_type {
            request = request.header("Content-Type", content_type);
        }
        if let Some(body) = &shape.body {
            request = request.body(body.clone());
        }
        let reply = wire::reply(request).await;
        holds(&format!("{} {shape:?}", operation.id), &reply, shape.method == reqwest::Method::HEAD);
        reply
    }

    /// The same, of a reply that must have this status, and code when it is a problem.
    pub async fn expect(&self, operation: &Operation, shape: &Shape, status: u16, code: &str) -> Reply {
        let reply = self.send(operation, shape).await;
        let said = (reply.status, reply.body["code"].as_str().unwrap_or_default());
        assert_eq!(said, (status, code), "{} {shape:?} {}", operation.id, reply.text);
        reply
    }

    /// The same, of a request that is wrong: with exactly these faults.
    pub async fn refused(&self, operation: &Operation, shape: &Shape, faults: &[&str]) {
        let reply = self.expect(operation, shape, 400, "request.invalid").await;
        assert_eq!(reply.faults(), faults, "{} {shape:?}", operation.id);
    }
}

/// What holds for every reply.
pub fn holds(what: &str, reply: &Reply, headless: bool) {
    let header = |name: &str| reply.headers.get(name).and_then(|value| value.to_str().ok());
    assert_eq!(header("api-version"), DOCUMENT["info"]["version"].as_str(), "{what}");
    for (name, value) in SECURITY {
        assert_eq!(header(name), Some(*value), "{what}: {name}");
    }
    for name in NEVER {
        assert_eq!(header(name), None, "{what}: {name}");
    }
    let id = header("x-request-id").unwrap_or_else(|| panic!("{what}: no X-Request-Id"));
    if reply.status < 400 || headless {
        return;
    }
    assert_eq!(header("content-type"), Some("application/problem+json"), "{what}");
    assert_eq!(reply.body["requestId"], id, "{what}");
    assert_eq!(reply.body["status"], reply.status, "{what}");
    fits("Problem", &reply.body, what);
    for inside in ["sqlx", "sea_orm", "actix", "panicked", "SELECT"] {
        assert!(!reply.text.contains(inside), "{what} tells of {inside}");
    }
}

/// Holds an answer against the schema that the document gives for it.
pub fn answers(operation: &Operation, reply: &Reply) {
    let what = format!("{} answered {}", operation.id, reply.status);
    assert!(reply.status < 500, "{what}: {}", reply.text);
    assert!(operation.statuses.contains(&reply.status), "{what}, which the document doesn't say: {}", reply.text);
    let item = &DOCUMENT["paths"][&operation.template][operation.method.as_str().to_lowercase()];
    let content = &item["responses"][reply.status.to_string()]["content"]["application/json"];
    if let Some(name) = content["schema"]["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        fits(name, &reply.body, &what);
    }
}

static VALIDATORS: LazyLock<Mutex<HashMap<String, &'static jsonschema::Validator>>> = LazyLock::new(Mutex::default);

/// Holds a value against a schema of the document.
pub fn fits(name: &str, value: &Value, what: &str) {
    let validator = *VALIDATORS.lock().unwrap().entry(name.to_owned()).or_insert_with(|| {
        let reference = format!("#/components/schemas/{name}");
        let whole = json!({"$ref": reference, "components": DOCUMENT["components"]});
        let options = jsonschema::options().with_draft(jsonschema::Draft::Draft202012);
        Box::leak(Box::new(options.should_validate_formats(true).build(&whole).unwrap()))
    });
    let faults: Vec<_> =
        validator.iter_errors(value).map(|fault| format!("{} {fault}", fault.instance_path())).collect();
    assert!(faults.is_empty(), "{what} is no {name}: {faults:?} {value}");
}
