//! Networks: their tree, their rooms, their lifecycle, and who is in them, counted.

use serde_json::{Value, json};

use crate::feedback::{grant, invite, network, nl, participant};
use crate::support::{Client, Reply, Service};

const NOWHERE: &str = "0197c000-0000-7000-8000-00060000dead";

/// A new organisation of this name, its manager, and its id.
pub async fn host(service: &Service, admin: &Client, name: &str) -> (Client, String) {
    let organisation = service.organisation(admin, "municipality", name).await;
    let (manager, id) = service.account(admin, &format!("manager-{name}")).await;
    grant(admin, &id, "manager", &organisation).await;
    (manager, organisation)
}

/// A new account that holds this role there.
pub async fn holder(service: &Service, admin: &Client, by: &Client, role: &str, scope: &str) -> Client {
    let (client, id) = service.account(admin, &format!("{role}-{}", &scope[30..])).await;
    grant(by, &id, role, scope).await;
    client
}

/// The network's composition, as this caller sees it.
async fn composition(by: &Client, network: &str) -> Value {
    by.get(&format!("/v1/networks/{network}/composition")).await.expect(200).body
}

/// What is counted under this word in a composition's list.
fn count<'b>(body: &'b Value, list: &str, word: &str) -> &'b Value {
    let name = if list == "perspectives" { "perspective" } else { "expertise" };
    let found = body[list].as_array().unwrap().iter().find(|one| one[name] == word);
    &found.unwrap()["count"]
}

/// Every figure in a composition.
fn figures(body: &Value) -> Vec<i64> {
    match body {
        Value::Object(fields) => {
            let own = fields.get("figure").and_then(Value::as_i64);
            own.into_iter().chain(fields.values().flat_map(figures)).collect()
        }
        Value::Array(items) => items.iter().flat_map(figures).collect(),
        _ => Vec::new(),
    }
}

/// A new person in the network, who takes part from this perspective.
async fn member(officer: &Client, network: &str, organisation: &str, perspective: &str, expertise: Value) -> Reply {
    let new = json!({"organisationId": organisation, "displayName": "Iemand", "channel": "phone", "language": "nl",
        "expertise": expertise});
    let id = officer.make("/v1/participants", new).await.id();
    let body = json!({"member": {"kind": "participant", "id": id}, "perspective": perspective, "role": "member",
        "status": "invited"});
    let made = officer.make(&format!("/v1/networks/{network}/memberships"), body).await;
    officer.transition(&format!("/v1/memberships/{}", made.id()), json!({"to": "active"})).await.expect(201)
}

