//! Clients and their credentials: made, changed, rotated, revoked.

use chrono::TimeDelta;
use serde_json::json;

use super::House;
use crate::consultations::world::NOBODY;
use crate::feedback::grant;

on_both! {
    /// For the organisation's managers alone: no admin, no officer, no other
    /// organisation's manager, no machine.
    async fn clients_are_kept_by_the_managers_of_their_organisation(service) {
        let house = House::with(service, json!(["organisations:read"])).await;
        let (path, organisation) = (house.path(), &house.organisation);
        let there = service.organisation(&house.admin, "school", "Daar").await;
        let (officer, id) = service.account(&house.admin, "officer").await;
        grant(&house.manager, &id, "officer", organisation).await;
        let (stranger, id) = service.account(&house.admin, "stranger").await;
        grant(&house.admin, &id, "manager", &there).await;
        let machine = house.keyed(service).await;
        let new = json!({"organisationId": organisation, "name": "Nog een", "scopes": ["networks:read"]});
        for other in [&house.admin, &officer] {
            other.post("/v1/clients", new.clone()).await.expect(403);
        }
        // To whom is nothing there, it is as unknown as none.
        let refused = stranger.post("/v1/clients", new.clone()).await.expect(400);
        assert_eq!(refused.faults(), ["/organisationId reference.unknown"]);
        for other in [&house.admin, &officer, &stranger] {
            assert!(other.get("/v1/clients").await.expect(200).items().is_empty());
            let hidden = other.get(&path).await.expect(404);
            let random = other.get(&format!("/v1/clients/{NOBODY}")).await.expect(404);
            assert_eq!(hidden.code(), random.code());
            other.transition(&path, json!({"to": "revoked", "reason": "Zomaar."})).await.expect(404);
            other.post(&format!("{path}/credentials"), json!({"kind": "api_key"})).await.expect(404);
            other.get(&format!("{path}/credentials")).await.expect(404);
        }
        for closed in ["/v1/clients", &path, "/v1/me", "/v1/grants"] {
            machine.get(closed).await.expect(403);
        }
        machine.post("/v1/clients", new.clone()).await.expect(403);
        machine.get("/v1/organisations").await.expect(200);
        let unknown = json!({"organisationId": NOBODY, "name": "Nog een", "scopes": ["networks:read"]});
        let refused = house.manager.post("/v1/clients", unknown).await.expect(400);
        assert_eq!(refused.faults(), ["/organisationId reference.unknown"]);
        let wrong = json!({"organisationId": organisation, "name": " ",
            "scopes": ["responses:write", "networks:read", "networks:read"]});
        let refused = house.manager.post("/v1/clients", wrong).await.expect(400);
        let faults = ["/name client.name_blank", "/scopes/0 scope.not_for_clients", "/scopes/2 scope.repeated"];
        assert_eq!(refused.faults(), faults);
    }

    /// What changes, changes by version; what is revoked stays so.
    async fn a_client_is_changed_and_revoked(service) {
        let house = House::with(service, json!(["organisations:read"])).await;
        let path = house.path();
        let machine = house.keyed(service).await;
        let read = house.manager.get(&path).await.expect(200);
        assert_eq!(read.body["allowedTransitions"], json!(["revoked"]));
        let changed = house.manager.patch(&path, &read.etag(), json!({"scopes": ["networks:read"]})).await.expect(200);
        assert_eq!(changed.body["scopes"], json!(["networks:read"]));
        house.manager.patch(&path, &read.etag(), json!({"name": "Anders"})).await.expect(412);
        // What is taken away ends at the next call.
        machine.get("/v1/organisations").await.expect(403);
        let bare = house.manager.transition(&path, json!({"to": "revoked"})).await.expect(400);
        assert_eq!(bare.faults(), ["/reason reason.required"]);
        let revoked = json!({"to": "revoked", "reason": "De koppeling is beëindigd."});
        house.manager.transition(&path, revoked.clone()).await.expect(201);
        machine.get("/v1/information-pages").await.expect(401);
        let again = house.manager.transition(&path, revoked).await.expect(409);
        assert_eq!(again.body["allowedTransitions"], json!([]));
        let more = house.manager.post(&format!("{path}/credentials"), json!({"kind": "api_key"})).await.expect(409);
        assert_eq!(more.code(), "client.revoked");
        let etag = house.manager.get(&path).await.etag();
        let late = house.manager.patch(&path, &etag, json!({"name": "Anders"})).await.expect(409);
        assert_eq!(late.code(), "client.revoked");
        let moves = house.manager.get(&format!("{path}/transitions")).await.expect(200);
        assert_eq!(moves.items()[0]["reason"], "De koppeling is beëindigd.");
    }

    /// A secret is shown once; its hint, its state and the day of its use stay.
    async fn a_secret_is_shown_once(service) {
        let house = House::with(service, json!(["organisations:read"])).await;
        let path = format!("{}/credentials", house.path());
        let (id, key) = house.credential(json!({"kind": "api_key", "expiresAt": "2026-11-24T09:00:00Z"})).await;
        assert!(key.starts_with("kb_") && key.len() == 49, "{key}");
        let listed = house.manager.get(&path).await.expect(200);
        let item = &listed.items()[0];
        assert_eq!((item["id"].as_str(), item["status"].as_str()), (Some(id.as_str()), Some("active")));
        assert_eq!(item["hint"].as_str(), Some(&key[45..]));
        assert!(!listed.text.contains(&key[..45]) && item.get("lastUsedOn").is_none());
        let machine = service.bearer(&key);
        machine.get("/v1/organisations").await.expect(200);
        // Noted beside the call.
        let mut noted = false;
        for _ in 0..100 {
            noted = house.manager.get(&path).await.items()[0]["lastUsedOn"] == "2026-11-23";
            if noted {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert!(noted);
        let past = json!({"kind": "api_key", "expiresAt": "2026-11-23T09:00:00Z", "overlapHours": 1});
        let refused = house.manager.post(&path, past).await.expect(400);
        assert_eq!(refused.faults(), ["/expiresAt credential.expiry_past", "/overlapHours credential.overlap_alone"]);
        service.clock.advance(TimeDelta::hours(24));
        machine.get("/v1/organisations").await.expect(401);
        machine.get("/v1/information-pages").await.expect(401);
    }

    /// The old one goes on beside the new for the overlap, and no longer; revoked
    /// is at once.
    async fn credentials_rotate_with_an_overlap(service) {
        let house = House::with(service, json!(["organisations:read"])).await;
        let path = format!("{}/credentials", house.path());
        let (old, old_key) = house.credential(json!({"kind": "api_key"})).await;
        let other = House { client: House::again(&house).await, ..House::like(&house) };
        let foreign = other.credential(json!({"kind": "api_key"})).await.0;
        for unknown in [foreign.as_str(), NOBODY] {
            let refused = house.manager.post(&path, json!({"kind": "api_key", "replaces": unknown})).await.expect(400);
            assert_eq!(refused.faults(), ["/replaces reference.unknown"]);
            house.manager.delete(&format!("{path}/{unknown}")).await.expect(404);
        }
        let (new, new_key) = house.credential(json!({"kind": "api_key", "replaces": old, "overlapHours": 1})).await;
        for key in [&old_key, &new_key] {
            service.bearer(key).get("/v1/organisations").await.expect(200);
        }
        let until = |replies: &crate::support::Reply| replies.items()[0]["expiresAt"].clone();
        assert_eq!(until(&house.manager.get(&path).await), "2026-11-23T10:00:00Z");
        // Sessions hold fifteen minutes; the key is checked at the same clock.
        service.clock.advance(TimeDelta::minutes(59));
        service.bearer(&old_key).get("/v1/organisations").await.expect(200);
        service.clock.advance(TimeDelta::minutes(1));
        service.bearer(&old_key).get("/v1/organisations").await.expect(401);
        service.bearer(&new_key).get("/v1/organisations").await.expect(200);
        service.clock.advance(TimeDelta::minutes(-60));
        house.manager.delete(&format!("{path}/{new}")).await.expect(204);
        service.bearer(&new_key).get("/v1/organisations").await.expect(401);
        house.manager.delete(&format!("{path}/{new}")).await.expect(404);
        let ended = house.manager.post(&path, json!({"kind": "api_key", "replaces": new})).await.expect(409);
        assert_eq!(ended.code(), "credential.ended");
    }
}

impl House {
    /// Another client of the same organisation.
    async fn again(&self) -> String {
        let new = json!({"organisationId": self.organisation, "name": "Nog een", "scopes": ["organisations:read"]});
        self.manager.make("/v1/clients", new).await.id()
    }

    fn like(&self) -> Self {
        let (admin, manager) = (self.admin.clone(), self.manager.clone());
        Self { admin, manager, organisation: self.organisation.clone(), client: self.client.clone() }
    }
}
