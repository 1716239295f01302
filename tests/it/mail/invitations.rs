//! Invitations to a role: from the sender's request to what the link gives.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{ask, count, mailed, somebody};
use crate::networks::host;
use crate::people::GOOD;
use crate::support::mail_server::token_in;
use crate::support::wire::reply;
use crate::support::{Client, Reply, Service};

/// Where the link's token is redeemed.
pub const ACCEPT: &str = "/v1/role-invitation-acceptances";
/// An id that nothing has.
const NOWHERE: &str = "0197c000-0000-7000-8000-ffffffffffff";

/// An invitation of this address to a role.
pub fn to(address: &str, role: &str, scope: &str) -> Value {
    json!({"emailAddress": address, "role": role, "scopeId": scope, "reason": "Zo is het afgesproken."})
}

/// Accepts as somebody who has no account yet.
pub async fn accepts(service: &Service, token: &str) -> Reply {
    service.bearer(token).post(ACCEPT, json!({"displayName": "Nieuw"})).await
}

/// The caller of the session that an acceptance gave.
pub fn signed_in(service: &Service, accepted: &Reply) -> Client {
    service.bearer(accepted.body["accessToken"].as_str().unwrap())
}

/// A reply without what differs between any two: ids, and the address that was sent.
fn alike(reply: &Reply, address: &str) -> (u16, String, Vec<String>) {
    let id = reply.id();
    let mut headers: Vec<_> = reply.headers.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
    headers.retain(|header| !header.starts_with("date") && !header.starts_with("ratelimit"));
    headers.sort();
    let headers = headers.into_iter().map(|header| header.replace(&id, "ID")).collect();
    (reply.status, reply.text.replace(&id, "ID").replace(address, "ADDRESS"), headers)
}

