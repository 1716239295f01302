//! Paths, operations, parameters, responses.

use std::collections::BTreeSet;

use klankbord_domain::access::ClientScope;
use klankbord_domain::policy::{self, Access};
use serde_json::{Value, json};

use super::{DOCUMENT, is_camel, none, operations};
use crate::contract::operation::followed;

/// What an operation's name starts with, and the method that goes with it.
const VERBS: &[(&str, &str)] = &[
    ("accept", "post"),
    ("list", "get"),
    ("get", "get"),
    ("create", "post"),
    ("redeem", "post"),
    ("refresh", "post"),
    ("request", "post"),
    ("reset", "post"),
    ("search", "post"),
    ("update", "patch"),
    ("delete", "delete"),
];

/// What is answered with another status than others of its method, and why.
const OTHERWISE: &[(&str, &str, &str)] = &[
    ("requestSignInCode", "202", "whether anything comes of it may not be told"),
    ("createContactConfirmation", "204", "that an address is right says nothing of whose it is"),
    ("resetPassword", "204", "a password that was set is nowhere to be read"),
];

/// Words that are a collection without an `s`.
const MASS_NOUNS: &[&str] = &["feedback", "media"];

/// `/core/naming-resources`, `/core/naming-collections`, `/core/no-trailing-slash`,
/// `/core/path-segments-kebab-case`, `/core/nested-child`.
#[test]
fn paths_are_nouns_in_kebab_case() {
    let mut faults = Vec::new();
    for path in DOCUMENT["paths"].as_object().unwrap().keys() {
        let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let ids = segments.iter().filter(|segment| segment.starts_with('{')).count();
        if ids > 2 || path.ends_with('/') {
            faults.push(format!("{path}: too deep, or a slash at its end"));
        }
        for (index, segment) in segments.iter().enumerate() {
            let searches = *segment == "_search" && index + 1 == segments.len();
            let kebab =
                segment.split('-').all(|word| !word.is_empty() && word.chars().all(|one| one.is_ascii_lowercase()));
            let verb = VERBS.iter().any(|(verb, _)| segment == verb || segment.starts_with(&format!("{verb}-")));
            if segment.starts_with('{') {
                let named = segments.get(index.wrapping_sub(1)).copied().unwrap_or_default();
                if !(named.ends_with('s') || MASS_NOUNS.contains(&named)) {
                    faults.push(format!("{path}: {named} is not plural"));
                }
            } else if !searches && (!kebab || verb) {
                faults.push(format!("{path}: {segment}"));
            }
        }
    }
    none(&faults);
}

/// `/core/http-methods`, names, words, permission, security; every operation whole.
#[test]
fn operations_are_named_and_described() {
    let mut faults = Vec::new();
    let mut ids = BTreeSet::new();
    for (path, method, operation) in operations() {
        let text = |name: &str| operation[name].as_str().unwrap_or_default();
        let id = text("operationId");
        let mut fault = |what: &str| faults.push(format!("{method} {path} {id}: {what}"));
        if !ids.insert(id) || !is_camel(id) {
            fault("operationId");
        }
        let named = VERBS
            .iter()
            .find(|(verb, _)| id.strip_prefix(verb).is_some_and(|noun| noun.starts_with(char::is_uppercase)));
        if named.is_none_or(|(_, known)| *known != method) {
            fault("the verb doesn't go with the method");
        }
        if text("summary").is_empty() || text("summary").len() > 80 || text("summary").ends_with('.') {
            fault("summary");
        }
        if text("description").is_empty() {
            fault("description");
        }
        let Some(rule) = policy::rule(id) else {
            fault("no row in the policy table");
            continue;
        };
        // Machines only where there is a scope; a kiosk's opens to the one standing.
        let mut security = match rule.access {
            Access::Public => vec![],
            Access::Link => vec![json!({"linkToken": []})],
            Access::SignedIn | Access::Held(_) => vec![json!({"bearer": []})],
        };
        match rule.scope {
            Some(ClientScope::ResponsesWrite) => security.push(json!({"linkToken": []})),
            Some(scope) => security.extend([json!({"oauth2": [scope.code()]}), json!({"apiKey": []})]),
            None => {}
        }
        let security = Value::from(security);
        if operation["security"] != security || text("x-permission") != rule.in_words() {
            fault("security or x-permission isn't what the policy table says");
        }
    }
    none(&faults);
    let unserved: Vec<_> =
        policy::table().filter(|rule| !ids.contains(rule.operation)).map(|rule| rule.operation).collect();
    assert!(unserved.is_empty(), "in the policy table, and nowhere served: {unserved:?}");
}

