//! Nothing goes without: every operation that changes something, and every one
//! that reads others' personal data, leaves a row when it succeeds.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::TimeDelta;
use klankbord_domain::policy;
use reqwest::Method;
use serde_json::json;

use super::database::Below;
use crate::contract::operation::all;
use crate::demo::{OWN, ROLES, examples, executed};
use crate::people::factors::{code as shown, confirmed};
use crate::support::Service;

/// The exemptions under this head: operation and reason.
fn exempt(head: &str) -> BTreeMap<String, String> {
    let file: toml::Table = toml::from_str(include_str!("exempt.toml")).unwrap();
    let listed = file[head].as_table().unwrap().iter();
    let listed = listed.map(|(operation, reason)| (operation.clone(), reason.as_str().unwrap().to_owned()));
    let listed: BTreeMap<_, _> = listed.collect();
    assert!(listed.values().all(|reason| reason.len() > 12), "{listed:?}");
    listed
}

/// The operations that must leave a row.
fn wanted() -> BTreeSet<String> {
    let writes = |method: &Method, path: &str| *method != Method::GET && !path.ends_with("/_search");
    let personal = |id: &str| policy::rule(id).is_some_and(|rule| rule.personal);
    all().into_iter().filter(|one| writes(&one.method, &one.template) || personal(&one.id)).map(|one| one.id).collect()
}

async fn rows(below: &Below, operation: &str) -> i64 {
    below.number(&format!("SELECT COUNT(*) FROM audit_rows WHERE action = '{operation}'")).await
}

/// What needs a secret or a session of its own.
async fn sign_in_and_out(service: &Service) {
    let admin = service.demo("admin").await;
    let (address, password) = ("wachtwoord@demo.klankbord.example", "een lange zin om te onthouden");
    let new = json!({"emailAddress": address, "displayName": "Met wachtwoord", "password": password});
    admin.make("/v1/accounts", new).await;
    let session = json!({"emailAddress": address, "password": password});
    service.nobody().make("/v1/sessions", session).await;
    let new = json!({"emailAddress": "code@demo.klankbord.example", "displayName": "Met code"});
    let code = admin.make("/v1/accounts", new).await.body["signInCode"].as_str().unwrap().to_owned();
    let session = service.bearer(&code).make("/v1/code-sessions", json!(null)).await;
    let refresh = service.bearer(session.body["refreshToken"].as_str().unwrap());
    let session = refresh.make("/v1/session-refreshes", json!(null)).await;
    let own = service.bearer(session.body["accessToken"].as_str().unwrap());
    let secret = confirmed(service, &own).await;
    service.clock.advance(TimeDelta::seconds(30));
    own.post("/v1/me/second-factor/checks", json!({"code": shown(service, &secret)})).await.expect(201);
    own.delete(&format!("/v1/sessions/{}", session.id())).await.expect(204);
}

on_both! {
    async fn every_write_and_every_read_of_persons_leaves_a_row(service) {
        service.running.app.load_demo().await.unwrap();
        let below = Below::of(service).await;
        let (no_row, elsewhere) = (exempt("no_row"), exempt("looked_for_elsewhere"));
        let wanted = wanted();
        let mut callers = HashMap::new();
        for role in ROLES {
            callers.insert(role, service.demo(role).await);
        }
        let (mut left, mut faults) = (BTreeSet::new(), Vec::new());
        for example in examples() {
            let (operation, reads) = (&example.operation, example.method == Method::GET);
            let mut answered = Vec::new();
            for role in ROLES {
                let before = rows(&below, operation).await;
                let status = executed(&callers[role], &example).await;
                answered.push(format!("{role} {status}"));
                if status < 300 && rows(&below, operation).await > before {
                    left.insert(operation.clone());
                    break;
                }
                // A write can be tried once; who reads about themselves leaves none.
                if status < 300 && !reads && !example.path.ends_with("/_search") {
                    break;
                }
            }
            if wanted.contains(operation) && !left.contains(operation) && !no_row.contains_key(operation) {
                faults.push(format!("{operation} left no row: {}", answered.join(", ")));
            }
        }
        let mut before = BTreeMap::new();
        for operation in OWN {
            before.insert(operation, rows(&below, operation).await);
        }
        sign_in_and_out(service).await;
        for operation in OWN {
            if rows(&below, operation).await > before[operation] {
                left.insert(operation.to_owned());
            } else if wanted.contains(operation) && !no_row.contains_key(operation) && !elsewhere.contains_key(operation) {
                faults.push(format!("{operation} left no row, and no reason is given"));
            }
        }
        for operation in no_row.keys().chain(elsewhere.keys()) {
            if !wanted.contains(operation) || left.contains(operation) {
                faults.push(format!("{operation}: its exemption is stale"));
            }
        }
        let missing: Vec<_> = wanted.iter().filter(|one| !left.contains(*one)).cloned().collect();
        eprintln!(
            "{} operations must leave a row: {} did, {} are exempt, {} are looked for elsewhere; not seen: {missing:?}",
            wanted.len(), left.intersection(&wanted).count(), no_row.len(), elsewhere.len()
        );
        assert!(faults.is_empty(), "{faults:#?}");
        assert!(missing.iter().all(|one| no_row.contains_key(one) || elsewhere.contains_key(one)), "{missing:?}");
        service.running.app.link_audit().await.unwrap();
        let found = service.running.app.store.verify_audit().await.unwrap();
        assert!(found.findings.is_empty() && found.rows > 2000, "{found:?}");
    }
}
