//! The turn of 16: access, address and every consent, on the very day.

use serde_json::{Value, json};

use super::{World, state};
use crate::consultations::world::{change, go, id, sign_in, until};
use crate::feedback::{invite, nl};
use crate::mail::{mailed, settled};
use crate::support::mail_server::MailServer;
use crate::support::{Client, Service, database};

const MOTHERS: &str = "moeder@people.example";
const OWN: &str = "zelf@people.example";
/// What waits for participants.
const WAITING: &str = "mails WHERE sent_at IS NULL AND participant_id IS NOT NULL";

impl World {
    /// Signed in anew: the clock outlived their tokens.
    async fn later(self, service: &Service) -> Self {
        Self {
            officer: sign_in(service, "officer").await,
            coordinator: sign_in(service, "coordinator").await,
            mother: sign_in(service, "mother").await.acting_for(&self.child),
            ..self
        }
    }

    /// Puts a question to the panel; how many people it reached and asked.
    async fn asks(&self) -> [Value; 2] {
        let options = [1, 2].map(|one| json!({"id": id("option", one), "label": nl("Ja of nee")}));
        let question = json!({"id": id("question", 1), "kind": "single_choice", "prompt": nl("Zo?"), "required": true,
            "options": options});
        let new = json!({"organisationId": self.organisation, "title": nl("Een vraag"), "mode": "named",
            "goal": nl("Weten."), "limits": nl("Geen."), "rung": "consult", "closesOn": "2027-06-01",
            "audience": {"networkIds": [self.network]}, "questions": [question]});
        let path = format!("/v1/consultations/{}", self.coordinator.make("/v1/consultations", new).await.id());
        let reach = self.coordinator.get(&format!("{path}/reach")).await.expect(200).body;
        go(&self.coordinator, &path, "open").await.expect(201);
        ["reached", "mayBeAsked"].map(|part| reach[part]["figure"].clone())
    }
}

/// Sends what waits; the subjects of all that came to an address so far.
async fn came(service: &Service, server: &MailServer, to: &str) -> Vec<String> {
    service.running.app.deliver_mails().await.unwrap();
    // Some are on their way already: who made them wakes the service's own sender.
    settled(service).await;
    let theirs = server.mails().into_iter().filter(|mail| mail["recipients"] == json!([to]));
    theirs.map(|mail| mail["subject"].as_str().unwrap().to_owned()).collect()
}

/// All that went waits again, for a time that doesn't come: as if it had not gone yet.
async fn waits_again(url: &str) {
    let again = "UPDATE mails SET sent_at = NULL, claimed_until = NULL, next_at = '2099-01-01 00:00:00+00:00'";
    database::run(&database::connect(url).await, again).await;
    assert!(database::count(url, WAITING).await > 0);
}

/// The child takes part, reached at the mother's address; somebody else does, too.
async fn taking_part(world: &World) {
    world.says(&world.mother, "given").await.expect(201);
    let membership = invite(&world.coordinator, &world.network, &world.child).await;
    go(&world.mother, &format!("/v1/memberships/{membership}"), "active").await.expect(201);
    // Known only now: the invitation itself goes nowhere.
    let path = format!("/v1/participants/{}", world.child);
    let contact = json!({"contact": {"emailAddress": MOTHERS, "whose": "representative"}});
    change(&world.officer, &path, contact).await.expect(200);
    let other = crate::feedback::participant(&world.officer, &world.organisation, None, "ander").await;
    let said = json!({"consentTextId": world.text, "answer": "given", "channel": "phone"});
    world.officer.post(&format!("/v1/participants/{other}/consents"), said).await.expect(201);
    let membership = invite(&world.coordinator, &world.network, &other).await;
    go(&world.coordinator, &format!("/v1/memberships/{membership}"), "active").await.expect(201);
}

async fn contact(by: &Client, child: &str) -> Value {
    by.get(&format!("/v1/participants/{child}")).await.expect(200).body["contact"].clone()
}

