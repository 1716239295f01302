//! Who reads which part of the trail.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::feedback::{World, join, network};
use crate::networks::{holder, host};
use crate::support::wire::reply;
use crate::support::{Client, Reply};

const NOWHERE: &str = "0197c000-0000-7000-8000-00010000dead";

/// What was done, in a page's order.
fn operations(page: &Reply) -> Vec<&str> {
    page.items().iter().map(|one| one["operation"].as_str().unwrap()).collect()
}

async fn account(client: &Client) -> Value {
    client.get("/v1/me").await.expect(200).body["accountId"].clone()
}

async fn csv(client: &Client, path: &str) -> Reply {
    reply(client.request(reqwest::Method::GET, path).header("Accept", "text/csv")).await
}

/// The page's next address.
fn next(reply: &Reply) -> String {
    let link = reply.header("link");
    link.trim_start_matches('<').split('>').next().unwrap().to_owned()
}

on_both! {
    /// In one call: who saw this person between two instants. Asking is written down.
    async fn who_saw_a_person_is_told_in_one_call(service) {
        let world = World::of(service).await;
        let World { manager, coordinator, officer, anna, anna_id, admin, bram, .. } = &world;
        let person = format!("/v1/participants/{anna_id}");
        let path = format!("{person}/audit-entries");
        service.clock.advance(TimeDelta::seconds(60));
        coordinator.get(&person).await.expect(200);
        service.clock.advance(TimeDelta::seconds(60));
        officer.get("/v1/participants").await.expect(200);
        let period = format!("{path}?from=2026-11-23T09:01:00Z&to=2026-11-23T09:02:00Z");
        let seen = manager.get(&period).await.expect(200);
        let entry = &seen.items()[0];
        let request_id = entry["requestId"].clone();
        assert_eq!(seen.body, json!({"items": [{"id": entry["id"], "happenedAt": "2026-11-23T09:01:00Z",
            "operation": "getParticipant", "objectKind": "participant", "objectId": anna_id, "result": "done",
            "actorId": account(coordinator).await, "origin": "127.0.0.1", "requestId": request_id,
            "organisationId": world.organisation, "subjectIds": [], "subjectCount": 0}]}));
        let later = manager.get(&format!("{path}?from=2026-11-23T09:02:00Z")).await.expect(200);
        assert_eq!(operations(&later), ["listParticipantAuditEntries", "listParticipantAuditEntries", "listParticipants"]);

        // They themselves see it all, but not from where; their own reading isn't about somebody else.
        let own = anna.get(&period).await.expect(200);
        assert_eq!(operations(&own), ["getParticipant"]);
        assert!(own.items()[0].get("origin").is_none());
        let whole = anna.get(&format!("{path}?count=true&limit=1")).await.expect(200);
        let known = whole.body["total"].clone();
        assert_eq!(anna.get(&format!("{path}?count=true&limit=1")).await.expect(200).body["total"], known);

        officer.get(&path).await.expect(403);
        coordinator.get(&path).await.expect(403);
        for by in [bram, admin] {
            let foreign = by.get(&path).await.expect(404);
            let random = by.get("/v1/participants/0197c000-0000-7000-8000-00070000dead/audit-entries").await.expect(404);
            let bare = |reply: &Reply| reply.text.replace(reply.body["requestId"].as_str().unwrap(), "");
            assert_eq!(bare(&foreign), bare(&random));
        }
    }

    /// An organisation's is for its managers; the installation's for its admins.
    async fn an_organisation_reads_its_own(service) {
        let world = World::of(service).await;
        let World { manager, officer, coordinator, admin, anna_id, .. } = &world;
        let (other, _) = host(service, admin, "daar").await;
        coordinator.get(&format!("/v1/participants/{anna_id}")).await.expect(200);
        let path = format!("/v1/organisations/{}/audit-entries", world.organisation);
        let found = manager.get(&format!("{path}?operation=getParticipant&objectKind=participant")).await.expect(200);
        assert_eq!(found.items().len(), 1);
        assert_eq!(found.items()[0]["subjectIds"], json!([anna_id]));
        // That was read by the manager: an entry of its own, with whom it named.
        let read = manager.get(&format!("{path}?operation=listOrganisationAuditEntries")).await.expect(200);
        assert_eq!(read.items()[0]["subjectIds"], json!([anna_id]));
        let by = account(coordinator).await;
        let by = manager.get(&format!("{path}?actorId={}", by.as_str().unwrap())).await.expect(200);
        assert!(by.items().iter().all(|one| one["actorId"] == account_of(&by)) && by.items().len() >= 4);
        assert_eq!(manager.get(&format!("{path}?objectId={NOWHERE}")).await.expect(200).items().len(), 0);
        for (who, status) in [(officer, 403), (coordinator, 403), (admin, 403), (&other, 403)] {
            who.get(&path).await.expect(status);
        }
        manager.get(&format!("/v1/organisations/{NOWHERE}/audit-entries")).await.expect(404);

        let installation = admin.get("/v1/audit-entries?limit=100").await.expect(200);
        assert!(operations(&installation).contains(&"redeemSignInCode"));
        // What a link token does is kept without its origin.
        let origins = |operation: &str| -> Vec<&str> {
            let done = installation.items().iter().filter(|one| one["operation"] == operation);
            done.map(|one| one["origin"].as_str().unwrap()).collect()
        };
        assert!(origins("redeemSignInCode").iter().all(|origin| *origin == "link"));
        assert!(origins("createAccount").iter().all(|origin| *origin == "127.0.0.1"));
        for entry in installation.items() {
            assert!(entry.get("organisationId").is_none() && entry["subjectCount"] == 0, "{entry}");
        }
        manager.get("/v1/audit-entries").await.expect(403);
        let again = admin.get("/v1/audit-entries?limit=1").await.expect(200);
        assert_eq!(operations(&again), ["listAuditEntries"]);
    }

    /// What happens in a council's room is for its chair and secretary, and for
    /// the persons themselves.
    async fn a_councils_trail_stays_in_its_room(service) {
        let world = World::of(service).await;
        let World { manager, anna, anna_id, .. } = &world;
        let council = network(manager, &world.organisation, "youth_council").await;
        let chair = holder(service, &world.admin, manager, "chair", &council).await;
        let secretary = holder(service, &world.admin, &chair, "secretary", &council).await;
        join(&chair, anna, &council, anna_id).await;
        chair.transition(&format!("/v1/networks/{council}"), json!({"to": "active"})).await.expect(201);
        chair.get(&format!("/v1/networks/{council}/memberships")).await.expect(200);
        chair.get(&format!("/v1/participants/{anna_id}")).await.expect(200);
        chair.get("/v1/participants").await.expect(200);
        let path = format!("/v1/networks/{council}/audit-entries");
        let inside = ["getParticipant", "listMemberships", "listParticipants", "createMembership", "createNetworkTransition"];
        for by in [&chair, &secretary] {
            let seen = by.get(&format!("{path}?limit=100")).await.expect(200);
            for operation in inside {
                assert!(operations(&seen).contains(&operation), "{operation}: {:?}", operations(&seen));
            }
            assert!(seen.items().iter().all(|one| one["networkId"] == json!(council)));
        }
        for by in [manager, &world.admin, &world.coordinator, anna] {
            by.get(&path).await.expect(403);
        }
        // A network that is no council has no room.
        manager.get(&format!("/v1/networks/{}/audit-entries", world.network)).await.expect(403);

        let chairs = account(&chair).await;
        let chairs = chairs.as_str().unwrap();
        let of_host = format!("/v1/organisations/{}/audit-entries?limit=100", world.organisation);
        let seen = manager.get(&of_host).await.expect(200);
        assert!(seen.items().iter().all(|one| one.get("networkId").is_none()));
        let by_chair = manager.get(&format!("{of_host}&actorId={chairs}")).await.expect(200);
        assert_eq!(operations(&by_chair), Vec::<&str>::new());
        let about = format!("/v1/participants/{anna_id}/audit-entries?limit=100");
        let by_chair = |page: &Reply| page.items().iter().filter(|one| one["actorId"] == chairs).count();
        assert_eq!(by_chair(&manager.get(&about).await.expect(200)), 0);
        assert!(by_chair(&anna.get(&about).await.expect(200)) >= 4);
    }

    /// The same lists as tables, page by page; a cell that would be a formula isn't one.
    async fn the_trail_comes_as_a_table(service) {
        let world = World::of(service).await;
        let World { manager, anna_id, .. } = &world;
        // A caller names their requests themselves, and so could write into the table.
        let evil = manager.request(reqwest::Method::GET, &format!("/v1/participants/{anna_id}"));
        reply(evil.header("X-Request-Id", "-1-1-cmd.exe")).await.expect(200);
        let path = format!("/v1/organisations/{}/audit-entries", world.organisation);
        let count = manager.get(&format!("{path}?count=true&limit=1")).await.expect(200).body["total"].as_u64().unwrap();
        let table = csv(manager, &path).await.expect(200);
        assert_eq!(table.header("content-type"), "text/csv; charset=utf-8; header=present");
        assert!(table.headers.get("link").is_none());
        let vary: Vec<_> = table.headers.get_all("vary").iter().map(|one| one.to_str().unwrap()).collect();
        assert!(vary.contains(&"Accept"), "{vary:?}");
        let lines: Vec<&str> = table.text.trim_end().split("\r\n").collect();
        assert!(lines[0].starts_with("id,happenedAt,operation,"));
        // The page that was read before is in it.
        assert_eq!(u64::try_from(lines.len()).unwrap(), count + 2);
        let cells = |line: &str| line.split(',').count();
        assert!(lines.iter().all(|line| cells(line) == cells(lines[0])));
        assert!(table.text.contains(",'-1-1-cmd.exe,"), "{}", table.text);

        let first = csv(manager, &format!("{path}?limit=2")).await.expect(200);
        assert_eq!(first.text.trim_end().split("\r\n").count(), 3);
        let second = csv(manager, &next(&first)).await.expect(200);
        assert_eq!(second.text.trim_end().split("\r\n").count(), 3);
        assert!(!first.text.contains(second.text.split("\r\n").nth(1).unwrap()));

        let refused = csv(manager, "/v1/participants").await;
        assert_eq!((refused.status, refused.code()), (406, "request.not_acceptable"));
        let liked = manager.request(reqwest::Method::GET, &path).header("Accept", "text/csv;q=0.5, application/json");
        assert!(!reply(liked).await.expect(200).items().is_empty());
    }
}

/// The actor that a page's entries have.
fn account_of(page: &Reply) -> Value {
    page.items()[0]["actorId"].clone()
}
