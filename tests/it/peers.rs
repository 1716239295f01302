//! Others that talk to the service: standard client libraries, unchanged. They
//! come from npm and from Python's index, by `.ci/run`; without them these tests are left out,
//! unless `KLANKBORD_TEST_REQUIRE_PEERS=1` makes them a must.

use std::path::PathBuf;
use std::process::Command;

use serde_json::json;

use crate::machines::House;
use crate::support::{On, Service};
use crate::tidy::root;

/// Whether what a test needs is there; one plain line where it isn't.
#[expect(clippy::disallowed_methods, reason = "the switch of a test run, not of the service")]
pub fn are_here(what: &str, needed: &[PathBuf]) -> bool {
    if needed.iter().all(|path| path.exists()) {
        return true;
    }
    let required = std::env::var("KLANKBORD_TEST_REQUIRE_PEERS").is_ok_and(|value| value == "1");
    assert!(!required, "{what}: not here, and KLANKBORD_TEST_REQUIRE_PEERS=1");
    eprintln!("{what}: not here, so not tested; .ci/run installs it");
    false
}

/// A service that knows its own address, and a client of it with one network.
async fn house() -> (Service, House, String) {
    let service = Service::start_public(On::Sqlite).await.unwrap();
    let house = House::with(&service, json!(["networks:read", "feedback:read"])).await;
    let secret = house.credential(json!({"kind": "client_secret"})).await.1;
    let text = |value: &str| json!([{"language": "nl", "value": value}]);
    let network =
        json!({"hostId": house.organisation, "kind": "panel", "name": text("Panel"), "purpose": text("Meedenken")});
    house.manager.make("/v1/networks", network).await;
    (service, house, secret)
}

async fn said(mut command: Command, service: &Service, house: &House, secret: &str) -> Vec<String> {
    command.args([&service.base, &house.client, secret, "networks:read"]);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    text.lines().map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_typescript_library_gets_a_token_and_calls() {
    let peers = root().join("tests/peers");
    let needed = ["node_modules/oauth4webapi", "node_modules/.bin/esbuild"].map(|path| peers.join(path));
    if !are_here("oauth4webapi", &needed) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let compiled = folder.path().join("machine.mjs");
    let mut compiler = Command::new(&needed[1]);
    compiler.current_dir(&peers).args([
        "machine.ts",
        "--bundle",
        "--platform=node",
        "--format=esm",
        "--log-level=warning",
    ]);
    let made = compiler.arg(format!("--outfile={}", compiled.display())).status().unwrap();
    assert!(made.success());
    let (service, house, secret) = house().await;
    let mut node = Command::new("node");
    node.arg(&compiled);
    let lines = said(node, &service, &house, &secret).await;
    let bought = "200 bearer 600 networks:read 1";
    assert_eq!(lines, [bought, bought, "401 challenged basic"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_python_library_gets_a_token_and_calls() {
    let python = root().join("target/peers/bin/python");
    if !are_here("authlib", std::slice::from_ref(&python)) {
        return;
    }
    let (service, house, secret) = house().await;
    let mut command = Command::new(python);
    command.arg(root().join("tests/peers/machine.py"));
    let lines = said(command, &service, &house, &secret).await;
    let bought = "200 Bearer 600 networks:read 1";
    assert_eq!(lines, [bought, bought, "refused invalid_client"]);
}
