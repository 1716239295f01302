//! The participation trajectory Zuid-Limburg: sixteen municipalities.

use serde_json::{Value, json};

use super::{at, id, nl};
use crate::support::Service;

/// Their CBS codes.
const MUNICIPALITIES: [&str; 16] = [
    "GM0888", "GM0899", "GM0917", "GM0928", "GM0882", "GM0935", "GM0938", "GM0965", "GM0971", "GM0981", "GM0986",
    "GM0994", "GM1729", "GM1883", "GM1903", "GM1954",
];

pub async fn walk(service: &Service) {
    sixteen_municipalities_three_pillars(service).await;
    the_framework_has_two_versions(service).await;
    proposals_of_their_own(service).await;
}

fn each<'v>(list: &'v Value, field: &str) -> Vec<&'v Value> {
    list.as_array().unwrap().iter().map(|item| &item[field]).collect()
}

async fn sixteen_municipalities_three_pillars(service: &Service) {
    let officer = service.demo("officer-zuid-limburg").await;
    let region = id("region", 1);
    let found =
        officer.get(&format!("/v1/organisations?kind=municipality&regionId={region}&limit=100")).await.expect(200);
    let mut codes: Vec<_> = found.items().iter().map(|one| one["externalIds"][0]["value"].as_str().unwrap()).collect();
    let mut expected = MUNICIPALITIES;
    codes.sort_unstable();
    expected.sort_unstable();
    assert_eq!(codes, expected);

    let programme = officer.get(&at("programmes", "programme", 2)).await.expect(200).body;
    let partners = programme["partners"].as_array().unwrap();
    assert!(found.items().iter().all(|municipality| partners.contains(&municipality["id"])));
    assert_eq!(programme["commissionerId"], json!(id("organisation", 3)));
    assert_eq!(each(&programme["pillars"], "number"), [1, 2, 3]);
    assert_eq!(each(&programme["phases"], "products").len(), 3);
    assert_eq!(each(&programme["milestones"], "reachedOn"), ["2023-06-07"]);
    let composition = officer.get(&format!("{}/composition", at("networks", "network", 21))).await.expect(200);
    assert_eq!(composition.body["networkId"], json!(id("network", 21)));
}

async fn the_framework_has_two_versions(service: &Service) {
    let document =
        service.demo("outsider").await.get(&at("programme-documents", "programmeDocument", 2)).await.expect(200);
    assert_eq!(each(&document.body["versions"], "label"), ["2023–2028", "2024–2028"]);
    assert_eq!(each(&document.body["versions"], "periodFrom"), ["2023-01-01", "2024-01-01"]);
}

/// Brought by a participant, supported by others, answered with reasons.
async fn proposals_of_their_own(service: &Service) {
    let officer = service.demo("officer-zuid-limburg").await;
    let answered = officer.get(&at("feedback", "feedback", 21)).await.expect(200).body;
    assert_eq!((&answered["status"], &answered["supporters"]), (&json!("partly_adopted"), &json!(3)));
    assert!(answered["officialResponse"]["reasons"][0]["value"].as_str().unwrap().contains("reiskosten"));

    let (author, supporter) = (service.demo("kerngroep-3").await, service.demo("kerngroep-1").await);
    let new = json!({
        "addressee": {"kind": "organisation", "id": id("organisation", 3)}, "channel": "internet", "kind": "proposal",
        "title": nl("Een jongere in elke werkgroep"), "body": nl("Dan gaat het niet over ons zonder ons."),
    });
    let made = author.make("/v1/feedback", new).await;
    let path = format!("/v1/feedback/{}", made.id());
    author.transition(&path, json!({"to": "received"})).await.expect(201);
    supporter.post(&format!("{path}/supports"), json!({})).await.expect(201);
    let twice = supporter.post(&format!("{path}/supports"), json!({})).await.expect(409);
    assert_eq!(twice.code(), "support.already_given");
    officer.transition(&path, json!({"to": "in_consideration"})).await.expect(201);
    officer.make(&format!("{path}/official-responses"), json!({"text": nl("Dat lukt niet in elke werkgroep.")})).await;
    officer.transition(&path, json!({"to": "declined"})).await.expect(400);
    let reason = "Niet elke werkgroep heeft begeleiding voor jongeren.";
    officer.transition(&path, json!({"to": "declined", "reason": reason})).await.expect(201);
    for person in [author, supporter] {
        let mine = person.get("/v1/me/contributions?limit=100").await.expect(200);
        assert!(mine.items().iter().any(|item| item["status"] == "declined"), "{}", mine.text);
    }
}
