//! What is the same for every operation: who may call it, which headers go with
//! it, and which problems it can answer with.

use klankbord_domain::policy::{self, Access, Rule};
use serde_json::{Map, Value, json};

use super::demo_ids;
use crate::web::messages;

/// The problems: status, the component's name, the code that its example shows.
const PROBLEMS: &[(u16, &str, &str)] = &[
    (400, "BadRequest", "request.invalid"),
    (401, "Unauthenticated", "access.unauthenticated"),
    (403, "Forbidden", "access.forbidden"),
    (404, "NotFound", "resource.not_found"),
    (406, "NotAcceptable", "request.not_acceptable"),
    (408, "RequestTimeout", "request.timeout"),
    (409, "Conflict", "transition.not_allowed"),
    (412, "Stale", "etag.stale"),
    (413, "TooLarge", "request.too_large"),
    (415, "UnsupportedMediaType", "request.unsupported_media_type"),
    (428, "VersionRequired", "etag.required"),
    (429, "TooManyRequests", "request.rate_limited"),
    (500, "ServerError", "server.error"),
    (503, "Unavailable", "server.unavailable"),
];

/// Frames every operation.
pub(super) fn put(document: &mut Value) {
    if let Some(Value::Object(components)) = document.get_mut("components") {
        components.insert("headers".to_owned(), headers());
        components.insert("parameters".to_owned(), parameters());
        components.insert("responses".to_owned(), problems());
    }
    let Some(Value::Object(paths)) = document.get_mut("paths") else { return };
    for (path, item) in paths {
        let Value::Object(item) = item else { continue };
        for (method, operation) in item {
            let Value::Object(operation) = operation else { continue };
            let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
            if let Some(rule) = policy::rule(id) {
                Framing { path, method, rule }.put(operation);
            }
        }
    }
}

struct Framing<'a> {
    path: &'a str,
    method: &'a str,
    rule: &'a Rule,
}

