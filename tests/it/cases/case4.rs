//! SAMEN: four learning networks, three rings.

use serde_json::json;

use super::{at, count_of, id};
use crate::support::Service;

/// Per network: experts by experience and parents.
const TABLE: [(&str, i64, i64); 4] =
    [("Integraal Werken", 3, 0), ("Normaliseren", 2, 0), ("Kwetsbare gezinnen", 3, 1), ("Complexe scheidingen", 2, 1)];

pub async fn walk(service: &Service) {
    the_table_is_one_call(service).await;
    rings_and_rungs(service).await;
    a_councils_room_is_its_own(service).await;
    unequal_pay_shows(service).await;
    what_is_asked_and_who_is_there_for_parents(service).await;
    three_parents_came_forward(service).await;
}

/// Through seven organisations, by letter and in talks; two of the three take part.
async fn three_parents_came_forward(service: &Service) {
    let coordinator = service.demo("coordinator-samen").await;
    let path = format!("{}/funnel", at("recruitment-campaigns", "recruitmentCampaign", 41));
    let funnel = coordinator.get(&path).await.expect(200).body;
    let stages = ["reached", "cameForward", "joined", "declined"].map(|stage| funnel[stage].as_i64().unwrap());
    assert_eq!(stages, [92, 3, 2, 0]);
    let rows = funnel["rows"].as_array().unwrap();
    let told = |row: &serde_json::Value| (row["sourceId"].clone(), row["channel"].clone(), row["cameForward"].clone());
    let source = |number: u32| json!(id("organisation", number));
    let came: Vec<_> = rows.iter().filter(|row| row["cameForward"] != 0).map(told).collect();
    assert_eq!(came, [(source(42), json!("letter"), json!(1)), (source(45), json!("in_person"), json!(2))]);
    assert_eq!(rows.len(), 7);
}

/// How much time is asked beside work, school and family, what is promised for it, and who
/// the parents' contact person is.
async fn what_is_asked_and_who_is_there_for_parents(service: &Service) {
    let coordinator = service.demo("coordinator-samen").await;
    let of = async |network: u32| {
        let path = format!("{}/promises?startsOn=2026-01-01&endsOn=2026-12-31", at("networks", "network", network));
        coordinator.get(&path).await.expect(200).body["agreements"].as_array().unwrap().clone()
    };
    let row = |one: &serde_json::Value| {
        let (who, asked) = (one["perspective"].clone(), one["expectedMinutesPerMonth"].clone());
        (who, asked, one["promisedCentsPerHour"].clone(), one["contactName"].clone())
    };
    let young = (json!("young_person"), json!(240), json!(1250), json!("Coördinator SAMEN (demo)"));
    let parent = (json!("parent"), json!(180), json!(550), json!("Coördinator SAMEN (demo)"));
    assert_eq!(of(41).await.iter().map(row).collect::<Vec<_>>(), [young.clone(), young.clone(), young]);
    for network in [43, 44] {
        assert_eq!(of(network).await.iter().map(row).collect::<Vec<_>>(), std::slice::from_ref(&parent));
    }
}

/// Is it the same for parents and young people? One call says.
async fn unequal_pay_shows(service: &Service) {
    let manager = service.demo("manager-samen").await;
    let path = format!("{}/compensation", at("organisations", "organisation", 41));
    let report = manager.get(&format!("{path}?startsOn=2026-01-01&endsOn=2026-12-31")).await.expect(200).body;
    let row = |row: &serde_json::Value| {
        let (who, trained) = (row["group"]["perspective"].clone(), row["group"]["trained"].clone());
        (who, trained, row["persons"].clone(), row["quantity"].clone(), row["cents"].clone(), row["unitCents"].clone())
    };
    let rows: Vec<_> = report["rows"].as_array().unwrap().iter().map(row).collect();
    let expex = (json!("young_person"), json!(true), json!(3), json!(360), json!(7500), json!(1250));
    let parents = (json!("parent"), json!(false), json!(2), json!(240), json!(2200), json!(550));
    assert_eq!(rows, [expex, parents]);
    let gap = json!({"unit": "hour", "least": {"perspective": "parent", "trained": false},
        "most": {"perspective": "young_person", "trained": true}, "cents": 700});
    assert_eq!(report["gaps"], json!([gap]));
    // And who waits too long for the money.
    let late = manager.get("/v1/claims?late=true&count=true").await.expect(200);
    assert_eq!((late.items().len(), &late.items()[0]["id"]), (1, &json!(id("claim", 422))));
    assert_eq!(late.items()[0]["late"], true);
}

async fn the_table_is_one_call(service: &Service) {
    let coordinator = service.demo("coordinator-samen").await;
    let all = coordinator.get(&format!("{}/composition", at("programmes", "programme", 41))).await.expect(200).body;
    let row = |network: &serde_json::Value| {
        let name = network["name"][0]["value"].as_str().unwrap().to_owned();
        let experts = count_of(&network["expertise"], "expertise", "expert_by_experience");
        (name, experts, count_of(&network["perspectives"], "perspective", "parent"))
    };
    let table: Vec<_> = all["networks"].as_array().unwrap().iter().map(row).collect();
    assert_eq!(table, TABLE.map(|(name, experts, parents)| (name.to_owned(), experts, parents)));
    // The third parent who came forward waits.
    let waiting =
        coordinator.get(&format!("{}/memberships?status=waiting", at("networks", "network", 42))).await.expect(200);
    assert_eq!(waiting.items().len(), 1);
    assert_eq!(waiting.items()[0]["perspective"], "parent");
}

async fn rings_and_rungs(service: &Service) {
    let coordinator = service.demo("coordinator-samen").await;
    let path = format!("{}/memberships", at("networks", "network", 41));
    let members = coordinator.get(&format!("{path}?status=active&limit=100")).await.expect(200);
    let shown = |ring: &str| members.items().iter().filter(|one| one["ring"] == ring).collect::<Vec<_>>();
    assert_eq!((shown("core").len(), shown("second").len(), shown("third").len()), (4, 1, 1));
    assert!(shown("core").iter().all(|one| one["rung"] == "codecide"));
    assert_eq!(shown("core").iter().filter(|one| one["role"] == "lead").count(), 1);
    assert_eq!(shown("second")[0]["member"], json!({"kind": "network", "id": id("network", 45)}));
    // A ring and a rung that disagree aren't taken.
    let wrong = json!({"member": {"kind": "organisation", "id": id("organisation", 46)}, "perspective": "professional",
        "role": "member", "ring": "third", "rung": "codecide", "status": "invited"});
    let refused = coordinator.post(&path, wrong).await.expect(400);
    assert_eq!(refused.faults(), ["/rung membership.ring_rung_disagree"]);
}

/// Neither the installation's admin nor the host's manager reaches inside.
async fn a_councils_room_is_its_own(service: &Service) {
    let council = at("networks", "network", 45);
    let change = json!({"to": "dormant"});
    for name in ["admin", "manager-jeugdformaat"] {
        let refused = service.demo(name).await.transition(&council, change.clone()).await;
        assert_eq!(refused.status, 403, "{name}: {}", refused.text);
    }
    let chair = service.demo("chair").await;
    chair.transition(&council, change).await.expect(201);
    chair.transition(&council, json!({"to": "active"})).await.expect(201);
}
