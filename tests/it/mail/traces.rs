//! What the service, as a process of its own, leaves behind of a mail: when it
//! is killed while it sends, and in its database and log.

use std::time::Duration;

use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use serde_json::json;

use crate::process::program::{Home, Served, holds};
use crate::support::mail_server::{MailServer, token_in};
use crate::support::{Client, On, database};

pub fn serve(home: &Home, server: &MailServer) -> Served {
    let mut command = home.command(&["serve"]);
    command
        .env("KLANKBORD_MAIL__SMTP_URL", server.url())
        .env("KLANKBORD_MAIL__FROM", "Klankbord <mail@app.example>")
        .env("KLANKBORD_LINKS__TEMPLATE", "https://app.example/#{purpose}={token}")
        .env("KLANKBORD_TIME__TICK_SECONDS", "1")
        .env("KLANKBORD_LOG__FILTER", "debug");
    Served::start(command)
}

async fn account(served: &Served, address: &str) {
    let (admin, _) = served.admin().await;
    admin.make("/v1/accounts", json!({"emailAddress": address, "displayName": "Ada"})).await;
}

async fn ask(served: &Served, address: &str) {
    let body = json!({"emailAddress": address});
    Client::new(&served.base, None).post("/v1/sign-in-codes", body).await.expect(202);
}

async fn until(url: &str, rows: &str, count: i64) {
    for _ in 0..1500 {
        if database::count(url, rows).await == count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("never {count} of {rows}");
}

async fn killed(on: On) {
    let Some(slow) = MailServer::start_with(&["--wait", "60000"]) else { return };
    let Some(home) = Home::new(on) else { return };
    let mut served = serve(&home, &slow);
    account(&served, "ada@people.example").await;
    ask(&served, "ada@people.example").await;
    // The server has it, and has not said so.
    let first = slow.wait_for(1).await;
    served.signal("-9");
    served.child.wait().unwrap();
    assert_eq!(database::count(&home.url, "mails WHERE sent_at IS NULL AND claimed_until IS NOT NULL").await, 1);

    let server = MailServer::start().unwrap();
    let served = serve(&home, &server);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(server.mails().len(), 0, "a claim holds until it ends");
    let database = database::connect(&home.url).await;
    let long_ago = match on {
        On::Sqlite => "UPDATE mails SET claimed_until = '2020-01-01T00:00:00+00:00'",
        On::Postgres => "UPDATE mails SET claimed_until = now() - interval '1 minute'",
    };
    database::run(&database, long_ago).await;
    database.close().await.unwrap();
    let second = server.wait_for(1).await;
    assert_eq!(first["messageId"], second["messageId"]);
    until(&home.url, "mails WHERE sent_at IS NOT NULL", 1).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(server.mails().len(), 1);
    let client = Client::new(&served.base, Some(&token_in(&second)));
    client.post("/v1/code-sessions", json!(null)).await.expect(201);
}

/// A kill between sending and writing that down repeats the mail at most, and
/// the repeat can be known for one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_repeats_a_mail_at_most_sqlite() {
    killed(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_repeats_a_mail_at_most_postgres() {
    killed(On::Postgres).await;
}

/// Whether any row of any table has this text, in clear or in bytes.
pub async fn in_database(home: &Home, text: &str) -> bool {
    let database = database::connect(&home.url).await;
    if database.get_database_backend() == DbBackend::Sqlite {
        // The file, what was freed in it, and its log.
        database.close().await.unwrap();
        return holds(home.folder.path(), text);
    }
    let tables = "SELECT table_name::text AS t FROM information_schema.tables WHERE table_schema = 'public'";
    let tables = database.query_all_raw(Statement::from_string(DbBackend::Postgres, tables)).await.unwrap();
    let hex = text.bytes().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    let mut found = false;
    for table in tables {
        let table: String = table.try_get("", "t").unwrap();
        let sql =
            format!("SELECT 1 AS n FROM {table} t WHERE t::text LIKE '%{text}%' OR t::text LIKE '%{hex}%' LIMIT 1");
        found |= database.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap().is_some();
    }
    database.close().await.unwrap();
    found
}

async fn canary(on: On) {
    let Some(server) = MailServer::start() else { return };
    let Some(home) = Home::new(on) else { return };
    let (address, unknown) = ("canary-ada@people.example", "canary-nobody@people.example");
    let port = server.port.to_string();
    let served = serve(&home, &server);
    account(&served, address).await;
    drop(server);
    ask(&served, address).await;
    ask(&served, unknown).await;
    ask(&served, "refused-canary@people.example").await;
    until(&home.url, "mails WHERE attempts > 0 AND claimed_until IS NULL", 1).await;
    for waiting in [address, unknown] {
        assert!(!in_database(&home, waiting).await, "{on:?}: {waiting} while it waits");
    }
    let server = MailServer::start_with(&["--port", &port]).unwrap();
    let database = database::connect(&home.url).await;
    database::run(&database, "UPDATE mails SET next_at = created_at").await;
    database.close().await.unwrap();
    let token = token_in(&server.wait_for(1).await);
    until(&home.url, "mails WHERE sent_at IS NOT NULL AND address IS NULL AND payload IS NULL", 1).await;
    assert_eq!(database::count(&home.url, "mails").await, 1);
    Client::new(&served.base, Some(&token)).post("/v1/code-sessions", json!(null)).await.expect(201);
    let log = served.log.lock().unwrap().join("\n");
    assert!(log.contains("a mail went out"), "{log}");
    for canary in [address, unknown, "canary-ada", &token] {
        assert!(!in_database(&home, canary).await, "{on:?}: {canary} in the database");
        assert!(!log.contains(canary), "{on:?}: {canary} in the log");
    }
}

/// Neither address nor token stands anywhere in clear, before, during or after.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_trace_in_clear_sqlite() {
    canary(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_trace_in_clear_postgres() {
    canary(On::Postgres).await;
}

async fn invited(on: On) {
    let Some(server) = MailServer::start() else { return };
    let Some(home) = Home::new(on) else { return };
    let served = serve(&home, &server);
    let (admin, _) = served.admin().await;
    let address = "canary-guest@people.example";
    let new = json!({"emailAddress": address, "role": "admin", "reason": "Tweede beheerder."});
    admin.make("/v1/role-invitations", new).await;
    let token = token_in(&server.wait_for(1).await);
    let link = Client::new(&served.base, Some(&token));
    link.post("/v1/role-invitation-acceptances", json!({})).await.expect(400);
    link.post("/v1/role-invitation-acceptances", json!({"displayName": "Gast"})).await.expect(201);
    link.post("/v1/role-invitation-acceptances", json!({"displayName": "Gast"})).await.expect(401);
    until(&home.url, "mails WHERE sent_at IS NOT NULL AND address IS NULL AND payload IS NULL", 1).await;
    let log = served.log.lock().unwrap().join("\n");
    assert!(log.contains("acceptRoleInvitation"), "{log}");
    for canary in [address, "canary-guest", &token] {
        assert!(!in_database(&home, canary).await, "{on:?}: {canary} in the database");
        assert!(!log.contains(canary), "{on:?}: {canary} in the log");
    }
}

/// Nor of an invitation: who was invited, and with which token.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_trace_of_an_invitation_sqlite() {
    invited(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_trace_of_an_invitation_postgres() {
    invited(On::Postgres).await;
}
