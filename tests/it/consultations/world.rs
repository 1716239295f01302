//! What tests of consultations start from.

use chrono::{DateTime, Utc};
use klankbord_api::app::Clock as _;
use serde_json::{Value, json};

use crate::feedback::{grant, join, nl};
use crate::support::{Client, Reply, Service};

pub const PASSWORD: &str = "een lang wachtwoord";
pub const NOBODY: &str = "0197c000-0000-7000-8000-ffffffffffff";

/// A new session: the clock outlives an access token.
pub async fn sign_in(service: &Service, name: &str) -> Client {
    let who = json!({"emailAddress": format!("{name}@demo.klankbord.example"), "password": PASSWORD});
    let session = service.nobody().post("/v1/sessions", who).await.expect(201);
    service.bearer(session.body["accessToken"].as_str().unwrap())
}

pub async fn account(service: &Service, admin: &Client, name: &str) -> (Client, String) {
    let new = json!({"emailAddress": format!("{name}@demo.klankbord.example"), "displayName": name,
        "password": PASSWORD});
    let id = admin.make("/v1/accounts", new).await.id();
    (sign_in(service, name).await, id)
}

/// Moves the clock to this instant.
pub fn until(service: &Service, instant: &str) {
    let wanted: DateTime<Utc> = instant.parse().unwrap();
    service.clock.advance(wanted - service.clock.now());
}

/// A municipality with a panel of Anna, who has an account, and eleven others,
/// who have none.
pub struct World {
    pub admin: Client,
    pub organisation: String,
    pub officer: Client,
    pub manager: Client,
    pub coordinator: Client,
    pub facilitator: Client,
    pub facilitator_id: String,
    pub officer_id: String,
    pub network: String,
    pub anna: Client,
    pub anna_id: String,
    pub others: Vec<String>,
}

pub async fn person(by: &Client, organisation: &str, account: Option<&str>, year: Option<i32>) -> String {
    let mut new = json!({"organisationId": organisation, "displayName": "Iemand", "channel": "phone",
        "language": "nl", "municipality": "GM0363"});
    if let Some(account) = account {
        new["accountId"] = json!(account);
    }
    if let Some(year) = year {
        new["birth"] = json!({"kind": "month", "year": year, "month": 5});
    }
    by.make("/v1/participants", new).await.id()
}

pub async fn member(by: &Client, network: &str, person: &str, perspective: &str) {
    let new = json!({"member": {"kind": "participant", "id": person}, "perspective": perspective,
        "role": "member", "status": "invited"});
    let membership = by.make(&format!("/v1/networks/{network}/memberships"), new).await.id();
    by.transition(&format!("/v1/memberships/{membership}"), json!({"to": "active"})).await.expect(201);
}

pub async fn network(by: &Client, host: &str, more: Value) -> String {
    let mut new = json!({"hostId": host, "kind": "panel", "name": nl("Het panel"), "purpose": nl("Meedenken")});
    new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    by.make("/v1/networks", new).await.id()
}

pub async fn activate(by: &Client, network: &str) {
    by.transition(&format!("/v1/networks/{network}"), json!({"to": "active"})).await.expect(201);
}

impl World {
    pub async fn of(service: &Service) -> Self {
        Self::with(service, json!({})).await
    }

    pub async fn with(service: &Service, more: Value) -> Self {
        let admin = service.admin().await;
        let organisation = service.organisation(&admin, "municipality", "Hier").await;
        let (manager, id) = account(service, &admin, "manager").await;
        grant(&admin, &id, "manager", &organisation).await;
        let (officer, officer_id) = account(service, &admin, "officer").await;
        grant(&manager, &officer_id, "officer", &organisation).await;
        let network = network(&manager, &organisation, more).await;
        activate(&manager, &network).await;
        let (coordinator, id) = account(service, &admin, "coordinator").await;
        grant(&manager, &id, "coordinator", &network).await;
        let (facilitator, facilitator_id) = account(service, &admin, "facilitator").await;
        grant(&manager, &facilitator_id, "facilitator", &network).await;
        let (anna, id) = account(service, &admin, "anna").await;
        let anna_id = person(&officer, &organisation, Some(&id), Some(1980)).await;
        join(&coordinator, &anna, &network, &anna_id).await;
        let mut others = Vec::new();
        for _ in 0..11 {
            let one = person(&officer, &organisation, None, Some(1980)).await;
            member(&coordinator, &network, &one, "resident").await;
            others.push(one);
        }
        Self {
            admin,
            organisation,
            officer,
            manager,
            coordinator,
            facilitator,
            facilitator_id,
            officer_id,
            network,
            anna,
            anna_id,
            others,
        }
    }

