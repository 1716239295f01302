//! Says which databases the run has seen.

use crate::support::cluster;

#[test]
fn the_run_says_when_postgresql_was_missing() {
    if cluster::cluster().is_none() {
        println!("PostgreSQL's programs were not found: these tests ran on SQLite only");
    }
}
