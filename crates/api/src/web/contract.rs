//! The contract: what the document publishes is what is enforced. Routes,
//! bodies and queries are checked against the very schemas that clients read.

use std::collections::BTreeMap;
use std::mem;
use std::sync::{Arc, OnceLock};

use actix_web::http::Method;
use jsonschema::{Draft, Validator};
use klankbord_domain::policy::{self, Rule};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use super::document::published::{Published, Schemas, parsed};
use crate::access::oauth::TOKEN_PATH;

/// The content type that nearly everything has.
const JSON: &str = "application/json";

/// The published document, and how requests are held against it.
pub struct Contract {
    /// Made when it is first asked for: few processes ever are.
    served: OnceLock<String>,
    version: String,
    routes: Vec<Route>,
}

struct Route {
    pattern: Pattern,
    endpoints: Vec<(Method, Endpoint)>,
}

/// A path of the document. Read piece by piece: a compiled expression for each path,
/// beside the router's own, is a good part of what the service holds at rest.
struct Pattern(String);

impl Pattern {
    /// The ids in a path that it matches, by their names.
    fn ids(&self, path: &str) -> Option<BTreeMap<String, String>> {
        let (mut wanted, mut given) = (self.0.split('/'), path.split('/'));
        let mut ids = BTreeMap::new();
        loop {
            match (wanted.next(), given.next()) {
                (None, None) => return Some(ids),
                (Some(wanted), Some(given)) => match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                    Some(name) if !given.is_empty() => drop(ids.insert(name.to_owned(), given.to_owned())),
                    None if wanted == given => {}
                    _differs => return None,
                },
                _shorter => return None,
            }
        }
    }
}

/// One operation: its rule, and its schemas, which are read at their first use:
/// most operations are called seldom in a process's life.
pub struct Endpoint {
    /// The operation's row in the policy table.
    pub rule: &'static Rule,
    /// Whether the answer holds a secret.
    pub secret: bool,
    /// The content types that a body may have; none: no body.
    pub consumes: Vec<String>,
    /// The content types that the answer can have, the usual one first.
    pub produces: Vec<String>,
    operation: &'static RawValue,
    schemas: Arc<Schemas>,
    body: OnceLock<Option<Validator>>,
    query: OnceLock<Query>,
}

