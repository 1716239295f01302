//! Audience and invitation of consultations: samples, links for whoever has one, reminders,
//! personal deadlines, calls and visits, and how many answered.

mod contacting;
mod links;
mod rates;
mod reminding;
mod samples;

use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{Days, NaiveDate};
use klankbord_api::app::Clock as _;
use serde_json::{Value, json};

use crate::consultations::world::{self, account, activate, go, id, member, sign_in};
use crate::feedback::{grant, nl};
use crate::support::{Client, Service, database};

/// An organisation with a panel, and who runs it.
pub struct Panel {
    pub admin: Client,
    pub organisation: String,
    pub network: String,
    pub manager: Client,
    pub coordinator: Client,
    pub facilitator: Client,
    pub facilitator_id: String,
    people: AtomicU32,
}

impl Panel {
    pub async fn of(service: &Service) -> Self {
        Self::with(service, json!({})).await
    }

    pub async fn with(service: &Service, more: Value) -> Self {
        let admin = service.admin().await;
        let organisation = service.organisation(&admin, "care_provider", "De Linde").await;
        let (manager, id) = account(service, &admin, "manager").await;
        grant(&admin, &id, "manager", &organisation).await;
        let network = world::network(&manager, &organisation, more).await;
        activate(&manager, &network).await;
        let (coordinator, id) = account(service, &admin, "coordinator").await;
        grant(&manager, &id, "coordinator", &network).await;
        let (facilitator, facilitator_id) = account(service, &admin, "facilitator").await;
        grant(&manager, &facilitator_id, "facilitator", &network).await;
        let people = AtomicU32::new(0);
        Self { admin, organisation, network, manager, coordinator, facilitator, facilitator_id, people }
    }

    /// The same some days later, signed in anew.
    pub async fn later(self, service: &Service, days: i64) -> Self {
        service.clock.advance(chrono::TimeDelta::days(days));
        let manager = sign_in(service, "manager").await;
        let coordinator = sign_in(service, "coordinator").await;
        let facilitator = sign_in(service, "facilitator").await;
        Self { manager, coordinator, facilitator, ..self }
    }

    /// Somebody grown up who wants to be reached so.
    async fn registered(&self, channel: &str, more: Value) -> String {
        let number = self.people.fetch_add(1, Ordering::Relaxed);
        let contact = match channel {
            "internet" => json!({"emailAddress": format!("p{number}@people.example")}),
            "phone" => json!({"phoneNumber": format!("+31 88 555 {number:04}")}),
            _ => json!({"mailingAddress": format!("Lindelaan {number}, Voorbeeldstad")}),
        };
        let mut new = json!({"organisationId": self.organisation, "displayName": format!("Lid {number}"),
            "channel": channel, "language": "nl", "birth": {"kind": "month", "year": 1980, "month": 5},
            "contact": contact});
        new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.manager.make("/v1/participants", new).await.id()
    }

    /// The same, who takes part from this perspective.
    pub async fn joins(&self, channel: &str, perspective: &str, more: Value) -> String {
        let person = self.registered(channel, more).await;
        member(&self.coordinator, &self.network, &person, perspective).await;
        person
    }

    /// So many of each channel.
    pub async fn join(&self, each: usize) -> Vec<String> {
        let mut people = Vec::new();
        for channel in ["internet", "phone", "in_person"] {
            for _ in 0..each {
                people.push(self.joins(channel, "parent", json!({})).await);
            }
        }
        people
    }

    /// Somebody with an account of this name, who takes part.
    pub async fn with_account(&self, service: &Service, name: &str, channel: &str) -> (Client, String) {
        let (client, account) = account(service, &self.admin, name).await;
        let person = self.registered(channel, json!({"accountId": account})).await;
        let new = json!({"member": {"kind": "participant", "id": person}, "perspective": "parent", "role": "member",
            "status": "invited"});
        let made = self.coordinator.make(&format!("/v1/networks/{}/memberships", self.network), new).await.id();
        client.transition(&format!("/v1/memberships/{made}"), json!({"to": "active"})).await.expect(201);
        (client, person)
    }

    /// A draft that could open; its path.
    pub async fn draft(&self, service: &Service, mode: &str, more: Value) -> String {
        let options = [1, 2].map(|one| json!({"id": id("option", one), "label": nl("Ja of nee")}));
        let question = json!({"id": id("question", 1), "kind": "single_choice", "prompt": nl("Zo?"), "required": true,
            "options": options});
        let mut new = json!({"organisationId": self.organisation, "title": nl("Een vraag"), "mode": mode,
            "goal": nl("Weten."), "limits": nl("Geen."), "rung": "consult", "closesOn": day(service, 20),
            "facilitators": [self.facilitator_id], "audience": {"networkIds": [self.network]}, "questions": [question]});
        new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        format!("/v1/consultations/{}", self.manager.make("/v1/consultations", new).await.id())
    }

    /// The same, opened.
    pub async fn opened(&self, service: &Service, mode: &str, more: Value) -> String {
        let path = self.draft(service, mode, more).await;
        go(&self.manager, &path, "open").await.expect(201);
        path
    }

    /// A facilitator writes down what this person answered.
    pub async fn heard(&self, path: &str, person: &str, channel: &str) {
        let mut answer = answer(channel);
        answer["participantId"] = json!(person);
        self.facilitator.post(&format!("{path}/responses"), answer).await.expect(201);
    }

    /// Who is asked, in order.
    pub async fn invited(&self, path: &str) -> Vec<Value> {
        let page = self.manager.get(&format!("{path}/invitations?limit=100")).await.expect(200);
        let mut all = page.items().clone();
        all.sort_by_key(|one| one["participantId"].as_str().unwrap().to_owned());
        all
    }

    /// Their ids.
    pub async fn ids(&self, path: &str) -> Vec<String> {
        let all = self.invited(path).await;
        all.iter().map(|one| one["participantId"].as_str().unwrap().to_owned()).collect()
    }
}

pub fn answer(channel: &str) -> Value {
    let given = json!({"questionId": id("question", 1), "kind": "single_choice", "optionId": id("option", 1)});
    json!({"channel": channel, "answers": [given]})
}

/// So many days from today.
pub fn day(service: &Service, days: u64) -> NaiveDate {
    service.clock.now().date_naive().checked_add_days(Days::new(days)).unwrap()
}

/// How many rows there are of these.
pub async fn count(service: &Service, rows: &str) -> i64 {
    database::count(&service.running.app.config.database.url, rows).await
}

/// How many mails were queued that remind somebody.
pub async fn reminders(service: &Service) -> i64 {
    count(service, "mails WHERE template = 'consultation_reminder'").await
}
