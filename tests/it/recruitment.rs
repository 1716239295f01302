//! Recruitment: codes that sources hand out blind, coming forward and saying no in one
//! step, and the funnel.

use reqwest::Method;
use serde_json::{Value, json};

use crate::consultations::world::{account, change, go};
use crate::feedback::{grant, invite, nl, participant};
use crate::support::wire::reply;
use crate::support::{Client, Service, database};

struct World {
    partner: Client,
    partner_id: String,
    manager: Client,
    coordinator: Client,
    member: Client,
    network: String,
    organisation: String,
    campaign: String,
}

impl World {
    async fn of(service: &Service) -> Self {
        let admin = service.admin().await;
        let organisation = service.organisation(&admin, "regional_partnership", "Werkplaats").await;
        let (manager, id) = account(service, &admin, "manager").await;
        grant(&admin, &id, "manager", &organisation).await;
        let network = crate::feedback::network(&manager, &organisation, "panel").await;
        let (coordinator, id) = account(service, &admin, "coordinator").await;
        grant(&manager, &id, "coordinator", &network).await;
        let partner_id = service.organisation(&admin, "care_provider", "Bron").await;
        let (partner, id) = account(service, &admin, "partner").await;
        grant(&admin, &id, "manager", &partner_id).await;
        let other = service.organisation(&admin, "care_provider", "Geen bron").await;
        change(&manager, &format!("/v1/networks/{network}"), json!({"partners": [partner_id, other]}))
            .await
            .expect(200);
        let (member, id) = account(service, &admin, "member").await;
        let person = participant(&manager, &organisation, Some(&id), "member").await;
        crate::feedback::join(&coordinator, &member, &network, &person).await;
        let new = json!({"name": nl("Ouders gezocht"), "perspective": "parent", "target": 4, "sourceIds": [partner_id],
            "startsOn": "2026-11-01", "endsOn": "2026-12-31"});
        let list = format!("/v1/networks/{network}/recruitment-campaigns");
        let mut wrong = new.clone();
        wrong["sourceIds"] = json!([partner_id, partner_id, "0197c000-0000-7000-8000-ffffffffffff"]);
        wrong["endsOn"] = json!("2026-10-01");
        let refused = coordinator.post(&list, wrong).await.expect(400);
        let faults =
            ["/endsOn period.reversed", "/sourceIds/1 recruitment.source_repeated", "/sourceIds/2 reference.unknown"];
        assert_eq!(refused.faults(), faults);
        let campaign = format!("/v1/recruitment-campaigns/{}", coordinator.make(&list, new).await.id());
        Self { partner, partner_id, manager, coordinator, member, network, organisation, campaign }
    }

    async fn reached(&self, channel: &str, count: i64, codes: bool) -> Value {
        let new = json!({"sourceId": self.partner_id, "channel": channel, "reached": count, "withCodes": codes});
        self.coordinator.make(&format!("{}/batches", self.campaign), new).await.body
    }

    async fn funnel(&self) -> [i64; 4] {
        let body = self.coordinator.get(&format!("{}/funnel", self.campaign)).await.expect(200).body;
        ["reached", "cameForward", "joined", "declined"].map(|stage| body[stage].as_i64().unwrap())
    }
}

