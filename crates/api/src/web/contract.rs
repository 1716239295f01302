//! The contract: what the document publishes is what is enforced. Routes,
//! bodies and queries are checked against the very schemas that clients read.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use actix_web::dev::{Path, ResourceDef};
use actix_web::http::Method;
use jsonschema::{Draft, Validator};
use klankbord_domain::policy::{self, Rule};
use serde_json::{Map, Value, json};

use super::document;
use crate::access::oauth::TOKEN_PATH;

/// The content type that nearly everything has.
const JSON: &str = "application/json";

/// The published document, and how requests are held against it.
pub struct Contract {
    served: String,
    version: String,
    routes: Vec<Route>,
}

struct Route {
    pattern: ResourceDef,
    endpoints: Vec<(Method, Endpoint)>,
}

/// One operation: its rule and its schemas.
pub struct Endpoint {
    /// The operation's row in the policy table.
    pub rule: &'static Rule,
    /// Whether the answer holds a secret.
    pub secret: bool,
    /// The content types that a body may have; none: no body.
    pub consumes: Vec<String>,
    /// As text: most operations are not called in a process's life, or seldom.
    body_schema: Option<String>,
    /// The content types that the answer can have, the usual one first.
    pub produces: Vec<String>,
    body: OnceLock<Option<Validator>>,
    query_schema: Value,
    query: OnceLock<Option<Validator>>,
}

/// Where a request leads.
pub enum Found<'a> {
    /// To an operation, with the ids in its path.
    Endpoint(&'a Endpoint, BTreeMap<String, String>),
    /// To a path that knows other methods: these.
    OtherMethods(String),
    /// Nowhere.
    Nothing,
}

impl Contract {
    /// The contract of this program.
    ///
    /// # Errors
    /// When the document and the policy table disagree.
    pub fn published() -> Result<Self, String> {
        Self::of(serde_json::from_str(document::COMMITTED).map_err(|error| error.to_string())?)
    }

    fn of(document: Value) -> Result<Self, String> {
        let version = document.pointer("/info/version").and_then(Value::as_str).unwrap_or_default().to_owned();
        let empty = Map::new();
        let paths = document.get("paths").and_then(Value::as_object).unwrap_or(&empty);
        let mut routes = Vec::new();
        for (path, item) in paths {
            let mut endpoints = Vec::new();
            for (method, operation) in item.as_object().unwrap_or(&empty) {
                let known = Method::from_bytes(method.to_uppercase().as_bytes()).map_err(|error| error.to_string())?;
                endpoints.push((known, endpoint(&document, operation)?));
            }
            routes.push(Route { pattern: ResourceDef::new(format!("/v1{path}")), endpoints });
        }
        // A fixed segment goes before a parameter: /register before /{id}.
        routes.sort_by_key(|route| route.pattern.pattern().unwrap_or_default().matches('{').count());
        let mut served = document;
        if let Some(servers) = served.get_mut("servers") {
            // Relative to where the document was read: this installation, whatever its host.
            *servers = json!([{ "url": "/v1", "description": "This installation" }]);
        }
        let token_url = "/components/securitySchemes/oauth2/flows/clientCredentials/tokenUrl";
        if let Some(url) = served.pointer_mut(token_url) {
            *url = json!(TOKEN_PATH);
        }
        Ok(Self { served: served.to_string(), version, routes })
    }

    /// The document, as this installation serves it.
    pub fn document(&self) -> &str {
        &self.served
    }

    /// `info.version`, which every response carries as `API-Version`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Where a request leads. HEAD leads where GET does.
    pub fn find(&self, method: &Method, path: &str) -> Found<'_> {
        let wanted = if *method == Method::HEAD { &Method::GET } else { method };
        for route in &self.routes {
            let mut matched = Path::new(path);
            if !route.pattern.capture_match_info(&mut matched) {
                continue;
            }
            let Some((_, endpoint)) = route.endpoints.iter().find(|(method, _)| method == wanted) else {
                return Found::OtherMethods(allowed(route.endpoints.iter().map(|(method, _)| method)));
            };
            let ids = matched.iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
            return Found::Endpoint(endpoint, ids.collect());
        }
        Found::Nothing
    }
}

