//! Examples made from the fields' own: every request and every answer has one,
//! and they use the demo's ids.

use serde_json::{Map, Value, json};

use super::demo_ids;

/// How deep an example goes; nothing published is nested deeper.
const DEPTH: usize = 24;

/// Puts an example beside every schema of a request or an answer that has none.
pub(super) fn put(document: &mut Value) {
    let schemas = document.pointer("/components/schemas").cloned().unwrap_or_default();
    let Some(Value::Object(paths)) = document.get_mut("paths") else { return };
    for operation in paths.values_mut().filter_map(Value::as_object_mut).flat_map(Map::values_mut) {
        if let Some(Value::Object(contents)) = operation.pointer_mut("/requestBody/content") {
            contents.values_mut().for_each(|media| put_one(media, &schemas, true));
        }
        let Some(Value::Object(responses)) = operation.get_mut("responses") else { continue };
        for response in responses.values_mut() {
            let Some(Value::Object(contents)) = response.get_mut("content") else { continue };
            contents.values_mut().for_each(|media| put_one(media, &schemas, false));
        }
    }
}

fn put_one(media: &mut Value, schemas: &Value, request: bool) {
    let Value::Object(media) = media else { return };
    if media.contains_key("example") || media.contains_key("examples") {
        return;
    }
    let Some(schema) = media.get("schema") else { return };
    let maker = Maker { schemas, request };
    if let Some(example) = maker.make(schema, "", "", DEPTH) {
        media.insert("example".to_owned(), example);
    }
}

struct Maker<'a> {
    schemas: &'a Value,
    request: bool,
}

impl Maker<'_> {
    fn make(&self, schema: &Value, property: &str, within: &str, depth: usize) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        if let Some(example) = schema.get("example") {
            return Some(example.clone());
        }
        if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next()) {
            return self.make(self.schemas.get(name)?, property, name, depth);
        }
        let branches = schema.get("oneOf").or_else(|| schema.get("anyOf")).and_then(Value::as_array);
        if let Some(first) = branches.and_then(|branches| branches.first()) {
            return self.make(first, property, within, depth);
        }
        let kind = match schema.get("type") {
            Some(Value::Array(kinds)) => kinds.first().and_then(Value::as_str),
            other => other.and_then(Value::as_str),
        };
        match kind? {
            "object" => Some(self.object(schema, within, depth)),
            "array" => {
                let item = schema.get("items").and_then(|items| self.make(items, property, within, depth));
                let least = schema.get("minItems").and_then(Value::as_u64).unwrap_or(1).max(1);
                Some(Value::Array(
                    item.into_iter().flat_map(|item| (1..=least).map(move |at| nth(&item, at))).collect(),
                ))
            }
            "string" => Some(string(schema, property, within)),
            "integer" => Some(schema.get("minimum").cloned().unwrap_or_else(|| json!(1))),
            "boolean" => Some(json!(false)),
            _ => None,
        }
    }

    fn object(&self, schema: &Value, within: &str, depth: usize) -> Value {
        let required = schema.get("required").and_then(Value::as_array);
        let needed = |name: &str| required.is_some_and(|names| names.iter().any(|one| one.as_str() == Some(name)));
        let mut made = Map::new();
        for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            // A request shows what it needs, and what the field itself gives an example for.
            let skip = self.request && !needed(name) && property.get("example").is_none();
            if skip || property.get("readOnly").is_some() && self.request {
                continue;
            }
            if let Some(example) = self.make(property, name, within, depth) {
                made.insert(name.clone(), example);
            }
        }
        if made.is_empty() {
            // A patch needs nothing; it shows its first field.
            let first = schema.get("properties").and_then(Value::as_object).and_then(|all| all.iter().next());
            let first = first.and_then(|(name, property)| Some((name, self.make(property, name, within, depth)?)));
            made.extend(first.map(|(name, example)| (name.clone(), example)));
        }
        Value::Object(made)
    }
}

/// The example of an item, as the `number`th of its list.
fn nth(item: &Value, number: u64) -> Value {
    let mut item = item.clone();
    if let Some(Value::String(id)) = item.get_mut("id")
        && let Some(stem) = id.strip_suffix("00000001")
    {
        *id = format!("{stem}{number:08x}");
    }
    item
}

fn string(schema: &Value, property: &str, within: &str) -> Value {
    if let Some(first) = schema.get("enum").and_then(Value::as_array).and_then(|words| words.first()) {
        return first.clone();
    }
    match schema.get("format").and_then(Value::as_str) {
        Some("uuid") => {
            let stem = within.trim_end_matches("Create").trim_end_matches("Page");
            let id = demo_ids::example_for(property, stem).or_else(|| demo_ids::demo_id("account", 1));
            Value::from(id.unwrap_or_default())
        }
        Some("date") => json!("2026-12-15"),
        Some("date-time") => json!("2026-11-23T09:00:00Z"),
        Some("uri") => json!("https://klankbord.example/"),
        Some("email") => json!("demo@klankbord.example"),
        _ if property == "etag" => json!("\"1.0a1b2c3d4e5f6071\""),
        _ => json!("…"),
    }
}
