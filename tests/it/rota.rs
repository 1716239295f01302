//! Seats, terms and the rota of retirement.

use serde_json::json;

use crate::consultations::world::{account, change, go};
use crate::feedback::{grant, invite, participant};

on_both! {
    /// Who steps down first comes first; who served all terms isn't asked again; what is
    /// vacant shows.
    async fn who_steps_down_when(service) {
        let admin = service.admin().await;
        let organisation = service.organisation(&admin, "care_provider", "Hier").await;
        let (manager, id) = account(service, &admin, "manager").await;
        grant(&admin, &id, "manager", &organisation).await;
        let council = crate::feedback::network(&manager, &organisation, "client_council").await;
        let (chair, id) = account(service, &admin, "chair").await;
        grant(&manager, &id, "chair", &council).await;
        let path = format!("/v1/networks/{council}");
        let wrong = json!({"seats": [{"name": "Oost", "count": 2}, {"name": "Oost", "count": 1}]});
        assert_eq!(change(&chair, &path, wrong).await.expect(400).faults(), ["/seats/1 seat.repeated"]);
        let seats = json!({"seats": [{"name": "Oost", "count": 2}, {"name": "West", "count": 1}], "termYears": 4, "mostTerms": 2});
        change(&chair, &path, seats).await.expect(200);
        let joined = async |person: &str, ends_on: &str| {
            let membership = invite(&chair, &council, person).await;
            let membership = format!("/v1/memberships/{membership}");
            change(&chair, &membership, json!({"seat": "Oost", "termStartsOn": "2023-01-01", "termEndsOn": ends_on})).await.expect(200);
            go(&chair, &membership, "active").await.expect(201);
            membership
        };
        let first = participant(&manager, &organisation, None, "een").await;
        let second = participant(&manager, &organisation, None, "twee").await;
        let ends = json!({"to": "ended", "reason": "De termijn is voorbij."});
        let served = joined(&first, "2026-11-01").await;
        chair.transition(&served, ends.clone()).await.expect(201);
        let again = joined(&first, "2030-11-01").await;
        joined(&second, "2027-01-01").await;
        let rota = chair.get(&format!("{path}/rota")).await.expect(200).body;
        let told: Vec<_> = rota["members"].as_array().unwrap().iter()
            .map(|one| (one["termEndsOn"].clone(), one["term"].clone(), one["mayReturn"].clone())).collect();
        assert_eq!(told, [(json!("2027-01-01"), json!(1), json!(true)), (json!("2030-11-01"), json!(2), json!(false))]);
        let seats: Vec<_> = rota["seats"].as_array().unwrap().iter()
            .map(|one| (one["filled"].clone(), one["vacant"].clone(), one.get("nextVacantOn").cloned())).collect();
        assert_eq!(seats, [(json!(2), json!(0), Some(json!("2027-01-01"))), (json!(0), json!(1), None)]);
        // A council's rota is its own.
        manager.get(&format!("{path}/rota")).await.expect(403);
        chair.transition(&again, ends).await.expect(201);
        let new = json!({"member": {"kind": "participant", "id": first}, "perspective": "client", "role": "member", "status": "invited"});
        let refused = chair.post(&format!("{path}/memberships"), new).await.expect(409);
        assert_eq!(refused.code(), "membership.terms_served");
    }
}
