//! Several replicas that start at once on one database.

use super::program::{Home, Served};
use crate::support::{Client, On};

/// They migrate once, make one admin, and share keys: a token of one holds at all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_start_together() {
    let Some(home) = Home::new(On::Postgres) else { return };
    let starting: Vec<_> = (0..3).map(|_| home.command(&["serve"])).collect();
    let starting: Vec<_> = starting.into_iter().map(|command| std::thread::spawn(|| Served::start(command))).collect();
    let replicas: Vec<Served> = starting.into_iter().map(|thread| thread.join().unwrap()).collect();
    let first: Vec<_> = replicas.iter().filter(|one| one.errors.lock().unwrap().contains("one-time code")).collect();
    assert_eq!(first.len(), 1, "one replica makes the admin");
    let (_, token) = first[0].admin().await;
    for replica in &replicas {
        Client::new(&replica.base, Some(&token)).get("/v1/me").await.expect(200);
        let ready = Client::new(&replica.base, None).get("/health/ready").await.expect(200);
        assert_eq!(ready.body["status"], "ready");
    }
}
