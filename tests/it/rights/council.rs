//! A council that a provider hosts: what the provider's manager and the admin may do
//! about it, operation by operation, is to see what it sent.

use std::collections::BTreeMap;

use klankbord_domain::access::{Role, ScopeKind};
use serde_json::{Value, json};

use super::actors::{Actor, World};
use super::cells::{Column, Row, rows};
use crate::contract::operation::Opened;
use crate::support::database::{connect, contents};
use crate::support::{Reply, Service};

/// Who stands outside the council, although its host or the installation is theirs.
const OUTSIDE: &[&str] = &["manager", "admin"];

/// What stays in the room.
const INSIDE: &[&str] = &["membership", "consultation", "response", "reportBack", "support", "kiosk"];

/// What they may do: who, row, reason.
fn allowed() -> BTreeMap<String, BTreeMap<String, String>> {
    let file: BTreeMap<String, BTreeMap<String, String>> = toml::from_str(include_str!("council.toml")).unwrap();
    assert!(file.values().flat_map(BTreeMap::values).all(|reason| reason.len() > 12), "{file:?}");
    file
}

fn actor<'a>(world: &'a World, name: &str) -> &'a Actor {
    world.actors.iter().find(|actor| actor.name == name).unwrap()
}

/// The row about the council, as a change of whatever version there is.
async fn about_it(service: &Service, world: &World, row: &Row, actor: &Actor) -> Reply {
    let mut request = row.request((Column::Council, actor), world);
    request.version = "*";
    row.send(&request, actor, &service.base).await
}

