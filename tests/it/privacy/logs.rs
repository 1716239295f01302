//! What the log says of somebody: nothing that they wrote, when everything that takes text
//! is called for them, nor when they are erased.

use std::process::Command;

use super::twins::CANARY;
use crate::support::On;
use crate::support::service::LOG;

/// Runs a test once more, as a process of its own that writes its log as talkative as it gets.
fn log_of(test: &str) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([test, "--exact", "--nocapture"]).env(LOG, "debug,klankbord_api=trace,klankbord_persistence=trace");
    let done = command.output().unwrap();
    let (said, errors) = (String::from_utf8(done.stdout).unwrap(), String::from_utf8_lossy(&done.stderr).into_owned());
    assert!(done.status.success() && said.contains("1 passed"), "{said} {errors}");
    said + &errors
}

fn log_of_erasure(on: On) -> String {
    let database = if on == On::Sqlite { "sqlite" } else { "postgres" };
    log_of(&format!("privacy::erasing::nothing_that_somebody_wrote_is_left::{database}"))
}

/// Everything that one can say of oneself, or be said of, is called there; then the erasure.
fn no_word_is_in_the_log(on: On) {
    let log = log_of_erasure(on);
    let lines = log.lines().filter(|line| line.starts_with('{')).count();
    let spoken =
        ["createParticipant", "createFeedback", "createResponse", "createClaim", "createConsent", "getErasurePlan"];
    for operation in spoken {
        assert!(log.contains(&format!("\"operation\":\"{operation}\"")), "{operation} is in no line of {lines}");
    }
    assert!(lines > 500, "{lines}");
    let found: Vec<&str> = log.lines().filter(|line| line.contains(CANARY)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn no_word_is_in_the_log_sqlite() {
    no_word_is_in_the_log(On::Sqlite);
}

#[test]
fn no_word_is_in_the_log_postgres() {
    if crate::support::cluster::cluster().is_some() {
        no_word_is_in_the_log(On::Postgres);
    }
}
