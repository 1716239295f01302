//! `Idempotency-Key`: what is kept, for how long, and what is not.

use std::time::Duration;

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use crate::answers::information_page;
use crate::networks::host;
use crate::support::wire::{Reply, reply};
use crate::support::{Client, On, database};

async fn send(client: &Client, path: &str, key: &str, body: Value) -> Reply {
    let request = client.request(Method::POST, path).header("Idempotency-Key", key).header("If-Match", "*");
    reply(request.json(&body)).await
}

fn school(name: &str) -> Value {
    json!({"kind": "school", "name": name})
}

on_both! {
    /// A move's tag is that of the thing that moved, and stands in the header alone.
    async fn a_repeated_move_has_its_tag(service) {
        let admin = service.admin().await;
        let (manager, here) = host(service, &admin, "hier").await;
        let path = format!("/v1/information-pages/{}", information_page(&manager, &here).await);
        let moves = format!("{path}/transitions");
        let first = send(&manager, &moves, "move-1", json!({"to": "published"})).await.expect(201);
        let second = send(&manager, &moves, "move-1", json!({"to": "published"})).await.expect(201);
        assert_eq!((&first.body, first.header("location")), (&second.body, second.header("location")));
        assert_eq!(first.etag(), second.etag());
        assert_eq!(manager.get(&path).await.expect(200).etag(), second.etag());
    }

    /// What holds a secret is not given twice.
    async fn a_secret_is_not_repeated(service) {
        let admin = service.admin().await;
        let new = json!({"emailAddress": "anna@demo.klankbord.example", "displayName": "Anna"});
        send(&admin, "/v1/accounts", "key-1", new.clone()).await.expect(201);
        let again = send(&admin, "/v1/accounts", "key-1", new).await.expect(409);
        assert_eq!(again.code(), "idempotency.not_repeatable");
    }

    /// A day, and no second longer.
    async fn an_answer_is_kept_for_a_day(service) {
        let code = service.running.app.first_admin().await.unwrap().unwrap();
        let mut session = service.bearer(&code).post("/v1/code-sessions", json!(null)).await.expect(201).body;
        let mut made = Vec::new();
        for wait in [TimeDelta::zero(), TimeDelta::hours(24) - TimeDelta::seconds(1), TimeDelta::seconds(1)] {
            service.clock.advance(wait);
            let refresh = service.bearer(session["refreshToken"].as_str().unwrap());
            session = refresh.post("/v1/session-refreshes", json!(null)).await.expect(201).body;
            let admin = service.bearer(session["accessToken"].as_str().unwrap());
            made.push(send(&admin, "/v1/organisations", "key-1", school("School")).await.expect(201).id());
        }
        assert_eq!(made[0], made[1]);
        assert_ne!(made[1], made[2]);
        let url = &service.running.app.config.database.url;
        assert_eq!(database::count(url, "kept_answers").await, 1);
        service.clock.advance(TimeDelta::hours(24));
        service.round().await;
        assert_eq!(database::count(url, "kept_answers").await, 0);
    }

    /// Twice at the same time: the second is told to wait, or answered the same.
    async fn a_request_under_way_is_not_carried_out_beside_itself(service) {
        let admin = service.admin().await;
        let first_client = admin.clone();
        if service.on == On::Sqlite {
            // One writer at a time: the second waits for the first.
            let both = tokio::join!(
                send(&admin, "/v1/organisations", "key-1", school("School")),
                send(&first_client, "/v1/organisations", "key-1", school("School"))
            );
            assert_eq!(both.0.expect(201).id(), both.1.expect(201).id());
            return;
        }
        let other = database::connect(&service.running.app.config.database.url).await;
        database::run(&other, "BEGIN; LOCK TABLE organisations IN EXCLUSIVE MODE").await;
        let first =
            tokio::spawn(async move { send(&first_client, "/v1/organisations", "key-1", school("School")).await });
        tokio::time::sleep(Duration::from_millis(500)).await;
        let second = send(&admin, "/v1/organisations", "key-1", school("School")).await.expect(409);
        assert_eq!(second.code(), "idempotency.in_progress");
        database::run(&other, "ROLLBACK").await;
        other.close().await.unwrap();
        let first = first.await.unwrap().expect(201);
        let third = send(&admin, "/v1/organisations", "key-1", school("School")).await.expect(201);
        assert_eq!(first.id(), third.id());
    }
}
