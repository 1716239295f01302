//! Two tenants: whatever id of the one stands in a request of the other is answered
//! like an id that nothing has, byte for byte, and brings nothing out.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use futures_util::StreamExt as _;
use reqwest::Method;

use super::actors::{Actor, World};
use super::cells::{Column, Request, Row, filled, rows};
use super::slots::{self, Place, Slot};
use crate::consultations::world::NOBODY;
use crate::support::Service;
use crate::support::wire::Reply;

/// Who tries; the last two about the things of their council.
const CALLERS: &[(&str, Column)] = &[
    ("manager", Column::Own),
    ("officer", Column::Own),
    ("coordinator", Column::Own),
    ("facilitator", Column::Own),
    ("participant", Column::Own),
    ("by-code", Column::Own),
    ("partner", Column::Own),
    ("client-read", Column::Own),
    ("client-write", Column::Own),
    ("kiosk", Column::Own),
    ("chair", Column::Council),
    ("councillor", Column::Council),
];

/// What the other tenant shows to nobody here.
const SECRET: &[&str] = &[
    "participant",
    "membership",
    "consultation",
    "response",
    "reportBack",
    "feedback",
    "support",
    "grant",
    "client",
    "credential",
    "kiosk",
    "account",
    "session",
];

/// Places and reasons, under one head of the list.
fn exempt(head: &str) -> BTreeMap<String, String> {
    let file: toml::Table = toml::from_str(include_str!("swap.toml")).unwrap();
    let listed = file[head].as_table().unwrap().iter();
    let listed: BTreeMap<_, _> = listed.map(|(place, why)| (place.clone(), why.as_str().unwrap().to_owned())).collect();
    assert!(listed.values().all(|why| why.len() > 12), "{listed:?}");
    listed
}

/// The request with another id at this place.
fn swapped(row: &Row, slot: &Slot, (column, actor): (Column, &Actor), world: &World, id: &str) -> Request {
    let mut request = row.request((column, actor), world);
    match &slot.place {
        Place::Path(name) => {
            let ids = request.ids.iter().map(|(one, own)| (one.clone(), if one == name { id } else { own }.to_owned()));
            request.path = row.operation.path(&ids.collect());
        }
        Place::Query(name) => {
            let kind = if name == "scopeId" { "&scopeKind=organisation" } else { "" };
            let path = request.path.split('?').next().unwrap();
            request.path = format!("{path}?limit=100&{name}={id}{kind}");
        }
        Place::Body(steps) => {
            let (body, pointer) = slots::placed(row, steps);
            request.body = filled(&body, &mut |text| row.put(text, (column, actor), world));
            row.own_words(&mut request.body, actor, world);
            *request.body.pointer_mut(&pointer).unwrap() = serde_json::json!(id);
        }
    }
    request
}

/// The answer without what is new in it: ids and tags that were made for it, and the
/// id that was sent.
fn bare(reply: &Reply, sent: &str, old: &BTreeSet<&String>) -> String {
    let mut text = reply.text.replace(sent, "that id");
    if let Some(tag) = reply.body["etag"].as_str() {
        text = text.replace(&serde_json::json!(tag).to_string(), "a tag");
    }
    let mut made: Vec<&str> = text.split('"').filter(|word| word.parse::<uuid::Uuid>().is_ok()).collect();
    made.retain(|word| old.iter().all(|known| known != word));
    let made: Vec<String> = made.into_iter().map(str::to_owned).collect();
    made.iter().fold(text, |text, id| text.replace(id, "a new id"))
}

/// Whether the answer to an id that nothing has is about that id: the request came so far.
fn is_about(row: &Row, slot: &Slot, random: &Reply) -> bool {
    match &slot.place {
        Place::Path(_) => random.status == 404,
        Place::Query(name) => random.status == 200 || random.faults() == [format!("{name} reference.unknown")],
        Place::Body(steps) => {
            let (_, pointer) = slots::placed(row, steps);
            random.faults().iter().any(|fault| fault.split(' ').next() == Some(&pointer))
        }
    }
}

struct Tried {
    caller: String,
    foreign: (String, Reply),
    random: Reply,
}

/// The ids of the other tenant that may stand there: outside its council, and inside.
fn foreign_ids(row: &Row, slot: &Slot, world: &World) -> BTreeSet<String> {
    let from = [&world.there.open, &world.there.room];
    let found = from.iter().filter_map(|things| things.of(&slot.kind, &row.name)).map(str::to_owned);
    found
        .filter(|id| [&world.here.open, &world.here.room].iter().all(|own| own.of(&slot.kind, &row.name) != Some(id)))
        .collect()
}

