//! The edge: how much may be asked, from where, by which pages, and whom to tell
//! of a weakness. None of it touches the database: SQLite alone.

mod cors;
mod limits;

use chrono::{DateTime, TimeDelta};

use crate::support::{On, Service};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_finds_a_weakness_reads_whom_to_tell() {
    let service = Service::start_with(On::Sqlite, |config| {
        config.server.security_policy = Some("https://klankbord.example/security".to_owned());
    });
    let service = service.await.unwrap();
    let reply = service.nobody().get("/.well-known/security.txt").await.expect(200);
    assert_eq!(reply.header("content-type"), "text/plain; charset=utf-8");
    let field = |name: &str| {
        let line = reply.text.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.unwrap_or_else(|| panic!("{name} in {}", reply.text))
    };
    assert_eq!(field("Contact"), "mailto:security@klankbord.example");
    assert_eq!(field("Preferred-Languages"), "nl, en");
    assert_eq!(field("Policy"), "https://klankbord.example/security");
    let holds = DateTime::parse_from_rfc3339(field("Expires")).unwrap().to_utc() - service.running.app.now();
    assert!(holds > TimeDelta::days(30) && holds <= TimeDelta::days(365), "{holds}");
    service.clock.advance(TimeDelta::days(400));
    let later = service.nobody().get("/.well-known/security.txt").await.expect(200);
    assert_ne!(later.text, reply.text, "it is never out of date");
    service.nobody().post("/.well-known/security.txt", serde_json::json!({})).await.expect(405);
}