/// The methods for an `Allow` header.
pub fn allowed<'a>(methods: impl Iterator<Item = &'a Method>) -> String {
    let mut names: Vec<&str> = methods.map(Method::as_str).collect();
    if names.contains(&"GET") {
        names.push("HEAD");
    }
    names.sort_unstable();
    names.join(", ")
}

fn endpoint(document: &Value, operation: &Value) -> Result<Endpoint, String> {
    let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
    let rule = policy::rule(id).ok_or_else(|| format!("operation {id:?} has no row in the policy table"))?;
    let empty = Map::new();
    let contents = operation.pointer("/requestBody/content").and_then(Value::as_object).unwrap_or(&empty);
    let consumes = contents.keys().cloned().collect();
    let body_schema = contents.values().next().and_then(|media| media.get("schema"));
    let secret = operation.get("x-secret").and_then(Value::as_bool).unwrap_or(false);
    Ok(Endpoint {
        rule,
        secret,
        consumes,
        body_schema: body_schema.map(|schema| standing_alone(document, schema.clone()).to_string()),
        produces: produces(operation),
        body: OnceLock::new(),
        query_schema: standing_alone(document, query_schema(operation)),
        query: OnceLock::new(),
    })
}

/// The content types of the answer when all is well; JSON where it has no body.
fn produces(operation: &Value) -> Vec<String> {
    let empty = Map::new();
    let responses = operation.get("responses").and_then(Value::as_object).unwrap_or(&empty);
    let fine = responses.iter().filter(|(status, _)| status.starts_with('2'));
    let contents = fine.filter_map(|(_, response)| response.get("content").and_then(Value::as_object));
    let mut found: Vec<String> = contents.flat_map(|content| content.keys().cloned()).collect();
    if found.is_empty() {
        found.push(JSON.to_owned());
    }
    found.sort_by_key(|kind| kind != JSON);
    found
}

fn query_schema(operation: &Value) -> Value {
    let parameters = operation.get("parameters").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let in_query = |parameter: &&Value| parameter.get("in").and_then(Value::as_str) == Some("query");
    let mut properties = Map::new();
    let mut required = Vec::new();
    for parameter in parameters.iter().filter(in_query) {
        let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        if parameter.get("required").and_then(Value::as_bool) == Some(true) {
            required.push(Value::String(name.clone()));
        }
        properties.insert(name, parameter.get("schema").cloned().unwrap_or_default());
    }
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

/// A schema with the components that it leads to.
fn standing_alone(document: &Value, schema: Value) -> Value {
    let mut needed: BTreeMap<String, Value> = BTreeMap::new();
    let mut waiting = references(&schema);
    while let Some(name) = waiting.pop() {
        if needed.contains_key(&name) {
            continue;
        }
        let found = document.pointer(&format!("/components/schemas/{name}")).cloned().unwrap_or_default();
        waiting.extend(references(&found));
        needed.insert(name, found);
    }
    let mut whole = match schema {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    whole.insert("components".to_owned(), json!({ "schemas": needed }));
    Value::Object(whole)
}

fn references(schema: &Value) -> Vec<String> {
    match schema {
        Value::Object(fields) => {
            let mut found: Vec<String> = fields.values().flat_map(references).collect();
            let own = fields.get("$ref").and_then(Value::as_str);
            found.extend(own.and_then(|path| path.strip_prefix("#/components/schemas/")).map(str::to_owned));
            found
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

fn compile(schema: &Value) -> Option<Validator> {
    jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true).build(schema).ok()
}

impl Endpoint {
    /// Whether the operation takes a body.
    pub fn takes_body(&self) -> bool {
        self.body_schema.is_some()
    }

    /// The body's validator, built at its first use.
    pub fn body_validator(&self) -> Option<&Validator> {
        let compiled = || compile(&serde_json::from_str(self.body_schema.as_deref()?).ok()?);
        self.body.get_or_init(compiled).as_ref()
    }

    /// The query's validator, built at its first use.
    pub fn query_validator(&self) -> Option<&Validator> {
        self.query.get_or_init(|| compile(&self.query_schema)).as_ref()
    }

    /// The schema of one query parameter, with a `$ref` followed.
    pub fn parameter(&self, name: &str) -> Option<&Value> {
        let schema = self.query_schema.pointer(&format!("/properties/{name}"))?;
        let Some(reference) = schema.get("$ref").and_then(Value::as_str) else { return Some(schema) };
        self.query_schema.pointer(reference.trim_start_matches('#'))
    }
}
