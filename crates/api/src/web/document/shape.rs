//! Schemas as clients can use them: absent rather than null, no nameless
//! objects, nothing that generators trip over.

use serde_json::{Map, Value};

/// The lists of values that may grow within a major version.
const GROWING: &[&str] = &[
    "AccessNeed",
    "Channel",
    "DocumentKind",
    "ExperienceForm",
    "ExperiencePart",
    "ExperienceTheme",
    "Expertise",
    "ExternalScheme",
    "FeedbackKind",
    "InformationTopic",
    "MembershipRole",
    "NetworkKind",
    "OrganisationKind",
    "Perspective",
    "RegionKind",
    "Role",
    "ScopeKind",
    "SignInMethod",
];

/// Lists of codes that are plain text in the code: the longest that an item can be.
const CODES: &[(&str, u64)] = &[
    ("allowedTransitions", 40),
    ("municipalities", 6),
    ("erasedColumns", 100),
    ("leftOutTables", 100),
    ("operations", 60),
    ("readers", 100),
    ("roles", 40),
    ("violatedPolicies", 40),
];

/// Tidies every schema of the document.
pub(super) fn tidy(document: &mut Value) {
    let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") else { return };
    for name in GROWING {
        let Some(Value::Object(schema)) = schemas.get_mut(*name) else { continue };
        if let Some(words) = schema.get("enum").cloned() {
            schema.insert("x-extensible-enum".to_owned(), words);
        }
    }
    let names: Vec<String> = schemas.keys().cloned().collect();
    let flattened: Vec<String> = schemas.values().flat_map(parts_of).map(str::to_owned).collect();
    for name in &names {
        let merged = schemas.get(name).map(|schema| without_all_of(schema, schemas));
        if let Some(merged) = merged {
            schemas.insert(name.clone(), merged);
        }
    }
    for name in &names {
        if let Some(schema) = schemas.get_mut(name) {
            walk(schema, !name.ends_with("Patch"));
        }
    }
    if let Some(paths) = document.get_mut("paths") {
        walk(paths, true);
    }
    // What is nothing but a part of others now stands in them.
    let unused: Vec<String> = flattened.into_iter().filter(|name| !refers_to(document, name)).collect();
    if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
        schemas.retain(|name, _| !unused.contains(name));
    }
}

/// The names of what a thing is made of.
fn parts_of(schema: &Value) -> impl Iterator<Item = &str> {
    let parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    parts.filter_map(|part| part.get("$ref")?.as_str()?.rsplit('/').next())
}

fn refers_to(value: &Value, name: &str) -> bool {
    match value {
        Value::Object(fields) => fields.iter().any(|(key, field)| match field {
            Value::String(path) if key == "$ref" => path.rsplit('/').next() == Some(name),
            field => refers_to(field, name),
        }),
        Value::Array(items) => items.iter().any(|item| refers_to(item, name)),
        _ => false,
    }
}

/// A thing that is made of others (`allOf`, from flattened fields) as one object.
fn without_all_of(schema: &Value, schemas: &Map<String, Value>) -> Value {
    let Some(Value::Array(parts)) = schema.get("allOf") else { return schema.clone() };
    let mut whole = Map::new();
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for part in parts {
        let part = match part.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next()) {
            Some(name) => schemas.get(name).map(|schema| without_all_of(schema, schemas)).unwrap_or_default(),
            None => part.clone(),
        };
        if let Some(Value::Object(fields)) = part.get("properties") {
            properties.extend(fields.clone());
        }
        if let Some(Value::Array(names)) = part.get("required") {
            required.extend(names.clone());
        }
    }
    whole.insert("type".to_owned(), Value::from("object"));
    if let Some(about) = schema.get("description") {
        whole.insert("description".to_owned(), about.clone());
    }
    required.sort_by_key(|name| name.as_str().unwrap_or_default().to_owned());
    required.dedup();
    whole.insert("properties".to_owned(), Value::Object(properties));
    whole.insert("required".to_owned(), Value::Array(required));
    Value::Object(whole)
}

