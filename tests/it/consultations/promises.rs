//! How promises to report back are kept: public, and counted as it was.

use serde_json::{Value, json};

use super::telling::told;
use super::world::{World, change, go, sign_in, until};
use crate::feedback::nl;
use crate::support::{Service, database};

async fn records(service: &Service, query: &str) -> Vec<Value> {
    service.nobody().get(&format!("/v1/promise-records?{query}")).await.expect(200).items().clone()
}

async fn count(service: &Service, which: &str) -> i64 {
    let rows = format!(
        "consultations WHERE opened_at IS NOT NULL AND status <> 'withdrawn' AND closing_round_of IS NULL AND {which}"
    );
    database::count(&service.running.app.config.database.url, &rows).await
}

on_both! {
    /// Five promises: one kept, one after a move, one late, one overdue, one that has time;
    /// and one that was called off.
    async fn a_rate_says_of_how_many_and_tells_a_move(service) {
        let world = World::of(service).await;
        assert_eq!(records(service, "scope=organisation").await.len(), 0);
        let due = |day: &str| json!({"reportBackDueOn": day});
        let mut paths = Vec::new();
        for day in ["2026-12-20", "2026-12-20", "2026-12-20", "2026-12-22", "2027-03-01", "2026-12-20"] {
            let path = world.prepared().await;
            change(&world.officer, &path, due(day)).await.expect(200);
            go(&world.officer, &path, "open").await.expect(201);
            let last = world.officer.make(&format!("{path}/report-backs"), told("final", "Zo wordt het.")).await;
            assert_eq!(last.status, 201);
            paths.push(path);
        }
        let moved = json!({"reportBackDueOn": "2027-01-10", "reportBackDueReason": nl("De raad vergadert later.")});
        change(&world.officer, &paths[1], moved).await.expect(200);
        let off = json!({"to": "withdrawn", "reason": "Het gaat niet door."});
        world.officer.transition(&paths[5], off).await.expect(201);
        until(service, "2026-12-19T09:00:00Z");
        service.round().await;
        let officer = sign_in(service, "officer").await;
        go(&officer, &paths[0], "concluded").await.expect(201);
        until(service, "2026-12-25T09:00:00Z");
        let officer = sign_in(service, "officer").await;
        go(&officer, &paths[1], "concluded").await.expect(201);
        go(&officer, &paths[2], "concluded").await.expect(201);
        // A closing round is no promise of its own.
        officer.post(&format!("{}/closing-round", paths[0]), json!({})).await.expect(201);

        let of = json!({"organisationId": world.organisation, "organisationName": "Hier", "due": 4, "kept": 1,
            "keptAfterMove": 1, "late": 1, "overdue": 1, "keptPercent": 25, "keptWithMovePercent": 50, "medianDaysLate": 4.0});
        assert_eq!(records(service, "scope=organisation").await, std::slice::from_ref(&of));
        let mut network = of;
        network["networkId"] = json!(world.network);
        network["networkName"] = nl("Het panel");
        assert_eq!(records(service, "scope=network").await, [network.clone()]);
        assert_eq!(records(service, &format!("scope=network&organisationId={}", world.organisation)).await, [network]);
        assert_eq!(records(service, &format!("scope=organisation&organisationId={}", world.network)).await.len(), 0);
        // The same, asked of the database.
        let told = count(service, "status = 'concluded'").await;
        let late = count(service, "status <> 'concluded' AND report_back_due_on < '2026-12-25'").await;
        let moved = count(service, "status = 'concluded' AND report_back_first_due_on IS NOT NULL").await;
        assert_eq!((told, late, moved), (3, 1, 1));
        let overdue = service.nobody().get("/v1/register?overdue=true").await.expect(200);
        assert_eq!(i64::try_from(overdue.items().len()).unwrap(), late);
        let two = service.nobody().get("/v1/promise-records?scope=programme").await.expect(400);
        assert_eq!(two.faults(), ["scope value.not_listed"]);
    }

    /// What a council asks on its own behalf stays in its room; what its host asks it is
    /// counted of the host.
    async fn a_councils_own_rounds_are_not_counted(service) {
        let world = World::of(service).await;
        let (chair, id) = super::world::account(service, &world.admin, "chair").await;
        let council = super::world::network(&world.manager, &world.organisation, json!({"kind": "client_council"})).await;
        crate::feedback::grant(&world.manager, &id, "chair", &council).await;
        super::world::activate(&chair, &council).await;
        let one = super::world::person(&world.officer, &world.organisation, None, Some(1980)).await;
        super::world::member(&chair, &council, &one, "client").await;
        let mut new = world.draft();
        new.as_object_mut().unwrap().extend(world.content().as_object().unwrap().clone());
        new["audience"] = json!({"networkIds": [council]});
        new["facilitators"] = json!([id]);
        let path = format!("/v1/consultations/{}", chair.make("/v1/consultations", new).await.id());
        go(&chair, &path, "open").await.expect(201);
        assert_eq!(records(service, "scope=organisation").await.len(), 0);
        assert_eq!(records(service, "scope=network").await.len(), 0);
    }
}