on_both! {
    /// Every operation on it: refused, and nothing changed; or allowed with a reason,
    /// and nothing told of what is inside.
    async fn only_what_it_sent_is_seen(service) {
        let world = World::of(service).await;
        let (allowed, rows) = (allowed(), rows());
        // What a token made for it opens has no caller to be outside.
        let by_session = |row: &&Row| row.operation.opened != Opened::ByLink;
        let on_it = rows.iter().filter(by_session).filter(|row| row.columns(&world).contains(&Column::Council));
        let on_it: Vec<&Row> = on_it.collect();
        let (things, overviews): (Vec<&Row>, Vec<&Row>) = on_it.into_iter().partition(|row| !row.is_overview());
        assert!(things.len() > 60, "{}", things.len());
        let mut inside: Vec<&String> = world.here.room.of_kind(INSIDE).collect();
        let sent = world.here.room.of("feedback", "getFeedback/sent").unwrap();
        inside.extend(world.here.room.of_kind(&["feedback"]).filter(|id| *id != sent));
        let hides = |row: &Row, reply: &Reply| {
            let items = reply.body["items"].as_array().cloned().unwrap_or_else(|| vec![reply.body.clone()]);
            let telling = |item: &Value| inside.iter().any(|id| item.to_string().contains(id.as_str()));
            let told: Vec<&Value> = items.iter().filter(|item| telling(item)).collect();
            assert!(told.is_empty(), "{} tells {told:#?}", row.name);
        };
        let database = connect(&service.running.app.config.database.url).await;
        let mut refused = 0;
        for name in OUTSIDE {
            let (caller, open) = (actor(&world, name), &allowed[*name]);
            let before = contents(&database).await;
            for row in things.iter().filter(|row| !open.contains_key(&row.name)) {
                let reply = about_it(service, &world, row, caller).await;
                assert!(matches!(reply.status, 400 | 403 | 404), "{} by {name}: {} {}", row.name, reply.status, reply.text);
                assert!(reply.status != 400 || super::cells::only_unknown(&reply), "{} {}", row.name, reply.text);
                refused += 1;
            }
            assert!(contents(&database).await == before, "what was refused to the {name} changed something");
            for row in open.keys() {
                let row = things.iter().find(|one| one.name == *row).unwrap_or_else(|| panic!("{row} is stale"));
                let reply = about_it(service, &world, row, caller).await;
                assert!(reply.status < 300 || reply.status == 409, "{} by {name}: its reason is stale: {}", row.name, reply.text);
                hides(row, &reply);
            }
            for row in &overviews {
                hides(row, &about_it(service, &world, row, caller).await);
            }
            // Of the organisation's own things, too, nothing leads inside.
            for row in rows.iter().filter(|row| row.operation.method == reqwest::Method::GET) {
                let reply = row.send(&row.request((Column::Own, caller), &world), caller, &service.base).await;
                hides(row, &reply);
            }
        }
        database.close().await.unwrap();
        eprintln!("operations={} refused={refused} on {:?}", things.len() + overviews.len(), service.on);
    }

    /// What its people do inside, the host's trail doesn't tell, neither by what was done
    /// nor by whom; what they send, it does.
    async fn the_trail_of_a_room_stays_in_it(service) {
        let world = World::of(service).await;
        let chair = actor(&world, "chair");
        for row in rows().iter().filter(|row| row.operation.method == reqwest::Method::GET) {
            for name in ["chair", "secretary", "councillor"] {
                let caller = actor(&world, name);
                let column = if row.columns(&world).contains(&Column::Council) { Column::Council } else { Column::Own };
                row.send(&row.request((column, caller), &world), caller, &service.base).await;
            }
        }
        let sent = world.here.room.of("feedback", "getFeedback/sent").unwrap();
        let path = format!("/v1/feedback/{sent}");
        chair.client.get(&path).await.expect(200);
        let own = ["chair", "secretary", "supporter", "councillor", "second-councillor"].map(|name| world.here.account(name));
        let persons: Vec<&String> = world.here.room.of_kind(&["participant"]).collect();
        let manager = actor(&world, "manager");
        for trail in [format!("/v1/organisations/{}/audit-entries", world.here.organisation),
            format!("/v1/participants/{}/audit-entries", persons[0])]
        {
            let mut next = Some(format!("{trail}?limit=100"));
            let mut seen = 0;
            while let Some(page) = next {
                let reply = manager.client.get(&page).await.expect(200);
                for item in reply.items() {
                    let by_them = item["actorId"].as_str().is_some_and(|actor| own.contains(&actor));
                    assert!(!by_them || item["objectId"].as_str() == Some(sent), "{trail} tells {item:#}");
                    seen += 1;
                }
                next = reply.body["nextCursor"].as_str().map(|cursor| format!("{trail}?limit=100&cursor={cursor}"));
            }
            assert!(seen > 0);
        }
    }

    /// Whoever leads a council here and a network elsewhere reads each in its own place:
    /// a council's trail names nobody of another organisation, nor the other way round.
    async fn rooms_are_told_apart(service) {
        let world = World::of(service).await;
        let chair = actor(&world, "chair");
        let there = &world.there;
        let panel = there.open.of("network", "").unwrap();
        let both = json!({"accountId": world.here.account("chair"), "role": "coordinator", "scopeId": panel, "reason": "Doet beide."});
        there.by("manager").make("/v1/grants", both).await;
        let listed = chair.client.get("/v1/participants?limit=100").await.expect(200);
        let [ours, theirs] = [&world.here.room, &there.open].map(|things| things.of("participant", "").unwrap());
        assert!(listed.text.contains(ours) && listed.text.contains(theirs));
        let council = world.here.room.of("network", "").unwrap();
        let trails = [
            (actor(&world, "secretary"), format!("/v1/networks/{council}/audit-entries"), ours, theirs),
            (actor(&world, "foreign-manager"), format!("/v1/organisations/{}/audit-entries", there.organisation), theirs, ours),
        ];
        for (by, trail, own, other) in trails {
            let told = by.client.get(&format!("{trail}?operation=listParticipants&limit=100")).await.expect(200);
            assert!(told.text.contains(own) && !told.text.contains(other), "{}", told.text);
        }
    }

    /// No way in: not for themselves, not by a role for somebody else, not by a change
    /// of what the council is. Naming the first chair is all.
    async fn nobody_lets_themselves_in(service) {
        let world = World::of(service).await;
        let (council, manager) = (world.here.room.of("network", "").unwrap(), actor(&world, "manager"));
        let chaired = world.here.room.of("network", "getNetwork/draft").unwrap();
        let nl = crate::feedback::nl;
        let new = json!({"hostId": world.here.organisation, "kind": "youth_council", "name": nl("Raad"), "purpose": nl("Meedenken")});
        let unchaired = manager.client.make("/v1/networks", new).await.id();
        let database = connect(&service.running.app.config.database.url).await;
        let before = contents(&database).await;
        let roles = Role::ALL.iter().filter(|role| role.scope() == ScopeKind::Network);
        for name in OUTSIDE {
            let caller = actor(&world, name);
            let own = caller.client.get("/v1/me").await.expect(200).body["accountId"].as_str().unwrap().to_owned();
            for role in roles.clone() {
                for account in [own.as_str(), world.here.account("spare"), world.here.account("officer")] {
                    for network in [council, chaired, unchaired.as_str()] {
                        let first = *role == Role::Chair && network == unchaired && *name == "manager" && account != own;
                        if first {
                            continue;
                        }
                        let body = json!({"accountId": account, "role": role.code(), "scopeId": network, "reason": "Zomaar."});
                        let reply = caller.client.post("/v1/grants", body).await;
                        let what = format!("{name} grants {} in {network}: {}", role.code(), reply.text);
                        assert!(matches!(reply.status, 400 | 403 | 409), "{what}");
                        assert!(reply.status != 409 || reply.code() == "grant.to_oneself", "{what}");
                    }
                }
            }
            for change in [json!({"kind": "panel"}), json!({"partners": [world.here.organisation]}), json!({"leastGroup": 5})] {
                let reply = caller.client.patch(&format!("/v1/networks/{council}"), "*", change).await;
                assert_eq!(reply.status, 403, "{}", reply.text);
            }
        }
        assert!(contents(&database).await == before);
        let chair = json!({"accountId": world.here.account("spare"), "role": "chair", "scopeId": unchaired, "reason": "Begint."});
        manager.client.make("/v1/grants", chair.clone()).await;
        let before = contents(&database).await;
        let second = json!({"accountId": world.here.account("officer"), "role": "chair", "scopeId": unchaired, "reason": "Ook."});
        manager.client.post("/v1/grants", second).await.expect(403);
        assert!(contents(&database).await == before);
        database.close().await.unwrap();
    }
}
