//! An invitation is worth what its sender may give at the moment that it is
//! accepted; and who may send which.

use serde_json::{Value, json};

use super::invitations::{ACCEPT, accepts, signed_in, to};
use super::{count, mailed, somebody};
use crate::feedback::{grant, network, participant};
use crate::networks::{holder, host};
use crate::support::mail_server::{MailServer, token_in};
use crate::support::{Client, Service};

const NOWHERE: &str = "0197c000-0000-7000-8000-ffffffffffff";

/// Sends an invitation and gives the token that came.
async fn token(by: &Client, server: &MailServer, body: Value) -> String {
    let before = server.mails().len();
    by.make("/v1/role-invitations", body).await;
    token_in(&server.wait_for(before + 1).await)
}

/// An invitation of this address to be this person.
fn to_be(address: &str, person: &str) -> Value {
    json!({"emailAddress": address, "participantId": person, "reason": "Wil zelf kunnen meekijken."})
}

/// The grant by which somebody holds a role there.
async fn grant_of(by: &Client, kind: &str, scope: &str, role: &str) -> String {
    let held = by.get(&format!("/v1/grants?scopeKind={kind}&scopeId={scope}")).await.expect(200);
    let found = held.items().iter().find(|one| one["role"] == role).unwrap();
    format!("/v1/grants/{}", found["id"].as_str().unwrap())
}

/// Accepting is refused, and leaves everything as it was.
async fn refused(service: &Service, token: &str, code: &str) {
    let digest =
        async || (count(service, "accounts").await, count(service, "grants").await, count(service, "audit_rows").await);
    let before = digest().await;
    assert_eq!(accepts(service, token).await.expect(409).code(), code);
    assert_eq!(digest().await, before);
}

