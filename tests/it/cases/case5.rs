//! The preparation of a hub in Noord-Holland Noord.

use serde_json::json;

use super::{at, id, nl};
use crate::support::Service;

pub async fn walk(service: &Service) {
    four_phases_and_what_they_bring(service).await;
    a_hub_and_what_stands_under_it(service).await;
    organisations_and_councils_speak(service).await;
}

async fn four_phases_and_what_they_bring(service: &Service) {
    let outsider = service.demo("outsider").await;
    let programme = outsider.get(&at("programmes", "programme", 51)).await.expect(200).body;
    let phases = programme["phases"].as_array().unwrap();
    let products: Vec<_> = phases.iter().map(|phase| phase["products"].as_array().unwrap().len()).collect();
    assert_eq!(products, [2, 1, 1, 2]);
    assert_eq!((&programme["startsOn"], &programme["endsOn"]), (&json!("2024-07-01"), &json!("2024-12-31")));
    let documents = outsider.get(&format!("{}/documents", at("programmes", "programme", 51))).await.expect(200);
    let kinds: Vec<_> = documents.items().iter().map(|document| document["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["vision", "action_plan"]);
}

async fn a_hub_and_what_stands_under_it(service: &Service) {
    let coordinator = service.demo("coordinator-hub").await;
    let hub = id("network", 51);
    let under = coordinator.get(&format!("/v1/networks?parentId={hub}")).await.expect(200);
    let kinds: Vec<_> = under.items().iter().map(|network| network["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["working_group", "working_group", "working_group", "sounding_board"]);
    let members = coordinator.get(&format!("/v1/networks/{hub}/memberships?status=active&limit=100")).await.expect(200);
    let mut kinds = std::collections::BTreeSet::new();
    for member in members.items().iter().filter(|one| one["member"]["kind"] == "organisation") {
        let path = format!("/v1/organisations/{}", member["member"]["id"].as_str().unwrap());
        kinds.insert(coordinator.get(&path).await.expect(200).body["kind"].as_str().unwrap().to_owned());
    }
    let expected = [
        "care_provider",
        "citizens_initiative",
        "knowledge_institution",
        "neighbourhood_initiative",
        "patient_association",
        "welfare_organisation",
    ];
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), expected);
}

/// A citizens' initiative and an advisory council contribute as such.
async fn organisations_and_councils_speak(service: &Service) {
    let coordinator = service.demo("coordinator-hub").await;
    let said = coordinator.get(&at("feedback", "feedback", 51)).await.expect(200).body;
    assert_eq!(said["author"], json!({"kind": "organisation", "id": id("organisation", 51)}));
    assert_eq!(said["status"], "adopted");
    let said = coordinator.get(&at("feedback", "feedback", 52)).await.expect(200).body;
    assert_eq!(said["author"], json!({"kind": "network", "id": id("network", 56)}));
    assert!(said["officialResponse"]["reasons"].is_array());

    let speaker = service.demo("manager-join").await;
    let new = |author: &str| {
        json!({
            "addressee": {"kind": "network", "id": id("network", 51)}, "author": {"kind": "organisation", "id": author},
            "channel": "internet", "kind": "priority", "title": nl("Eerst de scholen"), "body": nl("Daar zijn de jongeren."),
        })
    };
    let made = speaker.make("/v1/feedback", new(&id("organisation", 51))).await;
    speaker.transition(&format!("/v1/feedback/{}", made.id()), json!({"to": "received"})).await.expect(201);
    // Nobody speaks for an organisation that isn't theirs.
    let refused = speaker.post("/v1/feedback", new(&id("organisation", 52))).await.expect(400);
    assert_eq!(refused.faults(), ["/author/id reference.unknown"]);
}
