//! The command line.

use std::time::Duration;

use super::program::{Home, holds, program};
use crate::support::{Client, On, database};

fn run(command: &mut std::process::Command) -> (bool, String, String) {
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.success(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_document_needs_no_database_and_no_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = program();
    command.arg("openapi").current_dir(folder.path()).env("KLANKBORD_SERVER__PORT", "none");
    let (fine, document, _) = run(&mut command);
    assert!(fine);
    assert_eq!(document, klankbord_api::web::document::text());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_faulty_configuration_is_told_by_its_key() {
    let home = Home::new(On::Sqlite).unwrap();
    assert!(run(&mut home.command(&["config", "check"])).0);
    for (name, value, key) in [
        ("KLANKBORD_SERVER__PORT", "eighty", "port"),
        ("KLANKBORD_DATABASE__URL", "mysql://x", "url"),
        ("KLANKBORD_SIGN_IN__SESSION_DAYS", "0", "session_days"),
        ("KLANKBORD_SERVER__COLOUR", "red", "colour"),
    ] {
        let (fine, _, said) = run(home.command(&["config", "check"]).env(name, value));
        assert!(!fine && said.contains(key), "{name}: {said}");
    }
}

/// The code of the first start goes to standard error, never to the log; a
/// database without its keys is refused; migrations can be left out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_start_makes_keys_and_an_admin() {
    let home = Home::new(On::Sqlite).unwrap();
    let mut served = home.serve();
    let (admin, _) = served.admin().await;
    admin.get("/v1/me").await.expect(200);
    let code = served.errors.lock().unwrap().trim().rsplit(' ').next().unwrap().to_owned();
    assert!(!served.log.lock().unwrap().iter().any(|line| line.contains(&code)));
    assert!(!holds(home.folder.path(), &code), "the code stands on disk");
    let mode =
        std::os::unix::fs::PermissionsExt::mode(&home.folder.path().join("keys").metadata().unwrap().permissions());
    assert_eq!(mode & 0o777, 0o700);
    let nobody = Client::new(&served.base, None);
    assert!(nobody.get("/metrics").await.expect(200).text.contains("klankbord_requests_total"));
    nobody.get("/health/live").await.expect(200);
    served.signal("-TERM");
    assert_eq!(served.wait(Duration::from_secs(20)), Some(0));

    let mut again = home.serve();
    assert!(!again.errors.lock().unwrap().contains("one-time code"));
    again.signal("-TERM");
    again.wait(Duration::from_secs(20));
    std::fs::remove_dir_all(home.folder.path().join("keys")).unwrap();
    let (fine, _, said) = run(&mut home.command(&["serve"]));
    assert!(!fine && said.contains("keys.dir"), "{said}");
    let (fine, _, _) = run(&mut home.command(&["migrate"]));
    assert!(!fine, "keys are not made beside a database that has others");
}

/// An account made on the machine itself signs in with the code that is printed,
/// and holds the role that was named.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_is_made_by_hand() {
    let home = Home::new(On::Sqlite).unwrap();
    let mut served = home.serve();
    let (admin, _) = served.admin().await;
    let organisation = serde_json::json!({"kind": "school", "name": "School"});
    let organisation = admin.make("/v1/organisations", organisation).await.id();
    let make = |rest: &[&str]| {
        let arguments = ["account", "create", "--email", "m@demo.klankbord.example", "--name", "Manager"];
        run(&mut home.command(&[&arguments, rest].concat()))
    };
    for (rest, said) in [
        (&["--role", "manager"][..], "needs --organisation"),
        (&["--role", "coordinator"], "not given by hand"),
        (&["--role", "admin", "--organisation", &organisation], "goes with a role"),
        (&["--role", "manager", "--organisation", "0197c000-0000-7000-8000-00010000dead"], "there is none"),
        (&["--role", "king"], "king"),
    ] {
        let (fine, _, errors) = make(rest);
        assert!(!fine && errors.contains(said), "{errors}");
    }
    let (fine, printed, told) = make(&["--role", "manager", "--organisation", &organisation]);
    assert!(fine && printed.is_empty(), "{told}");
    let code = told.trim().rsplit(' ').next().unwrap();
    let nobody = Client::new(&served.base, Some(code));
    let session = nobody.post("/v1/code-sessions", serde_json::json!(null)).await.expect(201);
    let manager = Client::new(&served.base, session.body["accessToken"].as_str());
    let roles = manager.get("/v1/me").await.expect(200).body["roles"].clone();
    let held = serde_json::json!([{"role": "manager", "scopeKind": "organisation", "scopeId": organisation}]);
    assert_eq!(roles, held);
    let (fine, _, told) = make(&[]);
    assert!(!fine && told.contains("There is an account with this address"), "{told}");
    served.signal("-TERM");
    assert_eq!(served.wait(Duration::from_secs(20)), Some(0));
}