on_both! {
    /// From draft to closed: who sees it when, and what may still change.
    async fn a_network_is_made_and_moves_along(service) {
        let admin = service.admin().await;
        let (manager, host_id) = host(service, &admin, "hier").await;
        let (outsider, other) = host(service, &admin, "daar").await;
        let new = json!({
            "hostId": host_id, "kind": "learning_network", "name": nl("Over mij = met mij!"),
            "purpose": nl("Samen leren"), "coreStory": nl("Wie wij zijn"), "partners": [other],
            "plainLanguageRequired": true, "leastGroup": 7, "publishComposition": false,
            "targets": [{"perspectives": ["young_person"], "target": 10},
                {"perspectives": ["policy_maker", "professional"], "leastAge": 18, "target": 10}],
        });
        let made = manager.make("/v1/networks", new.clone()).await;
        let path = format!("/v1/networks/{}", made.id());
        assert_eq!(made.header("location"), path);
        let mut expected = new;
        for (name, value) in [("id", json!(made.id())), ("status", json!("draft")), ("etag", json!(made.etag())),
            ("allowedTransitions", json!(["active", "closed"])), ("createdAt", json!("2026-11-23T09:00:00Z")),
            ("updatedAt", json!("2026-11-23T09:00:00Z")), ("seats", json!([]))] {
            expected[name] = value;
        }
        assert_eq!(made.body, expected);
        assert_eq!(manager.get(&path).await.expect(200).body, expected);

        let officer = holder(service, &admin, &manager, "officer", &host_id).await;
        assert_eq!(officer.get(&path).await.expect(200).body["allowedTransitions"], json!([]));
        let listed = async |by: &Client, query: &str| {
            by.get(&format!("/v1/networks?count=true{query}")).await.expect(200).body["total"].clone()
        };
        for hidden in [&outsider, &admin] {
            hidden.get(&path).await.expect(404);
            hidden.patch(&path, "*", json!({"leastGroup": 8})).await.expect(404);
            hidden.transition(&path, json!({"to": "active"})).await.expect(404);
            hidden.get(&format!("{path}/composition")).await.expect(404);
            hidden.get(&format!("{path}/memberships")).await.expect(404);
            assert_eq!(listed(hidden, "").await, 0);
        }
        assert_eq!(listed(&officer, "").await, 1);

        let skipped = manager.transition(&path, json!({"to": "dormant"})).await.expect(409);
        assert_eq!(skipped.body["allowedTransitions"], json!(["active", "closed"]));
        officer.transition(&path, json!({"to": "active"})).await.expect(403);
        let moved = manager.transition(&path, json!({"to": "active", "reason": "De groep is compleet."})).await.expect(201);
        assert_eq!((&moved.body["from"], &moved.body["to"]), (&json!("draft"), &json!("active")));
        let active = outsider.get(&path).await.expect(200);
        assert_eq!(active.body["allowedTransitions"], json!([]));
        assert_eq!(manager.get(&path).await.etag(), moved.etag());
        outsider.patch(&path, "*", json!({"leastGroup": 8})).await.expect(403);

        let lowered = manager.patch(&path, "*", json!({"leastGroup": null})).await.expect(400);
        assert_eq!(lowered.faults(), ["/leastGroup network.least_group_lowered"]);
        let changes = json!({"coreStory": null, "partners": [], "leastGroup": 8});
        let changed = manager.patch(&path, &moved.etag(), changes).await.expect(200);
        assert_eq!((changed.body.get("coreStory"), &changed.body["leastGroup"]), (None, &json!(8)));
        assert_eq!(manager.patch(&path, &moved.etag(), json!({"leastGroup": 9})).await.expect(412).code(), "etag.stale");
        assert_eq!(manager.delete(&path).await.expect(409).code(), "network.not_draft");
        assert_eq!(listed(&outsider, &format!("&hostId={host_id}&kind=learning_network&status=active")).await, 1);
        assert_eq!(listed(&outsider, "&kind=panel").await, 0);
        assert_eq!(listed(&outsider, &format!("&hostId={other}")).await, 0);

        manager.transition(&path, json!({"to": "closed"})).await.expect(201);
        assert_eq!(manager.patch(&path, "*", json!({"leastGroup": 9})).await.expect(409).code(), "network.closed");
        let history = outsider.get(&format!("{path}/transitions")).await.expect(200);
        let steps: Vec<_> = history.items().iter().map(|step| step["to"].as_str().unwrap()).collect();
        assert_eq!(steps, ["active", "closed"]);
        assert_eq!(history.items()[0].get("reason"), None, "why is told inside");
        let history = manager.get(&format!("{path}/transitions")).await.expect(200);
        assert_eq!(history.items()[0]["reason"], "De groep is compleet.");
    }

    /// All faults at once; what is foreign is as unknown as what isn't there.
    async fn a_faulty_network_is_refused(service) {
        let admin = service.admin().await;
        let (manager, here) = host(service, &admin, "hier").await;
        let (other, there) = host(service, &admin, "daar").await;
        let plain = |host: &str| json!({"hostId": host, "kind": "panel", "name": nl("Panel"), "purpose": nl("Doel")});
        for foreign in [there.as_str(), NOWHERE] {
            let refused = manager.post("/v1/networks", plain(foreign)).await.expect(400);
            assert_eq!(refused.faults(), ["/hostId reference.unknown"]);
        }
        admin.post("/v1/networks", plain(&here)).await.expect(403);
        let mut wrong = plain(&here);
        wrong["leastGroup"] = json!(4);
        wrong["size"] = json!(4);
        let refused = manager.post("/v1/networks", wrong).await.expect(400);
        assert_eq!(refused.faults(), ["/leastGroup value.too_small", "/size value.unknown_field"]);
        let mut wrong = plain(&here);
        wrong["pillarId"] = json!(NOWHERE);
        wrong["partners"] = json!([here, there, there]);
        wrong["name"] = json!([{"language": "nl", "value": "a"}, {"language": "nl", "value": "b"}]);
        wrong["targets"] = json!([{"perspectives": ["child", "child"], "target": 1}]);
        let refused = manager.post("/v1/networks", wrong).await.expect(400);
        let expected = ["/name/1/language text.language_repeated", "/partners/0 partner.is_host",
            "/partners/2 partner.repeated", "/pillarId network.pillar_needs_programme",
            "/targets/0/perspectives/1 target.perspective_repeated"];
        assert_eq!(refused.faults(), expected);
        let theirs = network(&other, &there, "panel").await;
        for parent in [theirs.as_str(), NOWHERE] {
            let mut wrong = plain(&here);
            wrong["parentId"] = json!(parent);
            wrong["programmeId"] = json!(NOWHERE);
            wrong["partners"] = json!([there, NOWHERE]);
            let refused = manager.post("/v1/networks", wrong).await.expect(400);
            let expected = ["/parentId reference.unknown", "/partners/1 reference.unknown",
                "/programmeId reference.unknown"];
            assert_eq!(refused.faults(), expected);
        }
        let programme = json!({"hostId": here, "name": nl("Traject"), "summary": nl("Wat"),
            "pillars": [{"id": "0197c000-0000-7000-8000-001400000001", "number": 1, "name": nl("Een")}]});
        let programme = manager.make("/v1/programmes", programme).await.id();
        let mut hung = plain(&here);
        hung["programmeId"] = json!(programme);
        hung["pillarId"] = json!(NOWHERE);
        let refused = manager.post("/v1/networks", hung.clone()).await.expect(400);
        assert_eq!(refused.faults(), ["/pillarId reference.unknown"]);
        hung["pillarId"] = json!("0197c000-0000-7000-8000-001400000001");
        let made = manager.make("/v1/networks", hung).await;
        let listed = manager.get(&format!("/v1/networks?programmeId={programme}")).await.expect(200);
        assert_eq!(listed.items()[0]["id"], json!(made.id()));
    }

    /// Only a draft that nobody uses goes, and leaves nothing to read.
    async fn a_draft_is_deleted_unless_it_is_in_use(service) {
        let admin = service.admin().await;
        let (manager, here) = host(service, &admin, "hier").await;
        let hub = network(&manager, &here, "participation_hub").await;
        let group = json!({"hostId": here, "kind": "working_group", "parentId": hub, "name": nl("Groep"), "purpose": nl("Doel")});
        let group = manager.make("/v1/networks", group).await.id();
        let (hub, group) = (format!("/v1/networks/{hub}"), format!("/v1/networks/{group}"));
        assert_eq!(manager.delete(&hub).await.expect(409).code(), "network.in_use");
        let stale = manager.request(reqwest::Method::DELETE, &group).header("If-Match", "\"9.0\"");
        assert_eq!(crate::support::wire::reply(stale).await.expect(412).code(), "etag.stale");
        manager.delete(&group).await.expect(204);
        manager.get(&group).await.expect(404);
        manager.delete(&group).await.expect(404);
        let person = participant(&manager, &here, None, "Zonnebloem").await;
        let membership = invite(&manager, hub.rsplit('/').next().unwrap(), &person).await;
        manager.transition(&format!("/v1/memberships/{membership}"), json!({"to": "declined"})).await.expect(201);
        assert_eq!(manager.delete(&hub).await.expect(409).code(), "network.in_use");
    }

    /// A role reaches from a hub into its working groups; nothing of the host
    /// reaches into a council.
    async fn roles_go_down_the_tree_but_not_into_councils(service) {
        let admin = service.admin().await;
        let (manager, here) = host(service, &admin, "hier").await;
        let hub = network(&manager, &here, "participation_hub").await;
        let plain = |kind: &str, parent: &str| {
            json!({"hostId": here, "kind": kind, "parentId": parent, "name": nl("Groep"), "purpose": nl("Doel")})
        };
        let group = manager.make("/v1/networks", plain("working_group", &hub)).await.id();
        let below = manager.make("/v1/networks", plain("working_group", &group)).await.id();
        let panel = manager.make("/v1/networks", plain("panel", &hub)).await.id();
        let coordinator = holder(service, &admin, &manager, "coordinator", &hub).await;
        for reached in [&group, &below] {
            let path = format!("/v1/networks/{reached}");
            assert_eq!(coordinator.get(&path).await.expect(200).body["allowedTransitions"], json!(["active", "closed"]));
        }
        coordinator.get(&format!("/v1/networks/{panel}")).await.expect(404);
        assert_eq!(coordinator.get("/v1/networks?count=true").await.body["total"], 3);
        assert_eq!(coordinator.get(&format!("/v1/networks?parentId={hub}")).await.items().len(), 1);
        let looped = coordinator.patch(&format!("/v1/networks/{hub}"), "*", json!({"parentId": below})).await.expect(400);
        assert_eq!(looped.faults(), ["/parentId network.parent_loops"]);

        let council = network(&manager, &here, "client_council").await;
        let path = format!("/v1/networks/{council}");
        assert_eq!(manager.get(&path).await.expect(200).body["allowedTransitions"], json!([]));
        manager.patch(&path, "*", json!({"leastGroup": 6})).await.expect(403);
        manager.delete(&path).await.expect(403);
        let officer = holder(service, &admin, &manager, "officer", &here).await;
        officer.get(&path).await.expect(404);
        assert_eq!(officer.get("/v1/networks?kind=client_council&kind=participation_hub").await.items().len(), 1);
        let chair = holder(service, &admin, &manager, "chair", &council).await;
        let kind = chair.patch(&path, "*", json!({"kind": "panel"})).await.expect(400);
        assert_eq!(kind.faults(), ["/kind network.kind_fixed"]);
        chair.patch(&path, "*", json!({"leastGroup": 6})).await.expect(200);
        chair.transition(&path, json!({"to": "active"})).await.expect(201);
        let refused = manager.post("/v1/networks", plain("working_group", &council)).await.expect(400);
        assert_eq!(refused.faults(), ["/parentId reference.unknown"]);
        let entered = manager.patch(&format!("/v1/networks/{group}"), "*", json!({"parentId": council})).await.expect(400);
        assert_eq!(entered.faults(), ["/parentId reference.unknown"]);
        assert!(composition(&chair, &council).await["total"]["figure"] == 0);
        assert!(composition(&manager, &council).await["total"]["suppressed"] == "base");
    }

    /// Case 4: who is in the four learning networks, whole for who runs them and
    /// without a recognisable group for everybody else.
    async fn the_composition_of_the_learning_networks(service) {
        let admin = service.admin().await;
        let (manager, here) = host(service, &admin, "samen").await;
        let (outsider, _) = host(service, &admin, "daar").await;
        let programme = json!({"hostId": here, "name": nl("SAMEN"), "summary": nl("Werken met gezinnen")});
        let programme = manager.make("/v1/programmes", programme).await.id();
        let (coordinator, coordinator_id) = service.account(&admin, "coordinator").await;
        let table = [("Integraal werken", 3, 0), ("Normaliseren", 2, 0), ("Kwetsbare gezinnen", 3, 1),
            ("Complexe scheidingen", 2, 1)];
        let mut made = Vec::new();
        for (name, trained, parents) in table {
            let new = json!({"hostId": here, "programmeId": programme, "kind": "learning_network", "name": nl(name),
                "purpose": nl("Samen leren"), "targets": [{"perspectives": ["parent"], "target": 2}]});
            let id = manager.make("/v1/networks", new).await.id();
            for _ in 0..trained {
                member(&manager, &id, &here, "young_person", json!(["expert_by_experience"])).await;
            }
            for _ in 0..parents {
                member(&manager, &id, &here, "parent", json!([])).await;
            }
            let organisation = json!({"member": {"kind": "organisation", "id": here}, "perspective": "professional",
                "role": "member", "status": "invited"});
            let organisation = manager.make(&format!("/v1/networks/{id}/memberships"), organisation).await.id();
            manager.transition(&format!("/v1/memberships/{organisation}"), json!({"to": "active"})).await.expect(201);
            invite(&manager, &id, &participant(&manager, &here, None, "Nog niet").await).await;
            grant(&manager, &coordinator_id, "coordinator", &id).await;
            manager.transition(&format!("/v1/networks/{id}"), json!({"to": "active"})).await.expect(201);
            made.push((id, name, trained, parents));
        }
        for (id, name, trained, parents) in &made {
            let seen = composition(&coordinator, id).await;
            assert_eq!(seen["name"], nl(name));
            assert_eq!(count(&seen, "expertise", "expert_by_experience"), &json!({"figure": trained}));
            assert_eq!(count(&seen, "perspectives", "parent"), &json!({"figure": parents}));
            assert_eq!(count(&seen, "perspectives", "professional"), &json!({"figure": 0}));
            assert_eq!(seen["total"], json!({"figure": trained + parents}));
            let target = json!([{"perspectives": ["parent"], "target": 2, "actual": {"figure": parents}}]);
            assert_eq!(seen["targets"], target);
            let outside = composition(&outsider, id).await;
            assert_eq!(figures(&outside), Vec::<i64>::new());
            assert_eq!(outside["total"], json!({"suppressed": "base"}));
            assert_eq!(composition(&admin, id).await, outside);
        }
        let path = format!("/v1/programmes/{programme}/composition");
        let all = coordinator.get(&path).await.expect(200).body["networks"].clone();
        let read = |one: &Value| {
            let figure = |list: &str, word: &str| count(one, list, word)["figure"].as_i64().unwrap();
            (figure("expertise", "expert_by_experience"), figure("perspectives", "parent"))
        };
        let all: Vec<_> = all.as_array().unwrap().iter().map(read).collect();
        assert_eq!(all, [(3, 0), (2, 0), (3, 1), (2, 1)]);
        assert_eq!(figures(&outsider.get(&path).await.expect(200).body), Vec::<i64>::new());

        let panel = network(&manager, &here, "panel").await;
        for _ in 0..11 {
            member(&manager, &panel, &here, "client", json!([])).await;
        }
        assert_eq!(composition(&outsider, &panel).await["total"], json!({"figure": 11}));
        member(&manager, &panel, &here, "child", json!(["lived_experience"])).await;
        let outside = composition(&outsider, &panel).await;
        assert!(figures(&outside).iter().all(|figure| *figure == 0 || *figure >= 10), "{outside}");
        assert_eq!(count(&composition(&manager, &panel).await, "perspectives", "child"), &json!({"figure": 1}));
    }
}
