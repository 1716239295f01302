//! Who records a legal representative, of whom, on what evidence.

use serde_json::{Value, json};

use super::{Family, born, parent, person};
use crate::consultations::world::bare;
use crate::feedback::network;
use crate::machines::House;
use crate::networks::{holder, host};

const NOWHERE: &str = "0197c000-0000-7000-8000-00410000dead";

/// What is recorded of somebody without an account.
fn by(kind: &str) -> Value {
    json!({"kind": kind, "name": "Iemand", "startsOn": "2026-11-01",
        "evidence": {"document": "court_decision", "seenOn": "2026-11-20"}})
}

on_both! {
    /// Managers and officers of the registering organisation; they say who saw what.
    async fn the_registering_organisation_records_who_represents(service) {
        let family = Family::of(service).await;
        let Family { officer, manager, admin, mother, child, officer_id, mother_id, organisation, .. } = &family;
        let made = officer.make(&family.list(), parent(mother_id)).await;
        let path = format!("/v1/legal-representatives/{}", made.id());
        assert_eq!(made.header("location"), path);
        let mut known = made.body.clone();
        for field in ["id", "etag"] {
            known.as_object_mut().unwrap().remove(field);
        }
        assert_eq!(known, json!({"participantId": child, "kind": "parent_with_authority", "name": "Moeder",
            "accountId": mother_id, "startsOn": "2026-11-01", "recordedBy": officer_id, "status": "active",
            "evidence": {"document": "authority_register", "seenOn": "2026-11-20", "seenBy": officer_id},
            "inForce": true, "lastDayOn": "2028-03-31", "allowedTransitions": ["ended"],
            "createdAt": "2026-11-23T09:00:00Z", "updatedAt": "2026-11-23T09:00:00Z"}));
        assert_eq!(officer.post(&family.list(), parent(mother_id)).await.expect(409).code(), "representative.recorded_already");
        // Several, also without an account; a colleague may have seen the evidence.
        let mut second = by("guardian");
        second["evidence"]["seenBy"] = json!(officer_id);
        manager.make(&family.list(), second).await;
        let listed = manager.get(&format!("{}?count=true", family.list())).await.expect(200);
        assert_eq!(listed.body["total"], 2);
        assert_eq!(listed.items()[1]["evidence"]["seenBy"], json!(officer_id));

        let changed = officer.patch(&path, &made.etag(), json!({"endsOn": "2027-01-31", "name": "Mama"})).await.expect(200);
        assert_eq!((&changed.body["lastDayOn"], &changed.body["name"]), (&json!("2027-01-31"), &json!("Mama")));
        officer.patch(&path, &made.etag(), json!({"endsOn": null})).await.expect(412);
        assert_eq!(officer.patch(&path, "*", json!({"kind": "guardian"})).await.expect(400).faults(), ["/kind value.unknown_field"]);
        assert_eq!(officer.transition(&path, json!({"to": "ended"})).await.expect(400).faults(), ["/reason reason.required"]);
        officer.transition(&path, json!({"to": "ended", "reason": "Het gezag is beëindigd."})).await.expect(201);
        let ended = officer.get(&path).await.expect(200);
        assert_eq!((&ended.body["status"], &ended.body["inForce"]), (&json!("ended"), &json!(false)));
        assert_eq!(officer.patch(&path, "*", json!({"name": "X"})).await.expect(409).code(), "representative.ended");
        assert_eq!(officer.get(&format!("{path}/transitions")).await.expect(200).items()[0]["reason"], "Het gezag is beëindigd.");
        officer.make(&family.list(), parent(mother_id)).await;

        // Nobody else: not who runs a network, another organisation, the admin, the representative, a machine.
        let (other, _) = host(service, admin, "daar").await;
        for by in [&other, admin, mother] {
            for path in [&path, &family.list()] {
                let random = path.replace(path.split('/').nth(3).unwrap(), NOWHERE);
                assert_eq!(bare(&by.get(path).await.expect(404)), bare(&by.get(&random).await.expect(404)));
            }
            by.post(&family.list(), by_hand()).await.expect(404);
            by.patch(&path, "*", json!({"name": "X"})).await.expect(404);
        }
        let panel = network(manager, organisation, "panel").await;
        let coordinator = holder(service, admin, manager, "coordinator", &panel).await;
        crate::consultations::world::member(&coordinator, &panel, child, "child").await;
        coordinator.get(&format!("/v1/participants/{child}")).await.expect(200);
        coordinator.get(&family.list()).await.expect(403);
        coordinator.post(&family.list(), by_hand()).await.expect(403);
    }

    /// What can't be, is said; nobody represents on their own word.
    async fn what_is_recorded_is_checked(service) {
        let family = Family::of(service).await;
        let Family { officer, officer_id, organisation, mother_id, admin, .. } = &family;
        let list = |person: &str| format!("/v1/participants/{person}/legal-representatives");
        assert_eq!(officer.post(&family.list(), parent(officer_id)).await.expect(409).code(), "grant.to_oneself");
        let mut bad = parent(NOWHERE);
        bad["name"] = json!(" ");
        bad["endsOn"] = json!("2026-10-31");
        bad["evidence"] = json!({"document": "civil_register", "seenOn": "2026-11-24", "seenBy": mother_id});
        let faults = officer.post(&family.list(), bad).await.expect(400).faults();
        assert_eq!(faults, ["/accountId reference.unknown", "/endsOn period.reversed", "/evidence/seenBy reference.unknown",
            "/evidence/seenOn evidence.in_future", "/name text.blank"]);

        let unknown = person(officer, organisation, Value::Null).await;
        let refused = officer.post(&list(&unknown), by("guardian")).await.expect(409);
        assert_eq!(refused.faults(), ["/birth representative.birth_unknown"]);
        officer.make(&list(&unknown), by("mentor")).await;
        // 16 on the first of the month after: in November 2026 whoever was born in October 2010.
        let sixteen = person(officer, organisation, born(2010, 10)).await;
        let nearly = person(officer, organisation, born(2010, 11)).await;
        assert_eq!(officer.post(&list(&sixteen), by("parent_with_authority")).await.expect(409).code(), "representative.person_too_old");
        assert_eq!(officer.make(&list(&nearly), by("parent_with_authority")).await.body["lastDayOn"], "2026-11-30");
        for kind in ["curator", "administrator", "mentor"] {
            assert_eq!(officer.post(&list(&sixteen), by(kind)).await.expect(409).code(), "representative.not_adult");
        }
        // The person's own account is nobody else's.
        let (anna, account) = service.account(admin, "anna").await;
        let grown = person(officer, organisation, born(1990, 1)).await;
        officer.patch(&format!("/v1/participants/{grown}"), "*", json!({"accountId": account})).await.expect(200);
        let mut own = by("curator");
        own["accountId"] = json!(account);
        assert_eq!(officer.post(&list(&grown), own).await.expect(400).faults(), ["/accountId representative.is_oneself"]);
        // They see who represents them, not by which account.
        let mut other = by("curator");
        other["accountId"] = json!(mother_id);
        let made = officer.make(&list(&grown), other).await;
        let seen = anna.get(&format!("/v1/legal-representatives/{}", made.id())).await.expect(200);
        assert_eq!((seen.body.get("accountId"), &seen.body["allowedTransitions"]), (None, &json!([])));
        anna.patch(&format!("/v1/legal-representatives/{}", made.id()), "*", json!({"name": "X"})).await.expect(403);
    }

    /// A machine records no representatives, whatever its scopes.
    async fn machines_record_none(service) {
        let house = House::with(service, json!(["participants:read", "participants:write"])).await;
        let child = person(&house.manager, &house.organisation, born(2012, 3)).await;
        let key = house.credential(json!({"kind": "api_key"})).await.1;
        let machine = service.bearer(&key);
        machine.get(&format!("/v1/participants/{child}")).await.expect(200);
        machine.post(&format!("/v1/participants/{child}/legal-representatives"), by_hand()).await.expect(403);
        let refused = machine.acting_for(&child).get(&format!("/v1/participants/{child}")).await.expect(403);
        assert_eq!(refused.code(), "access.not_representing");
    }
}

fn by_hand() -> Value {
    by("guardian")
}
