//! Who sees what of a consultation, and what holds between rooms.

use serde_json::json;

use crate::feedback::{grant, nl};

use super::world::{
    NOBODY, World, account, activate, answers, bare, change, go, member, network, person, sign_in, until,
};

on_both! {
    /// Who waits too long to hear back, waits in public; an interim report-back
    /// is published by itself.
    async fn overdue_report_backs_are_public(service) {
        let world = World::of(service).await;
        let draft = world.prepared().await;
        assert_eq!(service.nobody().get("/v1/register").await.expect(200).body, json!({"items": []}));
        go(&world.officer, &draft, "open").await.expect(201);
        let interim = json!({"kind": "interim", "heard": nl("We lezen alles.")});
        let interim = world.facilitator.make(&format!("{draft}/report-backs"), interim).await;
        let back = format!("/v1/report-backs/{}", interim.id());
        assert_eq!(world.anna.get(&format!("{draft}/report-backs")).await.expect(200).body, json!({"items": []}));
        go(&world.facilitator, &back, "published").await.expect(403);
        go(&world.officer, &back, "published").await.expect(201);
        assert_eq!(world.anna.get(&format!("{draft}/report-backs")).await.expect(200).items().len(), 1);
        let register = async |query: &str| {
            let page = service.nobody().get(&format!("/v1/register?{query}")).await.expect(200);
            page.items().iter().map(|entry| (entry["status"].clone(), entry["overdue"].clone())).collect::<Vec<_>>()
        };
        until(service, "2027-01-26T22:59:59Z");
        service.round().await;
        assert_eq!(register("overdue=false").await, [(json!("closed"), json!(false))]);
        assert_eq!(register("overdue=true").await, []);
        until(service, "2027-01-26T23:00:00Z");
        assert_eq!(register("overdue=true").await, [(json!("closed"), json!(true))]);
        assert_eq!(register("overdue=false").await, []);
        assert_eq!(register(&format!("organisationId={NOBODY}")).await, []);
        let officer = sign_in(service, "officer").await;
        assert_eq!(officer.get(&draft).await.expect(200).body["overdue"], json!(true));
    }

    /// To another organisation nothing of it exists; a partner sees it and its
    /// results, and nobody's answers.
    async fn foreign_tenants_see_nothing(service) {
        let world = World::of(service).await;
        let there = service.organisation(&world.admin, "care_provider", "Daar").await;
        let (other, account_id) = account(service, &world.admin, "other").await;
        grant(&world.admin, &account_id, "manager", &there).await;
        let path = world.opened().await;
        let response = world.answered(&path).await;
        let back = json!({"kind": "interim", "heard": nl("We lezen alles.")});
        let back = world.officer.make(&format!("{path}/report-backs"), back).await.id();
        let consultation = path.rsplit('/').next().unwrap();
        for (foreign, thing) in [("/v1/consultations/{}", consultation), ("/v1/consultations/{}/transitions", consultation),
            ("/v1/consultations/{}/responses", consultation), ("/v1/consultations/{}/results", consultation),
            ("/v1/consultations/{}/report-backs", consultation), ("/v1/responses/{}", &response),
            ("/v1/report-backs/{}", &back)]
        {
            let [foreign, random, malformed] = [thing, NOBODY, "x"].map(|id| foreign.replace("{}", id));
            let refused = other.get(&foreign).await.expect(404);
            assert_eq!(bare(&refused), bare(&other.get(&random).await));
            assert_eq!(bare(&refused), bare(&other.get(&malformed).await));
        }
        for (foreign, random) in [(&path, &format!("/v1/consultations/{NOBODY}"))] {
            assert_eq!(bare(&go(&other, foreign, "closed").await), bare(&go(&other, random, "closed").await));
            assert_eq!(bare(&other.delete(foreign).await.expect(404)), bare(&other.delete(random).await));
            let answer = answers("phone", 1, 4, None);
            let refused = other.post(&format!("{foreign}/responses"), answer.clone()).await.expect(404);
            assert_eq!(bare(&refused), bare(&other.post(&format!("{random}/responses"), answer).await));
        }
        assert_eq!(other.get("/v1/consultations?count=true").await.expect(200).body, json!({"items": [], "total": 0}));
        let [foreign, random] = [&world.organisation, NOBODY].map(|organisation| {
            json!({"organisationId": organisation, "title": nl("Van een ander"), "mode": "named"})
        });
        let refused = other.post("/v1/consultations", foreign).await.expect(400);
        assert_eq!(refused.faults(), ["/organisationId reference.unknown"]);
        assert_eq!(bare(&refused), bare(&other.post("/v1/consultations", random).await));
        let named = |network: &str, facilitator: &str| json!({"organisationId": there, "title": nl("Van ons"),
            "mode": "named", "audience": {"networkIds": [network]}, "facilitators": [facilitator], "programmeId": network});
        let refused = other.post("/v1/consultations", named(&world.network, &world.facilitator_id)).await.expect(400);
        assert_eq!(refused.faults(), ["/audience/networkIds/0 reference.unknown", "/facilitators/0 reference.unknown",
            "/programmeId reference.unknown"]);
        assert_eq!(bare(&refused), bare(&other.post("/v1/consultations", named(NOBODY, NOBODY)).await));

        change(&world.coordinator, &format!("/v1/networks/{}", world.network), json!({"partners": [there]})).await.expect(200);
        assert_eq!(other.get(&path).await.expect(200).body["allowedTransitions"], json!([]));
        assert_eq!(other.get("/v1/consultations").await.expect(200).items().len(), 1);
        other.get(&format!("{path}/responses")).await.expect(403);
        other.get(&format!("/v1/responses/{response}")).await.expect(404);
        other.post(&format!("{path}/responses"), answers("phone", 1, 4, None)).await.expect(403);
        go(&other, &path, "closed").await.expect(403);
        go(&world.officer, &path, "closed").await.expect(201);
        let shown = other.get(&format!("{path}/results")).await.expect(200).body;
        assert_eq!(shown["questions"][0]["suppressed"], "complementary");
    }

    /// A council asks in its own room, where its host doesn't come; what the host
    /// asks it, who leads it looks on.
    async fn a_council_keeps_its_room(service) {
        let world = World::of(service).await;
        let council = network(&world.manager, &world.organisation, json!({"kind": "client_council"})).await;
        let (chair, chair_id) = account(service, &world.admin, "chair").await;
        grant(&world.manager, &chair_id, "chair", &council).await;
        activate(&chair, &council).await;
        let ask = json!({"organisationId": world.organisation, "title": nl("Onder ons"), "mode": "confidential",
            "audience": {"networkIds": [council]}, "facilitators": [chair_id]});
        let path = format!("/v1/consultations/{}", chair.make("/v1/consultations", ask).await.id());
        for host in [&world.manager, &world.officer, &world.admin] {
            host.get(&path).await.expect(404);
            assert_eq!(host.get("/v1/consultations").await.expect(200).items().len(), 0);
        }
        assert_eq!(chair.get("/v1/consultations").await.expect(200).items().len(), 1);
        let mut needs = world.content();
        needs["audience"] = json!({"networkIds": [council]});
        needs["facilitators"] = json!([chair_id]);
        change(&chair, &path, needs).await.expect(200);
        // Nobody sits in it yet.
        let refused = go(&chair, &path, "open").await.expect(409);
        assert_eq!(refused.faults(), ["/audience consultation.audience_empty"]);
        let somebody = person(&world.officer, &world.organisation, None, Some(1980)).await;
        member(&chair, &council, &somebody, "resident").await;
        // What a council asks never leaves its room, also not by a change.
        let refused = change(&chair, &path, json!({"audience": {"networkIds": []}})).await.expect(400);
        assert_eq!(refused.faults(), ["/audience/networkIds consultation.council_only"]);
        let both = json!({"audience": {"networkIds": [council, world.network]}});
        let refused = change(&chair, &path, both.clone()).await.expect(400);
        assert_eq!(refused.faults(), ["/audience/networkIds/1 reference.unknown"]);
        grant(&world.manager, &chair_id, "coordinator", &world.network).await;
        let refused = change(&chair, &path, both).await.expect(400);
        assert_eq!(refused.faults(), ["/audience/networkIds consultation.council_only"]);
        go(&chair, &path, "open").await.expect(201);
        // What it asks in its own room isn't told outside.
        assert_eq!(service.nobody().get("/v1/register").await.expect(200).body, json!({"items": []}));

        let mut more = world.content();
        more["audience"] = json!({"networkIds": [council]});
        more["facilitators"] = json!([world.officer_id]);
        let mut new = world.draft();
        new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let asked = format!("/v1/consultations/{}", world.officer.make("/v1/consultations", new).await.id());
        chair.get(&asked).await.expect(404);
        go(&world.officer, &asked, "open").await.expect(201);
        assert_eq!(chair.get(&asked).await.expect(200).body["allowedTransitions"], json!([]));
        assert_eq!(chair.get("/v1/consultations").await.expect(200).items().len(), 2);
        change(&chair, &asked, json!({"rung": "codecide"})).await.expect(403);
        chair.get(&format!("{asked}/responses")).await.expect(403);
    }

    /// Where a network demands plain language, every text has it before opening.
    async fn plain_language_is_demanded_where_the_network_does(service) {
        let world = World::with(service, json!({"plainLanguageRequired": true})).await;
        let path = world.prepared().await;
        let refused = go(&world.officer, &path, "open").await.expect(409);
        assert_eq!(refused.faults(), ["/goal text.plain_missing", "/limits text.plain_missing",
            "/questions/0/options/0/label text.plain_missing", "/questions/0/options/1/label text.plain_missing",
            "/questions/0/prompt text.plain_missing", "/questions/1/prompt text.plain_missing",
            "/questions/2/prompt text.plain_missing", "/title text.plain_missing"]);
        go(&world.officer, &path, "withdrawn").await.expect(400);
        let why = json!({"to": "withdrawn", "reason": "Het gaat niet door."});
        world.officer.transition(&path, why).await.expect(201);
        world.anna.get(&path).await.expect(404);
    }

    /// A draft can be deleted, and is then gone.
    async fn a_draft_is_deleted(service) {
        let world = World::of(service).await;
        let path = world.prepared().await;
        world.facilitator.get(&path).await.expect(200);
        world.officer.delete(&path).await.expect(204);
        world.officer.get(&path).await.expect(404);
    }
}
