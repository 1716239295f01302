//! The matrix's rows and columns: every operation as a request, for things of
//! one's own, in a council's room, of another tenant, and for nothing at all.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU32, Ordering};

use reqwest::Method;
use serde_json::{Value, json};

use super::actors::{Actor, World};
use super::things::Things;
use crate::consultations::world::{NOBODY, id};
use crate::contract::operation::{Opened, Operation, all};
use crate::support::wire::{Reply, reply};

/// How many invitations were asked for.
static SENT: AtomicU32 = AtomicU32::new(0);

/// How many tries with a code there were.
static TRIED: AtomicU32 = AtomicU32::new(0);

/// An address of this machine that was not used before.
fn an_address() -> std::net::Ipv4Addr {
    let [_, a, b, c] = TRIED.fetch_add(1, Ordering::SeqCst).to_be_bytes();
    std::net::Ipv4Addr::new(127, a, b.saturating_add(1), c)
}

/// Whose things a request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    Own,
    Council,
    Foreign,
    Random,
}

pub const COLUMNS: [Column; 4] = [Column::Own, Column::Council, Column::Foreign, Column::Random];

/// Lists in which everybody finds themselves: what counts is whether others are there.
const OF_PERSONS: &[&str] = &["listMemberships", "listParticipants", "searchParticipants"];

/// One operation, as one of the requests that it takes.
#[derive(Debug, Clone)]
pub struct Row {
    pub name: String,
    pub operation: Operation,
    pub body: Value,
    query: String,
}

/// A request, ready to be sent by somebody.
#[derive(Debug, Clone)]
pub struct Request {
    pub path: String,
    /// The ids in its path, by name.
    pub ids: BTreeMap<String, String>,
    pub body: Value,
    /// Of which version, where it changes one. Nobody changes anything by a stale
    /// one: who may, is told so.
    pub version: &'static str,
}

/// The same request about things in another state.
const STATES: &[(&str, &[&str])] = &[
    ("createOfficialResponse", &["private"]),
    ("getClaim", &["draft"]),
    ("getConsentText", &["draft"]),
    ("getConsultation", &["draft"]),
    ("getFeedback", &["draft", "private", "sent"]),
    ("getInformationPage", &["draft"]),
    ("getNetwork", &["draft"]),
    ("getReportBack", &["draft"]),
    ("getResponse", &["confidential"]),
    ("listResponses", &["confidential"]),
];

/// Other bodies than the document's example: about another scope, another move.
fn bodies(operation: &Operation) -> Vec<(&'static str, Value)> {
    let with = |fields: Value| {
        let mut body = operation.example.clone();
        body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        body
    };
    let (network, person) = (id("network", 1), id("participant", 1));
    match operation.id.as_str() {
        "createClaimTransition" => vec![("approve", json!({"to": "approved"}))],
        "createConsultation" => vec![("network", with(json!({"audience": {"networkIds": [network]}})))],
        "createConsultationTransition" => vec![("close", json!({"to": "closed"}))],
        "createContactVerification" => vec![("mail", json!({"kind": "email_address"}))],
        "createFeedback" => vec![
            ("network", with(json!({"addressee": {"kind": "network", "id": network}}))),
            ("heard", with(json!({"author": {"kind": "participant", "id": person}, "channel": "phone"}))),
        ],
        "createGrant" => vec![("network", with(json!({"role": "moderator", "scopeId": network})))],
        "createRoleInvitation" => vec![
            ("network", with(json!({"role": "moderator", "scopeId": network}))),
            ("person", json!({"emailAddress": "x", "reason": "Doet mee.", "participantId": person})),
        ],
        "createLegalRepresentative" => vec![("known", with(json!({"accountId": id("account", 1)})))],
        "createMembership" => ["organisation", "network"]
            .map(|kind| (kind, with(json!({"member": {"kind": kind, "id": id(kind, 1)}}))))
            .to_vec(),
        "createMembershipTransition" => vec![("leave", json!({"to": "ended", "reason": "Het is genoeg."}))],
        "createNetwork" => vec![
            ("under", with(json!({"kind": "working_group", "parentId": network}))),
            ("council", with(json!({"kind": "client_council"}))),
        ],
        "createNetworkTransition" => vec![("close", json!({"to": "closed", "reason": "Het is klaar."}))],
        "createResponse" => vec![("heard", with(json!({"channel": "in_person", "participantId": person})))],
        "updateParticipant" => vec![("link", json!({"accountId": id("account", 1)}))],
        _ => Vec::new(),
    }
}

