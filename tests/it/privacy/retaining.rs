//! Retention: who no longer takes part is told, and then what is kept of them goes;
//! whatever happens with them before stops it.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::consultations::world::{World, change, go, member, sign_in};
use crate::support::{Service, database};

async fn notices(service: &Service, world: &World) -> Vec<Value> {
    service.round().await;
    let officer = sign_in(service, "officer").await;
    let list = format!("/v1/organisations/{}/retention-notices?limit=100", world.organisation);
    officer.get(&list).await.expect(200).items().clone()
}

fn whom(notices: &[Value]) -> Vec<&str> {
    notices.iter().map(|one| one["participantId"].as_str().unwrap()).collect()
}

on_both! {
    async fn who_no_longer_takes_part_is_told_and_then_goes(service) {
        let world = World::of(service).await;
        let new = json!({"organisationId": world.organisation, "displayName": "Canarievogel", "channel": "internet",
            "language": "nl", "contact": {"emailAddress": "lang-geleden@people.example"}});
        let gone = world.officer.make("/v1/participants", new).await.id();
        // Somebody who left, and still waits for money.
        let waits = world.officer.make("/v1/participants", json!({"organisationId": world.organisation,
            "displayName": "Wacht", "channel": "phone", "language": "nl"})).await.id();
        member(&world.coordinator, &world.network, &waits, "resident").await;
        let list = format!("/v1/networks/{}/memberships?limit=100&sort=-createdAt", world.network);
        let membership = world.coordinator.get(&list).await.expect(200).items()[0]["id"].as_str().unwrap().to_owned();
        let line = json!({"kind": "costs", "happenedOn": "2026-11-20", "amountCents": 900, "description": "Trein", "proven": true});
        let claims = format!("/v1/memberships/{membership}/claims");
        let claim = world.coordinator.make(&claims, json!({"basis": "actual_costs", "lines": [line]})).await.id();
        go(&world.coordinator, &format!("/v1/claims/{claim}"), "submitted").await.expect(201);
        let leaves = json!({"to": "ended", "reason": "Verhuisd."});
        world.coordinator.transition(&format!("/v1/memberships/{membership}"), leaves).await.expect(201);
        let url = service.running.app.config.database.url.clone();
        let told = "mails WHERE template = 'retention_warning'";

        // 24 months, and told 30 days before.
        service.clock.advance(TimeDelta::days(690));
        assert!(notices(service, &world).await.is_empty());
        service.clock.advance(TimeDelta::days(15));
        let first = notices(service, &world).await;
        assert_eq!(whom(&first), [&gone]);
        assert_eq!(database::count(&url, told).await, 1);
        assert_eq!(notices(service, &world).await, first, "told once");

        // Something happens with them: it is taken back.
        let officer = sign_in(service, "officer").await;
        change(&officer, &format!("/v1/participants/{gone}"), json!({"displayName": "Toch nog"})).await.expect(200);
        assert!(notices(service, &world).await.is_empty());

        service.clock.advance(TimeDelta::days(720));
        let again = notices(service, &world).await;
        assert_eq!(whom(&again), [&gone]);
        service.clock.advance(TimeDelta::days(29));
        assert_eq!(whom(&notices(service, &world).await), [&gone]);
        service.clock.advance(TimeDelta::days(1));
        assert!(notices(service, &world).await.is_empty());
        let officer = sign_in(service, "officer").await;
        officer.get(&format!("/v1/participants/{gone}")).await.expect(404);
        officer.get(&format!("/v1/participants/{waits}")).await.expect(200);
        officer.get(&format!("/v1/participants/{}", world.anna_id)).await.expect(200);
        let list = format!("/v1/organisations/{}/data-requests", world.organisation);
        let requests = officer.get(&list).await.expect(200);
        let told = |one: &Value| (one["askedBy"].clone(), one["kind"].clone(), one["status"].clone());
        assert_eq!(requests.items().iter().map(told).collect::<Vec<_>>(), [(json!("term"), json!("erasure"), json!("carried_out"))]);
        assert_eq!(database::count(&url, "participant_contacts").await, 0);
    }
}