/// Without migrations at start the service lives, and is not ready until the
/// schema is there; looking makes nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn migrations_can_be_switched_off() {
    for on in [On::Sqlite, On::Postgres] {
        let Some(home) = Home::new(on) else { continue };
        let bare = |arguments: &[&str]| {
            let mut command = home.command(arguments);
            command.env("KLANKBORD_DATABASE__MIGRATE", "false");
            command
        };
        let served = super::program::Served::start(bare(&["serve"]));
        let nobody = Client::new(&served.base, None);
        nobody.get("/health/live").await.expect(200);
        assert_eq!(nobody.get("/health/ready").await.expect(503).code(), "server.unavailable");
        let tables = if on == On::Sqlite { "sqlite_master" } else { "pg_tables WHERE schemaname = 'public'" };
        assert_eq!(database::count(&home.url, tables).await, 0, "{on:?}");
        assert!(served.errors.lock().unwrap().is_empty());
        let (fine, _, said) =
            run(&mut bare(&["account", "create", "--email", "m@demo.klankbord.example", "--name", "M"]));
        assert!(!fine && said.contains("sealing_keys"), "who runs it is told the cause: {said}");
        assert!(run(&mut home.command(&["migrate"])).0);
        nobody.get("/health/ready").await.expect(200);
        let again = super::program::Served::start(bare(&["serve"]));
        again.admin().await.0.get("/v1/me").await.expect(200);
    }
}

/// `audit verify` tells how it went, what it found, and ends accordingly.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_audit_trail_is_verified() {
    let home = Home::new(On::Sqlite).unwrap();
    let mut served = home.serve();
    let (admin, _) = served.admin().await;
    let organisation = serde_json::json!({"kind": "school", "name": "School"});
    let organisation = admin.make("/v1/organisations", organisation).await.id();
    let made = std::time::Instant::now();
    let heads = || std::fs::read_to_string(home.folder.path().join("keys/audit.heads")).unwrap_or_default();
    while !heads().contains(&organisation) {
        assert!(made.elapsed() < Duration::from_secs(10), "the linker lags behind");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(run(&mut home.command(&["audit", "verify"])).0, "beside the service");
    served.signal("-TERM");
    assert_eq!(served.wait(Duration::from_secs(20)), Some(0));
    let (fine, printed, told) = run(&mut home.command(&["audit", "verify"]));
    assert!(fine && told.is_empty(), "{printed}{told}");
    assert!(printed.contains(" chains, 0 not linked yet: ") && printed.contains(" rows a second."), "{printed}");

    let url = format!("sqlite:{}", home.folder.path().join("data/klankbord.db").display());
    let below = sea_orm::Database::connect(url).await.unwrap();
    let sql = "DROP TRIGGER audit_rows_no_UPDATE; UPDATE audit_rows SET origin = 'elsewhere' WHERE action = 'createOrganisation'";
    sea_orm::ConnectionTrait::execute_unprepared(&below, sql).await.unwrap();
    below.close().await.unwrap();
    let (fine, printed, told) = run(&mut home.command(&["audit", "verify"]));
    assert!(!fine && told.contains("1 findings"), "{printed}{told}");
    assert!(printed.contains(&format!("organisation {organisation} link 1 row ")), "{printed}");
}
