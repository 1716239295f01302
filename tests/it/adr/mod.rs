//! The Dutch API Design Rules 2.2.0 (Logius), rule by rule, on the generated
//! document, with what their linter doesn't see; and the little of them that only
//! a running service shows. What holds for every reply is in `contract`.

mod document;
mod examples;
mod operations;
mod schemas;

use serde_json::Value;

use crate::contract::operation::DOCUMENT;

/// Visits every part of a value, with its JSON Pointer; examples are data and left out.
fn visit(value: &Value, at: &str, look: &mut impl FnMut(&str, &Value)) {
    look(at, value);
    match value {
        Value::Object(fields) => {
            for (name, field) in fields.iter().filter(|(name, _)| *name != "example" && *name != "examples") {
                visit(field, &format!("{at}/{name}"), look);
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| visit(item, &format!("{at}/{index}"), look));
        }
        _ => {}
    }
}

/// Every operation: path, method, itself.
fn operations() -> Vec<(String, String, &'static Value)> {
    let mut found = Vec::new();
    for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            found.push((path.clone(), method.clone(), operation));
        }
    }
    found
}

/// A name in camelCase, without anything else in it.
fn is_camel(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase()) && name.chars().all(|one| one.is_ascii_alphanumeric())
}

/// Fails with every fault at once.
#[track_caller]
fn none(faults: &[String]) {
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
