//! Says which databases the run has seen.

use std::io::Write as _;

use crate::support::cluster;

#[test]
fn the_run_says_when_postgresql_was_missing() {
    if cluster::cluster().is_none() {
        // Straight to standard error: what a passing test prints is kept from sight.
        let line = "PostgreSQL's programs were not found: these tests ran on SQLite only";
        writeln!(std::io::stderr(), "{line}").unwrap();
    }
}
