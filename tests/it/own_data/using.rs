//! What people without an account do by a code: say yes and no, answer, consent, agree, and
//! use their rights.

use serde_json::json;

use super::reached;
use crate::audit::database::Below;
use crate::consultations::world::{World, answers, change, go};
use crate::feedback::{brought, invite, nl};
use crate::privacy::erasing;
use crate::support::wire::reply;
use crate::support::{Client, Service, database, own_data};

/// Somebody in the world's panel, whom a code let in.
struct Somebody {
    own: Client,
    person: String,
    membership: String,
}

async fn somebody(service: &Service, world: &World, name: &str) -> Somebody {
    let contact =
        json!({"displayName": name, "contact": {"emailAddress": format!("{name}@people.example"), "name": name}});
    let person = reached(&world.officer, &world.organisation, "x", contact).await;
    let membership = format!("/v1/memberships/{}", invite(&world.coordinator, &world.network, &person).await);
    let own = own_data::by_code(service, &person).await;
    Somebody { own, person, membership }
}

/// How many audit rows say that they did this.
async fn rows(below: &Below, operation: &str, person: &str) -> i64 {
    let person = below.id(person.parse().unwrap());
    let sql = format!(
        "SELECT COUNT(*) FROM audit_rows r JOIN audit_subjects s ON s.audit_id = r.id AND s.participant_id = {person} \
         WHERE r.action = '{operation}' AND r.actor_id = {person} AND r.acting_for IS NULL"
    );
    below.number(&sql).await
}

