//! How far a machine reaches: what a manager or officer of its organisation may
//! do, and no further.

use serde_json::{Value, json};

use super::House;
use crate::consultations::world::{World, answers, change, go, id, member, network, person};
use crate::contract::operation::{DOCUMENT, Opened, all};
use crate::contract::probe::Probe;
use crate::feedback::{brought, grant, nl, respond};
use crate::support::database::count;
use crate::support::{Client, Service};

/// Every scope that a client can hold.
fn every_scope() -> Value {
    let scopes = &DOCUMENT["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]["scopes"];
    scopes.as_object().unwrap().keys().cloned().collect()
}

/// A client with every scope, of this world's organisation.
async fn machine(service: &Service, world: &World) -> (Client, String) {
    let new = json!({"organisationId": world.organisation, "name": "Alles", "scopes": every_scope()});
    let client = world.manager.make("/v1/clients", new).await.id();
    let made = world.manager.make(&format!("/v1/clients/{client}/credentials"), json!({"kind": "api_key"})).await;
    (service.bearer(made.body["secret"].as_str().unwrap()), client)
}

on_both! {
    /// What has no scope is for people alone, whatever a machine holds; and each
    /// scope opens its own operations, nothing else.
    async fn what_has_no_scope_is_for_people(service) {
        let house = House::with(service, every_scope()).await;
        let able = house.keyed(service).await;
        let etag = house.manager.get(&house.path()).await.etag();
        let probe = Probe::new(service, &able);
        let scope_of = |id: &str| {
            let operations = DOCUMENT["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values());
            let found = operations.into_iter().find(|one| one["operationId"] == id).unwrap();
            found["security"].as_array().unwrap().iter().find_map(|one| one.get("oauth2")?[0].as_str().map(str::to_owned))
        };
        let people: Vec<_> = all().into_iter().filter(|one| one.opened == Opened::BySession && scope_of(&one.id).is_none()).collect();
        for never in ["createAccount", "createGrant", "listGrants", "getMe", "listClients", "createClient", "listResponses",
            "getResponse", "createResponse", "createKiosk", "listMyTasks", "createSupport", "deleteSession"] {
            assert!(people.iter().any(|one| one.id == never), "{never}");
        }
        for operation in &people {
            probe.expect(operation, &operation.request(), 403, "access.forbidden").await;
        }
        house.manager.patch(&house.path(), &etag, json!({"scopes": ["regions:none"]})).await.expect(400);
        house.manager.patch(&house.path(), &etag, json!({"scopes": ["feedback:read"]})).await.expect(200);
        let mut open = 0;
        for operation in all().into_iter().filter(|one| one.opened == Opened::BySession) {
            let reply = probe.send(&operation, &operation.request()).await;
            if scope_of(&operation.id).as_deref() == Some("feedback:read") {
                assert!(matches!(reply.status, 200 | 404), "{} {}", operation.id, reply.text);
                open += 1;
            } else {
                assert_eq!((reply.status, reply.code()), (403, "access.forbidden"), "{}", operation.id);
            }
        }
        assert!(open >= 3);
    }

    /// A machine does the organisation's work from the first person to the results;
    /// the audit trail names it, and what was moved shows by whom.
    async fn a_machine_does_what_a_manager_or_officer_would(service) {
        let world = World::of(service).await;
        let (machine, client) = machine(service, &world).await;
        let made = network(&machine, &world.organisation, json!({})).await;
        let path = format!("/v1/networks/{made}");
        assert_eq!(go(&machine, &path, "active").await.expect(201).body["madeBy"], json!(client));
        assert_eq!(machine.get(&path).await.expect(200).body["allowedTransitions"], json!(["dormant", "closed"]));
        machine.get(&format!("{path}/composition")).await.expect(200);
        let somebody = person(&machine, &world.organisation, None, Some(1980)).await;
        member(&machine, &made, &somebody, "resident").await;
        machine.get(&format!("/v1/participants/{somebody}")).await.expect(200);
        assert!(machine.get("/v1/participants?count=true").await.expect(200).body["total"].as_i64().unwrap() > 10);
        let mut new = world.draft();
        new.as_object_mut().unwrap().extend(world.content().as_object().unwrap().clone());
        let asked = format!("/v1/consultations/{}", machine.make("/v1/consultations", new).await.id());
        change(&machine, &asked, json!({"closesOn": "2026-12-16"})).await.expect(200);
        go(&machine, &asked, "open").await.expect(201);
        world.answered(&asked).await;
        machine.get(&format!("{asked}/responses")).await.expect(403);
        let own = machine.post(&format!("{asked}/responses"), answers("internet", 1, 4, None)).await.expect(403);
        assert_eq!(own.code(), "access.forbidden");
        go(&machine, &asked, "closed").await.expect(201);
        machine.get(&format!("{asked}/results")).await.expect(200);
        let listed = machine.get("/v1/consultations").await.expect(200);
        assert!(listed.items().iter().any(|one| asked.ends_with(one["id"].as_str().unwrap())));
        let page = json!({"organisationId": world.organisation, "topic": "rights", "title": nl("Uw rechten"), "body": nl("Die hebt u.")});
        let page = format!("/v1/information-pages/{}", machine.make("/v1/information-pages", page).await.id());
        go(&machine, &page, "published").await.expect(201);
        let actions = format!("audit_rows WHERE actor_id = {}", literal(service, &client));
        assert!(count(&service.running.app.config.database.url, &actions).await > 10);
    }

    /// Feedback: what somebody told is passed on, and answered in the organisation's name.
    async fn a_machine_passes_feedback_on_and_answers(service) {
        let world = World::of(service).await;
        let (machine, client) = machine(service, &world).await;
        let to = json!({"kind": "organisation", "id": world.organisation});
        let mut new = brought(&to, "idea", "Een bankje");
        new["channel"] = json!("phone");
        new["author"] = json!({"kind": "participant", "id": world.others[0]});
        let made = machine.make("/v1/feedback", new).await;
        assert_eq!(made.body["recordedBy"], json!(client));
        let path = format!("/v1/feedback/{}", made.id());
        go(&machine, &path, "received").await.expect(201);
        go(&machine, &path, "in_consideration").await.expect(201);
        let read = machine.get(&path).await.expect(200);
        assert_eq!(read.body["recordedBy"], json!(client));
        assert!(machine.get("/v1/feedback").await.expect(200).items().iter().any(|one| one["id"] == read.body["id"]));
        let answer = json!({"text": nl("Het bankje komt er."), "reasons": nl("Velen vragen erom.")});
        respond(&machine, &path, answer).await.expect(201);
        go(&machine, &path, "adopted").await.expect(201);
    }

    /// No council's room, no other organisation, no partner's view.
    async fn a_machine_stays_in_its_own_house(service) {
        let world = World::of(service).await;
        let (machine, _) = machine(service, &world).await;
        let council = json!({"hostId": world.organisation, "kind": "client_council", "name": nl("Raad"), "purpose": nl("Meedenken")});
        machine.post("/v1/networks", council.clone()).await.expect(403);
        let room = world.manager.make("/v1/networks", council).await.id();
        machine.get(&format!("/v1/networks/{room}")).await.expect(404);
        let shown = machine.get("/v1/networks").await.expect(200);
        assert!(!shown.items().is_empty() && shown.items().iter().all(|one| one["id"] != json!(room)));
        let there = service.organisation(&world.admin, "school", "Daar").await;
        let (stranger, account) = service.account(&world.admin, "stranger").await;
        grant(&world.admin, &account, "manager", &there).await;
        let partner = network(&stranger, &there, json!({"partners": [world.organisation]})).await;
        go(&stranger, &format!("/v1/networks/{partner}"), "active").await.expect(201);
        machine.get(&format!("/v1/networks/{partner}")).await.expect(200);
        change(&machine, &format!("/v1/networks/{partner}"), json!({"leastGroup": 20})).await.expect(403);
        assert!(machine.get(&format!("/v1/networks/{partner}/memberships")).await.items().is_empty());
        let somebody = person(&stranger, &there, None, Some(1980)).await;
        machine.get(&format!("/v1/participants/{somebody}")).await.expect(404);
        let mut new = world.draft();
        new["organisationId"] = json!(there);
        let foreign = machine.post("/v1/consultations", new.clone()).await.expect(400);
        assert_eq!(foreign.faults(), ["/organisationId reference.unknown"]);
        new["audience"] = json!({"networkIds": [partner]});
        new["questions"] = json!([{"id": id("question", 1), "kind": "open_text", "prompt": nl("Wat vindt u?")}]);
        let asked = stranger.make("/v1/consultations", new).await.id();
        machine.get(&format!("/v1/consultations/{asked}")).await.expect(404);
    }
}

/// An id as this database writes it.
fn literal(service: &Service, id: &str) -> String {
    match service.on {
        crate::support::On::Sqlite => format!("X'{}'", id.replace('-', "")),
        crate::support::On::Postgres => format!("'{id}'"),
    }
}
