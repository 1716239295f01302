//! `kill -9` during writes: no acknowledged write is lost, none is half there,
//! and what was sent again is there once.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::program::Home;
use crate::support::wire::reply;
use crate::support::{Client, On, database};

/// What was sent under which key, and what was answered.
#[derive(Default)]
struct Ledger {
    acknowledged: BTreeMap<String, Value>,
    unanswered: Vec<String>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    rounds(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    rounds(On::Postgres).await;
}

#[expect(clippy::disallowed_methods, reason = "a switch of the test run, not of the service")]
fn how_many() -> u64 {
    std::env::var("KLANKBORD_TEST_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(5)
}

async fn rounds(on: On) {
    let Some(home) = Home::new(on) else { return };
    let mut served = home.serve();
    let (admin, token) = served.admin().await;
    let region = admin.make("/v1/regions", json!({"kind": "youth_region", "name": "Regio"})).await.id();
    let next = Arc::new(AtomicU64::new(1));
    let (mut all, mut killed_while_busy) = (Ledger::default(), 0);
    for round in 0..how_many() {
        let writers: Vec<_> = (0..8)
            .map(|_| tokio::spawn(write(Client::new(&served.base, Some(&token)), region.clone(), next.clone())))
            .collect();
        // Between 100 and 900 milliseconds, another moment each round.
        tokio::time::sleep(Duration::from_millis(100 + (round * 367) % 800)).await;
        served.signal("-9");
        served.child.wait().unwrap();
        verified(&home);
        let mut fresh = Ledger::default();
        for writer in writers {
            let ledger = writer.await.unwrap();
            killed_while_busy += ledger.unanswered.len();
            fresh.acknowledged.extend(ledger.acknowledged);
            fresh.unanswered.extend(ledger.unanswered);
        }
        served = home.serve();
        // The token outlives the process: its session and its key are on disk.
        let client = Client::new(&served.base, Some(&token));
        unchanged(&client, &fresh.acknowledged).await;
        send_again(&client, &region, &mut fresh).await;
        all.acknowledged.extend(fresh.acknowledged);
        counted(&client, all.acknowledged.len()).await;
    }
    unchanged(&Client::new(&served.base, Some(&token)), &all.acknowledged).await;
    whole(&home.url, all.acknowledged.len()).await;
    served.signal("-TERM");
    served.wait(Duration::from_secs(20));
    let said = verified(&home);
    assert!(said.contains(" chains, 0 not linked yet"), "{said}");
    eprintln!(
        "{on:?}: {} kills, {} writes acknowledged, {killed_while_busy} cut off",
        how_many(),
        all.acknowledged.len()
    );
    assert!(!all.acknowledged.is_empty() && killed_while_busy > 0, "nothing was being written");
}

/// Whatever was cut off, the audit trail never looks as if somebody had been at it.
fn verified(home: &Home) -> String {
    let output = home.command(&["audit", "verify"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}");
    said
}

fn body(key: &str, region: &str) -> Value {
    let number = key.rsplit('-').next().unwrap().parse::<u64>().unwrap();
    json!({"kind": "care_provider", "name": key, "regions": [region],
        "externalIds": [{"scheme": "kvk", "value": format!("{number:08}")}]})
}

async fn send(client: &Client, key: &str, region: &str) -> Option<Value> {
    let request = client.request(Method::POST, "/v1/organisations").header("Idempotency-Key", key);
    let response = request.json(&body(key, region)).send().await.ok()?;
    let status = response.status().as_u16();
    let text = response.text().await.ok()?;
    assert_eq!(status, 201, "{text}");
    serde_json::from_str(&text).ok()
}

async fn write(client: Client, region: String, next: Arc<AtomicU64>) -> Ledger {
    let mut ledger = Ledger::default();
    loop {
        let key = format!("write-{}", next.fetch_add(1, Ordering::Relaxed));
        let Some(made) = send(&client, &key, &region).await else {
            ledger.unanswered.push(key);
            return ledger;
        };
        ledger.acknowledged.insert(key, made);
    }
}

/// What was acknowledged is there, whole, as it was answered.
async fn unchanged(client: &Client, acknowledged: &BTreeMap<String, Value>) {
    for (key, made) in acknowledged {
        let found = client.get(&format!("/v1/organisations/{}", made["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(&found.body, made, "{key} came back changed");
    }
}

/// What was cut off is sent again under the same key.
async fn send_again(client: &Client, region: &str, ledger: &mut Ledger) {
    for key in std::mem::take(&mut ledger.unanswered) {
        let made = send(client, &key, region).await.unwrap();
        ledger.acknowledged.insert(key, made);
    }
}

/// Everything is there once.
async fn counted(client: &Client, expected: usize) {
    let counted = reply(client.request(Method::GET, "/v1/organisations?count=true&limit=1")).await.expect(200);
    assert_eq!(counted.body["total"], json!(expected), "something is there twice, or half");
}

/// Every row that belongs to a write is there once: not only the thing itself.
async fn whole(url: &str, expected: usize) {
    for rows in [
        "organisations",
        "organisation_regions",
        "organisation_external_ids",
        "audit_rows WHERE object_kind = 'organisation'",
        "outbox WHERE object_kind = 'organisation'",
        "kept_answers WHERE operation = 'createOrganisation'",
    ] {
        assert_eq!(database::count(url, rows).await, i64::try_from(expected).unwrap(), "{rows}");
    }
}