on_both! {
    /// An invitation, a question, an agreement, and what one consented to; each in the audit
    /// trail as their own doing, in an unbroken chain.
    async fn what_is_asked_is_answered_by_a_code(service) {
        let world = World::of(service).await;
        let below = Below::of(service).await;
        let Somebody { own, person, membership } = somebody(service, &world, "iris").await;
        let tasks = own.get("/v1/me/tasks").await.expect(200);
        assert_eq!((&tasks.body["items"][0]["kind"], &tasks.body["items"][0]["participantId"]), (&json!("accept_invitation"), &json!(person)));
        let read = own.get(&membership).await.expect(200);
        assert_eq!(read.body["allowedTransitions"], json!(["active", "declined"]));
        let moved = go(&own, &membership, "active").await.expect(201);
        assert_eq!(moved.body["madeBy"], json!(person));
        assert_eq!(rows(&below, "createMembershipTransition", &person).await, 1);
        own.get(&format!("{membership}/transitions")).await.expect(200);

        let consultation = world.opened().await;
        let read = own.get(&consultation).await.expect(200);
        assert!(read.body["privacy"].is_object() && read.body["questions"].is_array());
        let given = own.post(&format!("{consultation}/responses"), answers("internet", 1, 4, Some("Bel terug."))).await.expect(201);
        assert_eq!(given.body["participantId"], json!(person));
        own.post(&format!("{consultation}/responses"), answers("internet", 1, 4, None)).await.expect(409);
        let mut other = answers("phone", 1, 4, None);
        other["participantId"] = json!(world.others[0]);
        let status = own.post(&format!("{consultation}/responses"), other).await.status;
        assert!(matches!(status, 400 | 403), "an answer in another's name: {status}");
        own.get(&format!("/v1/responses/{}", given.id())).await.expect(200);
        own.get(&format!("{consultation}/report-backs")).await.expect(200);
        let annas = world.anna.post(&format!("{consultation}/responses"), answers("internet", 1, 4, None)).await.expect(201);
        own.get(&format!("/v1/responses/{}", annas.id())).await.expect(404);
        own.get(&format!("{consultation}/responses")).await.expect(403);
        own.get(&format!("{consultation}/results")).await.expect(403);

        let promise = json!({"role": nl("Denkt mee."), "startsOn": "2026-11-01", "answerWithinDays": 21});
        let agreement = world.coordinator.make(&format!("{membership}/agreements"), promise).await.id();
        let path = format!("/v1/agreements/{agreement}/acceptances");
        let accept = own.request(reqwest::Method::POST, &path).header("If-Match", "*").json(&json!({"channel": "internet"}));
        reply(accept).await.expect(201);
        let read = own.get(&format!("/v1/agreements/{agreement}")).await.expect(200);
        assert_eq!(read.body["id"], json!(agreement));

        let text = crate::privacy::asked(&world.officer, &world.organisation, "quotes").await;
        own.get(&format!("/v1/consent-texts/{text}")).await.expect(200);
        let list = format!("/v1/participants/{person}/consents");
        let said = own.make(&list, json!({"consentTextId": text, "answer": "given", "channel": "internet"})).await;
        assert_eq!(said.body["giver"], "person");
        go(&own, &format!("/v1/consents/{}", said.id()), "withdrawn").await.expect(201);
        own.get(&format!("/v1/participants/{person}/consent-states")).await.expect(200);

        let history = own.get("/v1/me/history").await.expect(200);
        let kinds: Vec<&str> = history.items().iter().map(|one| one["kind"].as_str().unwrap()).collect();
        for kind in ["asked", "answered", "consented", "agreed"] {
            assert!(kinds.contains(&kind), "{kinds:?}");
        }
        let trail = own.get(&format!("/v1/participants/{person}/audit-entries?limit=100")).await.expect(200);
        assert!(trail.items().iter().any(|one| one["actorId"] == json!(person) && one["operation"] == "createResponse"));
        let ended = json!({"to": "ended", "reason": "Het is genoeg."});
        own.transition(&membership, ended).await.expect(201);
        for operation in ["createResponse", "createAgreementAcceptance", "createConsent", "createConsentTransition"] {
            assert_eq!(rows(&below, operation, &person).await, 1, "{operation}");
        }
        service.running.app.link_audit().await.unwrap();
        let found = service.running.app.store.verify_audit().await.unwrap();
        assert!(found.findings.is_empty(), "{found:?}");
    }

    /// Everything that is kept of them, and no word of somebody who is alike.
    async fn an_export_has_everything_and_nothing_of_the_twins(service) {
        let world = World::of(service).await;
        let one = somebody(service, &world, "canaryown").await;
        let twin = somebody(service, &world, "canarytwin").await;
        for who in [&one, &twin] {
            go(&who.own, &who.membership, "active").await.expect(201);
        }
        let consultation = world.opened().await;
        for (who, word) in [(&one, "canaryown wil bellen"), (&twin, "canarytwin wil schrijven")] {
            who.own.post(&format!("{consultation}/responses"), answers("internet", 1, 4, Some(word))).await.expect(201);
        }
        let to = json!({"kind": "organisation", "id": world.organisation});
        let mut heard = brought(&to, "idea", "canaryown wil een bankje");
        heard["author"] = json!({"kind": "participant", "id": one.person});
        heard["channel"] = json!("phone");
        world.officer.make("/v1/feedback", heard).await;
        let path = format!("/v1/data-requests/{}", one.own.make("/v1/me/data-requests", json!({"kind": "export"})).await.id());
        let request = one.own.get(&path).await.expect(200);
        assert_eq!((&request.body["participantId"], &request.body["askedBy"]), (&json!(one.person), &json!("person")));
        go(&one.own, &path, "carried_out").await.expect(201);
        let link = one.own.make(&format!("{path}/exports"), json!(null)).await.id();
        let reading = format!("/v1/data-exports/{link}/readings");
        // For this session alone: not for who else is let in, nor for an officer, nor for the next one.
        twin.own.post(&reading, json!(null)).await.expect(404);
        world.officer.post(&reading, json!(null)).await.expect(404);
        let whole = one.own.post(&reading, json!(null)).await.expect(201);
        one.own.post(&reading, json!(null)).await.expect(404);
        assert!(whole.text.contains("canaryown wil bellen") && !whole.text.contains("canarytwin"), "{}", whole.text);
        assert!(!whole.text.contains(&twin.person) && whole.body["leftOutTables"].as_array().is_none_or(Vec::is_empty));
        let tables: Vec<&str> = whole.body["tables"].as_array().unwrap().iter().map(|table| table["name"].as_str().unwrap()).collect();
        for table in ["participants", "participant_contacts", "contact_verifications", "code_sessions", "responses", "memberships", "audit_rows", "data_requests"] {
            assert!(tables.contains(&table), "{table} isn't in {tables:?}");
        }
    }

    /// First what it would do, then it is done, and the session ends with it.
    async fn an_erasure_by_a_code_goes_to_the_end(service) {
        let world = World::of(service).await;
        let one = somebody(service, &world, "canaryown").await;
        let twin = somebody(service, &world, "canarytwin").await;
        go(&one.own, &one.membership, "active").await.expect(201);
        let consultation = world.opened().await;
        one.own.post(&format!("{consultation}/responses"), answers("internet", 1, 4, Some("canaryown wil bellen"))).await.expect(201);
        let path = format!("/v1/data-requests/{}", one.own.make("/v1/me/data-requests", json!({"kind": "erasure"})).await.id());
        let plan = one.own.get(&format!("{path}/erasure-plan")).await.expect(200);
        let tables: Vec<&str> = plan.body["parts"].as_array().unwrap().iter().map(|part| part["table"].as_str().unwrap()).collect();
        for table in ["participants", "participant_contacts", "contact_verifications", "code_sessions", "responses"] {
            assert!(tables.contains(&table), "{table} isn't in {tables:?}");
        }
        twin.own.get(&path).await.expect(404);
        go(&twin.own, &path, "carried_out").await.expect(404);
        go(&one.own, &path, "carried_out").await.expect(201);
        one.own.get(&path).await.expect(401);
        let url = &service.running.app.config.database.url;
        let person = erasing::id(service, &one.person);
        for table in ["contact_verifications", "code_sessions", "participant_contacts"] {
            assert_eq!(database::count(url, &format!("{table} WHERE participant_id = {person}")).await, 0, "{table}");
        }
        let standing = erasing::standing(service, &["canaryown".to_owned()]).await;
        assert!(standing.is_empty(), "{standing:?}");
        // The twin is there still, and so is their session.
        twin.own.get(&format!("/v1/participants/{}", twin.person)).await.expect(200);
        world.officer.get(&path).await.expect(200);
        service.running.app.link_audit().await.unwrap();
        assert!(service.running.app.store.verify_audit().await.unwrap().findings.is_empty());
    }

    /// What the organisation answers, they ask of it: to put something right, to stop.
    async fn other_rights_are_asked_by_a_code(service) {
        let world = World::of(service).await;
        let one = somebody(service, &world, "iris").await;
        let list = format!("/v1/participants/{}/data-requests", one.person);
        let wrong = json!({"kind": "rectification", "channel": "internet", "details": "Mijn naam is Roos."});
        let wrong = format!("/v1/data-requests/{}", one.own.make(&list, wrong).await.id());
        change(&world.officer, &format!("/v1/participants/{}", one.person), json!({"displayName": "Roos"})).await.expect(200);
        go(&world.officer, &wrong, "carried_out").await.expect(201);
        let read = one.own.get(&wrong).await.expect(200);
        assert_eq!(read.body["status"], "carried_out");
        one.own.get(&format!("{wrong}/transitions")).await.expect(200);
        let stop = json!({"kind": "objection", "channel": "internet"});
        let stop = format!("/v1/data-requests/{}", one.own.make(&list, stop).await.id());
        go(&one.own, &stop, "withdrawn").await.expect(201);
        assert_eq!(one.own.get("/v1/me/data-requests").await.expect(200).items().len(), 2);
        // A repeated request is carried out once.
        let ask = || {
            let request = one.own.request(reqwest::Method::POST, "/v1/me/data-requests").header("Idempotency-Key", "een");
            reply(request.json(&json!({"kind": "export"})))
        };
        let (first, second) = (ask().await.expect(201), ask().await.expect(201));
        assert_eq!(first.id(), second.id());
    }
}
