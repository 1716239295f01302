//! The form of requests: what is wrong with one is told, whatever it is.

use serde_json::{Value, json};

use super::operation::{Opened, Operation, Token, all, too_large, with_field, wrong_for};
use super::probe::{Probe, answers};

/// Fields whose wrong type can't be told apart by its place: the whole body is a choice.
fn is_choice(operation: &Operation) -> bool {
    operation.schema.get("oneOf").is_some()
}

/// The same value with a point in every integer.
fn with_points(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64().unwrap()),
        Value::Array(items) => items.iter().map(with_points).collect(),
        Value::Object(fields) => fields.iter().map(|(name, field)| (name.clone(), with_points(field))).collect(),
        other => other.clone(),
    }
}

/// The places of all texts in a value.
fn texts(value: &Value, here: &str) -> Vec<String> {
    match value {
        Value::String(_) => vec![here.to_owned()],
        Value::Array(items) => {
            items.iter().enumerate().flat_map(|(index, item)| texts(item, &format!("{here}/{index}"))).collect()
        }
        Value::Object(fields) => {
            fields.iter().flat_map(|(name, field)| texts(field, &format!("{here}/{name}"))).collect()
        }
        _ => Vec::new(),
    }
}

on_both! {
    /// Every operation, called in order: never a fault of ours, and nothing that the
    /// document doesn't say. A handler that names another operation than its route
    /// would answer 500. HEAD answers wherever GET does.
    async fn every_operation_answers_as_the_document_says(service) {
        let admin = service.admin().await;
        let probe = Probe::new(service, &admin);
        for operation in all() {
            let request = operation.request();
            let reply = probe.send(&operation, &request).await;
            answers(&operation, &reply);
            if operation.method == reqwest::Method::GET {
                let mut head = request.clone();
                head.method = reqwest::Method::HEAD;
                let bare = probe.send(&operation, &head).await;
                assert_eq!((bare.status, bare.text.as_str()), (reply.status, ""), "{}", operation.id);
            }
        }
    }

    /// Bodies: unknown fields, broken JSON, none at all, wrong types, missing fields,
    /// wrong content types, too large ones.
    async fn a_wrong_body_is_told(service) {
        let admin = service.admin().await;
        let probe = Probe::new(service, &admin);
        for operation in all().into_iter().filter(Operation::takes_body) {
            let good = operation.request();
            let (schema, example) = (&operation.schema, &operation.example);
            let unheard = good.clone().json(&with_field(example, "unheardOf", json!(1)));
            probe.refused(&operation, &unheard, &["/unheardOf value.unknown_field"]).await;
            let long = good.clone().json(&with_field(example, &"x".repeat(600), json!(1)));
            probe.refused(&operation, &long, &[&format!("/{} value.unknown_field", "x".repeat(499))]).await;
            probe.refused(&operation, &good.clone().raw(b"{\"a\":"), &[" json.malformed"]).await;
            probe.refused(&operation, &good.clone().raw(b" "), &[" json.missing"]).await;
            let mut none = good.clone();
            none.body = None;
            probe.refused(&operation, &none, &[" json.missing"]).await;
            probe.refused(&operation, &good.clone().json(&json!([])), &[" value.type"]).await;
            if !is_choice(&operation) {
                for (name, property) in schema["properties"].as_object().unwrap() {
                    let wrong = good.clone().json(&with_field(example, name, wrong_for(property)));
                    let reply = probe.expect(&operation, &wrong, 400, "request.invalid").await;
                    let told = reply.faults();
                    assert!(told.iter().all(|fault| fault.starts_with(&format!("/{name}"))), "{} {told:?}", operation.id);
                }
                for name in schema["required"].as_array().into_iter().flatten() {
                    let mut body = example.clone();
                    body.as_object_mut().unwrap().remove(name.as_str().unwrap());
                    let fault = format!("/{} value.required", name.as_str().unwrap());
                    probe.refused(&operation, &good.clone().json(&body), &[&fault]).await;
                }
            }
            for kind in [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("application/xml")] {
                let mistyped = good.clone().typed(kind);
                probe.expect(&operation, &mistyped, 415, "request.unsupported_media_type").await;
            }
            for kind in &operation.consumes {
                let spelled = good.clone().typed(Some(&format!("{}; charset=utf-8", kind.to_uppercase())));
                assert_ne!(probe.send(&operation, &spelled).await.status, 415, "{}", operation.id);
            }
            probe.expect(&operation, &good.clone().raw(&too_large()), 413, "request.too_large").await;
        }
    }

    /// A whole number is an integer, however it is written.
    async fn an_integer_may_be_written_with_a_point(service) {
        let admin = service.admin().await;
        let probe = Probe::new(service, &admin);
        for operation in all().into_iter().filter(Operation::takes_body) {
            let mut bodies = vec![with_points(&operation.example)];
            for (name, property) in operation.schema["properties"].as_object().into_iter().flatten() {
                let takes = |kind: &Value| kind == "integer" || kind.as_array().is_some_and(|all| all.contains(&json!("integer")));
                if takes(&property["type"]) {
                    let least = property["minimum"].as_f64().unwrap_or(1.0);
                    bodies.push(with_field(&operation.example, name, json!(least)));
                }
            }
            for body in bodies {
                let reply = probe.send(&operation, &operation.request().json(&body)).await;
                answers(&operation, &reply);
                let told = reply.faults();
                assert!(!told.iter().any(|fault| fault.ends_with("value.type")), "{} {told:?}", operation.id);
            }
        }
    }

    /// U+0000 can't be kept, and is told by its place: in bodies and queries.
    async fn a_null_character_is_told(service) {
        let admin = service.admin().await;
        let probe = Probe::new(service, &admin);
        for operation in all() {
            let good = operation.request();
            for pointer in texts(&operation.example, "") {
                let mut body = operation.example.clone();
                let text = body.pointer_mut(&pointer).unwrap();
                *text = json!(format!("{}\u{0}", text.as_str().unwrap()));
                let reply = probe.expect(&operation, &good.clone().json(&body), 400, "request.invalid").await;
                let told = reply.faults();
                assert!(told.contains(&format!("{pointer} value.format")), "{} {told:?}", operation.id);
            }
            for name in &operation.query {
                let shape = good.clone().query(&format!("{name}=a%00"));
                let told = probe.expect(&operation, &shape, 400, "request.invalid").await.faults();
                assert!(told.contains(&format!("{name} value.format")), "{} {told:?}", operation.id);
            }
        }
    }

    /// Queries: unknown parameters, tokens, limits, forged cursors.
    async fn a_wrong_query_is_told(service) {
        let admin = service.admin().await;
        let probe = Probe::new(service, &admin);
        for operation in all() {
            let good = operation.request();
            probe.refused(&operation, &good.clone().query("unheardOf=1"), &["unheardOf parameter.unknown"]).await;
            for name in ["access_token", "token"] {
                let leaked = good.clone().query(&format!("{name}=abc"));
                probe.refused(&operation, &leaked, &[&format!("{name} parameter.unknown")]).await;
                if operation.opened != Opened::ToAll {
                    let bare = leaked.token(Token::Absent);
                    probe.expect(&operation, &bare, 401, "access.unauthenticated").await;
                }
            }
            if operation.query.contains("limit") {
                for (query, fault) in [
                    ("limit=0", "limit value.too_small"),
                    ("limit=101", "limit value.too_large"),
                    ("limit=many", "limit value.type"),
                    ("limit=1&limit=2", "limit parameter.repeated"),
                    ("count=1", "count value.type"),
                    ("cursor=", "cursor value.too_short"),
                ] {
                    probe.refused(&operation, &good.clone().query(query), &[fault]).await;
                }
            }
        }
    }

    /// Headers: forms of answers that we don't have, malformed ones of our own.
    async fn a_wrong_header_is_told(service) {
        let admin = service.admin().await;
        let probe = Probe::new(service, &admin);
        for operation in all() {
            let good = operation.request();
            // Where there are tables or pictures, too, a text or an image is one of the forms.
            let none = |family: &&str| !operation.produces.iter().any(|kind| kind.starts_with(*family));
            let others = ["text/", "image/", "video/"].into_iter().find(none).unwrap();
            let others = format!("application/xml, {others}*;q=0.5");
            for accept in ["font/woff2", others.as_str(), "application/json;q=0", "application/json;q=0.0"] {
                let shape = good.clone().with("Accept", accept);
                probe.expect(&operation, &shape, 406, "request.not_acceptable").await;
            }
            for accept in ["*/*", "text/html, application/*;q=0.1", "application/json"] {
                assert_ne!(probe.send(&operation, &good.clone().with("Accept", accept)).await.status, 406);
            }
            for form in &operation.produces {
                assert_ne!(probe.send(&operation, &good.clone().with("Accept", form)).await.status, 406, "{form}");
            }
            if operation.versioned {
                probe.expect(&operation, &good.clone().without("If-Match"), 428, "etag.required").await;
                for tag in ["3", "W/\"3.a\"", "\"x\"", "\"1\", \"2\""] {
                    let shape = good.clone().with("If-Match", tag);
                    probe.refused(&operation, &shape, &["If-Match header.malformed"]).await;
                }
            }
            if operation.repeatable {
                for key in ["\"\"".to_owned(), "a b".to_owned(), "x".repeat(256)] {
                    let shape = good.clone().with("Idempotency-Key", &key);
                    probe.refused(&operation, &shape, &["Idempotency-Key header.malformed"]).await;
                }
            }
            let own = good.clone().with("X-Request-Id", "my-own-request-1");
            assert_eq!(probe.send(&operation, &own).await.header("x-request-id"), "my-own-request-1");
            let unsound = good.with("X-Request-Id", "no spaces please");
            assert_ne!(probe.send(&operation, &unsound).await.header("x-request-id"), "no spaces please");
        }
    }
}
