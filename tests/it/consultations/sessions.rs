//! Input sessions: what people said together, written down without who said it.

use serde_json::json;

use super::world::{World, change, go, id};
use crate::feedback::nl;
use crate::support::{Client, Reply};

async fn held(world: &World, path: &str, people: &[(&str, i32)]) -> Reply {
    let attendance: Vec<_> =
        people.iter().map(|(perspective, people)| json!({"perspective": perspective, "people": people})).collect();
    let new = json!({"title": nl("Wereldcafé"), "method": "world_cafe", "heldOn": "2026-11-20",
        "place": "Buurthuis De Brug", "attendance": attendance});
    world.facilitator.post(&format!("{path}/input-sessions"), new).await
}

async fn concluded(world: &World, path: &str) {
    let last = json!({"kind": "final", "heard": nl("Zo wordt het.")});
    world.officer.make(&format!("{path}/report-backs"), last).await;
    go(&world.officer, path, "closed").await.expect(201);
    go(&world.officer, path, "concluded").await.expect(201);
}

on_both! {
    /// The facilitators write down what was said; everybody else sees that it was held once people heard back,
    /// and of small groups no figure.
    async fn what_was_said_is_for_the_facilitators(service) {
        let world = World::of(service).await;
        let path = world.opened().await;
        let made = held(&world, &path, &[("parent", 14), ("young_person", 3), ("resident", 12)]).await.expect(201);
        let session = format!("/v1/input-sessions/{}", made.id());
        let note = json!({"questionId": id("question", 3), "text": "kanarie: één vast gezicht.", "language": "nl"});
        let written = world.facilitator.make(&format!("{session}/notes"), note.clone()).await;
        let at = format!("{session}/notes/{}", written.id());
        let changed = change(&world.facilitator, &at, json!({"text": "kanarie: één vast gezicht graag."})).await;
        assert_eq!(changed.expect(200).body["questionId"], json!(id("question", 3)));
        assert_eq!(world.facilitator.get(&session).await.expect(200).body["attendance"][1]["people"], json!(3));
        world.facilitator.delete(&session).await.expect(409);

        let others: [&Client; 4] = [&world.officer, &world.manager, &world.coordinator, &world.anna];
        for other in others {
            for refused in [other.get(&session).await, other.get(&format!("{path}/input-sessions")).await] {
                assert_eq!(refused.expect(409).code(), "session.not_yet");
            }
            other.get(&format!("{session}/notes")).await.expect(403);
            other.post(&format!("{session}/notes"), note.clone()).await.expect(403);
        }
        concluded(&world, &path).await;
        for other in others {
            let read = other.get(&session).await.expect(200);
            let figures: Vec<_> = read.body["perspectives"].as_array().unwrap().iter().map(|one| one["count"].get("figure")).collect();
            assert_eq!((read.body["people"]["figure"].as_i64(), figures[1]), (Some(29), None));
            assert!(figures.iter().filter(|figure| figure.is_none()).count() >= 2, "{}", read.text);
            assert_eq!(read.body.get("attendance"), None);
            let listed = other.get(&format!("{path}/input-sessions")).await.expect(200);
            assert!(listed.items().len() == 1 && !listed.text.contains("kanarie") && !read.text.contains("kanarie"));
            other.get(&format!("{session}/notes")).await.expect(403);
        }
        let notes = world.facilitator.get(&format!("{session}/notes")).await.expect(200);
        assert_eq!(notes.items()[0]["text"], json!("kanarie: één vast gezicht graag."));
        for late in [
            world.facilitator.post(&format!("{session}/notes"), note).await,
            change(&world.facilitator, &session, json!({"method": "dialogue"})).await,
            world.facilitator.delete(&at).await,
        ] {
            assert_eq!(late.expect(409).code(), "consultation.ended");
        }
    }

    /// All faults at once; one conversation shows no figure; a session without notes can go.
    async fn a_session_was_held_and_says_so_rightly(service) {
        let world = World::of(service).await;
        let draft = world.prepared().await;
        assert_eq!(held(&world, &draft, &[]).await.expect(409).code(), "consultation.not_open");
        let path = world.opened().await;
        let wrong = json!({"title": nl("Gesprek"), "method": "interview", "heldOn": "2099-01-01",
            "attendance": [{"perspective": "parent", "people": 1}, {"perspective": "parent", "people": 2}]});
        let faults = world.facilitator.post(&format!("{path}/input-sessions"), wrong).await.expect(400).faults();
        assert_eq!(faults, ["/attendance/1 session.perspective_repeated", "/heldOn session.held_later"]);
        world.officer.post(&format!("{path}/input-sessions"), json!({"title": nl("Gesprek"), "method": "interview",
            "heldOn": "2026-11-20"})).await.expect(403);
        let one = held(&world, &path, &[("client", 1)]).await.expect(201);
        assert_eq!(one.body["people"], json!({"suppressed": "base"}));
        let session = format!("/v1/input-sessions/{}", one.id());
        let wrong = json!({"questionId": id("question", 9), "text": " ", "language": "nl_NL"});
        let faults = world.facilitator.post(&format!("{session}/notes"), wrong).await.expect(400).faults();
        assert_eq!(faults, ["/language answer.language_malformed", "/questionId reference.unknown", "/text session.note_blank"]);
        world.facilitator.delete(&session).await.expect(204);
        world.facilitator.get(&session).await.expect(404);
    }
}