impl Framing<'_> {
    fn put(&self, operation: &mut Map<String, Value>) {
        let permission = self.rule.in_words();
        operation.insert("security".to_owned(), self.security());
        operation.insert("x-permission".to_owned(), Value::from(permission.clone()));
        self.describe(operation, &permission);
        let takes_body = operation.contains_key("requestBody");
        self.put_parameters(operation);
        let Some(Value::Object(responses)) = operation.get_mut("responses") else { return };
        for (status, response) in responses.iter_mut() {
            self.put_headers(status, response);
        }
        // A problem that the handler names beside those that all have.
        let own: Vec<u16> =
            responses.keys().filter_map(|status| status.parse().ok()).filter(|status| *status >= 400).collect();
        responses.retain(|status, _| !status.parse().is_ok_and(|status: u16| status >= 400));
        for status in self.statuses(takes_body).into_iter().chain(own) {
            let name =
                PROBLEMS.iter().find(|(known, _, _)| *known == status).map_or("ServerError", |(_, name, _)| name);
            let reference = json!({ "$ref": format!("#/components/responses/{name}") });
            responses.entry(status.to_string()).or_insert(reference);
        }
    }

    /// With what one may call: machines only where there is a scope for them, a
    /// kiosk where its own is asked.
    fn security(&self) -> Value {
        match (self.rule.access, self.rule.scope) {
            (Access::Public, _) => json!([]),
            (Access::Link, _) => json!([{ "linkToken": [] }]),
            (Access::SignedIn | Access::Held(_), None) => json!([{ "bearer": [] }]),
            (Access::SignedIn | Access::Held(_), Some(scope)) if scope.is_for_clients() => {
                json!([{ "bearer": [] }, { "oauth2": [scope.code()] }, { "apiKey": [] }])
            }
            (Access::SignedIn | Access::Held(_), Some(_)) => json!([{ "bearer": [] }, { "linkToken": [] }]),
        }
    }

    fn describe(&self, operation: &mut Map<String, Value>, permission: &str) {
        let about = operation.get("description").and_then(Value::as_str).unwrap_or_default().trim().to_owned();
        let who = match self.rule.access {
            Access::Public => "Open to everybody, without a token.".to_owned(),
            Access::Link => "Opened by a token made for this one thing.".to_owned(),
            Access::SignedIn => "Open to everybody who has signed in.".to_owned(),
            Access::Held(_) => format!("Open to: {}.", permission.replace(" | ", ", ")),
        };
        let about = if about.is_empty() { who } else { format!("{about}\n\n{who}") };
        operation.insert("description".to_owned(), Value::from(about));
    }

    fn put_parameters(&self, operation: &mut Map<String, Value>) {
        let mut all = Vec::new();
        for name in self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
            let example = demo_ids::example_in_path(self.rule.operation, name);
            all.push(json!({
                "name": name, "in": "path", "required": true, "description": format!("The id of the {}.", spoken(name)),
                "schema": { "type": "string", "format": "uuid" }, "example": example,
            }));
        }
        if let Some(Value::Array(own)) = operation.remove("parameters") {
            all.extend(own.into_iter().map(quiet));
        }
        let signed = matches!(self.rule.access, Access::SignedIn | Access::Held(_));
        let mut refer = |name: &str| all.push(json!({ "$ref": format!("#/components/parameters/{name}") }));
        if self.rule.versioned {
            refer("IfMatch");
        }
        if self.method == "post" && signed && !self.rule.leaves_nothing() && !self.path.ends_with("/_search") {
            refer("IdempotencyKey");
        }
        if self.method == "get" {
            refer("AcceptLanguage");
        }
        if signed && self.rule.is_for_representatives() {
            refer("ActingFor");
        }
        operation.insert("parameters".to_owned(), Value::Array(all));
    }

    fn put_headers(&self, status: &str, response: &mut Value) {
        let Value::Object(response) = response else { return };
        let mut named = Map::new();
        let mut refer = |header: &str, name: &str| {
            named.insert(header.to_owned(), json!({ "$ref": format!("#/components/headers/{name}") }));
        };
        refer("API-Version", "ApiVersion");
        refer("X-Request-Id", "RequestId");
        refer("RateLimit", "RateLimit");
        refer("RateLimit-Policy", "RateLimitPolicy");
        let body = response.get("content").and_then(|content| content.pointer("/application~1json/schema/$ref"));
        let body = body.and_then(Value::as_str).unwrap_or_default();
        if status == "201" {
            refer("Location", "Location");
        }
        if body.ends_with("Page") && body != "#/components/schemas/InformationPage" {
            // The next page of a search is asked for with its body, which no link carries.
            if self.method == "get" {
                refer("Link", "Link");
            }
        } else if status == "200" || self.rule.versioned {
            refer("ETag", "ETag");
        }
        response.insert("headers".to_owned(), Value::Object(named));
    }

    /// The problems that the operation can answer with.
    fn statuses(&self, takes_body: bool) -> Vec<u16> {
        // A token that doesn't hold is refused where none is needed, too.
        let mut found = vec![400, 401, 406, 429, 500, 503];
        // Where somebody's role decides, also where the decision stands with the thing itself.
        let decided = self.rule.access == Access::SignedIn && (self.path.contains('{') || self.method != "get");
        let held = matches!(self.rule.access, Access::Held(_));
        if decided || held || (self.rule.access == Access::SignedIn && self.rule.is_for_representatives()) {
            found.push(403);
        }
        if self.path.contains('{') || held {
            found.push(404);
        }
        if self.method != "get" {
            found.push(409);
        }
        if takes_body {
            found.extend([408, 413, 415]);
        }
        if self.rule.versioned {
            found.extend([412, 428]);
        }
        found
    }
}

