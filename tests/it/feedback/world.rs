//! What tests of feedback start from.

use serde_json::{Value, json};

use crate::support::{Client, Reply, Service};

/// A text in Dutch.
pub fn nl(value: &str) -> Value {
    json!([{"language": "nl", "value": value}])
}

/// Feedback to write as oneself.
pub fn brought(addressee: &Value, kind: &str, title: &str) -> Value {
    json!({"addressee": addressee, "channel": "internet", "kind": kind, "title": nl(title),
        "body": nl("Zo zou het beter gaan.")})
}

/// A municipality with a panel, those who run it, and three people in it.
pub struct World {
    pub admin: Client,
    pub organisation: String,
    pub network: String,
    pub manager: Client,
    pub officer: Client,
    pub coordinator: Client,
    pub moderator: Client,
    pub anna: Client,
    pub bram: Client,
    pub cem: Client,
    pub anna_id: String,
}

impl World {
    pub async fn of(service: &Service) -> Self {
        let admin = service.admin().await;
        let organisation = service.organisation(&admin, "municipality", "Hier").await;
        let (manager, id) = service.account(&admin, "manager").await;
        grant(&admin, &id, "manager", &organisation).await;
        let (officer, id) = service.account(&admin, "officer").await;
        grant(&manager, &id, "officer", &organisation).await;
        let network = network(&manager, &organisation, "panel").await;
        let (coordinator, id) = service.account(&admin, "coordinator").await;
        grant(&manager, &id, "coordinator", &network).await;
        let (moderator, id) = service.account(&admin, "moderator").await;
        grant(&manager, &id, "moderator", &network).await;
        let mut people = Vec::new();
        for name in ["anna", "bram", "cem"] {
            let (client, account) = service.account(&admin, name).await;
            let id = participant(&officer, &organisation, Some(&account), name).await;
            join(&coordinator, &client, &network, &id).await;
            people.push((client, id));
        }
        let [(anna, anna_id), (bram, _), (cem, _)] = people.try_into().unwrap();
        Self { admin, organisation, network, manager, officer, coordinator, moderator, anna, bram, cem, anna_id }
    }

    pub fn to_network(&self) -> Value {
        json!({"kind": "network", "id": self.network})
    }

    pub fn to_organisation(&self) -> Value {
        json!({"kind": "organisation", "id": self.organisation})
    }
}

pub async fn grant(by: &Client, account: &str, role: &str, scope: &str) {
    let body = json!({"accountId": account, "role": role, "scopeId": scope, "reason": "Zo is het afgesproken."});
    by.make("/v1/grants", body).await;
}

pub async fn network(by: &Client, host: &str, kind: &str) -> String {
    let body = json!({"hostId": host, "kind": kind, "name": nl("Het panel"), "purpose": nl("Meedenken")});
    let id = by.make("/v1/networks", body).await.id();
    // A council is set to work by its chair.
    if kind == "panel" {
        by.transition(&format!("/v1/networks/{id}"), json!({"to": "active"})).await.expect(201);
    }
    id
}

pub async fn participant(by: &Client, organisation: &str, account: Option<&str>, name: &str) -> String {
    let mut body =
        json!({"organisationId": organisation, "displayName": name, "channel": "internet", "language": "nl"});
    if let Some(account) = account {
        body["accountId"] = json!(account);
    }
    by.make("/v1/participants", body).await.id()
}

pub async fn invite(by: &Client, network: &str, person: &str) -> String {
    let body = json!({"member": {"kind": "participant", "id": person}, "perspective": "resident", "role": "member",
        "status": "invited"});
    by.make(&format!("/v1/networks/{network}/memberships"), body).await.id()
}

pub async fn join(by: &Client, person: &Client, network: &str, id: &str) {
    let membership = invite(by, network, id).await;
    person.transition(&format!("/v1/memberships/{membership}"), json!({"to": "active"})).await.expect(201);
}

/// Writes it and sends it; its path.
pub async fn sent(author: &Client, new: Value) -> String {
    let made = author.make("/v1/feedback", new).await;
    let path = format!("/v1/feedback/{}", made.id());
    author.transition(&path, json!({"to": "received"})).await.expect(201);
    path
}

pub async fn go(by: &Client, path: &str, to: &str) -> Reply {
    by.transition(path, json!({"to": to})).await
}

pub async fn respond(by: &Client, path: &str, body: Value) -> Reply {
    by.post(&format!("{path}/official-responses"), body).await
}

pub async fn support(by: &Client, path: &str) -> Reply {
    by.post(&format!("{path}/supports"), json!({})).await
}

/// The reply without what is told of every request.
pub fn bare(reply: &Reply) -> (u16, String) {
    let id = reply.body["requestId"].as_str().unwrap_or("no request id");
    (reply.status, reply.text.replace(id, ""))
}
