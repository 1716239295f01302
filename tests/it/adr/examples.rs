//! Examples: on every request and answer, and true to their schemas.

use serde_json::{Value, json};

use super::{DOCUMENT, none, operations, visit};
use crate::contract::operation::followed;

fn faults_of(schema: &Value, value: &Value) -> Vec<String> {
    let mut whole = schema.clone();
    whole["components"] = DOCUMENT["components"].clone();
    let options = jsonschema::options().with_draft(jsonschema::Draft::Draft202012);
    let validator = options.should_validate_formats(true).build(&whole).unwrap();
    validator.iter_errors(value).map(|fault| format!("{} {fault}", fault.instance_path())).collect()
}

/// Names that the linter takes for something else.
const MISREAD: &[&str] = &["postcode", "input", "output", "computed"];

#[test]
fn every_request_and_answer_has_an_example_that_is_true() {
    let mut faults = Vec::new();
    for (path, method, operation) in operations() {
        let mut bodies = vec![("request".to_owned(), &operation["requestBody"])];
        for (status, response) in operation["responses"].as_object().unwrap() {
            bodies.push((status.clone(), followed(response)));
        }
        for (name, body) in bodies {
            for (kind, media) in body["content"].as_object().into_iter().flatten() {
                let at = format!("{method} {path} {name} {kind}");
                let Some(example) = media.get("example") else {
                    faults.push(format!("{at}: no example"));
                    continue;
                };
                faults.extend(faults_of(&media["schema"], example).into_iter().map(|fault| format!("{at}: {fault}")));
                visit(example, &at, &mut |at, part| {
                    if part.is_null() || MISREAD.iter().any(|name| part.get(name).is_some()) {
                        faults.push(format!("{at}: null, or a name that is misread"));
                    }
                });
            }
        }
    }
    none(&faults);
}

/// Examples within schemas and on parameters, too.
#[test]
fn every_other_example_is_true() {
    let mut faults = Vec::new();
    visit(&DOCUMENT, "", &mut |at, part| {
        let media = at.contains("/content/");
        if media || part.get("properties").is_some() && !at.starts_with("/components/schemas/") {
            return;
        }
        let schema = part.get("schema").unwrap_or(part);
        let mut given: Vec<Value> = part.get("example").into_iter().cloned().collect();
        given.extend(schema.get("examples").and_then(Value::as_array).into_iter().flatten().cloned());
        let schema = if schema.is_object() { schema.clone() } else { json!({}) };
        for example in given {
            faults.extend(faults_of(&schema, &example).into_iter().map(|fault| format!("{at}: {fault}")));
        }
    });
    none(&faults);
}

/// An optional parameter has no example that Swagger UI would send.
#[test]
fn optional_parameters_keep_their_examples_to_themselves() {
    let mut faults = Vec::new();
    for (path, method, operation) in operations() {
        for parameter in operation["parameters"].as_array().into_iter().flatten().map(followed) {
            let sent = parameter.get("example").is_some() || parameter["schema"].get("default").is_some();
            if parameter["required"] != true && sent {
                faults.push(format!("{method} {path} {}", parameter["name"]));
            }
            if parameter["in"] == "path" && parameter.get("example").is_none() {
                faults.push(format!("{method} {path} {}: no example", parameter["name"]));
            }
        }
    }
    none(&faults);
}