/// Other queries.
fn queries(operation: &str) -> Vec<(&'static str, String)> {
    let scoped = |kind: &'static str| (kind, format!("?scopeKind={kind}&scopeId={}", id(kind, 1)));
    match operation {
        "listGrants" | "listRoleInvitations" => {
            let all = "?scopeKind=installation".to_owned();
            vec![scoped("organisation"), scoped("network"), ("installation", all)]
        }
        "listConsultations" | "listParticipants" => vec![("network", format!("?networkId={}", id("network", 1)))],
        _ => Vec::new(),
    }
}

/// All rows, in the order of the document.
pub fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for operation in all() {
        let row = |variant: Option<&str>, body: Value, query: String| {
            let name = variant.map_or(operation.id.clone(), |variant| format!("{}/{variant}", operation.id));
            Row { name, operation: operation.clone(), body, query }
        };
        let example = || operation.example.clone();
        rows.push(row(None, example(), String::new()));
        let states = STATES.iter().filter(|(one, _)| *one == operation.id).flat_map(|(_, states)| *states);
        rows.extend(states.map(|state| row(Some(state), example(), String::new())));
        rows.extend(bodies(&operation).into_iter().map(|(name, body)| row(Some(name), body, String::new())));
        rows.extend(queries(&operation.id).into_iter().map(|(name, query)| row(Some(name), example(), query)));
    }
    rows.sort_by(|one, other| one.name.cmp(&other.name));
    rows
}

/// The kind of thing that an id of the demo stands for.
pub fn kind_of<'a>(text: &str, kinds: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let number = text.strip_prefix("0197c000-0000-7000-8000-")?.get(..4)?;
    let mut kinds = kinds;
    kinds.find(|kind| id(kind, 1).get(24..28) == Some(number))
}

/// The value with every id of the demo in it replaced by what this gives for it.
pub fn filled(value: &Value, put: &mut impl FnMut(&str) -> String) -> Value {
    match value {
        Value::String(text) if text.starts_with("0197c000-") => json!(put(text)),
        Value::Array(items) => items.iter().map(|item| filled(item, put)).collect(),
        Value::Object(fields) => fields.iter().map(|(name, field)| (name.clone(), filled(field, put))).collect(),
        other => other.clone(),
    }
}

impl Row {
    /// Whether it lists what the caller may see, whatever that hangs under.
    pub fn is_overview(&self) -> bool {
        let listed = self.operation.query.contains("limit") && self.operation.method == Method::GET;
        listed && self.operation.ids.is_empty() && self.query.is_empty()
    }

    fn demo_ids(&self) -> Vec<String> {
        let mut found: Vec<String> = self.operation.ids.values().cloned().collect();
        filled(&self.body, &mut |text| {
            found.push(text.to_owned());
            text.to_owned()
        });
        found.extend(self.query.rsplit_once('=').map(|(_, id)| id.to_owned()).filter(|id| id.starts_with("0197c000-")));
        found
    }

    /// The columns that say something here.
    pub fn columns(&self, world: &World) -> Vec<Column> {
        if self.is_overview() {
            return vec![Column::Own, Column::Council, Column::Foreign];
        }
        let ids = self.demo_ids();
        if ids.is_empty() {
            return vec![Column::Own];
        }
        let inside: BTreeSet<&str> = world.here.room.kinds().collect();
        let council = ids.iter().any(|id| kind_of(id, inside.iter().copied()).is_some());
        COLUMNS.into_iter().filter(|column| council || *column != Column::Council).collect()
    }

    /// The thing of this kind that the column stands for.
    fn thing(&self, kind: &str, (column, actor): (Column, &Actor), world: &World) -> String {
        let find = |from: &Things| from.of(kind, &self.name).map(str::to_owned);
        let found = match (column, kind, &actor.session) {
            (Column::Random, ..) => Some(NOBODY.to_owned()),
            (Column::Own, "session", Some(session)) => Some(session.clone()),
            // Whoever acts for a child acts on what is the child's.
            (Column::Own, ..) if actor.name == "representative" => {
                world.here.open.of(kind, "representative").map(str::to_owned)
            }
            // Whoever comes by a code acts on what is their own, where something is.
            (Column::Own, ..) if actor.name == "by-code" => {
                let exports = kind == "dataRequest" && self.name == "createDataExport";
                let row = if exports { "by-code-export" } else { "by-code" };
                let own = world.here.open.of(kind, row).filter(|own| world.here.open.of(kind, "") != Some(own));
                own.map(str::to_owned).or_else(|| find(&world.here.open))
            }
            (Column::Own, ..) => find(&world.here.open),
            (Column::Council, ..) => find(&world.here.room).or_else(|| find(&world.here.open)),
            (Column::Foreign, ..) => find(&world.there.open),
        };
        found.unwrap_or_else(|| panic!("{}: no {kind}", self.name))
    }

