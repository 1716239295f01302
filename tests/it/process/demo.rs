//! The demo from the command line.

use std::process::Stdio;
use std::time::Duration;

use super::program::{Home, Served};
use crate::support::{Client, On};

fn run(home: &Home, arguments: &[&str]) -> (bool, String, String) {
    let output = home.command(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.success(), text(&output.stdout), text(&output.stderr))
}

/// Killed again and again, loading goes on where it stopped; then it serves
/// with no step left, and a token from the command line opens it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_load_that_was_killed_goes_on() {
    let home = Home::new(On::Sqlite).unwrap();
    for life in [300, 500, 800, 1200] {
        let mut child = home.command(&["demo"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(life));
        let _gone = child.kill();
        child.wait().unwrap();
    }
    let (fine, said, trouble) = run(&home, &["demo"]);
    assert!(fine && said.starts_with("The demo is loaded: "), "{said}{trouble}");
    let (fine, said, _) = run(&home, &["demo"]);
    assert!(fine && said.ends_with("The demo is loaded: 0 steps now.\n"), "{said}");

    let served = Served::start(home.command(&["serve", "--demo"]));
    assert!(!served.errors.lock().unwrap().contains("one-time code"), "the demo has its admin");
    let (fine, token, _) = run(&home, &["demo", "token", "coordinator"]);
    assert!(fine);
    let token = token.lines().last().unwrap();
    let me = Client::new(&served.base, Some(token)).get("/v1/me").await.expect(200);
    assert_eq!(me.body["displayName"], "Coördinator (demo)");
    let (fine, _, trouble) = run(&home, &["demo", "token", "stranger"]);
    assert!(!fine && trouble.contains("nobody called stranger"), "{trouble}");
}

/// Only for this machine, and only on a database of its own.
#[test]
fn the_demo_stays_on_this_machine() {
    let home = Home::new(On::Sqlite).unwrap();
    let mut command = home.command(&["serve", "--demo"]);
    let output = command.env("KLANKBORD_SERVER__ADDRESS", "0.0.0.0").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("loopback"), "{said}");
    assert_eq!(std::fs::read_dir(home.folder.path()).unwrap().count(), 0, "something was made before it was refused");
}
