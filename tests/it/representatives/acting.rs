//! Acting for somebody: what a representative does for the person, what they
//! never do, and when it ends.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::Family;
use crate::audit::database::Below;
use crate::consultations::world::{World, answers, bare, sign_in, until};
use crate::feedback::invite;
use crate::support::{Client, Service};

const NOBODY: &str = "0197c000-0000-7000-8000-00070000dead";

/// A family whose child is invited to a panel that is asked something.
struct Asked {
    world: World,
    mother: Client,
    child: String,
    membership: String,
}

async fn asked(service: &Service) -> Asked {
    let world = World::of(service).await;
    let (mother, mother_id) = crate::consultations::world::account(service, &world.admin, "mother").await;
    let child = super::person(&world.officer, &world.organisation, super::born(2012, 3)).await;
    let list = format!("/v1/participants/{child}/legal-representatives");
    world.officer.make(&list, super::parent(&mother_id)).await;
    let membership = format!("/v1/memberships/{}", invite(&world.coordinator, &world.network, &child).await);
    Asked { world, mother, child, membership }
}

/// How many rows say that this operation was done for the person.
async fn rows(below: &Below, operation: &str, person: &str) -> i64 {
    let person = below.id(person.parse().unwrap());
    let sql = format!("SELECT COUNT(*) FROM audit_rows WHERE action = '{operation}' AND acting_for = {person}");
    below.number(&sql).await
}

fn kinds(tasks: &Value) -> Vec<&str> {
    tasks["items"].as_array().unwrap().iter().map(|task| task["kind"].as_str().unwrap()).collect()
}