mailed! {
    /// The whole way of somebody without an account.
    async fn an_invitation_makes_an_account(service, server) {
        let admin = service.admin().await;
        let (manager, here) = host(service, &admin, "hier").await;
        let mut new = to("Nieuw@people.example", "officer", &here);
        new["language"] = json!("en");
        let made = manager.make("/v1/role-invitations", new).await;
        let me = manager.get("/v1/me").await.expect(200).body["accountId"].clone();
        let shown = json!({"id": made.body["id"], "status": "open", "emailAddress": "Nieuw@people.example",
            "role": "officer", "scopeKind": "organisation", "scopeId": here, "language": "en", "invitedBy": me,
            "reason": "Zo is het afgesproken.", "createdAt": "2026-11-23T09:00:00Z", "expiresAt": "2026-12-07T09:00:00Z"});
        assert_eq!(made.body, shown);
        let path = format!("/v1/role-invitations/{}", made.id());
        assert_eq!(made.header("location"), path);
        assert_eq!(manager.get(&path).await.expect(200).body, shown);
        let mail = server.wait_for(1).await;
        assert_eq!((&mail["recipients"], &mail["subject"]), (&json!(["Nieuw@people.example"]), &json!("An invitation for you")));
        let token = token_in(&mail);
        let text = mail["text"].as_str().unwrap();
        assert!(token.len() == 43 && text.contains(&format!("https://app.example/#invitation={token}")), "{text}");
        assert!(text.contains("14 days") && !made.text.contains(&token));

        let guest = service.bearer(&token);
        let faults = async |body: Value| guest.post(ACCEPT, body).await.expect(400).faults();
        assert_eq!(faults(json!({})).await, ["/displayName value.required"]);
        assert_eq!(faults(json!({"displayName": " ", "language": "Engels"})).await, ["/displayName text.blank", "/language text.language_malformed"]);
        assert_eq!(faults(json!({"displayName": "Ada", "password": "nieuw@people.example"})).await, ["/password password.common"]);
        let accepted = guest.post(ACCEPT, json!({"displayName": "Ada", "password": GOOD})).await.expect(201);
        let ada = signed_in(service, &accepted);
        let who = ada.get("/v1/me").await.expect(200).body;
        assert_eq!((&who["displayName"], &who["language"]), (&json!("Ada"), &json!("en")));
        assert_eq!(who["roles"], json!([{"role": "officer", "scopeKind": "organisation", "scopeId": here}]));
        assert_eq!(ada.get("/v1/sessions").await.expect(200).items()[0]["method"], "invitation");
        guest.post(ACCEPT, json!({"displayName": "Ada"})).await.expect(401);
        let by_password = json!({"emailAddress": "nieuw@people.example", "password": GOOD});
        service.nobody().post("/v1/sessions", by_password).await.expect(201);

        // Who, when and why stays; the address doesn't.
        let over = manager.get(&path).await.expect(200).body;
        assert_eq!((&over["status"], &over["accountId"], &over["acceptedAt"]),
            (&json!("accepted"), &who["accountId"], &json!("2026-11-23T09:00:00Z")));
        assert_eq!(over.get("emailAddress"), None);
        assert_eq!(count(service, "role_invitations WHERE email_sealed IS NULL AND email_lookup IS NULL AND live_key IS NULL").await, 1);
        let granted = manager.get(&format!("/v1/grants?scopeKind=organisation&scopeId={here}")).await.expect(200);
        let granted = granted.items().iter().find(|one| one["role"] == "officer").unwrap().clone();
        assert_eq!((&granted["grantedBy"], &granted["reason"]), (&me, &json!("Zo is het afgesproken.")));
        for kind in ["role_invitation", "grant", "account", "session"] {
            let rows = format!("audit_rows WHERE action = 'acceptRoleInvitation' AND object_kind = '{kind}' AND origin = 'link'");
            assert_eq!(count(service, &rows).await, 1, "{kind}");
        }
        for event in ["role_invitation.made", "role_invitation.accepted"] {
            assert_eq!(count(service, &format!("outbox WHERE kind = '{event}'")).await, 1, "{event}");
        }
        assert_eq!(manager.delete(&path).await.expect(409).code(), "role_invitation.not_open");
    }

    /// Whether there is an account shows nowhere to who invites. To who accepts it
    /// does: the account gets the role, and nothing of it changes.
    async fn an_account_keeps_what_it_has(service, server) {
        let admin = service.admin().await;
        let (manager, here) = host(service, &admin, "hier").await;
        let address = somebody(&admin, "ada", "nl").await;
        let mut answers = Vec::new();
        for address in [address.as_str(), "eva@people.example"] {
            let body = to(address, "officer", &here);
            let request = manager.request(reqwest::Method::POST, "/v1/role-invitations").json(&body);
            let answer = reply(request.header("X-Request-Id", "the-same")).await.expect(201);
            answers.push(alike(&answer, address));
        }
        assert_eq!(answers[0], answers[1]);
        server.wait_for(2).await;
        let mail = server.mails().into_iter().find(|mail| mail["to"] == address.as_str()).unwrap();
        let token = token_in(&mail);
        let taken = json!({"displayName": "Iemand anders", "password": "paarse olifanten dansen zacht"});
        let refused = service.bearer(&token).post(ACCEPT, taken).await.expect(400);
        assert_eq!(refused.faults(), ["/password role_invitation.has_account"]);
        let accepted = service.bearer(&token).post(ACCEPT, json!({"displayName": "Iemand anders"})).await.expect(201);
        let ada = signed_in(service, &accepted);
        let who = ada.get("/v1/me").await.expect(200).body;
        assert_eq!((&who["displayName"], &who["roles"][0]["role"]), (&json!("ada"), &json!("officer")));
        // Nor does the session set a password by itself.
        let new = json!({"password": "paarse olifanten dansen zacht"});
        assert_eq!(ada.post("/v1/me/password-changes", new).await.expect(400).faults(), ["/currentPassword value.required"]);
        let by_password = json!({"emailAddress": address, "password": GOOD});
        service.nobody().post("/v1/sessions", by_password).await.expect(201);
        assert_eq!(count(service, "accounts").await, 3);
        // A role that is held already is not given twice.
        manager.make("/v1/role-invitations", to(&address, "officer", &here)).await;
        let again = accepts(service, &token_in(&server.wait_for(3).await)).await.expect(409);
        assert_eq!(again.code(), "grant.held_already");
    }

    /// Many at once with one link: one of them gets in.
    async fn a_link_gives_once(service, server) {
        let admin = service.admin().await;
        let (manager, here) = host(service, &admin, "hier").await;
        let known = somebody(&admin, "ada", "nl").await;
        for (index, address) in ["bo@people.example", known.as_str()].into_iter().enumerate() {
            manager.make("/v1/role-invitations", to(address, "officer", &here)).await;
            let token = token_in(&server.wait_for(index + 1).await);
            let mut statuses = futures_util::future::join_all((0..6).map(|_| accepts(service, &token))).await;
            statuses.sort_unstable_by_key(|reply| reply.status);
            let statuses: Vec<u16> = statuses.iter().map(|reply| reply.status).collect();
            assert_eq!(statuses, [201, 401, 401, 401, 401, 401], "{address}");
        }
        assert_eq!((count(service, "accounts").await, count(service, "grants WHERE role = 'officer'").await), (4, 2));
    }

    /// Withdrawn, expired, of another kind, for somebody who is switched off: all
    /// the same to who comes with it.
    async fn a_link_that_is_over_opens_nothing(service, server) {
        let admin = service.admin().await;
        let (manager, here) = host(service, &admin, "hier").await;
        let new = to("bo@people.example", "officer", &here);
        let made = manager.make("/v1/role-invitations", new.clone()).await;
        let token = token_in(&server.wait_for(1).await);
        let twice = manager.post("/v1/role-invitations", new.clone()).await.expect(409);
        assert_eq!(twice.code(), "role_invitation.exists");
        let unknown = accepts(service, "nobody-made-this").await.expect(401);
        service.bearer(&token).post("/v1/code-sessions", json!(null)).await.expect(401);
        service.bearer(&token).post("/v1/password-resets", json!({"password": GOOD})).await.expect(401);
        service.bearer(&token).get("/v1/me").await.expect(401);
        let path = format!("/v1/role-invitations/{}", made.id());
        manager.delete(&path).await.expect(204);
        assert_eq!(accepts(service, &token).await.expect(401).code(), unknown.code());
        assert_eq!(manager.delete(&path).await.expect(409).code(), "role_invitation.not_open");
        let over = manager.get(&path).await.expect(200).body;
        assert_eq!((&over["status"], &over["withdrawnBy"]), (&json!("withdrawn"), &over["invitedBy"]));

        let address = somebody(&admin, "ada", "nl").await;
        ask(service, &address, "sign_in").await;
        accepts(service, &token_in(&server.wait_for(2).await)).await.expect(401);
        manager.make("/v1/role-invitations", to(&address, "officer", &here)).await;
        let suspended = token_in(&server.wait_for(3).await);
        let account = admin.make("/v1/accounts", json!({"emailAddress": "cas@people.example", "displayName": "Cas"})).await.id();
        manager.make("/v1/role-invitations", to("cas@people.example", "officer", &here)).await;
        let cas = token_in(&server.wait_for(4).await);
        let off = json!({"to": "disabled", "reason": "Werkt hier niet meer."});
        admin.transition(&format!("/v1/accounts/{account}"), off).await.expect(201);
        accepts(service, &cas).await.expect(401);
        service.bearer(&cas).post(ACCEPT, json!({"password": GOOD})).await.expect(401);

        manager.make("/v1/role-invitations", new.clone()).await;
        let late = token_in(&server.wait_for(5).await);
        service.clock.advance(TimeDelta::days(14));
        let manager = service.demo("manager-hier").await;
        accepts(service, &late).await.expect(401);
        accepts(service, &suspended).await.expect(401);
        let listed = manager.get(&format!("/v1/role-invitations?scopeKind=organisation&scopeId={here}&count=true")).await.expect(200);
        let stands: Vec<_> = listed.items().iter().map(|one| one["status"].as_str().unwrap()).collect();
        assert_eq!(stands, ["withdrawn", "expired", "expired", "expired"]);
        assert!(!listed.text.contains("people.example"), "{}", listed.text);
        // What expired stands in nobody's way, and is emptied.
        manager.make("/v1/role-invitations", new).await;
        service.round().await;
        assert_eq!(count(service, "role_invitations WHERE email_sealed IS NOT NULL").await, 1);
        assert_eq!(count(service, "accounts").await, 4);
    }

    /// The same faults for a foreign id as for a random one; nobody invites
    /// themselves, or to what is not theirs to give.
    async fn who_may_grant_may_invite(service, server) {
        let admin = service.admin().await;
        let (manager, here) = host(service, &admin, "hier").await;
        let (_, there) = host(service, &admin, "daar").await;
        let refused = async |by: &Client, body: Value, status: u16| by.post("/v1/role-invitations", body).await.expect(status);
        let new = |role: &str, scope: &str| to("bo@people.example", role, scope);
        let mut bodies = Vec::new();
        for id in [there.as_str(), NOWHERE] {
            let request = manager.request(reqwest::Method::POST, "/v1/role-invitations").json(&new("officer", id));
            let answer = reply(request.header("X-Request-Id", "the-same")).await.expect(400);
            assert_eq!(answer.faults(), ["/scopeId reference.unknown"]);
            bodies.push(answer.text);
        }
        assert_eq!(bodies[0], bodies[1]);
        refused(&manager, new("admin", &here), 400).await;
        refused(&admin, new("officer", &here), 403).await;
        refused(&admin, new("manager", &here), 403).await;
        let own = to("MANAGER-hier@demo.klankbord.example", "officer", &here);
        assert_eq!(refused(&manager, own, 409).await.code(), "grant.to_oneself");
        let mut neither = new("officer", &here);
        neither.as_object_mut().unwrap().remove("role");
        assert_eq!(refused(&manager, neither, 400).await.faults(), ["/role value.required"]);
        let mut both = new("officer", &here);
        both["participantId"] = json!(NOWHERE);
        assert_eq!(refused(&manager, both, 400).await.faults(), ["/participantId role_invitation.either"]);
        assert_eq!(refused(&manager, new("member", &here), 400).await.faults(), ["/role grant.not_by_hand"]);
        let mut tag = new("officer", &here);
        tag["language"] = json!("Nederlands");
        assert_eq!(refused(&manager, tag, 400).await.faults(), ["/language text.language_malformed"]);
        assert_eq!((count(service, "role_invitations").await, count(service, "mails").await), (0, 0));

        // Nor does anybody fill somebody's mailbox.
        let strangers = async || manager.post("/v1/role-invitations", to("eva@people.example", "officer", &there)).await;
        for _ in 0..10_u8 {
            strangers().await.expect(400);
        }
        assert_eq!(strangers().await.expect(429).header("retry-after"), "900");

        // An officer is told that it isn't theirs; strangers nothing.
        let made = manager.make("/v1/role-invitations", new("officer", &here)).await;
        let path = format!("/v1/role-invitations/{}", made.id());
        let officer = signed_in(service, &accepts(service, &token_in(&server.wait_for(1).await)).await.expect(201));
        refused(&officer, to("cas@people.example", "officer", &here), 403).await;
        officer.get(&format!("/v1/role-invitations?scopeKind=organisation&scopeId={here}")).await.expect(403);
        officer.get(&path).await.expect(404);
        officer.delete(&path).await.expect(404);
        let listed = admin.get(&format!("/v1/role-invitations?scopeKind=organisation&scopeId={here}")).await.expect(200);
        assert_eq!(listed.items().len(), 1);
        admin.delete(&path).await.expect(403);
        let sent = manager.get("/v1/role-invitations").await.expect(200);
        assert_eq!((sent.items().len(), &sent.items()[0]["status"]), (1, &json!("accepted")));
        assert_eq!(officer.get("/v1/role-invitations").await.expect(200).body, json!({"items": []}));
        for (query, fault) in [
            ("scopeKind=organisation".to_owned(), "scopeId grant.scope_missing"),
            (format!("scopeId={here}"), "scopeKind value.required"),
            (format!("scopeKind=organisation&scopeId={there}"), "scopeId reference.unknown"),
            (format!("scopeKind=participant&scopeId={NOWHERE}"), "scopeId reference.unknown"),
        ] {
            assert_eq!(manager.get(&format!("/v1/role-invitations?{query}")).await.expect(400).faults(), [fault]);
        }
        assert_eq!(count(service, "audit_rows WHERE action = 'listRoleInvitations'").await, 3);
    }
}
