//! Who holds which role, and who grants it.

use serde_json::{Value, json};

use crate::support::Client;

fn grant(account: &str, role: &str, scope: Option<&str>) -> Value {
    let mut body = json!({"accountId": account, "role": role, "reason": "Zo is het afgesproken."});
    if let Some(scope) = scope {
        body["scopeId"] = json!(scope);
    }
    body
}

on_both! {
    /// The admin names managers and nobody else; a manager the own staff.
    async fn staff_is_granted_down_the_line(service) {
        let admin = service.admin().await;
        let here = service.organisation(&admin, "municipality", "Hier").await;
        let there = service.organisation(&admin, "care_provider", "Daar").await;
        let (manager, manager_id) = service.account(&admin, "manager").await;
        let (officer, officer_id) = service.account(&admin, "officer").await;
        let (other, other_id) = service.account(&admin, "other").await;

        let made = admin.make("/v1/grants", grant(&manager_id, "manager", Some(&here))).await;
        let me = admin.get("/v1/me").await.expect(200).body["accountId"].clone();
        let shown = json!({"id": made.body["id"], "accountId": manager_id, "role": "manager",
            "scopeKind": "organisation", "scopeId": here, "grantedBy": me, "reason": "Zo is het afgesproken.",
            "createdAt": "2026-11-23T09:00:00Z"});
        assert_eq!(made.body, shown);
        assert_eq!(made.header("location"), format!("/v1/grants/{}", made.id()));
        // The admin names the first manager; the others are for managers to name.
        admin.post("/v1/grants", grant(&other_id, "manager", Some(&here))).await.expect(403);
        admin.delete(&format!("/v1/grants/{}", made.id())).await.expect(403);
        let last = manager.delete(&format!("/v1/grants/{}", made.id())).await.expect(409);
        assert_eq!(last.code(), "grant.last_one");
        admin.post("/v1/grants", grant(&officer_id, "officer", Some(&here))).await.expect(403);
        admin.make("/v1/grants", grant(&other_id, "manager", Some(&there))).await;

        let granted = manager.make("/v1/grants", grant(&officer_id, "officer", Some(&here))).await;
        let roles = officer.get("/v1/me").await.expect(200).body["roles"].clone();
        assert_eq!(roles, json!([{"role": "officer", "scopeKind": "organisation", "scopeId": here}]));
        manager.post("/v1/grants", grant(&other_id, "admin", None)).await.expect(403);
        officer.post("/v1/grants", grant(&other_id, "officer", Some(&here))).await.expect(403);
        let oneself = manager.post("/v1/grants", grant(&manager_id, "officer", Some(&here))).await.expect(409);
        assert_eq!(oneself.code(), "grant.to_oneself");

        let own = officer.get("/v1/grants").await.expect(200);
        assert_eq!(own.body, json!({"items": [granted.body]}));
        let listed = manager.get(&format!("/v1/grants?scopeKind=organisation&scopeId={here}")).await.expect(200);
        assert_eq!(listed.body, json!({"items": [made.body, granted.body]}));
        officer.get(&format!("/v1/grants?scopeKind=organisation&scopeId={here}")).await.expect(403);

        let path = format!("/v1/grants/{}", granted.id());
        other.delete(&path).await.expect(404);
        officer.delete(&path).await.expect(403);
        admin.delete(&path).await.expect(403);
        manager.delete(&path).await.expect(204);
        manager.delete(&path).await.expect(404);
        assert_eq!(officer.get("/v1/me").await.expect(200).body["roles"], json!([]));
        manager.make("/v1/grants", grant(&officer_id, "officer", Some(&here))).await;
    }

    /// Once an organisation has a manager, its managers are its own affair, also when
    /// all of them are switched off: who switches them off names nobody instead.
    async fn an_admin_has_no_way_into_a_staffed_organisation(service) {
        let admin = service.admin().await;
        let here = service.organisation(&admin, "municipality", "Hier").await;
        let (manager, manager_id) = service.account(&admin, "manager").await;
        let (_, intruder_id) = service.account(&admin, "intruder").await;
        let (_, colleague_id) = service.account(&admin, "colleague").await;
        admin.make("/v1/grants", grant(&manager_id, "manager", Some(&here))).await;
        let second = manager.make("/v1/grants", grant(&colleague_id, "manager", Some(&here))).await;
        let second = format!("/v1/grants/{}", second.id());
        admin.delete(&second).await.expect(403);
        manager.delete(&second).await.expect(204);
        let off = json!({"to": "disabled", "reason": "Werkt hier niet meer."});
        admin.transition(&format!("/v1/accounts/{manager_id}"), off).await.expect(201);
        admin.post("/v1/grants", grant(&intruder_id, "manager", Some(&here))).await.expect(403);
    }

    /// The faults of the request come all at once; a foreign organisation is as
    /// unknown as one that isn't there.
    async fn what_cannot_be_granted_is_told(service) {
        let admin = service.admin().await;
        let there = service.organisation(&admin, "school", "Daar").await;
        let here = service.organisation(&admin, "school", "Hier").await;
        let (manager, manager_id) = service.account(&admin, "manager").await;
        let (_, other_id) = service.account(&admin, "other").await;
        admin.make("/v1/grants", grant(&manager_id, "manager", Some(&here))).await;
        let nowhere = "0197c000-0000-7000-8000-00010000dead";
        let faults = async |body: Value| manager.post("/v1/grants", body).await.expect(400).faults();
        assert_eq!(faults(grant(&other_id, "member", None)).await, ["/role grant.not_by_hand", "/scopeId grant.scope_missing"]);
        assert_eq!(faults(grant(&other_id, "representative", Some(&here))).await, ["/role grant.not_by_hand"]);
        assert_eq!(faults(grant(&other_id, "admin", Some(&here))).await, ["/scopeId grant.scope_given"]);
        assert_eq!(faults(grant(&other_id, "officer", Some(nowhere))).await, ["/scopeId reference.unknown"]);
        assert_eq!(faults(grant(&other_id, "officer", Some(&there))).await, ["/scopeId reference.unknown"]);
        assert_eq!(faults(grant(&other_id, "coordinator", Some(nowhere))).await, ["/scopeId reference.unknown"]);
        assert_eq!(faults(grant(nowhere, "officer", Some(&here))).await, ["/accountId reference.unknown"]);
        for (query, fault) in [
            ("scopeKind=organisation".to_owned(), "scopeId grant.scope_missing"),
            (format!("scopeKind=installation&scopeId={here}"), "scopeId grant.scope_given"),
            (format!("scopeId={here}"), "scopeKind value.required"),
            (format!("scopeKind=organisation&scopeId={there}"), "scopeId reference.unknown"),
            (format!("scopeKind=organisation&scopeId={nowhere}"), "scopeId reference.unknown"),
        ] {
            assert_eq!(manager.get(&format!("/v1/grants?{query}")).await.expect(400).faults(), [fault]);
        }
        manager.get("/v1/grants?scopeKind=installation").await.expect(403);
    }

    /// An installation is never left without an admin.
    async fn the_last_admin_stays(service) {
        let admin = service.admin().await;
        let (second, second_id) = service.account(&admin, "second").await;
        let listed = admin.get("/v1/grants?scopeKind=installation").await.expect(200);
        let first = format!("/v1/grants/{}", listed.items()[0]["id"].as_str().unwrap());
        assert_eq!(admin.delete(&first).await.expect(409).code(), "grant.last_one");
        second.delete(&first).await.expect(404);
        admin.make("/v1/grants", grant(&second_id, "admin", None)).await;
        second.delete(&first).await.expect(204);
        admin.get("/v1/grants?scopeKind=installation").await.expect(403);
    }

    /// A manager grants in the own networks, a coordinator in the own one; nobody
    /// from outside in a council, but for its first chair while it is a draft.
    async fn a_councils_room_is_its_own(service) {
        let admin = service.admin().await;
        let here = service.organisation(&admin, "care_provider", "Hier").await;
        let (manager, manager_id) = service.account(&admin, "manager").await;
        admin.make("/v1/grants", grant(&manager_id, "manager", Some(&here))).await;
        let (coordinator, coordinator_id) = service.account(&admin, "coordinator").await;
        let (chair, chair_id) = service.account(&admin, "chair").await;
        let (secretary, secretary_id) = service.account(&admin, "secretary").await;
        let network = |kind: &str| {
            let nl = |text: &str| json!([{"language": "nl", "value": text}]);
            json!({"hostId": here, "kind": kind, "name": nl("Naam"), "purpose": nl("Doel")})
        };
        let panel = manager.make("/v1/networks", network("panel")).await.id();
        let council = manager.make("/v1/networks", network("youth_council")).await.id();
        let status = async |caller: &Client, account: &str, role: &str, scope: &str| {
            caller.post("/v1/grants", grant(account, role, Some(scope))).await.status
        };

        // A draft is unknown to those outside, the admin among them.
        assert_eq!(status(&coordinator, &chair_id, "observer", &panel).await, 400);
        assert_eq!(status(&admin, &coordinator_id, "coordinator", &panel).await, 400);
        assert_eq!(status(&manager, &coordinator_id, "coordinator", &panel).await, 201);
        assert_eq!(status(&manager, &chair_id, "chair", &panel).await, 400);
        assert_eq!(status(&coordinator, &chair_id, "coordinator", &panel).await, 403);
        assert_eq!(status(&coordinator, &chair_id, "moderator", &panel).await, 201);
        assert_eq!(status(&coordinator, &coordinator_id, "observer", &panel).await, 409);

        assert_eq!(status(&manager, &coordinator_id, "coordinator", &council).await, 403);
        assert_eq!(status(&manager, &manager_id, "chair", &council).await, 409);
        let first = manager.make("/v1/grants", grant(&chair_id, "chair", Some(&council))).await;
        assert_eq!(status(&manager, &secretary_id, "chair", &council).await, 403);
        assert_eq!(status(&chair, &secretary_id, "secretary", &council).await, 201);
        assert_eq!(status(&chair, &secretary_id, "manager", &council).await, 400);
        assert_eq!(status(&secretary, &coordinator_id, "supporter", &council).await, 403);

        // The host's manager sees who was granted what, and can withdraw nothing.
        let listed = manager.get(&format!("/v1/grants?scopeKind=network&scopeId={council}")).await.expect(200);
        let roles: Vec<_> = listed.items().iter().map(|item| item["role"].as_str().unwrap()).collect();
        assert_eq!(roles, ["chair", "secretary"]);
        secretary.get(&format!("/v1/grants?scopeKind=network&scopeId={council}")).await.expect(200);
        let foreign = admin.get(&format!("/v1/grants?scopeKind=network&scopeId={council}")).await.expect(400);
        assert_eq!(foreign.faults(), ["scopeId reference.unknown"]);
        let path = format!("/v1/grants/{}", first.id());
        manager.delete(&path).await.expect(403);
        coordinator.delete(&path).await.expect(404);
        assert_eq!(chair.delete(&path).await.expect(409).code(), "grant.last_one");
        assert_eq!(status(&chair, &secretary_id, "chair", &council).await, 201);
        chair.delete(&path).await.expect(204);
        chair.get(&format!("/v1/networks/{council}")).await.expect(404);

        let closed = json!({"to": "closed"});
        manager.transition(&format!("/v1/networks/{panel}"), closed).await.expect(201);
        let late = manager.post("/v1/grants", grant(&secretary_id, "observer", Some(&panel))).await.expect(409);
        assert_eq!(late.code(), "network.closed");
    }
}