async fn tried(service: &Service, world: &World, (row, slot): (&Row, &Slot), caller: &(&str, Column)) -> Vec<Tried> {
    let actor = world.actors.iter().find(|actor| actor.name == caller.0).unwrap();
    let cell = (caller.1, actor);
    let random = row.send(&swapped(row, slot, cell, world, NOBODY), actor, &service.base).await;
    let mut found = Vec::new();
    for id in foreign_ids(row, slot, world) {
        let foreign = row.send(&swapped(row, slot, cell, world, &id), actor, &service.base).await;
        found.push(Tried { caller: caller.0.to_owned(), foreign: (id, foreign), random: random.clone() });
    }
    found
}

on_both! {
    /// Every id in every path, query and body.
    async fn a_foreign_id_is_an_unknown_one(service) {
        let begun = Instant::now();
        let world = World::of(service).await;
        let rows = rows();
        let kinds: Vec<&str> = world.here.open.kinds().collect();
        let mut slots: Vec<(&Row, Slot)> =
            rows.iter().flat_map(|row| slots::of(row, &kinds).into_iter().map(move |slot| (row, slot))).collect();
        // What makes something new comes last.
        slots.sort_by_key(|(row, _)| row.operation.method == Method::POST && !row.name.starts_with("search"));
        let [known, named, public, unreached] = ["known", "named", "public", "unreached"].map(exempt);
        let secret: Vec<&String> =
            world.there.open.of_kind(SECRET).chain(world.there.room.of_kind(SECRET)).collect();
        let old = [&world.here, &world.there];
        let old: BTreeSet<&String> = old.iter().flat_map(|tenant| tenant.open.all().chain(tenant.room.all())).collect();
        let (mut used, mut swapped, mut requests) = (BTreeSet::new(), 0, 0);
        let mut reached = BTreeSet::new();
        let (mut faults, mut leaked) = (BTreeSet::new(), 0);
        for (row, slot) in &slots {
            let tries = CALLERS.iter().map(|caller| tried(service, &world, (row, slot), caller));
            let tries: Vec<Vec<Tried>> = futures_util::stream::iter(tries).buffered(8).collect().await;
            let place = format!("{} {}", row.operation.id, slot.name());
            requests += CALLERS.len();
            for one in tries.into_iter().flatten() {
                requests += 1;
                swapped += 1;
                if is_about(row, slot, &one.random) {
                    reached.insert(place.clone());
                }
                let (id, foreign) = &one.foreign;
                let told = |what: &str| {
                    let answered = |reply: &Reply| format!("{} {} {:?}", reply.status, reply.body["code"], reply.faults());
                    let (this, that) = (answered(foreign), answered(&one.random));
                    format!("{} {} {what}: {this} and not {that} for {}", row.name, slot.name(), one.caller)
                };
                let shows = secret.iter().any(|secret| *secret != id && foreign.text.contains(secret.as_str()));
                if shows && !public.contains_key(&place) {
                    leaked += 1;
                    faults.insert(told("leaks"));
                }
                let random = bare(&one.random, NOBODY, &old);
                if (foreign.status, bare(foreign, id, &old)) == (one.random.status, random) {
                    continue;
                }
                // In a body also what is known is unknown, where it may not be used.
                let reads = row.operation.method == Method::GET;
                let in_body = matches!(slot.place, Place::Body(_));
                if !in_body && known.contains_key(&slot.kind) && (foreign.status == 403 || (foreign.status == 200 && reads)) {
                    used.insert(slot.kind.clone());
                } else if named.contains_key(&place) {
                    used.insert(place.clone());
                } else {
                    faults.insert(told("differs"));
                }
                if shows {
                    used.insert(place.clone());
                }
            }
        }
        for stale in known.keys().chain(named.keys()).chain(public.keys()).filter(|one| !used.contains(*one)) {
            faults.insert(format!("{stale}: its exemption is stale"));
        }
        let empty = slots.iter().filter(|(row, slot)| foreign_ids(row, slot, &world).is_empty());
        faults.extend(empty.map(|(row, slot)| format!("{} {}: of that there is none", row.name, slot.name())));
        for (row, slot) in &slots {
            let place = format!("{} {}", row.operation.id, slot.name());
            if reached.contains(&place) == unreached.contains_key(&place) {
                faults.insert(format!("{place}: no request came so far, or it needs no reason any more"));
            }
        }
        eprintln!(
            "id_slots={} swapped={swapped} leaked={leaked} requests={requests} on {:?}: {:.1} s",
            slots.len(), service.on, begun.elapsed().as_secs_f64(),
        );
        assert!(faults.is_empty(), "{} faults: {:#?}", faults.len(), faults.iter().take(60).collect::<Vec<_>>());
    }
}
