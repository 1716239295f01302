//! Agreements: they hold once every party said yes, and what was promised stands beside
//! what was kept.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::consultations::world::{account, change, go, sign_in};
use crate::feedback::{brought, grant, invite, nl, participant, sent};
use crate::support::{Client, Reply, Service};

/// A network with a partner, an expert by experience with an account and a parent without.
struct World {
    organisation: String,
    partner_id: String,
    network: String,
    manager: Client,
    officer: Client,
    coordinator: Client,
    coordinator_id: String,
    partner: Client,
    stranger: Client,
    expert: Client,
    expert_membership: String,
    parent_membership: String,
    rates: [String; 2],
}

impl World {
    async fn of(service: &Service) -> Self {
        let admin = service.admin().await;
        let organisation = service.organisation(&admin, "regional_partnership", "Werkplaats").await;
        let (manager, id) = account(service, &admin, "manager").await;
        grant(&admin, &id, "manager", &organisation).await;
        let (officer, id) = account(service, &admin, "officer").await;
        grant(&manager, &id, "officer", &organisation).await;
        let network = crate::feedback::network(&manager, &organisation, "panel").await;
        let (coordinator, coordinator_id) = account(service, &admin, "coordinator").await;
        grant(&manager, &coordinator_id, "coordinator", &network).await;
        let partner_id = service.organisation(&admin, "care_provider", "Buur").await;
        let (partner, id) = account(service, &admin, "partner").await;
        grant(&admin, &id, "manager", &partner_id).await;
        let other = service.organisation(&admin, "school", "Nog een").await;
        let (stranger, id) = account(service, &admin, "stranger").await;
        grant(&admin, &id, "manager", &other).await;
        change(&manager, &format!("/v1/networks/{network}"), json!({"partners": [partner_id, other]}))
            .await
            .expect(200);
        let (expert, id) = account(service, &admin, "expert").await;
        let expert_id = participant(&officer, &organisation, Some(&id), "expert").await;
        let expert_membership = invite(&coordinator, &network, &expert_id).await;
        go(&expert, &format!("/v1/memberships/{expert_membership}"), "active").await.expect(201);
        let parent = participant(&officer, &organisation, None, "parent").await;
        let parent_membership = invite(&coordinator, &network, &parent).await;
        go(&coordinator, &format!("/v1/memberships/{parent_membership}"), "active").await.expect(201);
        let mut rates = Vec::new();
        for cents in [1250, 550] {
            let rate = json!({"name": nl("Per uur"), "unit": "hour", "basis": "attendance_fee", "cents": cents,
                "startsOn": "2026-01-01", "daysToPayment": 14});
            rates.push(manager.make(&format!("/v1/organisations/{organisation}/compensation-rates"), rate).await.id());
        }
        let rates = rates.try_into().unwrap();
        Self {
            organisation,
            partner_id,
            network,
            manager,
            officer,
            coordinator,
            coordinator_id,
            partner,
            stranger,
            expert,
            expert_membership,
            parent_membership,
            rates,
        }
    }

    fn promise(&self, rate: usize) -> Value {
        json!({"role": nl("Denkt mee in de kerngroep."), "startsOn": "2026-10-01", "expectedMinutesPerMonth": 240,
            "compensationRateId": self.rates[rate], "training": nl("Ervaring inbrengen"),
            "contactId": self.coordinator_id, "answerWithinDays": 10, "organisationIds": [self.partner_id]})
    }

    async fn proposed(&self, membership: &str, rate: usize) -> String {
        let list = format!("/v1/memberships/{membership}/agreements");
        format!("/v1/agreements/{}", self.coordinator.make(&list, self.promise(rate)).await.id())
    }

    async fn promises(&self) -> Value {
        let path = format!("/v1/networks/{}/promises?startsOn=2026-10-01&endsOn=2026-12-31", self.network);
        self.coordinator.get(&path).await.expect(200).body
    }
}

/// Says yes; the reply.
async fn yes(by: &Client, path: &str, channel: &str) -> Reply {
    let body = json!({"channel": channel});
    let request = by.request(reqwest::Method::POST, &format!("{path}/acceptances"));
    crate::support::wire::reply(request.header("If-Match", "*").json(&body)).await
}

