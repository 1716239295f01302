//! Legal representatives: who records them, and what they then do for whom they
//! represent, and never as themselves.

mod acting;
mod recording;

use serde_json::{Value, json};

use crate::consultations::world::account;
use crate::feedback::grant;
use crate::support::{Client, Service};

/// An organisation with a child of 14, and the child's mother, who has an account.
pub struct Family {
    pub admin: Client,
    pub organisation: String,
    pub manager: Client,
    pub officer: Client,
    pub officer_id: String,
    pub child: String,
    pub mother: Client,
    pub mother_id: String,
}

/// What is recorded of a representative with this account, from 1 November.
pub fn parent(account: &str) -> Value {
    json!({"kind": "parent_with_authority", "name": "Moeder", "accountId": account, "startsOn": "2026-11-01",
        "evidence": {"document": "authority_register", "seenOn": "2026-11-20"}})
}

/// A person with this birth, or of whom none is known.
pub async fn person(by: &Client, organisation: &str, birth: Value) -> String {
    let mut new =
        json!({"organisationId": organisation, "displayName": "Kind", "channel": "internet", "language": "nl"});
    if !birth.is_null() {
        new["birth"] = birth;
    }
    by.make("/v1/participants", new).await.id()
}

/// Born in this month.
pub fn born(year: i32, month: i32) -> Value {
    json!({"kind": "month", "year": year, "month": month})
}

impl Family {
    pub async fn of(service: &Service) -> Self {
        let admin = service.admin().await;
        let organisation = service.organisation(&admin, "care_provider", "Hier").await;
        let (manager, id) = account(service, &admin, "manager").await;
        grant(&admin, &id, "manager", &organisation).await;
        let (officer, officer_id) = account(service, &admin, "officer").await;
        grant(&manager, &officer_id, "officer", &organisation).await;
        let (mother, mother_id) = account(service, &admin, "mother").await;
        let child = person(&officer, &organisation, born(2012, 3)).await;
        Self { admin, organisation, manager, officer, officer_id, child, mother, mother_id }
    }

    /// Where the child's representatives stand.
    pub fn list(&self) -> String {
        format!("/v1/participants/{}/legal-representatives", self.child)
    }

    /// Records the mother; the record's path.
    pub async fn recorded(&self) -> String {
        format!("/v1/legal-representatives/{}", self.officer.make(&self.list(), parent(&self.mother_id)).await.id())
    }
}
