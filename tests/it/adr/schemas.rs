//! Schemas: named, described, limited, never null in an answer.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{DOCUMENT, is_camel, none, operations, visit};
use crate::contract::operation::followed;

fn schemas() -> &'static Map<String, Value> {
    DOCUMENT["components"]["schemas"].as_object().unwrap()
}

/// Whether a schema takes this type.
fn takes(schema: &Value, kind: &str) -> bool {
    match &schema["type"] {
        Value::Array(kinds) => kinds.iter().any(|one| one == kind),
        one => one == kind,
    }
}

/// Why a value of this schema could be too large; none when it can't.
pub fn unlimited(schema: &Value) -> Option<&'static str> {
    let has = |word: &str| schema.get(word).is_some();
    if takes(schema, "string") && !["maxLength", "format", "enum", "pattern"].iter().any(|word| has(word)) {
        return Some("a string without a limit");
    }
    if takes(schema, "array") && (!has("maxItems") || !has("items")) {
        return Some("a list without a limit");
    }
    if (takes(schema, "integer") || takes(schema, "number")) && !(has("minimum") && has("maximum") && has("format")) {
        return Some("a number without limits");
    }
    if has("items") { unlimited(followed(&schema["items"])) } else { None }
}

/// The schemas that an answer can hold.
fn in_answers() -> BTreeSet<String> {
    let mut waiting = Vec::new();
    let gather = |value: &Value| {
        let mut found = Vec::new();
        visit(value, "", &mut |_, part| {
            let name =
                part.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix("#/components/schemas/"));
            found.extend(name.map(str::to_owned));
        });
        found
    };
    for (_, _, operation) in operations() {
        for response in operation["responses"].as_object().unwrap().values() {
            waiting.extend(gather(followed(response)));
        }
    }
    let mut known = BTreeSet::new();
    while let Some(name) = waiting.pop() {
        if known.insert(name.clone()) {
            waiting.extend(gather(&schemas()[&name]));
        }
    }
    known
}

/// Named in `UpperCamelCase`, described; whatever is in them is limited.
#[test]
fn schemas_are_named_described_and_limited() {
    let mut faults = Vec::new();
    for (name, schema) in schemas() {
        let upper = name.starts_with(|first: char| first.is_ascii_uppercase());
        if !upper || !name.chars().all(|one| one.is_ascii_alphanumeric()) {
            faults.push(format!("{name}: not in UpperCamelCase"));
        }
        if schema["description"].as_str().is_none_or(str::is_empty) {
            faults.push(format!("{name}: not described"));
        }
        visit(schema, name, &mut |at, part| {
            if let Some(what) = unlimited(part) {
                faults.push(format!("{at}: {what}"));
            }
        });
    }
    none(&faults);
}

/// Properties: camelCase, described; instants are called `…At`, days `…On`.
#[test]
fn properties_are_named_and_described() {
    let mut faults = Vec::new();
    for (schema, property, value) in properties() {
        let mut fault = |what: &str| faults.push(format!("{schema}.{property}: {what}"));
        if !is_camel(&property) {
            fault("not in camelCase");
        }
        if value["description"].as_str().is_none_or(str::is_empty) {
            fault("not described");
        }
        let format = value["format"].as_str().unwrap_or_default();
        let (instant, day) = (format == "date-time", format == "date");
        if instant != (property.ends_with("At") || property == "at") {
            fault("an instant is called …At, and nothing else is");
        }
        let called_day = property.ends_with("On") || ["periodFrom", "periodTo"].contains(&property.as_str());
        if day != called_day {
            fault("a day is called …On, and nothing else is");
        }
        if ["time", "time-local", "date-time-local"].contains(&format) {
            fault("a time of day");
        }
        if property.ends_with("Date") || property.ends_with("Time") || property == "date" || property == "datum" {
            fault("…Date and …Time are misread");
        }
    }
    none(&faults);
}

fn properties() -> Vec<(String, String, Value)> {
    let mut found = Vec::new();
    for (name, schema) in schemas() {
        for (property, value) in schema["properties"].as_object().into_iter().flatten() {
            found.push((name.clone(), property.clone(), value.clone()));
        }
    }
    found
}

/// An object has a name of its own, wherever it stands; a choice has a
/// discriminator, a mapping, and named branches.
#[test]
fn objects_have_names_and_choices_a_discriminator() {
    let mut faults = Vec::new();
    visit(&DOCUMENT, "", &mut |at, part| {
        let named = at.strip_prefix("/components/schemas/").is_some_and(|rest| !rest.contains('/'));
        if (takes(part, "object") || part.get("properties").is_some_and(|all| all.get("type").is_none())) && !named {
            faults.push(format!("{at}: an object without a name"));
        }
        for word in ["allOf", "anyOf", "oneOf"] {
            let Some(branches) = part.get(word).and_then(Value::as_array) else { continue };
            let nullable = word == "anyOf"
                && matches!(branches.as_slice(), [one, null] if one.get("$ref").is_some() && null["type"] == "null");
            let mapping = part.pointer("/discriminator/mapping").and_then(Value::as_object);
            let chosen = word == "oneOf"
                && branches.iter().all(|branch| branch.get("$ref").is_some())
                && mapping.is_some_and(|mapping| mapping.len() == branches.len())
                && part["discriminator"]["propertyName"] == "kind";
            if !nullable && !chosen {
                faults.push(format!("{at}: {word}"));
            }
        }
    });
    none(&faults);
}

/// Absent, never null.
#[test]
fn nothing_in_an_answer_is_null() {
    let mut faults = Vec::new();
    for name in in_answers() {
        visit(&schemas()[&name], &name, &mut |at, part| {
            if takes(part, "null") || part["nullable"] == true {
                faults.push(at.to_owned());
            }
        });
    }
    none(&faults);
}

/// What comes in knows its fields: nothing else is taken.
#[test]
fn requests_take_no_unknown_fields() {
    let mut faults = Vec::new();
    for (path, method, operation) in operations() {
        for media in operation["requestBody"]["content"].as_object().into_iter().flat_map(Map::values) {
            let schema = followed(&media["schema"]);
            let branches = schema["oneOf"].as_array().cloned().unwrap_or_else(|| vec![schema.clone()]);
            if branches.iter().any(|branch| followed(branch)["additionalProperties"] != false) {
                faults.push(format!("{method} {path}"));
            }
        }
    }
    none(&faults);
}