/// `/core/query-keys-camel-case`; parameters described and limited; ids are uuids.
#[test]
fn parameters_are_described_and_limited() {
    let mut faults = Vec::new();
    for (path, method, operation) in operations() {
        for parameter in operation["parameters"].as_array().into_iter().flatten().map(followed) {
            let name = parameter["name"].as_str().unwrap_or_default();
            let mut fault = |what: &str| faults.push(format!("{method} {path} {name}: {what}"));
            if parameter["description"].as_str().is_none_or(str::is_empty) {
                fault("description");
            }
            match parameter["in"].as_str() {
                Some("query") => {
                    if !is_camel(name) {
                        fault("not in camelCase");
                    }
                    for leaked in ["name", "email", "token", "text", "search", "q"] {
                        if name.eq_ignore_ascii_case(leaked) {
                            fault("may not stand in an address");
                        }
                    }
                }
                Some("path") if parameter["schema"]["format"] != "uuid" => fault("not a uuid"),
                Some("path" | "header") => {}
                other => fault(&format!("in {other:?}")),
            }
            if let Some(what) = super::schemas::unlimited(&parameter["schema"]) {
                fault(what);
            }
        }
        let in_path = path.matches('{').count();
        let named = operation["parameters"].as_array().into_iter().flatten().filter(|one| one["in"] == "path").count();
        if in_path != named {
            faults.push(format!("{method} {path}: {named} of {in_path} parameters in the path"));
        }
    }
    none(&faults);
}

/// Office Open XML.
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// `/core/version-header`, `/core/error-handling/*`, `/core/http-response-code`:
/// on every response, errors too, which the linter doesn't look at.
#[test]
fn responses_have_headers_and_problems() {
    let mut faults = Vec::new();
    for (path, method, operation) in operations() {
        let responses = operation["responses"].as_object().unwrap();
        let mut fault = |status: &str, what: &str| faults.push(format!("{method} {path} {status}: {what}"));
        for (status, response) in responses {
            let response = followed(response);
            let number: u16 = status.parse().unwrap_or_default();
            if !(200..600).contains(&number) || number == 422 || (300..400).contains(&number) {
                fault(status, "no status of ours");
            }
            for header in ["API-Version", "X-Request-Id"] {
                if response["headers"].get(header).is_none() {
                    fault(status, header);
                }
            }
            if response["description"].as_str().is_none_or(str::is_empty) {
                fault(status, "description");
            }
            let contents = response["content"].as_object().cloned().unwrap_or_default();
            // What is read can be a table, a picture or a workbook, too.
            let others = ["text/csv", "text/html", "image/svg+xml", WORKBOOK];
            let other = |kind: &&str| number == 200 && method == "get" && others.contains(kind);
            let kinds: Vec<&str> = contents.keys().map(String::as_str).filter(|kind| !other(kind)).collect();
            let expected: &[&str] = match number {
                204 => &[],
                200..=202 => &["application/json"],
                _ => &["application/problem+json"],
            };
            if kinds != expected {
                fault(status, &format!("answers {kinds:?}"));
            }
            if number >= 400 && contents["application/problem+json"]["schema"]["$ref"] != "#/components/schemas/Problem"
            {
                fault(status, "no Problem");
            }
            if number == 201 && response["headers"].get("Location").is_none() {
                fault(status, "no Location");
            }
        }
        for needed in ["400", "401", "406", "500", "503"] {
            if !responses.contains_key(needed) {
                fault(needed, "missing");
            }
        }
        if responses.keys().filter(|status| status.starts_with('2')).count() != 1 {
            fault("2xx", "not exactly one");
        }
        let otherwise = OTHERWISE.iter().find(|(id, ..)| operation["operationId"] == *id).map(|(_, status, _)| *status);
        let success = otherwise.unwrap_or(match (method.as_str(), path.ends_with("/_search")) {
            ("post", false) => "201",
            ("delete", _) => "204",
            _ => "200",
        });
        if !responses.contains_key(success) {
            fault(success, "missing");
        }
    }
    none(&faults);
    let problem = DOCUMENT["components"]["schemas"]["Problem"]["required"].to_string();
    assert!(["status", "title", "detail", "code"].iter().all(|member| problem.contains(member)));
    let error = &DOCUMENT["components"]["schemas"]["ProblemError"]["properties"];
    assert!(["in", "location", "code", "detail"].iter().all(|member| error.get(member) != Some(&Value::Null)));
}