fn walk(value: &mut Value, never_null: bool) {
    match value {
        Value::Object(fields) => {
            fields.remove("propertyNames");
            limit_codes(fields);
            if never_null {
                drop_null(fields);
            }
            // What stands in an example is data, not a schema.
            let inner = fields.iter_mut().filter(|(name, _)| !matches!(name.as_str(), "example" | "examples"));
            inner.for_each(|(_, field)| walk(field, never_null));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, never_null)),
        _ => {}
    }
}

fn limit_codes(fields: &mut Map<String, Value>) {
    let Some(Value::Object(properties)) = fields.get_mut("properties") else { return };
    for (name, longest) in CODES {
        let items = properties.get_mut(*name).and_then(|property| property.get_mut("items"));
        if let Some(Value::Object(items)) = items.filter(|items| items.get("$ref").is_none()) {
            items.entry("maxLength").or_insert_with(|| Value::from(*longest));
        }
    }
}

fn is_null_type(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("null")
}

/// `type: [T, null]` becomes `type: T`; `oneOf: [null, X]` becomes `X`.
fn drop_null(fields: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = fields.get_mut("type") {
        types.retain(|kind| kind.as_str() != Some("null"));
        if let [one] = types.as_slice() {
            let one = one.clone();
            fields.insert("type".to_owned(), one);
        }
    }
    for word in ["oneOf", "anyOf"] {
        let Some(Value::Array(branches)) = fields.get_mut(word) else { continue };
        branches.retain(|branch| !is_null_type(branch));
        let [Value::Object(only)] = branches.as_slice() else { continue };
        let only = only.clone();
        fields.remove(word);
        for (name, value) in only {
            fields.entry(name).or_insert(value);
        }
    }
}

/// Turns the schema of what creates a thing into that of its patch.
pub(super) fn to_patch(schema: &mut Value, fixed: &[&str]) {
    let Value::Object(fields) = schema else { return };
    fields.remove("required");
    fields.insert("description".to_owned(), Value::from("Changes: what is absent stays, null clears (RFC 7396)."));
    fields.insert("minProperties".to_owned(), Value::from(1));
    let Some(Value::Object(properties)) = fields.get_mut("properties") else { return };
    properties.retain(|name, _| !fixed.contains(&name.as_str()));
    for property in properties.values_mut() {
        let Value::Object(property) = property else { continue };
        property.remove("default");
        // A $ref that may be cleared: anyOf, which every generator reads.
        let Some(Value::Array(mut branches)) = property.remove("oneOf") else { continue };
        branches.sort_by_key(is_null_type);
        for branch in branches.iter_mut().filter_map(Value::as_object_mut) {
            // What the field says belongs to the field, not to one of its branches.
            if let Some(about) = branch.remove("description") {
                property.insert("description".to_owned(), about);
            }
        }
        property.insert("anyOf".to_owned(), Value::Array(branches));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn null_goes_and_single_branches_fold() {
        let mut schema = json!({"properties": {"a": {"type": ["string", "null"]},
            "b": {"oneOf": [{"type": "null"}, {"$ref": "#/x"}], "description": "B"}}});
        walk(&mut schema, true);
        let expected = json!({"properties": {"a": {"type": "string"}, "b": {"$ref": "#/x", "description": "B"}}});
        assert_eq!(schema, expected);
    }

    #[test]
    fn a_patch_requires_nothing_and_clears_what_may_be_missing() {
        let mut schema = json!({"type": "object", "required": ["name", "host"], "properties": {
            "name": {"type": "string"}, "host": {"type": "string"},
            "area": {"type": ["string", "null"]}, "ref": {"oneOf": [{"type": "null"}, {"$ref": "#/x"}]}}});
        to_patch(&mut schema, &["host"]);
        assert_eq!(schema["properties"]["ref"], json!({"anyOf": [{"$ref": "#/x"}, {"type": "null"}]}));
        assert_eq!(schema["properties"]["area"], json!({"type": ["string", "null"]}));
        assert!(schema.get("required").is_none() && schema["properties"].get("host").is_none());
    }
}