on_both! {
    /// The record, the invitation, the tasks, what is asked: each in the audit
    /// trail with who acted for whom.
    async fn a_representative_acts_for_the_person(service) {
        let Asked { world, mother, child, membership } = asked(service).await;
        let below = Below::of(service).await;
        let path = format!("/v1/participants/{child}");
        let me = mother.get("/v1/me").await.expect(200);
        assert_eq!(me.body["represents"], json!([{"participantId": child, "organisationId": world.organisation,
            "kind": "parent_with_authority", "lastDayOn": "2028-03-31"}]));
        assert_eq!((me.body.get("actingForId"), &me.body["roles"]), (None, &json!([])));
        mother.get(&path).await.expect(404);

        let acting = mother.acting_for(&child);
        let me = acting.get("/v1/me").await.expect(200);
        assert_eq!(me.body["actingForId"], json!(child));
        assert_eq!(me.body["roles"], json!([{"role": "representative", "scopeKind": "participant", "scopeId": child}]));
        assert_eq!(acting.get(&path).await.expect(200).body["displayName"], "Kind");
        acting.patch(&path, "*", json!({"displayName": "Ster", "contact": {"phoneNumber": "0612345678"}})).await.expect(200);
        // What would keep her in her place is not hers to change.
        for changes in [json!({"birth": {"kind": "month", "year": 2014, "month": 3}}), json!({"birth": null}),
            json!({"accountId": world.officer_id})] {
            acting.patch(&path, "*", changes).await.expect(403);
        }
        let tasks = acting.get("/v1/me/tasks").await.expect(200);
        assert_eq!(kinds(&tasks.body), ["accept_invitation"]);
        let list = format!("/v1/networks/{}/memberships", world.network);
        let listed = acting.get(&list).await.expect(200);
        assert_eq!((listed.items().len(), &listed.items()[0]["member"]["id"]), (1, &json!(child)));
        let found = acting.get(&membership).await.expect(200);
        assert_eq!(found.body["allowedTransitions"], json!(["active", "declined"]));
        acting.transition(&membership, json!({"to": "active"})).await.expect(201);
        acting.get(&format!("{membership}/transitions")).await.expect(200);

        let consultation = world.opened().await;
        let tasks = acting.get("/v1/me/tasks").await.expect(200);
        assert_eq!(kinds(&tasks.body), ["answer_consultation"]);
        assert_eq!(acting.get("/v1/consultations").await.expect(200).items().len(), 1);
        acting.get(&consultation).await.expect(200);
        acting.get(&format!("{consultation}/report-backs")).await.expect(200);
        assert_eq!(mother.get("/v1/consultations").await.expect(200).items().len(), 0);
        mother.get(&consultation).await.expect(404);
        assert_eq!(kinds(&mother.get("/v1/me/tasks").await.expect(200).body), [""; 0]);

        for operation in ["getParticipant", "updateParticipant", "listMyTasks", "listMemberships", "getMembership",
            "createMembershipTransition", "listMembershipTransitions", "listConsultations", "getConsultation",
            "listReportBacks"] {
            assert!(rows(&below, operation, &child).await > 0, "{operation}");
        }
        // The organisation's manager reads who acted for whom, and about whom.
        let trail = format!("/v1/organisations/{}/audit-entries?operation=updateParticipant", world.organisation);
        let told = world.manager.get(&trail).await.expect(200);
        let entry = told.items().iter().find(|one| one.get("actingForId").is_some()).unwrap();
        assert_eq!((&entry["actingForId"], &entry["subjectIds"]), (&json!(child), &json!([child])));
        assert_ne!(entry["actorId"], json!(child));
    }

    /// Never the person's answers, nor what they bring themselves; and nothing of
    /// one's own while acting for another.
    async fn a_representative_reads_no_answers_and_brings_nothing(service) {
        let Asked { world, mother, child, membership } = asked(service).await;
        let acting = mother.acting_for(&child);
        acting.transition(&membership, json!({"to": "active"})).await.expect(201);
        let consultation = world.opened().await;
        let mut heard = answers("phone", 1, 4, Some("Thuis durf ik het niet te zeggen."));
        heard["participantId"] = json!(child);
        let response = world.facilitator.make(&format!("{consultation}/responses"), heard).await;
        assert_eq!(kinds(&acting.get("/v1/me/tasks").await.expect(200).body), [""; 0]);
        let network = &world.network;
        for path in [response.header("location"), format!("{consultation}/responses"), format!("{consultation}/results"),
            format!("/v1/participants/{child}/audit-entries"), format!("/v1/participants/{child}/legal-representatives"),
            "/v1/feedback".to_owned(), "/v1/me/contributions".to_owned(), "/v1/participants".to_owned(),
            "/v1/networks".to_owned(), format!("/v1/networks/{network}"), "/v1/sessions".to_owned()] {
            let refused = acting.get(&path).await.expect(403);
            assert_eq!(refused.code(), "access.forbidden", "{path}");
        }
        acting.post(&format!("{consultation}/responses"), answers("internet", 1, 4, None)).await.expect(403);
        acting.patch("/v1/me", "*", json!({"displayName": "X"})).await.expect(403);
        let new = json!({"addressee": {"kind": "network", "id": network}, "kind": "signal",
            "title": [{"language": "nl", "value": "T"}], "text": [{"language": "nl", "value": "T"}]});
        assert_eq!(acting.post("/v1/feedback", new).await.status / 100, 4);
        // Who runs things doesn't while acting: a parent who is an officer, too.
        assert_eq!(mother.get("/v1/networks").await.expect(200).items().len(), 1);
    }

    /// The same for everybody whom one doesn't represent; gone at the next call.
    async fn nobody_acts_for_whom_they_do_not_represent(service) {
        let family = Family::of(service).await;
        let Family { mother, officer, admin, child, mother_id, manager, .. } = &family;
        let path = format!("/v1/participants/{child}");
        let refused = |by: &Client, person: &str| {
            let by = by.acting_for(person);
            let path = path.clone();
            async move { by.get(&path).await.expect(403) }
        };
        assert_eq!(bare(&refused(mother, child).await), bare(&refused(mother, NOBODY).await));
        assert_eq!(refused(mother, child).await.code(), "access.not_representing");
        let record = family.recorded().await;
        let acting = mother.acting_for(child);
        acting.get(&path).await.expect(200);
        assert_eq!(bare(&refused(officer, child).await), bare(&refused(mother, NOBODY).await));
        for bad in ["", "kind", "0197c000"] {
            assert_eq!(mother.acting_for(bad).get(&path).await.expect(400).faults(), ["Acting-For header.malformed"]);
        }
        service.nobody().acting_for(child).get(&path).await.expect(401);
        let public = service.nobody().acting_for(child).get("/v1/information-pages").await.expect(403);
        assert_eq!(public.code(), "access.not_representing");

        officer.patch(&record, "*", json!({"accountId": null})).await.expect(200);
        refused(mother, child).await;
        assert_eq!(mother.get("/v1/me").await.expect(200).body["represents"], json!([]));
        officer.patch(&record, "*", json!({"accountId": mother_id})).await.expect(200);
        acting.get(&path).await.expect(200);
        officer.patch(&record, "*", json!({"startsOn": "2026-11-24"})).await.expect(200);
        refused(mother, child).await;
        officer.patch(&record, "*", json!({"startsOn": "2026-11-01", "endsOn": "2026-11-22"})).await.expect(200);
        refused(mother, child).await;
        officer.patch(&record, "*", json!({"endsOn": null})).await.expect(200);
        // What is kept of the birth goes: nobody is taken for a child on no ground.
        officer.patch(&path, "*", json!({"birth": null})).await.expect(200);
        refused(mother, child).await;
        officer.patch(&path, "*", json!({"birth": super::born(2012, 3)})).await.expect(200);
        acting.get(&path).await.expect(200);
        manager.transition(&record, json!({"to": "ended", "reason": "Gezag beëindigd."})).await.expect(201);
        refused(mother, child).await;
        family.recorded().await;
        acting.get(&path).await.expect(200);
        admin.transition(&format!("/v1/accounts/{mother_id}"), json!({"to": "disabled", "reason": "Weg."})).await.expect(201);
        acting.get(&path).await.expect(401);
    }

    /// On the day that the child counts as 16 it is over, without anybody doing anything.
    async fn at_16_it_ends_that_day(service) {
        let family = Family::of(service).await;
        let Family { child, mother_id: _, .. } = &family;
        let record = family.recorded().await;
        let path = format!("/v1/participants/{child}");
        // Born in March 2012: the last day is 31 March 2028, to its end in Amsterdam.
        until(service, "2028-03-31T21:59:59Z");
        sign_in(service, "mother").await.acting_for(child).get(&path).await.expect(200);
        service.clock.advance(TimeDelta::seconds(1));
        let mother = sign_in(service, "mother").await;
        assert_eq!(mother.acting_for(child).get(&path).await.expect(403).code(), "access.not_representing");
        assert_eq!(mother.get("/v1/me").await.expect(200).body["represents"], json!([]));
        let officer = sign_in(service, "officer").await;
        let seen = officer.get(&record).await.expect(200);
        assert_eq!((&seen.body["status"], &seen.body["inForce"]), (&json!("active"), &json!(false)));
    }

    /// A council's room is its own: who represents a member stays outside.
    async fn a_councils_room_is_closed_to_who_represents_a_member(service) {
        let Asked { world, mother, child, membership: _ } = asked(service).await;
        let council = crate::feedback::network(&world.manager, &world.organisation, "youth_council").await;
        let chair = crate::networks::holder(service, &world.admin, &world.manager, "chair", &council).await;
        let invited = format!("/v1/memberships/{}", invite(&chair, &council, &child).await);
        let acting = mother.acting_for(&child);
        acting.get(&invited).await.expect(404);
        acting.transition(&invited, json!({"to": "active"})).await.expect(404);
        chair.transition(&invited, json!({"to": "active"})).await.expect(201);
        acting.get(&invited).await.expect(404);
    }

    /// Bewind is about money and goods: who has it does nothing here.
    async fn an_administrator_acts_in_nothing_here(service) {
        let family = Family::of(service).await;
        let Family { officer, organisation, mother, mother_id, .. } = &family;
        let adult = super::person(officer, organisation, super::born(1990, 1)).await;
        let path = format!("/v1/participants/{adult}");
        let mut new = super::parent(mother_id);
        new["kind"] = json!("administrator");
        let made = officer.make(&format!("{path}/legal-representatives"), new.clone()).await;
        assert_eq!(made.body["inForce"], true);
        mother.acting_for(&adult).get(&path).await.expect(403);
        let record = format!("/v1/legal-representatives/{}", made.id());
        officer.transition(&record, json!({"to": "ended", "reason": "Nu curatele."})).await.expect(201);
        new["kind"] = json!("curator");
        officer.make(&format!("{path}/legal-representatives"), new).await;
        mother.acting_for(&adult).get(&path).await.expect(200);
    }
}