    /// What stands in this column for an id of the demo.
    pub fn put(&self, text: &str, cell: (Column, &Actor), world: &World) -> String {
        let kind = kind_of(text, world.here.open.kinds());
        self.thing(kind.unwrap_or_else(|| panic!("{}: {text} is of no kind", self.name)), cell, world)
    }

    /// The request, about the things of this column.
    pub fn request(&self, cell: (Column, &Actor), world: &World) -> Request {
        let mut put = |text: &str| self.put(text, cell, world);
        let ids = self.operation.ids.iter().map(|(name, id)| (name.clone(), put(id))).collect();
        let mut path = self.operation.path(&ids);
        match self.query.rsplit_once('=') {
            Some((head, id)) if id.starts_with("0197c000-") => {
                let id = put(id);
                write!(path, "{head}={id}").unwrap();
            }
            _ if self.is_overview() => path.push_str("?limit=100"),
            _ => path.push_str(&self.query),
        }
        let mut body = filled(&self.body, &mut put);
        self.own_words(&mut body, cell.1, world);
        Request { path, ids, body, version: "\"99999.00\"" }
    }

    /// What signing in asks, which no example can know.
    pub fn own_words(&self, body: &mut Value, actor: &Actor, world: &World) {
        match self.name.as_str() {
            "createSession" => *body = json!({"emailAddress": world.sign_in.0, "password": world.sign_in.1}),
            "requestSignInCode" => *body = json!({"emailAddress": format!("{}@nergens.example", actor.name)}),
            "createRoleInvitation" | "createRoleInvitation/network" | "createRoleInvitation/person" => {
                // Only so many go to one address in a while.
                let number = SENT.fetch_add(1, Ordering::Relaxed);
                body["emailAddress"] = json!(format!("{}-{number}@nieuw.example", actor.name));
            }
            "createAccount" => body["emailAddress"] = json!(format!("{}@nieuw.example", actor.name)),
            _ => {}
        }
    }

    /// Sends it.
    pub async fn send(&self, request: &Request, actor: &Actor, base: &str) -> Reply {
        let client = actor.client.at(base);
        // Codes are tried so often that an address of its own is needed for each.
        let client = if self.operation.opened == Opened::ByLink { client.elsewhere(an_address()) } else { client };
        let made = client.request(self.operation.method.clone(), &request.path);
        let mut made = made.header("X-Request-Id", "the-same-for-all");
        if self.operation.versioned {
            made = made.header("If-Match", request.version);
        }
        if self.operation.takes_body() {
            made = made.json(&request.body);
        }
        reply(made).await
    }

    /// What the reply says of the caller's right, in one letter.
    pub fn letter(&self, reply: &Reply, column: Column, world: &World) -> char {
        match reply.status {
            200 if self.is_overview() || OF_PERSONS.contains(&self.operation.id.as_str()) => {
                let here = match column {
                    Column::Council => &world.here.room,
                    Column::Own | Column::Random => &world.here.open,
                    Column::Foreign => &world.there.open,
                };
                if self.shows(reply, here) { '+' } else { '0' }
            }
            200 if reply.body["items"].as_array().is_some_and(Vec::is_empty) => '0',
            200..=299 | 409 | 412 => '+',
            400 if only_unknown(reply) => '2',
            400 => 'x',
            401 => '1',
            403 => '3',
            404 => '4',
            _ => '?',
        }
    }

    fn shows(&self, reply: &Reply, things: &Things) -> bool {
        let listed: &[&str] = match self.operation.id.as_str() {
            "listOrganisations" => &["organisation"],
            "listRegions" => &["region"],
            "listGrants" => &["grant"],
            "listSessions" => &["session"],
            _ => &[
                "informationPage",
                "programme",
                "network",
                "participant",
                "membership",
                "consultation",
                "feedback",
                "client",
            ],
        };
        let wanted: BTreeSet<&String> = things.of_kind(listed).collect();
        let mut found = false;
        for item in reply.items() {
            each_text(item, &mut |text| found = found || wanted.contains(&text.to_owned()));
        }
        found
    }
}

/// Visits every text in a value.
fn each_text(value: &Value, see: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => see(text),
        Value::Array(items) => items.iter().for_each(|item| each_text(item, see)),
        Value::Object(fields) => fields.values().for_each(|field| each_text(field, see)),
        _ => {}
    }
}

/// Whether all that is wrong is a reference that the caller may not use.
pub fn only_unknown(reply: &Reply) -> bool {
    let faults = reply.faults();
    !faults.is_empty() && faults.iter().all(|fault| fault.ends_with(" reference.unknown"))
}