mailed! {
    /// Born in November 2010: 15 through 30 November 2026, 16 from 1 December on.
    async fn on_the_first_day_at_sixteen_everything_is_their_own(service, server) {
        let world = World::of(service, (2010, 11)).await;
        taking_part(&world).await;
        // Before: an address of their own is asked, once.
        service.round().await;
        service.round().await;
        assert_eq!(came(service, &server, MOTHERS).await, ["Bijna 16: een eigen adres"]);
        assert_eq!(world.asks().await, [json!(2), json!(2)]);
        let before = ["Bijna 16: een eigen adres", "Er is een vraag voor u"];
        assert_eq!(came(service, &server, MOTHERS).await, before);

        // The last day of the month of birth, half an hour before midnight in Amsterdam.
        until(service, "2026-11-30T22:30:00Z");
        let world = world.later(service).await;
        service.round().await;
        assert_eq!(world.state().await, "given");
        world.mother.get("/v1/me/tasks").await.expect(200);
        assert_eq!(contact(&world.officer, &world.child).await["emailAddress"], MOTHERS);

        // Half an hour after it, before any clock came by.
        until(service, "2026-11-30T23:30:00Z");
        let world = world.later(service).await;
        assert_eq!(world.mother.get("/v1/me/tasks").await.expect(403).code(), "access.not_representing");
        assert_eq!(world.says(&world.mother, "given").await.status, 403);
        assert_eq!(world.state().await, "anew");
        assert!(contact(&world.officer, &world.child).await.is_null());
        // They are reached, and not asked: who else is, gets their mail at no address here.
        assert_eq!(world.asks().await, [json!(2), json!(1)]);
        assert_eq!(came(service, &server, MOTHERS).await, before);
        let url = &service.running.app.config.database.url;
        assert_eq!(database::count(url, "participant_contacts").await, 1);
        service.round().await;
        assert_eq!(database::count(url, "participant_contacts").await, 0);
        assert_eq!(came(service, &server, MOTHERS).await, before);

        // Their own account, their own yes, their own address.
        let path = format!("/v1/participants/{}", world.child);
        change(&world.officer, &path, json!({"accountId": world.young})).await.expect(200);
        let young = sign_in(service, "young").await;
        let tasks = young.get("/v1/me/tasks").await.expect(200);
        assert!(tasks.items().iter().any(|task| task["kind"] == "give_consent"), "{}", tasks.text);
        world.says(&young, "given").await.expect(201);
        assert_eq!(state(&young, &world.child).await, "given");
        change(&young, &path, json!({"contact": {"emailAddress": OWN}})).await.expect(200);
        assert_eq!(world.asks().await, [json!(2), json!(2)]);
        assert_eq!(came(service, &server, OWN).await, ["Er is een vraag voor u"]);
        assert_eq!(came(service, &server, MOTHERS).await, before);
    }

    /// What waits for an address that was replaced goes nowhere any more.
    async fn what_waits_goes_with_the_address(service, server) {
        let world = World::of(service, (2010, 12)).await;
        taking_part(&world).await;
        world.asks().await;
        let url = &service.running.app.config.database.url;
        assert_eq!(came(service, &server, MOTHERS).await, ["Er is een vraag voor u"]);
        waits_again(url).await;
        let path = format!("/v1/participants/{}", world.child);
        let own = json!({"contact": {"emailAddress": OWN, "whose": "person"}});
        change(&world.officer, &path, own).await.expect(200);
        assert_eq!(database::count(url, WAITING).await, 0);
    }

    /// Who saw proof says so: it counts from that day, and what waits goes no more.
    async fn proof_that_was_recorded_counts_from_its_day(service, server) {
        let world = World::of(service, (2010, 12)).await;
        taking_part(&world).await;
        world.asks().await;
        // What is on its way already arrives: it goes before the proof is there.
        let before = came(service, &server, MOTHERS).await;
        assert_eq!(before, ["Er is een vraag voor u"]);
        waits_again(&service.running.app.config.database.url).await;
        let path = format!("/v1/participants/{}/proven-ages", world.child);
        world.mother.post(&path, json!({"age": "turned_16"})).await.expect(403);
        world.coordinator.post(&path, json!({"age": "turned_16"})).await.expect(403);
        let recorded = world.officer.post(&path, json!({"age": "turned_16"})).await.expect(201);
        assert_eq!(recorded.body, json!({"age": "turned_16", "recordedOn": "2026-11-23"}));
        let again = world.officer.post(&path, json!({"age": "turned_16"})).await.expect(409);
        assert_eq!(again.code(), "participant.age_recorded_already");
        assert_eq!(world.state().await, "anew");
        world.mother.get("/v1/me/tasks").await.expect(403);
        let shown = world.officer.get(&format!("/v1/participants/{}", world.child)).await.expect(200).body;
        assert_eq!(shown["provenAges"], json!(["turned_16"]));
        assert!(shown.get("contact").is_none());
        assert_eq!(database::count(&service.running.app.config.database.url, WAITING).await, 0);
        assert_eq!(world.asks().await, [json!(2), json!(1)]);
        assert_eq!(came(service, &server, MOTHERS).await, before);
    }
}