    /// Everything that opening needs.
    pub fn content(&self) -> Value {
        let options = json!([{"id": id("option", 1), "label": nl("Ja")}, {"id": id("option", 2), "label": nl("Nee")}]);
        json!({
            "goal": nl("Weten wat nodig is."), "limits": nl("Het gebouw staat vast."), "rung": "advise",
            "audience": {"networkIds": [self.network]}, "facilitators": [self.facilitator_id],
            "closesOn": "2026-12-15", "questions": [
                {"id": id("question", 1), "kind": "single_choice", "prompt": nl("Blijft het zo?"), "required": true,
                    "options": options},
                {"id": id("question", 2), "kind": "scale", "prompt": nl("Hoe goed gaat het?"), "least": 1, "most": 5},
                {"id": id("question", 3), "kind": "open_text", "prompt": nl("Wat moet anders?")},
            ],
        })
    }

    pub fn draft(&self) -> Value {
        json!({"organisationId": self.organisation, "title": nl("Wonen met zorg"), "mode": "confidential"})
    }

    /// A consultation with all it needs, made by the officer; its path.
    pub async fn prepared(&self) -> String {
        let mut new = self.draft();
        new.as_object_mut().unwrap().extend(self.content().as_object().unwrap().clone());
        format!("/v1/consultations/{}", self.officer.make("/v1/consultations", new).await.id())
    }

    /// The same, opened.
    pub async fn opened(&self) -> String {
        let path = self.prepared().await;
        go(&self.officer, &path, "open").await.expect(201);
        path
    }

    /// Anna answers by internet, six by phone, five at home.
    pub async fn answered(&self, path: &str) -> String {
        let own = self.anna.post(&format!("{path}/responses"), answers("internet", 1, 4, Some("Bel terug."))).await;
        for (index, one) in self.others.iter().enumerate() {
            let mut heard = if index < 6 { answers("phone", 1, 4, None) } else { answers("in_person", 2, 5, None) };
            heard["participantId"] = json!(one);
            self.facilitator.post(&format!("{path}/responses"), heard).await.expect(201);
        }
        own.expect(201).id()
    }
}

pub fn id(kind: &str, number: u32) -> String {
    klankbord_api::web::document::demo_id(kind, number).unwrap()
}

pub fn answers(channel: &str, option: u32, value: i32, words: Option<&str>) -> Value {
    let mut given = vec![
        json!({"questionId": id("question", 1), "kind": "single_choice", "optionId": id("option", option)}),
        json!({"questionId": id("question", 2), "kind": "scale", "value": value}),
    ];
    given.extend(
        words.map(|text| json!({"questionId": id("question", 3), "kind": "open_text", "text": text, "language": "nl"})),
    );
    json!({"channel": channel, "answers": given})
}

pub async fn go(by: &Client, path: &str, to: &str) -> Reply {
    by.transition(path, json!({"to": to})).await
}

/// Changes whatever version there is.
pub async fn change(by: &Client, path: &str, body: Value) -> Reply {
    by.patch(path, "*", body).await
}

/// The reply without what is told of every request.
pub fn bare(reply: &Reply) -> (u16, String) {
    let id = reply.body["requestId"].as_str().unwrap_or("no request id");
    (reply.status, reply.text.replace(id, ""))
}
