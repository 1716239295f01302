//! Programmes and their documents.

use serde_json::{Value, json};

use crate::support::{Client, Service};

fn nl(text: &str) -> Value {
    json!([{"language": "nl", "value": text}])
}

/// The manager of a new organisation, and its id.
async fn manager(service: &Service, admin: &Client, name: &str) -> (Client, String) {
    let organisation = service.organisation(admin, "municipality", name).await;
    let (manager, id) = service.account(admin, &format!("manager-{name}")).await;
    let grant = json!({"accountId": id, "role": "manager", "scopeId": organisation, "reason": "Leidt het."});
    admin.make("/v1/grants", grant).await;
    (manager, organisation)
}

on_both! {
    /// Made with its pillars, phases and milestones; changed; listed by host and partner.
    async fn a_programme_is_made_and_changed(service) {
        let admin = service.admin().await;
        let (manager, host) = manager(service, &admin, "hier").await;
        let partner = service.organisation(&admin, "care_provider", "Daar").await;
        let pillar = "0197c000-0000-7000-8000-001400000001";
        let new = json!({
            "hostId": host, "commissionerId": partner, "partners": [partner], "jointControllers": [host, partner],
            "name": nl("Participatietraject"), "summary": nl("Samen beter"),
            "startsOn": "2024-01-01", "endsOn": "2028-12-31",
            "pillars": [{"id": pillar, "number": 1, "name": nl("Medezeggenschap")}],
            "phases": [{"name": nl("Ophalen"), "startsOn": "2024-01-01",
                "products": [{"name": nl("Plan"), "dueOn": "2024-06-01", "url": "https://example.nl/plan"}]}],
            "milestones": [{"name": nl("Startdag"), "dueOn": "2024-02-01", "reachedOn": "2024-02-01"}],
        });
        let made = manager.make("/v1/programmes", new.clone()).await;
        let path = format!("/v1/programmes/{}", made.id());
        assert_eq!(made.header("location"), path);
        let mut expected = new.clone();
        expected["phases"][0]["id"] = made.body["phases"][0]["id"].clone();
        expected["milestones"][0]["id"] = made.body["milestones"][0]["id"].clone();
        assert!(expected["phases"][0]["id"].is_string() && expected["milestones"][0]["id"].is_string());
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(&made.body[name], value, "{name}");
        }
        assert_eq!(admin.get(&path).await.expect(200).body, made.body);

        let changes = json!({"endsOn": null, "partners": [],
            "pillars": [{"id": pillar, "number": 1, "name": nl("Meedenken")}, {"number": 2, "name": nl("Jeugd")}]});
        let changed = manager.patch(&path, &made.etag(), changes).await.expect(200);
        assert_eq!(changed.body.get("endsOn"), None);
        assert_eq!(changed.body["pillars"][0]["id"], pillar);
        assert_eq!(changed.body["phases"], made.body["phases"]);
        // A variant of a product's name that stays while its default changes is stale.
        let mut phases = changed.body["phases"].clone();
        let named = |first: &str| json!([{"language": "nl", "value": first}, {"language": "en", "value": "Plan"}]);
        phases[0]["products"][0]["name"] = named("Plan");
        let both = manager.patch(&path, &changed.etag(), json!({"phases": phases})).await.expect(200);
        phases[0]["products"][0]["name"] = named("Werkplan");
        let marked = manager.patch(&path, &both.etag(), json!({"phases": phases})).await.expect(200);
        let name = &marked.body["phases"][0]["products"][0]["name"];
        assert_eq!((name[0].get("stale"), &name[1]["stale"]), (None, &json!(true)));
        manager.patch(&path, &made.etag(), json!({"startsOn": null})).await.expect(412);
        admin.patch(&path, "*", json!({"startsOn": null})).await.expect(403);
        let fixed = manager.patch(&path, "*", json!({"hostId": partner})).await.expect(400);
        assert_eq!(fixed.faults(), ["/hostId value.unknown_field"]);

        let ids = async |query: &str| manager.get(&format!("/v1/programmes?{query}")).await.expect(200).items().len();
        assert_eq!(ids(&format!("hostId={host}")).await, 1);
        assert_eq!(ids(&format!("partnerId={partner}")).await, 0);
        manager.patch(&path, "*", json!({"partners": [partner]})).await.expect(200);
        assert_eq!(ids(&format!("partnerId={partner}&hostId={host}")).await, 1);
        assert_eq!(ids(&format!("hostId={partner}")).await, 0);
    }

    /// All faults at once; a foreign host is as unknown as none.
    async fn a_faulty_programme_is_refused(service) {
        let admin = service.admin().await;
        let (hers, host) = manager(service, &admin, "hier").await;
        let (_, other) = manager(service, &admin, "daar").await;
        let nowhere = "0197c000-0000-7000-8000-00010000dead";
        let plain = |host: &str| json!({"hostId": host, "name": nl("Naam"), "summary": nl("Wat")});
        for foreign in [other.as_str(), nowhere] {
            let refused = hers.post("/v1/programmes", plain(foreign)).await.expect(400);
            assert_eq!(refused.faults(), ["/hostId reference.unknown"]);
        }
        admin.post("/v1/programmes", plain(&host)).await.expect(403);
        let mut wrong = plain(&host);
        wrong["partners"] = json!([host]);
        (wrong["startsOn"], wrong["endsOn"]) = (json!("2026-01-02"), json!("2026-01-01"));
        wrong["pillars"] = json!([{"number": 1, "name": nl("A")}, {"number": 1, "name": [{"language": "n", "value": " "}]}]);
        wrong["phases"] = json!([{"name": nl("F"), "products": [{"name": nl("P"), "url": "http://example.nl"}]}]);
        let refused = hers.post("/v1/programmes", wrong).await.expect(400);
        // The schema speaks first: a tag has two letters at least.
        assert_eq!(refused.faults(), ["/pillars/1/name/0/language value.too_short"]);
        let mut wrong = plain(&host);
        wrong["partners"] = json!([host]);
        (wrong["startsOn"], wrong["endsOn"]) = (json!("2026-01-02"), json!("2026-01-01"));
        wrong["pillars"] = json!([{"number": 1, "name": nl("A")}, {"number": 1, "name": nl(" ")}]);
        wrong["phases"] = json!([{"name": nl("F"), "products": [{"name": nl("P"), "url": "http://example.nl"}]}]);
        let refused = hers.post("/v1/programmes", wrong).await.expect(400);
        let expected = [
            "/endsOn period.reversed", "/partners/0 partner.is_host", "/phases/0/products/0/url link.not_https",
            "/pillars/1/name/0/value text.blank", "/pillars/1/number pillar.number_repeated",
        ];
        assert_eq!(refused.faults(), expected);
        let mut wrong = plain(&host);
        (wrong["partners"], wrong["commissionerId"]) = (json!([other, nowhere]), json!(nowhere));
        let refused = hers.post("/v1/programmes", wrong).await.expect(400);
        assert_eq!(refused.faults(), ["/commissionerId reference.unknown", "/partners/1 reference.unknown"]);
    }

    /// A document gets a second version; it stands under its programme.
    async fn a_document_has_versions(service) {
        let admin = service.admin().await;
        let (hers, host) = manager(service, &admin, "hier").await;
        let (other, _) = manager(service, &admin, "daar").await;
        let new = json!({"hostId": host, "name": nl("Naam"), "summary": nl("Wat")});
        let programme = hers.make("/v1/programmes", new).await.id();
        let list = format!("/v1/programmes/{programme}/documents");
        let first = json!({"label": "2023–2028", "url": "https://example.nl/a", "publishedOn": "2023-01-10",
            "periodFrom": "2023-01-01", "periodTo": "2028-12-31"});
        let new = json!({"kind": "policy_framework", "title": nl("Beleidskader"), "versions": [first]});
        other.post(&list, new.clone()).await.expect(403);
        let made = hers.make(&list, new).await;
        let path = format!("/v1/programme-documents/{}", made.id());
        assert_eq!((made.header("location"), &made.body["programmeId"]), (path.clone(), &json!(programme)));
        let second = json!({"label": "2024–2028", "url": "https://example.nl/b", "publishedOn": "2023-11-01"});
        let wrong = json!({"versions": [first, {"label": "2023–2028", "url": "http://b.nl", "publishedOn": "2023-11-01"}]});
        let refused = hers.patch(&path, &made.etag(), wrong).await.expect(400);
        assert_eq!(refused.faults(), ["/versions/1/label document.label_repeated", "/versions/1/url link.not_https"]);
        let changed = hers.patch(&path, &made.etag(), json!({"versions": [first, second]})).await.expect(200);
        assert_eq!(changed.body["versions"], json!([first, second]));
        assert_eq!(changed.body["title"], made.body["title"]);
        other.patch(&path, "*", json!({"kind": "other"})).await.expect(403);
        assert_eq!(other.get(&path).await.expect(200).body, changed.body);
        let listed = other.get(&format!("{list}?count=true")).await.expect(200);
        assert_eq!((listed.items().len(), &listed.body["total"]), (1, &json!(1)));
        other.get("/v1/programmes/0197c000-0000-7000-8000-00040000dead/documents").await.expect(404);
    }

    /// Network by network, each as the caller sees it there; a pillar with a network
    /// under it stays.
    async fn a_programme_is_counted_network_by_network(service) {
        let admin = service.admin().await;
        let (hers, host) = manager(service, &admin, "hier").await;
        let (other, _) = manager(service, &admin, "daar").await;
        let pillar = "0197c000-0000-7000-8000-001400000001";
        let new = json!({"hostId": host, "name": nl("Naam"), "summary": nl("Wat"),
            "pillars": [{"id": pillar, "number": 1, "name": nl("Pijler")}]});
        let programme = hers.make("/v1/programmes", new).await;
        let path = format!("/v1/programmes/{}", programme.id());
        let network = |name: &str| json!({"hostId": host, "programmeId": programme.id(), "pillarId": pillar,
            "kind": "panel", "name": nl(name), "purpose": nl("Doel")});
        let first = hers.make("/v1/networks", network("Eerste")).await.id();
        let second = hers.make("/v1/networks", network("Tweede")).await.id();
        hers.transition(&format!("/v1/networks/{second}"), json!({"to": "active"})).await.expect(201);

        let whole = hers.get(&format!("{path}/composition")).await.expect(200);
        let networks = whole.body["networks"].as_array().unwrap();
        assert_eq!(networks.len(), 2);
        assert_eq!((&networks[0]["networkId"], &networks[1]["networkId"]), (&json!(first), &json!(second)));
        assert_eq!((&networks[0]["name"], &networks[0]["total"]), (&nl("Eerste"), &json!({"figure": 0})));
        let single = hers.get(&format!("/v1/networks/{first}/composition")).await.expect(200);
        assert_eq!(networks[0], single.body);
        let seen = other.get(&format!("{path}/composition")).await.expect(200);
        let seen = seen.body["networks"].as_array().unwrap();
        assert_eq!((seen.len(), &seen[0]["networkId"]), (1, &json!(second)));
        other.get("/v1/programmes/0197c000-0000-7000-8000-00040000dead/composition").await.expect(404);
        // It says so when there are more than it counts.
        assert_eq!(whole.body["more"], false);
        for _ in 0..99 {
            hers.make("/v1/networks", network("Nog een")).await;
        }
        let cut = hers.get(&format!("{path}/composition")).await.expect(200);
        assert_eq!((cut.body["networks"].as_array().unwrap().len(), &cut.body["more"]), (100, &json!(true)));

        let refused = hers.patch(&path, &programme.etag(), json!({"pillars": []})).await.expect(409);
        assert_eq!(refused.code(), "pillar.in_use");
    }
}
