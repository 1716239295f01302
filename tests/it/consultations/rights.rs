//! In whose name one asks, what ends with a role, and what holds once it is open.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::feedback::{grant, nl};
use crate::support::Client;

use super::world::{World, account, activate, answers, change, go, member, network, person, sign_in, until};

/// The path of a consultation that asks all it needs of these networks.
async fn asked(world: &World, networks: &[&str], more: Value) -> String {
    let mut new = world.draft();
    for part in [world.content(), json!({"audience": {"networkIds": networks}}), more] {
        new.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
    }
    format!("/v1/consultations/{}", world.officer.make("/v1/consultations", new).await.id())
}

/// Gives a role, by its path.
async fn given(by: &Client, account: &str, role: &str, scope: &str) -> String {
    let body = json!({"accountId": account, "role": role, "scopeId": scope, "reason": "Zo is het afgesproken."});
    format!("/v1/grants/{}", by.make("/v1/grants", body).await.id())
}

on_both! {
    /// Naming an organisation a partner gives nobody its voice: who runs the
    /// network looks on where the partner asks it.
    async fn nobody_asks_in_the_name_of_a_partner(service) {
        let world = World::of(service).await;
        let there = service.organisation(&world.admin, "care_provider", "Daar").await;
        let (other, other_id) = account(service, &world.admin, "other").await;
        grant(&world.admin, &other_id, "manager", &there).await;
        let panel = network(&other, &there, json!({"partners": [world.organisation]})).await;
        activate(&other, &panel).await;
        let (lead, lead_id) = account(service, &world.admin, "lead").await;
        grant(&other, &lead_id, "coordinator", &panel).await;
        let new = json!({"organisationId": world.organisation, "title": nl("Uit uw naam"), "mode": "named",
            "audience": {"networkIds": [panel]}, "facilitators": [lead_id]});
        let refused = lead.post("/v1/consultations", new.clone()).await.expect(400);
        assert_eq!(refused.faults(), ["/organisationId reference.unknown"]);
        // Who runs a network of the partner names no other's beside it.
        let refused = world.coordinator.post("/v1/consultations", new).await.expect(400);
        assert_eq!(refused.faults(), ["/organisationId reference.unknown"]);

        let somebody = person(&other, &there, None, Some(1980)).await;
        member(&other, &panel, &somebody, "resident").await;
        let path = asked(&world, &[&panel], json!({"facilitators": [world.officer_id]})).await;
        lead.get(&path).await.expect(404);
        assert_eq!(lead.get("/v1/consultations").await.expect(200).items().len(), 0);
        go(&world.officer, &path, "open").await.expect(201);
        assert_eq!(lead.get(&path).await.expect(200).body["allowedTransitions"], json!([]));
        assert_eq!(lead.get("/v1/consultations").await.expect(200).items().len(), 1);
        change(&lead, &path, json!({"rung": "codecide"})).await.expect(403);
        go(&lead, &path, "closed").await.expect(403);
        lead.get(&format!("{path}/responses")).await.expect(403);
        go(&world.officer, &path, "closed").await.expect(201);
        assert_eq!(lead.get("/v1/me/tasks").await.expect(200).items().len(), 0);
    }

    /// A facilitator whose role was withdrawn reads and writes nothing any more,
    /// also where they stay on the list, and take part themselves.
    async fn a_withdrawn_facilitator_reads_no_answers(service) {
        let world = World::of(service).await;
        let (bea, bea_id) = account(service, &world.admin, "bea").await;
        let anna_account = world.anna.get("/v1/me").await.body["accountId"].as_str().unwrap().to_owned();
        let mut roles = Vec::new();
        for account in [&bea_id, &anna_account] {
            roles.push(given(&world.manager, account, "facilitator", &world.network).await);
        }
        let named = json!({"facilitators": [world.facilitator_id, bea_id, anna_account]});
        let path = asked(&world, &[&world.network], named).await;
        go(&world.officer, &path, "open").await.expect(201);
        let own = world.answered(&path).await;
        let responses = format!("{path}/responses");
        for reader in [&bea, &world.anna] {
            assert_eq!(reader.get(&responses).await.expect(200).items().len(), 12);
        }
        for role in &roles {
            world.manager.delete(role).await.expect(204);
        }
        bea.get(&responses).await.expect(404);
        bea.get(&format!("/v1/responses/{own}")).await.expect(404);
        bea.get(&path).await.expect(404);
        assert_eq!(bea.get("/v1/consultations").await.expect(200).items().len(), 0);
        world.anna.get(&responses).await.expect(403);
        let mut heard = answers("phone", 1, 4, None);
        heard["participantId"] = json!(world.others[0]);
        world.anna.post(&responses, heard).await.expect(403);
    }

    /// In mode `named` those who run it read what was chosen, and by whom; what
    /// was written is for the facilitators.
    async fn named_answers_are_read_without_what_was_written(service) {
        let world = World::of(service).await;
        let path = asked(&world, &[&world.network], json!({"mode": "named"})).await;
        go(&world.officer, &path, "open").await.expect(201);
        let own = world.answered(&path).await;
        let responses = format!("{path}/responses?limit=100");
        let (one, all) = (format!("/v1/responses/{own}"), answers("internet", 1, 4, None));
        for runs in [&world.officer, &world.coordinator] {
            let listed = runs.get(&responses).await.expect(200);
            assert_eq!(listed.items().len(), 12);
            assert!(!listed.text.contains("Bel terug") && !listed.text.contains("open_text"));
            assert_eq!(runs.get(&one).await.expect(200).body["answers"], all["answers"]);
        }
        assert!(world.facilitator.get(&responses).await.expect(200).text.contains("Bel terug"));
        assert!(world.facilitator.get(&one).await.expect(200).text.contains("Bel terug"));
    }

    /// What was promised to those asked of the least group can't be lowered by
    /// leaving a network out.
    async fn no_network_is_left_out_once_it_is_open(service) {
        let world = World::of(service).await;
        let strict = network(&world.manager, &world.organisation, json!({"leastGroup": 20})).await;
        activate(&world.manager, &strict).await;
        let path = asked(&world, &[&world.network, &strict], json!({})).await;
        go(&world.officer, &path, "open").await.expect(201);
        let fewer = json!({"audience": {"networkIds": [world.network]}});
        let refused = change(&world.officer, &path, fewer).await.expect(400);
        assert_eq!(refused.faults(), ["/audience/networkIds consultation.network_removed"]);
    }

    /// Once its last day ended it waits for the clock: nobody opens it again,
    /// calls it off, or closes it at another moment.
    async fn what_is_over_is_only_closed_by_the_clock(service) {
        let world = World::of(service).await;
        let path = world.opened().await;
        until(service, "2026-12-15T23:00:00Z");
        let officer = &sign_in(service, "officer").await;
        assert_eq!(officer.get(&path).await.expect(200).body["allowedTransitions"], json!([]));
        let later = change(officer, &path, json!({"closesOn": "2026-12-31"})).await.expect(409);
        assert_eq!(later.code(), "consultation.over");
        assert_eq!(go(officer, &path, "closed").await.expect(409).code(), "consultation.over");
        let off = json!({"to": "withdrawn", "reason": "Toch niet."});
        assert_eq!(officer.transition(&path, off).await.expect(409).code(), "consultation.over");
        let anna = sign_in(service, "anna").await;
        assert_eq!(anna.get("/v1/me/tasks").await.expect(200).items().len(), 0);
        service.round().await;
        assert_eq!(officer.get(&path).await.expect(200).body["closedAt"], "2026-12-15T23:00:00Z");
        // Who runs the network that was asked hears that people wait.
        let tasks = sign_in(service, "coordinator").await.get("/v1/me/tasks").await.expect(200);
        assert_eq!(tasks.items()[0]["kind"], "report_back");
    }

    /// Nothing is told any more about what was called off.
    async fn a_report_back_ends_with_its_consultation(service) {
        let world = World::of(service).await;
        let path = world.opened().await;
        let interim = json!({"kind": "interim", "heard": nl("We lezen alles.")});
        let interim = world.officer.make(&format!("{path}/report-backs"), interim).await;
        let back = format!("/v1/report-backs/{}", interim.id());
        let off = json!({"to": "withdrawn", "reason": "Toch niet."});
        world.officer.transition(&path, off).await.expect(201);
        let changed = change(&world.officer, &back, json!({"heard": nl("Niets.")})).await.expect(409);
        assert_eq!(changed.code(), "consultation.ended");
        assert_eq!(go(&world.officer, &back, "published").await.expect(409).code(), "consultation.ended");
    }

    /// However often it is sent at once, one person answers once.
    async fn one_answer_is_taken_of_many_at_once(service) {
        let world = World::of(service).await;
        let path = format!("{}/responses", world.opened().await);
        let tries = (0..8).map(|_| world.anna.post(&path, answers("internet", 1, 4, None)));
        let mut statuses: Vec<_> = join_all(tries).await.iter().map(|reply| reply.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
    }
}
