//! What came of it by mail; and warnings before and after the day on which people hear
//! back, once each, whoever sends them.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{count, mailed, replica, settled};
use crate::consultations::telling::{concluded, objection, published};
use crate::consultations::world::{World, change, go, member, sign_in, until};
use crate::feedback::nl;
use crate::representatives::{born, parent};
use crate::support::mail_server::MailServer;
use crate::support::{Client, Service};

const ADA: &str = "ada@people.example";
const BO: &str = "bo@people.example";
const CAS: &str = "cas@people.example";
const MOTHERS: &str = "moeder@people.example";

/// The mails that came to an address with this subject, when there are so many.
async fn letters(server: &MailServer, (to, subject): (&str, &str), wanted: usize) -> Vec<Value> {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let ours = |mail: &Value| mail["recipients"] == json!([to]) && mail["subject"] == json!(subject);
        let theirs: Vec<Value> = server.mails().into_iter().filter(ours).collect();
        if theirs.len() >= wanted {
            assert_eq!(theirs.len(), wanted, "{subject} to {to}");
            return theirs;
        }
        assert!(Instant::now() < deadline, "{} times {subject} came to {to}, not {wanted}", theirs.len());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Somebody with an address who takes part.
async fn joined(world: &World, address: &str, more: Value) -> String {
    let mut new = json!({"organisationId": world.organisation, "displayName": "Canarie", "channel": "internet",
        "language": "nl", "contact": {"emailAddress": address}});
    new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let person = world.officer.make("/v1/participants", new).await.id();
    member(&world.coordinator, &world.network, &person, "resident").await;
    person
}

/// How many warnings came: before the day, and once it passed.
async fn warned(service: &Service, server: &MailServer) -> [usize; 2] {
    // What another copy of the service queued isn't told to this one.
    service.running.app.deliver_mails().await.unwrap();
    settled(service).await;
    let with = |subject: &str| server.mails().into_iter().filter(|mail| mail["subject"] == json!(subject)).count();
    [with("Mensen wachten op een terugkoppeling"), with("Een terugkoppeling is te laat")]
}

/// A round of this copy and of another at once, on one database.
async fn both_round(service: &Service) {
    let other = replica(service).await;
    let (one, another) = tokio::join!(service.running.app.round(), other.round());
    one.unwrap();
    another.unwrap();
}

async fn listed(by: &Client, world: &World) -> Vec<Value> {
    let list = format!("/v1/networks/{}/telling-list?limit=100", world.network);
    by.get(&list).await.expect(200).items().clone()
}

mailed! {
    /// Everybody who wants mail gets one, in their language, whether or not they answered;
    /// it says nothing of what it is about. Who has no address that works is told otherwise.
    async fn what_came_of_it_comes_by_mail(service, server) {
        let world = World::of(service).await;
        joined(&world, ADA, json!({})).await;
        joined(&world, BO, json!({"language": "en-GB"})).await;
        joined(&world, CAS, json!({"language": "nl-simple", "contact": {"phoneNumber": "+31885550140"}})).await;
        let objects = joined(&world, "dirk@people.example", json!({})).await;
        let path = world.opened().await;
        letters(&server, (ADA, "Er is een vraag voor u"), 1).await;
        world.officer.make(&format!("/v1/participants/{objects}/data-requests"), objection()).await;
        published(&world.officer, &path, "U wilt bomen bij het verzorgingshuis.").await;
        let mails = [letters(&server, (ADA, "U krijgt antwoord"), 1).await, letters(&server, (BO, "You hear back"), 1).await];
        for mail in mails.iter().flatten() {
            let text = mail["text"].as_str().unwrap();
            for word in ["Wonen", "bomen", "verzorgingshuis", "panel", "Hier", "Canarie", "groen"] {
                assert!(!text.contains(word), "the mail says {word}");
            }
        }
        assert_eq!(count(service, "mails WHERE template = 'report_back_published'").await, 2);
        // Cas wants mail and has no address; the twelve others want to be called.
        let list = listed(&world.coordinator, &world).await;
        assert_eq!(list.len(), 13);
        let cas = list.iter().find(|one| one["channel"] == "internet").unwrap();
        assert_eq!((&cas["phoneNumber"], &cas["reachable"], &cas["readIn"]), (&json!("+31885550140"), &json!(true), &json!("nl")));
        concluded(&world.officer, &path, "Er komen bomen.").await;
        letters(&server, (ADA, "U krijgt antwoord"), 2).await;
        // Did they feel heard: asked by mail as anything is asked.
        world.officer.post(&format!("{path}/closing-round"), json!({})).await.expect(201);
        letters(&server, (ADA, "Er is een vraag voor u"), 2).await;
        assert!(server.mails().iter().all(|mail| mail["recipients"] != json!(["dirk@people.example"]) || mail["subject"] == "Er is een vraag voor u"));
        letters(&server, ("dirk@people.example", "Er is een vraag voor u"), 1).await;
    }

    /// For somebody under 16 it goes to who represents them, and to nobody's address once
    /// that ended.
    async fn for_a_child_it_goes_to_who_represents_them(service, server) {
        let world = World::of(service).await;
        let contact = json!({"emailAddress": MOTHERS, "whose": "representative"});
        let new = json!({"organisationId": world.organisation, "displayName": "Kind", "channel": "internet",
            "language": "nl-simple", "birth": born(2014, 5)});
        let child = world.officer.make("/v1/participants", new).await.id();
        let (_, account) = service.account(&world.admin, "mother").await;
        world.officer.make(&format!("/v1/participants/{child}/legal-representatives"), parent(&account)).await;
        change(&world.officer, &format!("/v1/participants/{child}"), json!({"contact": contact})).await.expect(200);
        member(&world.coordinator, &world.network, &child, "child").await;
        let path = world.opened().await;
        published(&world.officer, &path, "We lezen alles.").await;
        let mail = letters(&server, (MOTHERS, "U krijgt antwoord"), 1).await.remove(0);
        assert!(mail["text"].as_str().unwrap().contains("ook wie geen antwoord gaf"));
    }

    /// Before the day and when it passed, to those who answer for it; once each, with two
    /// copies of the service at work, and anew when the day moves.
    async fn those_who_answer_for_it_are_warned_once(service, server) {
        let world = World::of(service).await;
        let path = world.opened().await;
        change(&world.officer, &path, json!({"reportBackDueOn": "2026-12-30", "reportBackDueReason": nl("De vakantie.")})).await.expect(200);
        until(service, "2026-12-22T12:00:00Z");
        Box::pin(both_round(service)).await;
        assert_eq!(warned(service, &server).await, [0, 0]);
        until(service, "2026-12-23T12:00:00Z");
        Box::pin(both_round(service)).await;
        service.round().await;
        // The manager, the officer and the coordinator.
        assert_eq!(warned(service, &server).await, [3, 0]);
        let subject = "Mensen wachten op een terugkoppeling";
        for name in ["manager", "officer", "coordinator"] {
            let mail = letters(&server, (&format!("{name}@demo.klankbord.example"), subject), 1).await.remove(0);
            let text = mail["text"].as_str().unwrap();
            assert!(text.contains("30-12-2026") && !text.contains("Wonen"), "{text}");
        }
        until(service, "2026-12-31T12:00:00Z");
        Box::pin(both_round(service)).await;
        Box::pin(both_round(service)).await;
        assert_eq!(warned(service, &server).await, [3, 3]);
        letters(&server, ("officer@demo.klankbord.example", "Een terugkoppeling is te laat"), 1).await;
        let told = "outbox WHERE kind = 'report_back.overdue'";
        assert_eq!(count(service, told).await, 1);
        // Who told people hears nothing more.
        concluded(&sign_in(service, "officer").await, &path, "Er komen bomen.").await;
        until(service, "2027-02-01T12:00:00Z");
        Box::pin(both_round(service)).await;
        assert_eq!(warned(service, &server).await, [3, 3]);
    }

    /// The day moves once: then it is said of the new day, too.
    async fn a_day_that_moved_is_said_anew(service, server) {
        let world = World::of(service).await;
        let path = world.opened().await;
        until(service, "2027-01-20T12:00:00Z");
        service.round().await;
        assert_eq!(warned(service, &server).await, [3, 0]);
        let officer = sign_in(service, "officer").await;
        change(&officer, &path, json!({"reportBackDueOn": "2027-03-01", "reportBackDueReason": nl("De raad.")})).await.expect(200);
        service.round().await;
        until(service, "2027-02-10T12:00:00Z");
        service.round().await;
        assert_eq!(warned(service, &server).await, [3, 0]);
        until(service, "2027-02-25T12:00:00Z");
        service.round().await;
        assert_eq!(warned(service, &server).await, [6, 0]);
        go(&sign_in(service, "officer").await, &path, "concluded").await.expect(409);
    }
}