/// What an operation's query may hold.
struct Query {
    schema: Value,
    validator: Option<Validator>,
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
        let mut published = Published::read().map_err(|error| error.to_string())?;
        let version = published.version().to_owned();
        let paths = mem::take(&mut published.paths);
        let schemas = Arc::new(published.into_schemas());
        let mut routes = Vec::new();
        for (path, methods) in paths {
            let mut endpoints = Vec::new();
            for (method, operation) in methods {
                let method = Method::from_bytes(method.to_uppercase().as_bytes()).map_err(|error| error.to_string())?;
                endpoints.push((method, Endpoint::of(operation, &schemas)?));
            }
            routes.push(Route { pattern: Pattern(format!("/v1{path}")), endpoints });
        }
        // A fixed segment goes before a parameter: /register before /{id}.
        routes.sort_by_key(|route| route.pattern.0.matches('{').count());
        Ok(Self { served: OnceLock::new(), version, routes })
    }

    /// The document, as this installation serves it.
    ///
    /// # Errors
    /// When the committed document is none: then the service hadn't started.
    pub fn document(&self) -> Result<&str, String> {
        if let Some(served) = self.served.get() {
            return Ok(served);
        }
        let made = Published::read().map_err(|error| error.to_string())?.served(TOKEN_PATH);
        Ok(self.served.get_or_init(|| made))
    }

    /// `info.version`, which every response carries as `API-Version`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The rules of the operations on one thing of a collection, and on what
    /// belongs to it.
    pub fn rules_on(&self, collection: &str) -> impl Iterator<Item = &'static Rule> {
        let start = format!("/v1/{collection}/{{");
        let on_it = move |route: &&Route| route.pattern.0.starts_with(&start);
        self.routes.iter().filter(on_it).flat_map(|route| route.endpoints.iter().map(|(_, endpoint)| endpoint.rule))
    }

    /// The rules of the operations that need no thing's id.
    pub fn rules_at_large(&self) -> impl Iterator<Item = &'static Rule> {
        let free = |route: &&Route| !route.pattern.0.contains('{');
        self.routes.iter().filter(free).flat_map(|route| route.endpoints.iter().map(|(_, endpoint)| endpoint.rule))
    }

    /// Where a request leads. HEAD leads where GET does.
    pub fn find(&self, method: &Method, path: &str) -> Found<'_> {
        let wanted = if *method == Method::HEAD { &Method::GET } else { method };
        for route in &self.routes {
            let Some(ids) = route.pattern.ids(path) else { continue };
            let Some((_, endpoint)) = route.endpoints.iter().find(|(method, _)| method == wanted) else {
                return Found::OtherMethods(allowed(route.endpoints.iter().map(|(method, _)| method)));
            };
            return Found::Endpoint(endpoint, ids);
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

/// The body that an operation takes, by its content types.
fn contents(operation: &Value) -> Option<&Map<String, Value>> {
    operation.pointer("/requestBody/content").and_then(Value::as_object)
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

fn compile(schema: &Value) -> Option<Validator> {
    jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true).build(schema).ok()
}

impl Endpoint {
    fn of(text: &'static RawValue, schemas: &Arc<Schemas>) -> Result<Self, String> {
        let operation = parsed(text);
        let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
        let rule = policy::rule(id).ok_or_else(|| format!("operation {id:?} has no row in the policy table"))?;
        Ok(Self {
            rule,
            secret: operation.get("x-secret").and_then(Value::as_bool).unwrap_or(false),
            consumes: contents(&operation).into_iter().flat_map(Map::keys).cloned().collect(),
            produces: produces(&operation),
            operation: text,
            schemas: Arc::clone(schemas),
            body: OnceLock::new(),
            query: OnceLock::new(),
        })
    }

    /// Whether the operation takes a body.
    pub fn takes_body(&self) -> bool {
        !self.consumes.is_empty()
    }

    /// The body's validator.
    pub fn body_validator(&self) -> Option<&Validator> {
        let compiled = || {
            let operation = parsed(self.operation);
            let schema = contents(&operation)?.values().next()?.get("schema")?;
            compile(&self.schemas.standing_alone(schema.clone()))
        };
        self.body.get_or_init(compiled).as_ref()
    }

    fn query(&self) -> &Query {
        self.query.get_or_init(|| {
            let schema = self.schemas.standing_alone(query_schema(&parsed(self.operation)));
            Query { validator: compile(&schema), schema }
        })
    }

    /// The query's validator.
    pub fn query_validator(&self) -> Option<&Validator> {
        self.query().validator.as_ref()
    }

    /// The schema of one query parameter, with a `$ref` followed.
    pub fn parameter(&self, name: &str) -> Option<&Value> {
        let query = &self.query().schema;
        let schema = query.pointer(&format!("/properties/{name}"))?;
        let Some(reference) = schema.get("$ref").and_then(Value::as_str) else { return Some(schema) };
        query.pointer(reference.trim_start_matches('#'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_takes_whole_pieces_and_no_empty_one() {
        let pattern = Pattern("/v1/networks/{networkId}/load".to_owned());
        let ids = pattern.ids("/v1/networks/7/load").unwrap();
        assert_eq!(ids.into_iter().collect::<Vec<_>>(), [("networkId".to_owned(), "7".to_owned())]);
        for other in ["/v1/networks//load", "/v1/networks/7", "/v1/networks/7/load/", "/v1/network/7/load", "", "/"] {
            assert!(pattern.ids(other).is_none(), "{other}");
        }
        assert!(Pattern("/v1/me".to_owned()).ids("/v1/me").is_some());
    }
}
