//! What the service, as a process of its own, leaves behind: no address, link or code in
//! clear, in its database or its log.

use serde_json::json;

use super::{asked, code_asked_at, links};
use crate::mail::traces::{in_database, serve};
use crate::process::program::Home;
use crate::support::mail_server::MailServer;
use crate::support::{Client, On, database};

async fn canary(on: On) {
    let Some(server) = MailServer::start() else { return };
    let Some(home) = Home::new(on) else { return };
    let served = serve(&home, &server);
    let (admin, _) = served.admin().await;
    let new = json!({"kind": "care_provider", "name": "Hier"});
    let organisation = admin.make("/v1/organisations", new).await.id();
    let account = admin.make("/v1/accounts", json!({"emailAddress": "m@people.example", "displayName": "M"})).await;
    let role = json!({"accountId": account.id(), "role": "manager", "scopeId": organisation, "reason": "Leidt het."});
    admin.make("/v1/grants", role).await;
    let bearer = |token: &str| Client::new(&served.base, Some(token));
    let session = bearer(account.body["signInCode"].as_str().unwrap()).post("/v1/code-sessions", json!(null)).await;
    let manager = bearer(session.expect(201).body["accessToken"].as_str().unwrap());

    let address = "canary-iris@people.example";
    let person = super::reached(&manager, &organisation, address, json!({})).await;
    asked(&manager, &person).await.expect(201);
    let link = links(&server, (address, "contact_verification"), 1).await.pop().unwrap().remove(0);
    bearer(&link).post("/v1/contact-confirmations", json!(null)).await.expect(204);
    let nobody = "canary-nobody@people.example";
    for address in [address, nobody] {
        code_asked_at(&served.base, address).await;
    }
    let code = links(&server, (address, "own_data"), 1).await.pop().unwrap().remove(0);
    let session = bearer(&code).post("/v1/own-data-sessions", json!(null)).await.expect(201);
    let token = session.body["accessToken"].as_str().unwrap().to_owned();
    bearer(&token).get(&format!("/v1/participants/{person}")).await.expect(200);
    for _ in 0..1500 {
        if database::count(&home.url, "mails WHERE address IS NOT NULL").await == 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let log = served.log.lock().unwrap().join("\n");
    assert!(log.contains("createOwnDataSession") && log.contains("a mail went out"), "{log}");
    let signature = token.rsplit('.').next().unwrap();
    for canary in [address, nobody, "canary-iris", link.as_str(), code.as_str(), signature] {
        assert!(!in_database(&home, canary).await, "{on:?}: {canary} in the database");
        assert!(!log.contains(canary), "{on:?}: {canary} in the log");
    }
}

/// Neither address nor link, code or token stands anywhere in clear.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_trace_in_clear_sqlite() {
    canary(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_trace_in_clear_postgres() {
    canary(On::Postgres).await;
}