on_both! {
    /// With the last yes it holds. Nobody says yes for another; who is no party doesn't know
    /// of it.
    async fn every_party_accepts_or_it_does_not_hold(service) {
        let world = World::of(service).await;
        let list = format!("/v1/memberships/{}/agreements", world.expert_membership);
        let empty = json!({"role": nl("Iets"), "startsOn": "2026-10-01", "endsOn": "2026-09-01"});
        let refused = world.coordinator.post(&list, empty).await.expect(400);
        assert_eq!(refused.faults(), [" agreement.no_promise", "/endsOn period.reversed"]);
        let mut wrong = world.promise(0);
        wrong["contactId"] = json!(world.partner.get("/v1/me").await.body["accountId"]);
        wrong["organisationIds"] = json!([world.partner_id, "0197c000-0000-7000-8000-ffffffffffff"]);
        wrong["replacesId"] = json!("0197c000-0000-7000-8000-ffffffffffff");
        let refused = world.coordinator.post(&list, wrong).await.expect(400);
        let unknown = ["/contactId", "/organisationIds/1", "/replacesId"].map(|at| format!("{at} reference.unknown"));
        assert_eq!(refused.faults(), unknown);

        let path = world.proposed(&world.expert_membership, 0).await;
        let again = world.coordinator.post(&list, world.promise(0)).await.expect(409);
        assert_eq!(again.code(), "agreement.exists");
        world.stranger.get(&path).await.expect(404);
        yes(&world.stranger, &path, "internet").await.expect(404);
        // The expert has an account, and says yes themself.
        yes(&world.coordinator, &path, "phone").await.expect(403);
        let read = world.expert.get(&path).await.expect(200).body;
        assert_eq!((&read["awaitsYou"], &read["status"], &read["contactName"]), (&json!(true), &json!("proposed"), &json!("coordinator")));
        yes(&world.expert, &path, "internet").await.expect(201);
        assert_eq!(yes(&world.expert, &path, "internet").await.expect(409).code(), "agreement.accepted_already");
        yes(&world.partner, &path, "internet").await.expect(201);
        assert_eq!(world.partner.get(&path).await.expect(200).body["status"], "proposed");
        let last = yes(&world.manager, &path, "internet").await.expect(201);
        assert_eq!((&last.body["status"], &last.body["inForce"]), (&json!("accepted"), &json!(true)));
        // A partner sees that one, and nobody else's.
        let page = world.partner.get(&format!("/v1/networks/{}/agreements", world.network)).await.expect(200);
        assert_eq!(page.items().len(), 1);
        let page = world.stranger.get(&format!("/v1/networks/{}/agreements", world.network)).await.expect(200);
        assert!(page.items().is_empty());
        let history = world.expert.get("/v1/me/history").await.expect(200);
        assert!(history.items().iter().any(|one| one["kind"] == "agreed" && one["status"] == "accepted"));

        // A change is a new version: it ends the old one once all said yes.
        let mut next = world.promise(0);
        next["expectedMinutesPerMonth"] = json!(120);
        let refused = world.coordinator.post(&list, next.clone()).await.expect(409);
        assert_eq!(refused.code(), "agreement.exists");
        next["replacesId"] = json!(last.id());
        let second = world.coordinator.make(&list, next).await;
        assert_eq!(second.body["agreementVersion"], 2);
        let new = format!("/v1/agreements/{}", second.id());
        for by in [&world.expert, &world.partner] {
            yes(by, &new, "internet").await.expect(201);
            assert_eq!(world.expert.get(&path).await.expect(200).body["status"], "accepted");
        }
        yes(&world.officer, &new, "internet").await.expect(201);
        assert_eq!(world.expert.get(&path).await.expect(200).body["status"], "ended");
        let refused = go(&world.expert, &new, "ended").await.expect(400);
        assert_eq!(refused.faults(), ["/reason reason.required"]);
        let reason = json!({"to": "ended", "reason": "School gaat voor."});
        world.expert.transition(&new, reason).await.expect(201);
        let moves = world.partner.get(&format!("{new}/transitions")).await.expect(200);
        let steps: Vec<_> = moves.items().iter().map(|one| one["to"].as_str().unwrap()).collect();
        assert_eq!(steps, ["accepted", "ended"]);
    }

    /// What was promised, and what was kept: time, money, answers, training, and who the
    /// contact person is. What somebody brings is answered by the agreement.
    async fn what_was_promised_stands_beside_what_was_kept(service) {
        let world = World::of(service).await;
        let expert = world.proposed(&world.expert_membership, 0).await;
        let parent = world.proposed(&world.parent_membership, 1).await;
        // The parent has no account: who runs the network writes down what they said.
        yes(&world.coordinator, &parent, "internet").await.expect(403);
        // One yes is one party's: the manager writes down the parent's, and has the host's still to say.
        let written = yes(&world.manager, &parent, "phone").await.expect(201);
        let said: Vec<bool> = written.body["parties"].as_array().unwrap().iter().map(|one| one.get("acceptedOn").is_some()).collect();
        assert_eq!(said, [true, false, false]);
        yes(&world.expert, &expert, "internet").await.expect(201);
        for path in [&expert, &parent] {
            yes(&world.manager, path, "internet").await.expect(201);
            yes(&world.partner, path, "internet").await.expect(201);
        }
        for (by, membership, rate, minutes) in
            [(&world.expert, &world.expert_membership, 0, 300), (&world.coordinator, &world.parent_membership, 1, 60)] {
            let line = json!({"kind": "hours", "happenedOn": "2026-11-10", "quantity": minutes, "rateId": world.rates[rate]});
            let claim = json!({"basis": "attendance_fee", "lines": [line]});
            let claim = by.make(&format!("/v1/memberships/{membership}/claims"), claim).await.id();
            go(by, &format!("/v1/claims/{claim}"), "submitted").await.expect(201);
            go(&world.officer, &format!("/v1/claims/{claim}"), "approved").await.expect(201);
        }
        // Promised within ten days: what comes in on the 23rd is due on the third.
        let to = json!({"kind": "organisation", "id": world.organisation});
        let first = sent(&world.expert, brought(&to, "question", "Wanneer?")).await;
        sent(&world.expert, brought(&to, "question", "En dan?")).await;
        assert_eq!(world.officer.get(&first).await.expect(200).body["answerDueOn"], "2026-12-03");
        world.officer.make(&format!("{first}/official-responses"), json!({"text": nl("Morgen.")})).await;
        let other = sent(&world.expert, brought(&json!({"kind": "network", "id": world.network}), "idea", "Een bankje")).await;
        assert_eq!(world.coordinator.get(&other).await.expect(200).body["answerDueOn"], "2026-12-03");

        service.clock.advance(TimeDelta::days(20));
        let world = World { coordinator: sign_in(service, "coordinator").await, ..world };
        let all = world.promises().await;
        assert_eq!(all["membersWithout"], 0);
        let [expert, parent] = [0, 1].map(|index| all["agreements"][index].clone());
        assert_eq!((&expert["expectedMinutesPerMonth"], &expert["expectedMinutes"], &expert["claimedMinutes"]), (&json!(240), &json!(720), &json!(300)));
        assert_eq!((&expert["promisedCentsPerHour"], &expert["givenCentsPerHour"]), (&json!(1250), &json!(1250)));
        assert_eq!((&parent["promisedCentsPerHour"], &parent["givenCentsPerHour"]), (&json!(550), &json!(550)));
        // One was answered in time; two wait too long, and so do two payments.
        assert_eq!((&expert["answeredPromptly"], &expert["answeredLate"], &expert["answerWithinDays"]), (&json!(1), &json!(2), &json!(10)));
        assert_eq!((&expert["paidPromptly"], &expert["paidLate"], &parent["paidLate"]), (&json!(0), &json!(1), &json!(1)));
        assert_eq!((&parent["contactName"], &parent["trainingPromised"], &parent["trained"]), (&json!("coordinator"), &json!(true), &json!(false)));
        let path = format!("/v1/networks/{}/promises", world.network);
        sign_in(service, "expert").await.get(&path).await.expect(403);
        sign_in(service, "partner").await.get(&path).await.expect(403);
    }
}
