//! "Over mij = met mij!": a learning network of ten and ten.

use serde_json::json;

use super::{at, id, nl, plain};
use crate::support::Service;

pub async fn walk(service: &Service) {
    information_without_a_token(service).await;
    ten_and_ten(service).await;
    plain_dutch_is_demanded(service).await;
    an_idea_gets_its_answer(service).await;
}

/// Rights and procedures, in one call, without a token, in plain Dutch too.
async fn information_without_a_token(service: &Service) {
    let nobody = service.nobody();
    let found =
        nobody.get("/v1/information-pages?topic=rights&topic=procedures&perspective=young_person").await.expect(200);
    assert_eq!(found.items().len(), 2, "{}", found.text);
    for number in 1..=3 {
        let page = nobody.get(&at("information-pages", "informationPage", number)).await.expect(200);
        let languages: Vec<_> = page.body["body"].as_array().unwrap().iter().map(|text| &text["language"]).collect();
        assert_eq!(languages, ["nl", "nl-simple"]);
    }
}

/// The target beside who is in it; the programme with its host and partner.
async fn ten_and_ten(service: &Service) {
    let coordinator = service.demo("coordinator").await;
    let programme = coordinator.get(&at("programmes", "programme", 1)).await.expect(200);
    assert_eq!(programme.body["hostId"], json!(id("organisation", 1)));
    assert_eq!(programme.body["partners"], json!([id("organisation", 2)]));
    let composition = coordinator.get(&format!("{}/composition", at("networks", "network", 1))).await.expect(200);
    assert_eq!(composition.body["total"], json!({"figure": 20}));
    assert_eq!(
        composition.body["targets"],
        json!([
            {"perspectives": ["young_person"], "target": 10, "actual": {"figure": 10}},
            {"perspectives": ["professional", "policy_maker"], "leastAge": 18, "target": 10, "actual": {"figure": 10}},
        ])
    );
    let path = format!("{}/memberships?status=active&limit=100", at("networks", "network", 1));
    assert_eq!(coordinator.get(&path).await.expect(200).items().len(), 20);
}

/// What isn't there in plain Dutch isn't put to the network.
async fn plain_dutch_is_demanded(service: &Service) {
    let coordinator = service.demo("coordinator").await;
    let new = json!({
        "organisationId": id("organisation", 1), "title": nl("Waar spreken wij af?"), "goal": plain("Een plek kiezen"),
        "limits": plain("In Noord-Holland"), "rung": "codecide", "mode": "named",
        "audience": {"networkIds": [id("network", 1)], "perspectives": [], "municipalities": []}, "facilitators": [],
        "questions": [{"kind": "open_text", "prompt": plain("Waar?"), "required": true, "sensitive": false, "maxLength": 200}],
        "closesOn": "2026-12-15",
    });
    let made = coordinator.make("/v1/consultations", new).await;
    let path = format!("/v1/consultations/{}", made.id());
    let refused = coordinator.transition(&path, json!({"to": "open"})).await.expect(409);
    assert_eq!(refused.faults(), ["/facilitators consultation.facilitators_missing", "/title text.plain_missing"]);
    let mended = json!({"title": plain("Waar spreken wij af?"), "facilitators": [id("account", 5)]});
    coordinator.patch(&path, &made.etag(), mended).await.expect(200);
    coordinator.transition(&path, json!({"to": "open"})).await.expect(201);
}

/// What a member brings is followed up to its answer, and they see it.
async fn an_idea_gets_its_answer(service: &Service) {
    let (member, officer) = (service.demo("participant").await, service.demo("officer").await);
    let new = json!({
        "addressee": {"kind": "organisation", "id": id("organisation", 1)}, "channel": "internet", "kind": "idea",
        "title": nl("Een maatje voor nieuwe leden"), "body": nl("Dan durf je meer te zeggen."),
    });
    let made = member.make("/v1/feedback", new).await;
    let path = format!("/v1/feedback/{}", made.id());
    member.transition(&path, json!({"to": "received"})).await.expect(201);
    officer.transition(&path, json!({"to": "in_consideration"})).await.expect(201);
    let early = officer.transition(&path, json!({"to": "adopted"})).await.expect(409);
    assert_eq!(early.faults(), ["/officialResponses feedback.response_missing"]);
    officer.make(&format!("{path}/official-responses"), json!({"text": plain("Dat doen we.")})).await;
    officer.transition(&path, json!({"to": "adopted"})).await.expect(201);
    let mine = member.get("/v1/me/contributions?limit=100").await.expect(200);
    let mine = mine.items().iter().find(|item| item["id"] == json!(made.id())).unwrap().clone();
    assert_eq!(mine["status"], "adopted", "{mine}");
}