mailed! {
    /// Whoever lost the right, or is switched off, has given nothing; with the
    /// right back, the link works.
    async fn the_senders_rights_of_now_count(service, server) {
        let admin = service.admin().await;
        let (manager, here) = host(service, &admin, "hier").await;
        let panel = network(&manager, &here, "panel").await;
        let (coordinator, id) = service.account(&admin, "coordinator").await;
        grant(&manager, &id, "coordinator", &panel).await;
        let observer = token(&coordinator, &server, to("bo@people.example", "observer", &panel)).await;
        let second = token(&coordinator, &server, to("cas@people.example", "observer", &panel)).await;
        manager.delete(&grant_of(&manager, "network", &panel, "coordinator").await).await.expect(204);
        refused(service, &observer, "role_invitation.inviter_may_not").await;
        // What another role of theirs allows is not what was promised.
        grant(&manager, &id, "facilitator", &panel).await;
        refused(service, &observer, "role_invitation.inviter_may_not").await;
        grant(&manager, &id, "coordinator", &panel).await;
        let bo = signed_in(service, &accepts(service, &observer).await.expect(201));
        assert_eq!(bo.get("/v1/me").await.expect(200).body["roles"][0]["role"], "observer");

        let off = |to: &str| json!({"to": to, "reason": "Werkt hier niet meer."});
        admin.transition(&format!("/v1/accounts/{id}"), off("disabled")).await.expect(201);
        refused(service, &second, "role_invitation.inviter_may_not").await;
        admin.transition(&format!("/v1/accounts/{id}"), off("active")).await.expect(201);
        manager.transition(&format!("/v1/networks/{panel}"), json!({"to": "closed"})).await.expect(201);
        refused(service, &second, "network.closed").await;
        let late = manager.post("/v1/role-invitations", to("dirk@people.example", "observer", &panel)).await.expect(409);
        assert_eq!(late.code(), "network.closed");
    }

    /// Into a council its chair invites, and nobody else; but for the first chair
    /// of a draft. Of two who were asked to be the first, one is.
    async fn a_councils_chair_invites(service, server) {
        let admin = service.admin().await;
        let (manager, here) = host(service, &admin, "hier").await;
        let council = network(&manager, &here, "youth_council").await;
        let status = async |by: &Client, role: &str| {
            by.post("/v1/role-invitations", to("x@people.example", role, &council)).await.status
        };
        assert_eq!((status(&manager, "secretary").await, status(&admin, "chair").await), (403, 400));
        let own = manager.post("/v1/role-invitations", to("manager-hier@demo.klankbord.example", "chair", &council)).await;
        assert_eq!(own.expect(409).code(), "grant.to_oneself");
        let first = token(&manager, &server, to("ada@people.example", "chair", &council)).await;
        let other = token(&manager, &server, to("bo@people.example", "chair", &council)).await;
        let (one, two) = futures_util::join!(accepts(service, &first), accepts(service, &other));
        let (one, two) = if one.status == 201 { (one, two) } else { (two, one) };
        assert_eq!(two.expect(409).code(), "role_invitation.inviter_may_not");
        let chair = signed_in(service, &one.expect(201));
        assert_eq!((status(&manager, "chair").await, status(&manager, "secretary").await), (403, 403));

        let secretary = token(&chair, &server, to("cas@people.example", "secretary", &council)).await;
        let listed = format!("/v1/role-invitations?scopeKind=network&scopeId={council}");
        // The host's managers see that somebody was invited, and can do nothing about it.
        let seen = manager.get(&listed).await.expect(200);
        let roles: Vec<_> = seen.items().iter().map(|one| one["role"].as_str().unwrap()).collect();
        assert_eq!(roles, ["chair", "chair", "secretary"]);
        assert_eq!(seen.items()[2].get("emailAddress"), None);
        let path = format!("/v1/role-invitations/{}", seen.items()[2]["id"].as_str().unwrap());
        manager.get(&path).await.expect(200);
        manager.delete(&path).await.expect(403);
        admin.get(&path).await.expect(404);
        assert_eq!(admin.get(&listed).await.expect(400).faults(), ["scopeId reference.unknown"]);
        // What happens in the room is written down in the room.
        let rows = "audit_rows WHERE action = 'createRoleInvitation' AND room_id IS NOT NULL";
        assert_eq!(count(service, rows).await, 1);

        let next = token(&chair, &server, to("dirk@people.example", "chair", &council)).await;
        let dirk = signed_in(service, &accepts(service, &next).await.expect(201));
        let grants = dirk.get(&format!("/v1/grants?scopeKind=network&scopeId={council}")).await.expect(200);
        let old = chair.get("/v1/me").await.expect(200).body["accountId"].clone();
        let old = grants.items().iter().find(|one| one["accountId"] == old).unwrap()["id"].as_str().unwrap().to_owned();
        dirk.delete(&format!("/v1/grants/{old}")).await.expect(204);
        refused(service, &secretary, "role_invitation.inviter_may_not").await;
        // The chair of now withdraws what the one before sent.
        dirk.delete(&path).await.expect(204);
        accepts(service, &secretary).await.expect(401);
    }

    /// Who registered somebody invites them to have an account; nobody else does.
    async fn a_registered_person_gets_an_account(service, server) {
        let admin = service.admin().await;
        let (manager, here) = host(service, &admin, "hier").await;
        let (stranger, there) = host(service, &admin, "daar").await;
        let officer = holder(service, &admin, &manager, "officer", &here).await;
        let panel = network(&manager, &here, "panel").await;
        let coordinator = holder(service, &admin, &manager, "coordinator", &panel).await;
        let person = participant(&officer, &here, None, "Anna").await;
        let foreign = participant(&stranger, &there, None, "Bram").await;
        let mut bodies = Vec::new();
        for id in [foreign.as_str(), NOWHERE] {
            let request = officer.request(reqwest::Method::POST, "/v1/role-invitations").json(&to_be("anna@people.example", id));
            let answer = crate::support::wire::reply(request.header("X-Request-Id", "the-same")).await.expect(400);
            assert_eq!(answer.faults(), ["/participantId reference.unknown"]);
            bodies.push(answer.text);
        }
        assert_eq!(bodies[0], bodies[1]);
        let unseen = coordinator.post("/v1/role-invitations", to_be("anna@people.example", &person)).await.expect(400);
        assert_eq!(unseen.faults(), ["/participantId reference.unknown"]);
        let seat = crate::feedback::invite(&coordinator, &panel, &person).await;
        coordinator.transition(&format!("/v1/memberships/{seat}"), json!({"to": "active"})).await.expect(201);
        coordinator.post("/v1/role-invitations", to_be("anna@people.example", &person)).await.expect(403);
        admin.post("/v1/role-invitations", to_be("anna@people.example", &person)).await.expect(400);
        let own = to_be(&format!("officer-{}@demo.klankbord.example", &here[30..]), &person);
        assert_eq!(officer.post("/v1/role-invitations", own).await.expect(409).code(), "grant.to_oneself");

        let first = token(&officer, &server, to_be("anna@people.example", &person)).await;
        let second = token(&officer, &server, to_be("anna@elsewhere.example", &person)).await;
        let listed = format!("/v1/role-invitations?scopeKind=participant&scopeId={person}");
        assert_eq!(manager.get(&listed).await.expect(200).items().len(), 2);
        assert_eq!(stranger.get(&listed).await.expect(400).faults(), ["scopeId reference.unknown"]);
        let held = grant_of(&manager, "organisation", &here, "officer").await;
        let officer_id = manager.get(&held).await.expect(200).body["accountId"].as_str().unwrap().to_owned();
        manager.delete(&held).await.expect(204);
        refused(service, &first, "role_invitation.inviter_may_not").await;
        grant(&manager, &officer_id, "officer", &here).await;

        let anna = signed_in(service, &accepts(service, &first).await.expect(201));
        let roles = anna.get("/v1/me").await.expect(200).body["roles"].clone();
        let member = json!({"role": "member", "scopeKind": "network", "scopeId": panel});
        assert_eq!(roles, json!([{"role": "participant", "scopeKind": "participant", "scopeId": person}, member]));
        let linked = officer.get(&format!("/v1/participants/{person}")).await.expect(200).body;
        assert_eq!((&linked["accountId"], &linked["displayName"]), (&anna.get("/v1/me").await.body["accountId"], &json!("Anna")));
        refused(service, &second, "role_invitation.linked_already").await;
        let again = officer.post("/v1/role-invitations", to_be("anna@third.example", &person)).await.expect(409);
        assert_eq!(again.code(), "role_invitation.linked_already");
        // Everything that was done with the person can be found by the person.
        let done = anna.get(&format!("/v1/participants/{person}/audit-entries")).await.expect(200);
        let done: Vec<_> = done.items().iter().map(|one| one["operation"].as_str().unwrap()).collect();
        for operation in ["createRoleInvitation", "acceptRoleInvitation", "listRoleInvitations"] {
            assert!(done.contains(&operation), "{operation} not in {done:?}");
        }
        // One account is one person of an organisation.
        let other = participant(&officer, &here, None, "Anna, nog een keer").await;
        let twice = token(&officer, &server, to_be("anna@people.example", &other)).await;
        let taken = service.bearer(&twice).post(ACCEPT, json!({})).await.expect(409);
        assert_eq!(taken.code(), "participant.account_taken");
        let elsewhere = token(&stranger, &server, to_be("anna@people.example", &foreign)).await;
        service.bearer(&elsewhere).post(ACCEPT, json!({})).await.expect(201);
        assert_eq!(anna.get("/v1/me").await.expect(200).body["roles"].as_array().unwrap().len(), 3);
    }

    /// The admin invites other admins, and the first manager of an organisation.
    async fn an_admin_invites_the_first_manager(service, server) {
        let admin = service.admin().await;
        let here = service.organisation(&admin, "school", "Hier").await;
        let known = somebody(&admin, "ada", "nl").await;
        let first = token(&admin, &server, to(&known, "manager", &here)).await;
        let other = token(&admin, &server, to("bo@people.example", "manager", &here)).await;
        let second = json!({"emailAddress": "cas@people.example", "role": "admin", "reason": "Tweede beheerder."});
        let second = token(&admin, &server, second).await;
        let manager = signed_in(service, &accepts(service, &first).await.expect(201));
        refused(service, &other, "role_invitation.inviter_may_not").await;
        let cas = signed_in(service, &accepts(service, &second).await.expect(201));
        assert_eq!(cas.get("/v1/me").await.expect(200).body["roles"], json!([{"role": "admin", "scopeKind": "installation"}]));
        assert_eq!(cas.get("/v1/role-invitations?scopeKind=installation").await.expect(200).items().len(), 1);
        manager.get("/v1/role-invitations?scopeKind=installation").await.expect(403);
    }
}
