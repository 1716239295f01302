//! Every operation of the published document, as a request that is in order.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde_json::{Value, json};

/// The published document.
pub static DOCUMENT: LazyLock<Value> = LazyLock::new(klankbord_api::web::document::build);

/// How an operation is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opened {
    /// Without a token.
    ToAll,
    /// With an access token.
    BySession,
    /// With a token made for it.
    ByLink,
}

/// One operation of the document.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Its id.
    pub id: String,
    /// GET, POST, PATCH, DELETE.
    pub method: reqwest::Method,
    /// Its path as the document writes it.
    pub template: String,
    /// How it is opened.
    pub opened: Opened,
    /// Whether it demands `If-Match`.
    pub versioned: bool,
    /// Whether it takes an `Idempotency-Key`.
    pub repeatable: bool,
    /// The content types of its body; none: no body.
    pub consumes: Vec<String>,
    /// The content types of its answer when all is well; none: no body.
    pub produces: BTreeSet<String>,
    /// Its body's schema, with references followed once.
    pub schema: Value,
    /// The document's own example of its body.
    pub example: Value,
    /// The names of its query's parameters.
    pub query: BTreeSet<String>,
    /// The statuses that it is said to answer with.
    pub statuses: BTreeSet<u16>,
    /// The examples of the ids in its path.
    pub ids: BTreeMap<String, String>,
}

/// All of them.
pub fn all() -> Vec<Operation> {
    let mut found = Vec::new();
    for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            found.push(read(path, method, operation));
        }
    }
    assert!(found.len() > 30, "the document lost its operations");
    found
}

/// Follows a reference, when there is one.
pub fn followed(value: &Value) -> &Value {
    match value["$ref"].as_str() {
        Some(reference) => DOCUMENT.pointer(reference.trim_start_matches('#')).unwrap(),
        None => value,
    }
}

fn read(path: &str, method: &str, operation: &Value) -> Operation {
    let none = Vec::new();
    let parameters: Vec<&Value> = operation["parameters"].as_array().unwrap_or(&none).iter().map(followed).collect();
    let named = |place: &'static str| parameters.iter().filter(move |one| one["in"] == place);
    let header = |name: &str| named("header").any(|one| one["name"] == name);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let security = operation["security"].as_array().unwrap();
    let opened = match security.first() {
        None => Opened::ToAll,
        Some(scheme) if scheme.get("linkToken").is_some() => Opened::ByLink,
        Some(_) => Opened::BySession,
    };
    let contents = operation["requestBody"]["content"].as_object().cloned().unwrap_or_default();
    let media = contents.values().next().cloned().unwrap_or_default();
    Operation {
        id: text(&operation["operationId"]),
        method: method.to_uppercase().parse().unwrap(),
        template: path.to_owned(),
        opened,
        versioned: header("If-Match"),
        repeatable: header("Idempotency-Key"),
        consumes: contents.keys().cloned().collect(),
        produces: produced(&operation["responses"]),
        schema: followed(&media["schema"]).clone(),
        example: media["example"].clone(),
        query: named("query").map(|one| text(&one["name"])).collect(),
        statuses: operation["responses"].as_object().unwrap().keys().map(|key| key.parse().unwrap()).collect(),
        ids: named("path").map(|one| (text(&one["name"]), text(&one["example"]))).collect(),
    }
}

fn produced(responses: &Value) -> BTreeSet<String> {
    let fine = responses.as_object().unwrap().iter().filter(|(status, _)| status.starts_with('2'));
    fine.filter_map(|(_, response)| response["content"].as_object()).flat_map(|all| all.keys().cloned()).collect()
}

impl Operation {
    /// Whether it takes a body.
    pub fn takes_body(&self) -> bool {
        !self.consumes.is_empty()
    }

    /// Its path with these ids in it.
    pub fn path(&self, ids: &BTreeMap<String, String>) -> String {
        let fill = |path: String, (name, id): (&String, &String)| path.replace(&format!("{{{name}}}"), id);
        format!("/v1{}", ids.iter().fold(self.template.clone(), fill))
    }

    /// A request that is in order, for things that aren't there.
    pub fn request(&self) -> Shape {
        Shape {
            method: self.method.clone(),
            path: self.path(&self.ids),
            query: String::new(),
            token: Token::Own,
            headers: if self.versioned { vec![("If-Match", "*".to_owned())] } else { Vec::new() },
            content_type: self.consumes.first().cloned(),
            body: self.takes_body().then(|| self.example.to_string().into_bytes()),
        }
    }
}

/// Which token a request carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// The caller's.
    Own,
    /// None.
    Absent,
    /// One that nobody made.
    Forged,
}

/// A request, part by part, so that a test can bend any of them.
#[derive(Clone)]
pub struct Shape {
    pub method: reqwest::Method,
    pub path: String,
    pub query: String,
    pub token: Token,
    pub headers: Vec<(&'static str, String)>,
    pub content_type: Option<String>,
    pub body: Option<Vec<u8>>,
}

impl std::fmt::Debug for Shape {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let body = self.body.as_deref().unwrap_or_default();
        let body = String::from_utf8_lossy(body.get(..300).unwrap_or(body));
        let Self { method, path, query, token, headers, content_type, .. } = self;
        write!(to, "{method} {path}?{query} {token:?} {headers:?} {content_type:?} {body}")
    }
}

impl Shape {
    pub fn query(mut self, pair: &str) -> Self {
        pair.clone_into(&mut self.query);
        self
    }

    pub fn token(mut self, token: Token) -> Self {
        self.token = token;
        self
    }

    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self
    }

    pub fn raw(mut self, body: &[u8]) -> Self {
        self.body = Some(body.to_vec());
        self
    }

    pub fn json(self, body: &Value) -> Self {
        self.raw(body.to_string().as_bytes())
    }

    pub fn typed(mut self, content_type: Option<&str>) -> Self {
        self.content_type = content_type.map(str::to_owned);
        self
    }
}

/// A body that is too large, and no JSON.
pub fn too_large() -> Vec<u8> {
    vec![b'['; 300 * 1024]
}

/// The example with one more field.
pub fn with_field(example: &Value, name: &str, value: Value) -> Value {
    let mut body = example.clone();
    if let Some(fields) = body.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
    body
}

/// A value of a type that this schema doesn't take.
pub fn wrong_for(schema: &Value) -> Value {
    let schema = followed(schema);
    let takes = |kind: &str| match &schema["type"] {
        Value::Array(kinds) => kinds.iter().any(|one| one == kind),
        one => one == kind,
    };
    if takes("boolean") { json!("yes") } else { json!(true) }
}
