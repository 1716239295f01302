//! Changes of something that is there: a stale version is refused after who may
//! not, and before what its state forbids.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::operation::{Operation, all};
use super::probe::Probe;
use crate::support::{Client, Service};

/// One of each thing that has a version, by the name of the parameter that names
/// it, and those who may change them.
struct World {
    ids: BTreeMap<String, String>,
    callers: Vec<Client>,
}

fn nl(text: &str) -> Value {
    json!([{"language": "nl", "value": text}])
}

impl World {
    async fn of(service: &Service, admin: &Client) -> Self {
        let mut ids = BTreeMap::new();
        let organisation = service.organisation(admin, "municipality", "Hier").await;
        let (manager, account) = service.account(admin, "manager").await;
        let grant = json!({"accountId": account, "role": "manager", "scopeId": organisation, "reason": "Leidt het."});
        admin.make("/v1/grants", grant).await;
        let mut keep = |name: &str, id: String| ids.insert(name.to_owned(), id);
        let page = json!({"organisationId": organisation, "topic": "rights", "title": nl("Uw rechten"), "body": nl("U mag …")});
        keep("pageId", manager.make("/v1/information-pages", page).await.id());
        let programme = json!({"hostId": organisation, "name": nl("Programma"), "summary": nl("Wat het is")});
        let programme = manager.make("/v1/programmes", programme).await.id();
        let document = json!({"kind": "vision", "title": nl("Visie")});
        let documents = format!("/v1/programmes/{programme}/documents");
        keep("documentId", manager.make(&documents, document).await.id());
        keep("programmeId", programme);
        let network = json!({"hostId": organisation, "kind": "panel", "name": nl("Panel"), "purpose": nl("Meedenken")});
        let network = manager.make("/v1/networks", network).await.id();
        let (person, account) = service.account(admin, "person").await;
        let participant = json!({"organisationId": organisation, "accountId": account, "displayName": "Anna",
            "channel": "internet", "language": "nl"});
        let participant = manager.make("/v1/participants", participant).await.id();
        let membership = json!({"member": {"kind": "participant", "id": participant}, "perspective": "resident",
            "role": "member", "status": "invited"});
        let memberships = format!("/v1/networks/{network}/memberships");
        keep("membershipId", manager.make(&memberships, membership).await.id());
        let feedback = json!({"addressee": {"kind": "organisation", "id": organisation}, "channel": "internet",
            "kind": "idea", "title": nl("Idee"), "body": nl("Zo kan het beter")});
        keep("feedbackId", person.make("/v1/feedback", feedback).await.id());
        keep("participantId", participant);
        keep("networkId", network);
        keep("organisationId", organisation);
        Self { ids, callers: vec![manager, person] }
    }

    /// The path of the operation on the thing that is there.
    fn path(&self, operation: &Operation) -> String {
        let known = |name: &String| self.ids.get(name).cloned();
        let ids = operation.ids.keys().map(|name| {
            let id = known(name).unwrap_or_else(|| panic!("{}: make a {name} in this test's world", operation.id));
            (name.clone(), id)
        });
        operation.path(&ids.collect())
    }
}

/// A change that leaves one field as it is, so that nothing is wrong with it.
async fn unchanged(operation: &Operation, callers: &[Client], path: &str) -> Value {
    for caller in callers {
        let found = caller.get(path).await;
        if found.status != 200 {
            continue;
        }
        let names = operation.schema["properties"].as_object().unwrap().keys();
        let known = names.filter_map(|name| Some((name, found.body.get(name)?))).next();
        if let Some((name, value)) = known {
            return json!({ name: value });
        }
    }
    panic!("{}: nobody reads {path}", operation.id);
}

on_both! {
    /// Whoever may change it is told 412; whoever may not, 403 or 404 as ever.
    async fn a_stale_version_is_refused(service) {
        let admin = service.admin().await;
        let world = World::of(service, &admin).await;
        let (stranger, _) = service.account(&admin, "stranger").await;
        for operation in all().into_iter().filter(|one| one.versioned) {
            let mut shape = operation.request().with("If-Match", "\"99999.00\"");
            shape.path = world.path(&operation);
            if operation.method == reqwest::Method::PATCH {
                let body = unchanged(&operation, &world.callers, &shape.path).await;
                shape = shape.json(&body);
            }
            let refused = Probe::new(service, &stranger).send(&operation, &shape).await;
            assert!(matches!(refused.status, 403 | 404), "{} {}", operation.id, refused.text);
            let mut told = Vec::new();
            for caller in &world.callers {
                told.push(Probe::new(service, caller).send(&operation, &shape).await.status);
            }
            assert!(told.contains(&412), "{} {told:?}", operation.id);
            assert!(told.iter().all(|status| matches!(status, 403 | 404 | 412)), "{} {told:?}", operation.id);
        }
    }
}