fn codes(batch: &Value) -> Vec<String> {
    batch["codes"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect()
}

async fn says(service: &Service, code: &str, body: Value) -> crate::support::Reply {
    service.bearer(code).post("/v1/recruitment-answers", body).await
}

on_both! {
    /// Each code once; a no in one step; who comes forward applies, and is counted on.
    async fn a_code_is_an_answer_in_one_step(service) {
        let world = World::of(service).await;
        let batch = world.reached("letter", 5, true).await;
        let codes = codes(&batch);
        assert_eq!(codes.len(), 5);
        let url = &service.running.app.config.database.url;
        assert_eq!(database::count(url, &format!("recruitment_codes WHERE code_hash = '{}'", codes[0])).await, 0);
        // The source sees that there are five, and no code, nor who came.
        let list = world.partner.get(&format!("{}/batches", world.campaign)).await.expect(200);
        assert_eq!((list.items().len(), list.items()[0].get("codes")), (1, None));
        world.partner.get(&format!("{}/funnel", world.campaign)).await.expect(403);
        world.member.get(&world.campaign).await.expect(404);

        let forward = json!({"answer": "came_forward", "displayName": "Zonnebloem", "channel": "phone",
            "phoneNumber": "+31 88 555 01 01"});
        let refused = says(service, &codes[0], json!({"answer": "came_forward", "channel": "phone"})).await.expect(400);
        assert_eq!(refused.faults(), ["/displayName value.required"]);
        let mut mute = forward.clone();
        mute.as_object_mut().unwrap().remove("phoneNumber");
        let refused = says(service, &codes[0], mute).await.expect(400);
        assert_eq!(refused.faults(), ["/phoneNumber value.required"]);
        // A code that was refused still works, once.
        let taken = says(service, &codes[0], forward.clone()).await.expect(201);
        assert_eq!((&taken.body["answer"], &taken.body["campaignName"][0]["value"]), (&json!("came_forward"), &json!("Ouders gezocht")));
        says(service, &codes[0], forward.clone()).await.expect(401);
        says(service, "aaaaa-bbbbb-ccccc-ddddd-eeeee", forward.clone()).await.expect(401);
        says(service, &codes[1], json!({"answer": "declined"})).await.expect(201);
        assert_eq!(world.funnel().await, [5, 1, 0, 1]);
        let applied = world.coordinator.get(&format!("/v1/networks/{}/memberships?status=applied", world.network)).await;
        let membership = applied.items()[0]["id"].as_str().unwrap().to_owned();
        assert_eq!(applied.items()[0]["perspective"], "parent");
        go(&world.coordinator, &format!("/v1/memberships/{membership}"), "active").await.expect(201);
        assert_eq!(world.funnel().await, [5, 1, 1, 1]);
        let rows = "audit_rows WHERE action = 'createRecruitmentAnswer' AND object_kind = 'recruitment_candidate' AND origin = 'link'";
        assert_eq!(database::count(url, rows).await, 2);

        go(&world.coordinator, &world.campaign, "closed").await.expect(201);
        assert_eq!(says(service, &codes[2], forward).await.expect(409).code(), "recruitment.closed");
        let more = json!({"channel": "phone", "reached": 1});
        let refused = world.coordinator.post(&format!("{}/batches", world.campaign), more).await.expect(409);
        assert_eq!(refused.code(), "recruitment.closed");
    }

    /// Two with one code: one comes through.
    async fn of_two_at_once_one_is_taken(service) {
        let world = World::of(service).await;
        let code = codes(&world.reached("link", 1, true).await).remove(0);
        let body = json!({"answer": "declined"});
        let answers = futures_util::future::join_all((0..4).map(|_| says(service, &code, body.clone()))).await;
        let mut statuses: Vec<u16> = answers.iter().map(|one| one.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 401, 401, 401]);
        assert_eq!(world.funnel().await, [1, 0, 0, 1]);
    }

    /// Who answers by telephone is noted, once, and only where people are sought.
    async fn who_answers_by_telephone_is_noted_once(service) {
        let world = World::of(service).await;
        let batch = world.reached("phone", 2, false).await;
        assert!(batch.get("codes").is_none());
        let list = format!("/v1/recruitment-batches/{}/candidates", batch["id"].as_str().unwrap());
        let person = participant(&world.manager, &world.organisation, None, "x").await;
        let membership = invite(&world.coordinator, &world.network, &person).await;
        let note = json!({"membershipId": membership});
        let later = json!({"membershipId": membership, "cameOn": "2026-12-24"});
        assert_eq!(world.coordinator.post(&list, later).await.expect(400).faults(), ["/cameOn recruitment.in_future"]);
        world.coordinator.post(&list, note.clone()).await.expect(201);
        assert_eq!(world.coordinator.post(&list, note).await.expect(409).code(), "recruitment.counted_already");
        let elsewhere = crate::feedback::network(&world.manager, &world.organisation, "panel").await;
        let other = invite(&world.manager, &elsewhere, &person).await;
        let refused = world.coordinator.post(&list, json!({"membershipId": other})).await.expect(400);
        assert_eq!(refused.faults(), ["/membershipId reference.unknown"]);
        world.partner.post(&list, json!({"membershipId": other})).await.expect(403);
        assert_eq!(world.funnel().await, [2, 1, 0, 0]);
        // Codes are shown once: a repeated request isn't answered with them.
        let new = json!({"channel": "letter", "reached": 1, "withCodes": true});
        let path = format!("{}/batches", world.campaign);
        let once = || world.coordinator.request(Method::POST, &path).header("Idempotency-Key", "een").json(&new);
        reply(once()).await.expect(201);
        assert_eq!(reply(once()).await.expect(409).code(), "idempotency.not_repeatable");
    }
}
