//! Every place of a request where an id stands: in the path, in the query, and in
//! the body, whether or not the document's example has it.

use serde_json::{Map, Value, json};

use super::cells::{Row, kind_of};
use crate::consultations::world::id;
use crate::contract::operation::{DOCUMENT, followed};

/// Fields that say something only beside others.
const BESIDE: &[(&str, &str)] = &[
    ("/pillarId", r#"{"programmeId": "0197c000-0000-7000-8000-000400000001"}"#),
    ("/mergedIntoId", r#"{"to": "merged", "reason": "Dit staat er al."}"#),
];

/// Where an id stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    Path(String),
    Query(String),
    /// Steps into the body.
    Body(Vec<Step>),
}

/// One step into a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Field(String),
    First,
    /// Which of several forms it has.
    Form(usize),
}

/// A place, and the kind of thing whose id stands there.
#[derive(Debug, Clone)]
pub struct Slot {
    pub place: Place,
    pub kind: String,
}

impl Slot {
    /// As it is named in lists.
    pub fn name(&self) -> String {
        match &self.place {
            Place::Path(name) => format!("{{{name}}}"),
            Place::Query(name) => format!("?{name}"),
            Place::Body(steps) => steps.iter().map(told).collect(),
        }
    }
}

fn told(step: &Step) -> String {
    match step {
        Step::Field(name) => format!("/{name}"),
        Step::First => "/0".to_owned(),
        Step::Form(which) => format!("<{which}>"),
    }
}

fn stem(name: &str) -> &str {
    name.strip_suffix("Ids").or_else(|| name.strip_suffix("Id")).unwrap_or(name)
}

/// All slots of a row.
pub fn of(row: &Row, kinds: &[&str]) -> Vec<Slot> {
    let kind = |text: &str| kind_of(text, kinds.iter().copied()).map(str::to_owned);
    let mut found = Vec::new();
    for (name, example) in &row.operation.ids {
        found.push(Slot { place: Place::Path(name.clone()), kind: kind(example).unwrap() });
    }
    let item = &DOCUMENT["paths"][&row.operation.template][row.operation.method.as_str().to_lowercase()];
    for parameter in item["parameters"].as_array().into_iter().flatten().map(followed) {
        if parameter["in"] == "query" && followed(&parameter["schema"])["format"] == "uuid" {
            let name = parameter["name"].as_str().unwrap();
            let named = id_of(stem(name)).and_then(|id| kind(&id)).unwrap_or_else(|| "participant".to_owned());
            found.push(Slot { place: Place::Query(name.to_owned()), kind: named });
        }
    }
    let mut places = Vec::new();
    walk(&row.operation.schema, &mut Vec::new(), &mut places);
    for (steps, example) in places {
        // What the request has says more than what the schema has for an example.
        let own = at(&row.body, &steps).and_then(Value::as_str).map(str::to_owned);
        let named = own.or(example).and_then(|id| kind(&id));
        let kind = named.unwrap_or_else(|| panic!("{} {steps:?}: of what is this the id?", row.name));
        found.push(Slot { place: Place::Body(steps), kind });
    }
    found
}

fn id_of(stem: &str) -> Option<String> {
    klankbord_api::web::document::demo_id(stem, 1)
}

/// The value at these steps, where it is there.
fn at<'a>(value: &'a Value, steps: &[Step]) -> Option<&'a Value> {
    steps.iter().try_fold(value, |value, step| match step {
        Step::Field(name) => value.get(name),
        Step::First => value.get(0),
        Step::Form(_) => Some(value),
    })
}

fn forms(schema: &Value) -> Vec<&Value> {
    let all = ["oneOf", "anyOf"].into_iter().filter_map(|key| schema[key].as_array()).flatten();
    all.filter(|form| form["type"] != "null").collect()
}

