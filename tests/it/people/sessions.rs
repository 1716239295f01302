//! Sessions: renewed, seen, ended.

use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::json;

use super::{GOOD, sign_in, signed_in, with_password};

on_both! {
    /// Fifty uses of one refresh token at once leave one live branch; a use after
    /// the grace time ends it, and so does any token of before.
    async fn crossing_renewals_leave_one_family(service) {
        let admin = service.admin().await;
        with_password(&admin, "officer").await;
        let open = async || {
            let session = service.nobody().post("/v1/sessions", sign_in("officer", GOOD)).await.expect(201);
            session.body["refreshToken"].as_str().unwrap().to_owned()
        };
        let renew = async |token: &str| service.bearer(token).post("/v1/session-refreshes", json!(null)).await;
        let first = open().await;
        let replies = join_all((0..50).map(|_| renew(&first))).await;
        let mut next: Vec<String> = Vec::new();
        for reply in replies {
            let reply = reply.expect(201);
            next.push(reply.body["refreshToken"].as_str().unwrap().to_owned());
        }
        next.dedup();
        let [second] = next.as_slice() else { panic!("{} branches", next.len()) };
        let third = renew(second).await.expect(201);
        let access = service.bearer(third.body["accessToken"].as_str().unwrap());
        access.get("/v1/me").await.expect(200);
        // The one before is answered the same for a while; older ones never.
        renew(second).await.expect(201);
        renew(&first).await.expect(401);
        access.get("/v1/me").await.expect(401);
        renew(third.body["refreshToken"].as_str().unwrap()).await.expect(401);

        let late = open().await;
        let renewed = renew(&late).await.expect(201);
        service.clock.advance(TimeDelta::seconds(11));
        renew(&late).await.expect(401);
        renew(renewed.body["refreshToken"].as_str().unwrap()).await.expect(401);
    }

    /// Renewing doesn't make a session last longer than it was to.
    async fn a_session_ends_when_it_was_to(service) {
        let admin = service.admin().await;
        with_password(&admin, "officer").await;
        let session = service.nobody().post("/v1/sessions", sign_in("officer", GOOD)).await.expect(201);
        let refresh = session.body["refreshToken"].as_str().unwrap();
        service.clock.advance(TimeDelta::days(29));
        let renewed = service.bearer(refresh).post("/v1/session-refreshes", json!(null)).await.expect(201);
        assert_eq!(renewed.body["expiresAt"], session.body["expiresAt"]);
        service.clock.advance(TimeDelta::days(1));
        let refresh = renewed.body["refreshToken"].as_str().unwrap();
        service.bearer(refresh).post("/v1/session-refreshes", json!(null)).await.expect(401);
        service.round().await;
    }

    /// One's own are listed and read, others' aren't there; tokens of one kind
    /// don't do for another.
    async fn sessions_are_seen_and_ended(service) {
        let admin = service.admin().await;
        with_password(&admin, "officer").await;
        with_password(&admin, "other").await;
        let (here, there) = (signed_in(service, "officer").await, signed_in(service, "officer").await);
        let other = signed_in(service, "other").await;
        let listed = here.get("/v1/sessions?count=true").await.expect(200);
        assert_eq!(listed.body["total"], 2);
        let current: Vec<_> = listed.items().iter().map(|one| one["current"].as_bool().unwrap()).collect();
        assert_eq!(current, [true, false]);
        assert_eq!(listed.items()[0]["method"], "password");
        assert!(!listed.text.contains("oken"), "{}", listed.text);
        let path = format!("/v1/sessions/{}", listed.items()[1]["id"].as_str().unwrap());
        assert_eq!(here.get(&path).await.expect(200).body, listed.items()[1]);
        other.get(&path).await.expect(404);
        other.delete(&path).await.expect(404);
        here.delete("/v1/me/sessions").await.expect(204);
        there.get("/v1/me").await.expect(401);
        here.get(&path).await.expect(404);
        here.get("/v1/me").await.expect(200);
        other.get("/v1/me").await.expect(200);

        let session = service.nobody().post("/v1/sessions", sign_in("officer", GOOD)).await.expect(201);
        let (access, refresh) = (session.body["accessToken"].as_str().unwrap(), session.body["refreshToken"].as_str().unwrap());
        service.bearer(refresh).get("/v1/me").await.expect(401);
        service.bearer(refresh).post("/v1/code-sessions", json!(null)).await.expect(401);
        service.bearer(access).post("/v1/session-refreshes", json!(null)).await.expect(401);
        service.bearer(access).get("/v1/me").await.expect(200);
    }
}
