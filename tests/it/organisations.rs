//! Organisations, regions, information pages.

use serde_json::json;

on_both! {
    /// Made, read, changed, listed; numbers are checked and unique.
    async fn an_organisation_is_made_and_changed(service) {
        let admin = service.admin().await;
        let region = admin.make("/v1/regions", json!({"kind": "youth_region", "name": "Zuid-Limburg"})).await;
        assert_eq!(admin.get(&region.header("location")).await.expect(200).body, region.body);
        admin.get("/v1/regions/0197c000-0000-7000-8000-00020000dead").await.expect(404);
        let region = region.id();
        let care = admin.make("/v1/regions", json!({"kind": "care_region", "name": "Limburg"})).await.id();
        // In whatever order they were given, one order is shown, and one digest.
        let new = json!({"kind": "municipality", "name": "Gemeente Voorbeeld", "regions": [care, region],
            "externalIds": [{"scheme": "cbs_municipality_code", "value": "GM0888"}]});
        let made = admin.make("/v1/organisations", new.clone()).await;
        let path = format!("/v1/organisations/{}", made.id());
        assert_eq!(made.header("location"), path);
        assert_eq!(made.body["etag"], json!(made.etag()));
        assert_eq!(made.body["regions"], json!([region, care]));
        assert_eq!(admin.get(&path).await.expect(200).body, made.body);
        assert_eq!(admin.post("/v1/organisations", new).await.expect(409).code(), "external_id.taken");

        let wrong = json!({"kind": "municipality", "name": " ", "regions": [path.rsplit('/').next().unwrap()],
            "externalIds": [{"scheme": "kvk", "value": "1"}]});
        let refused = admin.post("/v1/organisations", wrong).await.expect(400);
        assert_eq!(refused.faults(), ["/externalIds/0/value external_id.malformed", "/name organisation.name_blank"]);

        let changed = admin.patch(&path, &made.etag(), json!({"name": "Gemeente Nieuw", "externalIds": []})).await;
        let changed = changed.expect(200);
        assert_eq!(changed.body["name"], "Gemeente Nieuw");
        assert_eq!(changed.body["externalIds"], json!([]));
        let stale = admin.patch(&path, &made.etag(), json!({"name": "Te laat"})).await.expect(412);
        assert_eq!(stale.code(), "etag.stale");
        let listed = admin.get("/v1/organisations?kind=municipality&kind=school&count=true").await.expect(200);
        assert_eq!(listed.body["total"], 1);
    }

    /// Pages carry on where the last one ended, whatever is asked beside them.
    async fn lists_come_in_pages(service) {
        let admin = service.admin().await;
        for number in 0..5 {
            service.organisation(&admin, "school", &format!("School {number}")).await;
        }
        let mut names = Vec::new();
        let mut path = "/v1/organisations?limit=2&kind=school&sort=-createdAt".to_owned();
        loop {
            let page = admin.get(&path).await.expect(200);
            names.extend(page.items().iter().map(|item| item["name"].as_str().unwrap().to_owned()));
            let Some(cursor) = page.body["nextCursor"].as_str() else { break };
            path = format!("/v1/organisations?cursor={cursor}&limit=2");
            assert!(page.header("link").contains("rel=\"next\""));
            admin.get(&format!("/v1/regions?cursor={cursor}")).await.expect(400);
            admin.get(&format!("/v1/organisations?cursor={cursor}&kind=municipality")).await.expect(400);
            let forged = format!("/v1/organisations?cursor=A{cursor}");
            assert_eq!(admin.get(&forged).await.expect(400).faults(), ["cursor cursor.malformed"]);
        }
        assert_eq!(names, ["School 4", "School 3", "School 2", "School 1", "School 0"]);
    }

    /// The label of a link is marked stale like every other text.
    async fn a_links_label_is_marked_stale(service) {
        let admin = service.admin().await;
        let (manager, here) = crate::networks::host(service, &admin, "hier").await;
        let label = |first: &str| json!([{"label": [{"language": "nl", "value": first}, {"language": "en", "value": "Help"}],
            "url": "https://example.nl/hulp"}]);
        let nl = |value: &str| json!([{"language": "nl", "value": value}]);
        let new = json!({"organisationId": here, "topic": "rights", "municipalities": [], "perspectives": [],
            "title": nl("Rechten"), "body": nl("Wat u mag."), "links": label("Hulp")});
        let made = manager.make("/v1/information-pages", new).await;
        let path = format!("/v1/information-pages/{}", made.id());
        let changed = manager.patch(&path, &made.etag(), json!({"links": label("Hulp zoeken")})).await.expect(200);
        let shown = &changed.body["links"][0]["label"];
        assert_eq!((shown[0].get("stale"), &shown[1]["stale"]), (None, &json!(true)));
    }

    /// The same request twice is carried out once.
    async fn a_request_is_repeated_safely(service) {
        let admin = service.admin().await;
        let send = async |key: &str, name: &str| {
            let request = admin.request(reqwest::Method::POST, "/v1/organisations").header("Idempotency-Key", key);
            crate::support::wire::reply(request.json(&json!({"kind": "school", "name": name}))).await
        };
        let (first, second) = (send("key-1", "Een").await.expect(201), send("key-1", "Een").await.expect(201));
        assert_eq!((first.body.clone(), first.header("location")), (second.body.clone(), second.header("location")));
        assert_eq!(first.etag(), second.etag());
        assert_eq!(send("key-1", "Twee").await.expect(409).code(), "idempotency.key_reused");
        assert_ne!(send("key-2", "Een").await.expect(201).id(), first.id());
        service.clock.advance(chrono::TimeDelta::minutes(1));
        assert_eq!(admin.get("/v1/organisations?count=true").await.body["total"], 2);
    }
}
