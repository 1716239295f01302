//! The query string as typed values, as its parameters' schemas say.

use std::collections::BTreeMap;

use klankbord_domain::{Fault, FaultIn};
use serde_json::Value;

use super::contract::Endpoint;
use super::faults;

/// Reads and checks a query string.
pub(crate) fn read(endpoint: &Endpoint, query: &str) -> Result<BTreeMap<String, Value>, Vec<Fault>> {
    let malformed = || vec![Fault::query("", "value.format")];
    let pairs = actix_web::web::Query::<Vec<(String, String)>>::from_query(query).map_err(|_| malformed())?;
    let mut values: BTreeMap<String, Value> = BTreeMap::new();
    let mut found = Vec::new();
    for (name, text) in pairs.into_inner() {
        if text.contains('\0') {
            // PostgreSQL can't compare with it.
            found.push(Fault::query(name.clone(), "value.format"));
        }
        let schema = endpoint.parameter(&name);
        let items = schema.and_then(|schema| schema.get("items"));
        match (items, values.get_mut(&name)) {
            (Some(_), Some(Value::Array(list))) => list.push(Value::String(text)),
            (Some(_), _) => drop(values.insert(name, Value::Array(vec![Value::String(text)]))),
            (None, Some(_)) => found.push(Fault::query(name, "parameter.repeated")),
            (None, None) => drop(values.insert(name, typed(schema, text))),
        }
    }
    let whole = Value::Object(values.clone().into_iter().collect());
    if let Some(validator) = endpoint.query_validator() {
        found.extend(faults::in_query(faults::of(validator.iter_errors(&whole), FaultIn::Query)));
    }
    if found.is_empty() { Ok(values) } else { Err(found) }
}

fn typed(schema: Option<&Value>, text: String) -> Value {
    let kind = schema.and_then(|schema| schema.get("type")).and_then(Value::as_str);
    match kind {
        Some("integer") => text.parse::<i64>().map_or(Value::String(text), Value::from),
        Some("boolean") => match text.as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => Value::String(text),
        },
        _ => Value::String(text),
    }
}
