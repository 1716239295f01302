//! An issuer's keys: rotated, withdrawn, asked for seldom, and kept for a time
//! when it doesn't answer.

use chrono::TimeDelta;
use serde_json::json;

use super::{claims, with, with_issuer};
use crate::support::Service;

fn wait(service: &Service, seconds: i64) {
    service.clock.advance(TimeDelta::seconds(seconds));
}

with_issuer! {
    /// A new key is found; one that was withdrawn holds no longer than it is kept.
    async fn keys_rotate(service, issuer) {
        let admin = service.admin().await;
        service.account(&admin, "anna").await;
        let lasting = with(&claims(service, issuer, "anna"), json!({"exp": 4_000_000_000_i64}));
        let by = async |key: &str| {
            let token = issuer.sign(&json!({"typ": "at+jwt", "kid": key}), &lasting).await;
            service.bearer(&token)
        };
        let old = by("key-1").await;
        assert_eq!(issuer.asked().await, 0, "a start asks nothing");
        old.get("/v1/me").await.expect(200);
        by("key-2").await.get("/v1/me").await.expect(200);
        let rotated = issuer.control("rotate", &json!({})).await["key"].as_str().unwrap().to_owned();
        let new = by(&rotated).await;
        // Asked a moment ago: not again yet, however often somebody comes.
        for _ in 0..20 {
            new.get("/v1/me").await.expect(401);
        }
        assert_eq!(issuer.asked().await, 1);
        wait(service, 30);
        let all = futures_util::future::join_all((0..20).map(|_| new.get("/v1/me"))).await;
        assert!(all.iter().all(|one| one.status == 200));
        assert_eq!(issuer.asked().await, 2, "one question, whoever waits for it");
        old.get("/v1/me").await.expect(200);

        issuer.control("withdraw", &json!({})).await;
        wait(service, 299);
        old.get("/v1/me").await.expect(200);
        wait(service, 1);
        old.get("/v1/me").await.expect(401);
        new.get("/v1/me").await.expect(200);
        assert_eq!(issuer.asked().await, 3);
    }

    /// The last good keys go on for a day; then, and when there never were any,
    /// the service says that it can't tell.
    async fn an_issuer_that_does_not_answer_is_done_without_for_a_time(service, issuer) {
        let admin = service.admin().await;
        service.account(&admin, "anna").await;
        let lasting = with(&claims(service, issuer, "anna"), json!({"exp": 4_000_000_000_i64}));
        let head = json!({"typ": "at+jwt", "kid": "key-1"});
        let caller = service.bearer(&issuer.sign(&head, &lasting).await);
        let strange = service.bearer(&issuer.sign(&with(&head, json!({"kid": "key-9"})), &lasting).await);
        issuer.control("down", &json!({"down": true})).await;
        let refused = caller.get("/v1/me").await.expect(503);
        assert_eq!(refused.code(), "server.unavailable");
        service.nobody().get("/v1/me").await.expect(401);
        issuer.control("down", &json!({"down": false})).await;
        caller.get("/v1/me").await.expect(503);
        wait(service, 30);
        caller.get("/v1/me").await.expect(200);
        issuer.control("down", &json!({"down": true})).await;
        wait(service, 300 + 86_399);
        caller.get("/v1/me").await.expect(200);
        strange.get("/v1/me").await.expect(401);
        wait(service, 1);
        caller.get("/v1/me").await.expect(503);
        issuer.control("down", &json!({"down": false})).await;
        wait(service, 30);
        caller.get("/v1/me").await.expect(200);
    }
}