/// Visits the schema and notes every id in it, with an example.
fn walk(schema: &Value, steps: &mut Vec<Step>, found: &mut Vec<(Vec<Step>, Option<String>)>) {
    let schema = followed(schema);
    if schema["format"] == "uuid" {
        found.push((steps.clone(), example(schema, steps)));
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        stepped(Step::Field(name.clone()), property, steps, found);
    }
    if let Some(items) = schema.get("items") {
        stepped(Step::First, items, steps, found);
    }
    for (which, form) in forms(schema).into_iter().enumerate() {
        stepped(Step::Form(which), form, steps, found);
    }
}

fn stepped(step: Step, schema: &Value, steps: &mut Vec<Step>, found: &mut Vec<(Vec<Step>, Option<String>)>) {
    steps.push(step);
    walk(schema, steps, found);
    steps.pop();
}

/// An id for this place: the schema's own example, or by the field's name.
fn example(schema: &Value, steps: &[Step]) -> Option<String> {
    if let Some(own) = schema["example"].as_str() {
        return Some(own.to_owned());
    }
    let mut names = steps.iter().rev().filter_map(|step| match step {
        Step::Field(name) => Some(name.as_str()),
        Step::First | Step::Form(_) => None,
    });
    let name = names.next()?;
    if name == "id" {
        // One of a list: of what it is a list.
        let list = names.next()?;
        return id_of(list).or_else(|| id_of(list.trim_end_matches('s')));
    }
    id_of(stem(name))
}

/// A value that this schema takes, with what it must have.
fn sample(schema: &Value, name: &str) -> Value {
    let schema = followed(schema);
    if let Some(form) = forms(schema).first() {
        return sample(form, name);
    }
    for key in ["const", "example", "default"] {
        if let Some(value) = schema.get(key) {
            return value.clone();
        }
    }
    for key in ["enum", "examples", "x-extensible-enum"] {
        if let Some(value) = schema[key].get(0) {
            return value.clone();
        }
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str()).unwrap_or("object");
    match (kind, schema["format"].as_str()) {
        ("string", Some("uuid")) => json!(id_of(stem(name)).unwrap_or_else(|| id("participant", 1))),
        ("string", Some("date")) => json!("2026-12-01"),
        ("string", Some("date-time")) => json!("2026-12-01T09:00:00Z"),
        ("string", _) => json!("Zomaar een tekst"),
        ("integer" | "number", _) => schema.get("minimum").cloned().unwrap_or(json!(1)),
        ("boolean", _) => json!(false),
        ("array", _) => {
            let least = schema["minItems"].as_u64().unwrap_or(1).max(1);
            (0..least).map(|_| sample(&schema["items"], name)).collect()
        }
        _ => {
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let fields = required.map(|name| (name.to_owned(), sample(&schema["properties"][name], name)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
    }
}

/// The body with this at its place, and with what belongs beside it, all in the
/// demo's ids; and where in it the id stands.
pub fn placed(row: &Row, steps: &[Step]) -> (Value, String) {
    let mut body = row.body.clone();
    let mut pointer = String::new();
    let (mut here, mut schema) = (&mut body, &row.operation.schema);
    let mut name = String::new();
    for step in steps {
        match step {
            Step::Field(field) => {
                schema = &followed(schema)["properties"][field];
                field.clone_into(&mut name);
                pointer.push('/');
                pointer.push_str(field);
                if !here.is_object() {
                    *here = json!({});
                }
                here = here.as_object_mut().unwrap().entry(field.clone()).or_insert_with(|| sample(schema, field));
            }
            Step::First => {
                schema = &followed(schema)["items"];
                pointer.push_str("/0");
                if here.get(0).is_none() {
                    *here = json!([sample(schema, &name)]);
                }
                here = here.get_mut(0).unwrap();
            }
            Step::Form(which) => {
                schema = forms(followed(schema))[*which];
                let shape = sample(schema, &name);
                if shape.get("kind") != here.get("kind") || here.is_null() {
                    *here = shape;
                }
            }
        }
    }
    if let Some((_, beside)) = BESIDE.iter().find(|(at, _)| *at == pointer) {
        let beside: Map<String, Value> = serde_json::from_str(beside).unwrap();
        body.as_object_mut().unwrap().extend(beside);
    }
    (body, pointer)
}
