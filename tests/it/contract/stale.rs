//! On the demo, where the document's examples exist: every operation, called by
//! everybody; and changes of a version that is no longer there, which are refused
//! after who may not, and before what the state forbids.

use serde_json::{Value, json};

use super::operation::{Operation, all};
use super::probe::{Probe, answers};
use crate::support::{Client, Service};

/// The people of the demo who stand for a role.
const PEOPLE: &[&str] = &[
    "admin",
    "manager",
    "officer",
    "coordinator",
    "facilitator",
    "moderator",
    "participant",
    "member",
    "observer",
    "chair",
    "secretary",
    "supporter",
    "partner",
    "safeguarding-officer",
    "participant-3",
    "manager-clientenbelang",
];

async fn everybody(service: &Service) -> Vec<(&'static str, Client)> {
    service.running.app.load_demo().await.unwrap();
    let mut people = Vec::new();
    for name in PEOPLE {
        people.push((*name, service.demo(name).await));
    }
    people
}

/// A change that leaves one field as it is, so that nothing is wrong with it.
async fn unchanged(operation: &Operation, callers: &[(&str, Client)], path: &str) -> Value {
    for (_, caller) in callers {
        let found = caller.get(path).await;
        if found.status != 200 {
            continue;
        }
        let mut names = operation.schema["properties"].as_object().unwrap().keys();
        let known = names.find_map(|name| Some((name, found.body.get(name)?)));
        if let Some((name, value)) = known {
            return json!({ name: value });
        }
    }
    panic!("{}: nobody reads {path}", operation.id);
}

on_both! {
    /// Whoever may change a thing is told 412; whoever may not, 403 or 404 as ever.
    async fn a_stale_version_is_refused(service) {
        let people = everybody(service).await;
        let outsider = service.demo("outsider").await;
        for operation in all().into_iter().filter(|one| one.versioned) {
            let mut shape = operation.request().with("If-Match", "\"99999.00\"");
            if operation.method == reqwest::Method::PATCH {
                let body = unchanged(&operation, &people, &shape.path).await;
                shape = shape.json(&body);
            }
            let refused = Probe::new(service, &outsider).send(&operation, &shape).await;
            // Everybody may change what they say of themselves.
            let own = operation.ids.is_empty();
            assert!(matches!((own, refused.status), (false, 403 | 404) | (true, 412)), "{} {}", operation.id, refused.text);
            let mut told = Vec::new();
            for (name, caller) in &people {
                let reply = Probe::new(service, caller).send(&operation, &shape).await;
                told.push((*name, reply.status, reply.faults()));
            }
            assert!(told.iter().any(|(_, status, _)| *status == 412), "{} {told:?}", operation.id);
            assert!(told.iter().all(|(_, status, _)| matches!(status, 400 | 403 | 404 | 412)), "{} {told:?}", operation.id);
        }
    }

    /// Whoever calls, and whether it works or not: the answer is one that the
    /// document gives, in the form that it gives.
    async fn everybody_is_answered_as_the_document_says(service) {
        let people = everybody(service).await;
        for operation in all() {
            for (_, caller) in &people {
                let reply = Probe::new(service, caller).send(&operation, &operation.request()).await;
                answers(&operation, &reply);
            }
        }
    }
}