/// `networkId` as people say it: "network".
fn spoken(name: &str) -> String {
    let stem = name.strip_suffix("Id").unwrap_or(name);
    let mut words = String::new();
    for letter in stem.chars() {
        if letter.is_ascii_uppercase() {
            words.push(' ');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}

/// An optional filter keeps its example to itself: Swagger UI sends the others.
fn quiet(mut parameter: Value) -> Value {
    let Value::Object(fields) = &mut parameter else { return parameter };
    let required = fields.get("required").and_then(Value::as_bool).unwrap_or(false);
    if required {
        return parameter;
    }
    fields.insert("required".to_owned(), Value::Bool(false));
    let example = fields.remove("example");
    if let Some(Value::Object(schema)) = fields.get_mut("schema") {
        schema.remove("default");
        if let Some(example) = example.or_else(|| schema.remove("example")) {
            schema.insert("examples".to_owned(), json!([example]));
        }
    }
    parameter
}

fn headers() -> Value {
    let text = |about: &str, example: &str| json!({ "description": about, "schema": { "type": "string", "maxLength": 2000 }, "example": example });
    let created = "/v1/networks/0197c000-0000-7000-8000-000600000001";
    json!({
        "ApiVersion": text("The version of this API, equal to `info.version`.", env!("CARGO_PKG_VERSION")),
        "RequestId": text("The request's id, the same as in the log.", "0197c000-0000-7000-8000-00000000c0de"),
        "Location": text("Where the new thing stands.", created),
        "ETag": text("The version and digest of this representation.", "\"1.0a1b2c3d4e5f6071\""),
        "RateLimit": text("How much is left of a limit: `r` requests in the next `t` seconds \
                           (IETF draft ratelimit-headers). Absent where nothing is limited.", "\"caller\";r=199;t=1"),
        "RateLimitPolicy": text("The limit: `q` requests in `w` seconds.", "\"caller\";q=200;w=10"),
        "RetryAfter": text("The seconds to wait.", "1"),
        "Link": text("Where the next page stands (RFC 8288).", "</v1/networks?cursor=b3BhcXVl&limit=20>; rel=\"next\""),
    })
}

fn parameters() -> Value {
    json!({
        "IfMatch": {
            "name": "If-Match", "in": "header", "required": true,
            "description": "The `etag` of the version that you read. Its version is compared; `*` matches every version.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 200 }, "example": "*",
        },
        "IdempotencyKey": {
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "Your own name for this request. Sent again within 24 hours, it is answered the same, \
                            and carried out once.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 255,
                        "examples": ["8e03978e-40d5-43e8-bc93-6894a57f9324"] },
        },
        "ActingFor": {
            "name": "Acting-For", "in": "header", "required": false,
            "description": "The participant for whom you act as their recorded legal representative. You then do this for \
                            them alone; the audit trail says who acted for whom.",
            "schema": { "type": "string", "format": "uuid",
                        "examples": [demo_ids::demo_id("participant", 23)] },
        },
        "AcceptLanguage": {
            "name": "Accept-Language", "in": "header", "required": false,
            "description": "The languages you like to read, for lists and problems (RFC 4647 lookup).",
            "schema": { "type": "string", "maxLength": 200, "examples": ["nl-simple, nl;q=0.8"] },
        },
    })
}

fn problems() -> Value {
    let problems = PROBLEMS.iter().map(|(status, name, code)| {
        let (title, detail) = messages::problem(code, false);
        let mut example = json!({
            "type": format!("/docs/problems#{code}"), "title": title, "status": status, "detail": detail,
            "code": code, "requestId": "0197c000-0000-7000-8000-00000000c0de",
        });
        let extra = match *status {
            400 => Some((
                "errors",
                json!([{ "in": "body", "location": "/name", "code": "value.required",
                         "detail": messages::fault("value.required", false) }]),
            )),
            409 => Some(("allowedTransitions", json!(["active", "closed"]))),
            429 => Some(("violatedPolicies", json!(["caller"]))),
            _ => None,
        };
        if let (Some((member, value)), Value::Object(fields)) = (extra, &mut example) {
            fields.insert(member.to_owned(), value);
        }
        let mut headers = json!({
            "API-Version": { "$ref": "#/components/headers/ApiVersion" },
            "X-Request-Id": { "$ref": "#/components/headers/RequestId" },
            "RateLimit": { "$ref": "#/components/headers/RateLimit" },
            "RateLimit-Policy": { "$ref": "#/components/headers/RateLimitPolicy" },
        });
        if let (429 | 503, Value::Object(headers)) = (*status, &mut headers) {
            headers.insert("Retry-After".to_owned(), json!({ "$ref": "#/components/headers/RetryAfter" }));
        }
        let response = json!({
            "description": messages::problem(code, true).0,
            "headers": headers,
            "content": { "application/problem+json": {
                "schema": { "$ref": "#/components/schemas/Problem" }, "example": example,
            } },
        });
        ((*name).to_owned(), response)
    });
    Value::Object(problems.collect())
}
