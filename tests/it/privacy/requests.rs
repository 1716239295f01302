//! Requests about one's own data: their term, who carries them out, and what a
//! restriction stops.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::consultations::world::{World, change, go, sign_in};
use crate::support::Client;

fn list(person: &str) -> String {
    format!("/v1/participants/{person}/data-requests")
}

async fn asked(by: &Client, person: &str, kind: &str) -> String {
    let made = by.make(&list(person), json!({"kind": kind, "channel": "internet"})).await;
    format!("/v1/data-requests/{}", made.id())
}

async fn reached(by: &Client, consultation: &str) -> Value {
    by.get(&format!("{consultation}/reach")).await.expect(200).body["mayBeAsked"]["figure"].clone()
}

on_both! {
    /// A month, two more with the reason, and who is late is listed.
    async fn a_request_has_its_term(service) {
        let world = World::of(service).await;
        let new = json!({"kind": "rectification", "channel": "internet"});
        let refused = world.anna.post(&list(&world.anna_id), new).await.expect(400);
        assert_eq!(refused.faults(), ["/details data_request.details_missing"]);
        let new = json!({"kind": "rectification", "channel": "internet", "details": "Mijn naam klopt niet."});
        let made = world.anna.make(&list(&world.anna_id), new).await;
        assert_eq!((&made.body["receivedOn"], &made.body["dueOn"]), (&json!("2026-11-23"), &json!("2026-12-23")));
        assert_eq!(made.body["allowedTransitions"], json!(["withdrawn"]), "an officer puts it right");
        let path = format!("/v1/data-requests/{}", made.id());
        go(&world.anna, &path, "carried_out").await.expect(403);
        let late = format!("/v1/organisations/{}/data-requests?overdue=true", world.organisation);
        assert!(world.officer.get(&late).await.expect(200).items().is_empty());
        service.clock.advance(TimeDelta::days(31));
        let officer = sign_in(service, "officer").await;
        assert_eq!(officer.get(&late).await.expect(200).items()[0]["overdue"], true);
        let refused = go(&officer, &path, "extended").await.expect(400);
        assert_eq!(refused.faults(), ["/reason reason.required"]);
        let longer = json!({"to": "extended", "reason": "Het archief moet erbij."});
        officer.transition(&path, longer).await.expect(201);
        let read = officer.get(&path).await.expect(200).body;
        assert_eq!((&read["dueOn"], &read["overdue"], &read["status"]), (&json!("2027-02-23"), &json!(false), &json!("extended")));
        go(&officer, &path, "carried_out").await.expect(201);
        assert_eq!(officer.get(&path).await.expect(200).body["decidedOn"], "2026-12-24");
        let moves = sign_in(service, "anna").await.get(&format!("{path}/transitions")).await.expect(200);
        assert_eq!(moves.items()[0]["reason"], "Het archief moet erbij.");
        // Who runs the network, and who facilitates, isn't told.
        sign_in(service, "coordinator").await.get(&path).await.expect(404);
        sign_in(service, "coordinator").await.get(&list(&world.anna_id)).await.expect(403);
    }

    /// Who asks for it isn't asked any more, at once; under a restriction nothing is changed.
    async fn a_restriction_holds_at_once(service) {
        let world = World::of(service).await;
        let consultation = world.prepared().await;
        let before = reached(&world.coordinator, &consultation).await.as_i64().unwrap();
        for kind in ["objection", "restriction"] {
            let path = asked(&world.anna, &world.anna_id, kind).await;
            assert_eq!(reached(&world.coordinator, &consultation).await, json!(before - 1), "{kind}");
            let person = format!("/v1/participants/{}", world.anna_id);
            let changed = change(&world.officer, &person, json!({"displayName": "Anders"})).await;
            if kind == "restriction" {
                assert_eq!(changed.expect(409).code(), "participant.restricted");
                change(&world.anna, &person, json!({"displayName": "Zelf"})).await.expect(200);
            } else {
                changed.expect(200);
            }
            go(&world.anna, &path, "carried_out").await.expect(201);
            assert_eq!(reached(&world.coordinator, &consultation).await, json!(before - 1), "{kind}");
            let askable = format!("/v1/networks/{}/askable-memberships?limit=100", world.network);
            let askable = world.coordinator.get(&askable).await.expect(200);
            let not: Vec<_> = askable.items().iter().filter(|one| one["mayBeAsked"] == false).collect();
            assert_eq!((not.len(), not[0].get("notBeforeOn")), (1, None));
            let lifted = json!({"to": "lifted", "reason": "Ik doe weer mee."});
            world.anna.transition(&path, lifted).await.expect(201);
            assert_eq!(reached(&world.coordinator, &consultation).await, json!(before), "{kind}");
        }
        let path = asked(&world.anna, &world.anna_id, "restriction").await;
        let no = json!({"to": "rejected", "reason": "De gegevens kloppen."});
        world.officer.transition(&path, no).await.expect(201);
        assert_eq!(reached(&world.coordinator, &consultation).await, json!(before));
        go(&world.officer, &consultation, "open").await.expect(201);
    }
}
