//! The kinds of questions, from asking to results.

use serde_json::{Value, json};

use crate::anonymity::world::{anonymous, put_in};
use crate::feedback::nl;
use crate::support::Reply;

use super::world::{World, change, go, id, until};

/// An anonymous or confidential consultation with these questions alone, opened; its path.
pub async fn asking(world: &World, mode: &str, questions: Value) -> String {
    let mut new = world.draft();
    new.as_object_mut().unwrap().extend(world.content().as_object().unwrap().clone());
    new["mode"] = json!(mode);
    new["questions"] = questions;
    let path = format!("/v1/consultations/{}", world.officer.make("/v1/consultations", new).await.id());
    go(&world.officer, &path, "open").await.expect(201);
    path
}

/// What Anna answers herself.
pub async fn own(world: &World, path: &str, given: &[Value]) -> Reply {
    world.anna.post(&format!("{path}/responses"), json!({"channel": "internet", "answers": given})).await
}

/// What each of the others answers by phone.
pub async fn others(world: &World, path: &str, given: impl Fn(usize) -> Vec<Value>) {
    for (index, one) in world.others.iter().enumerate() {
        let heard = json!({"channel": "phone", "answers": given(index), "participantId": one});
        world.facilitator.post(&format!("{path}/responses"), heard).await.expect(201);
    }
}

pub async fn results(world: &World, path: &str) -> Value {
    go(&world.officer, path, "closed").await.expect(201);
    world.facilitator.get(&format!("{path}/results")).await.expect(200).body
}

fn statement(stance: &str) -> Value {
    json!({"questionId": id("question", 1), "kind": "statement", "stance": stance})
}

/// A choice of which the last can be said in own words.
fn with_other() -> Value {
    json!({"id": id("question", 1), "kind": "single_choice", "prompt": nl("Wanneer moet de hub open?"), "required": true,
        "options": [{"id": id("option", 1), "label": nl("Overdag")},
            {"id": id("option", 2), "label": nl("Anders"), "ownWords": true}]})
}

fn other(option: u32, words: Option<&str>) -> Value {
    let mut given = json!({"questionId": id("question", 1), "kind": "single_choice", "optionId": id("option", option)});
    if let Some(text) = words {
        given["otherText"] = json!({"text": text, "language": "nl"});
    }
    given
}

on_both! {
    /// Agreed with, disagreed with or passed by; nothing else fits, and an open one changes no more.
    async fn a_statement_is_answered_by_a_stance(service) {
        let world = World::of(service).await;
        let asked = json!({"id": id("question", 1), "kind": "statement", "prompt": nl("De hub moet ook 's avonds open."),
            "required": true});
        let path = asking(&world, "confidential", json!([asked])).await;
        let read = world.anna.get(&path).await.expect(200);
        assert_eq!(read.body["questions"][0]["kind"], "statement");
        let scale = json!({"questionId": id("question", 1), "kind": "scale", "value": 1});
        assert_eq!(own(&world, &path, &[scale]).await.expect(400).faults(), ["/answers/0/kind answer.kind_mismatch"]);
        own(&world, &path, &[statement("perhaps")]).await.expect(400);
        let response = own(&world, &path, &[statement("agree")]).await.expect(201).id();
        let kept = world.anna.get(&format!("/v1/responses/{response}")).await.expect(200);
        assert_eq!(kept.body["answers"], json!([statement("agree")]));
        others(&world, &path, |index| vec![statement(if index < 5 { "agree" } else { "disagree" })]).await;
        let other = json!({"questions": [{"id": id("question", 1), "kind": "open_text", "prompt": nl("Wat vindt u?")}]});
        let fixed = change(&world.officer, &path, other).await.expect(400);
        assert_eq!(fixed.faults(), ["/questions/0 question.fixed"]);
        let told = results(&world, &path).await["questions"][0].clone();
        assert_eq!((&told["kind"], &told["base"]["figure"], &told["options"]), (&json!("statement"), &json!(12), &json!([])));
        let stances: Vec<_> = told["stances"].as_array().unwrap().iter()
            .map(|one| (one["stance"].clone(), one["count"]["figure"].clone(), one["shareTenths"].clone())).collect();
        assert_eq!(stances, [(json!("agree"), json!(6), json!(500)), (json!("disagree"), json!(6), json!(500)),
            (json!("pass"), json!(0), json!(0))]);
    }

    /// In a ballot it stands like any other choice, and is counted after sealing.
    async fn a_statement_is_answered_in_a_ballot(service) {
        let world = World::of(service).await;
        let asked = json!({"id": id("question", 1), "kind": "statement", "prompt": nl("De hub moet ook 's avonds open.")});
        let path = asking(&world, "anonymous", json!([asked])).await;
        let mut ballot = anonymous("internet", (1, 4), None, 1);
        ballot["answers"] = json!([statement("pass")]);
        put_in(&world.anna, &path, ballot).await.expect(201);
        until(service, "2026-12-16T09:00:00Z");
        service.round().await;
        let officer = super::world::sign_in(service, "officer").await;
        let told = officer.get(&format!("{path}/results")).await.expect(200).body["questions"][0].clone();
        assert_eq!(told["stances"][0]["count"]["suppressed"], "base");
        assert_eq!(told["suppressed"], "base");
    }

    /// Counted in bands and in months; no single number and no single day comes out.
    async fn numbers_and_days_are_counted_in_parts(service) {
        let world = World::of(service).await;
        let number = json!({"id": id("question", 1), "kind": "number", "prompt": nl("Hoe lang wachtte u?"), "least": 0,
            "most": 60, "unit": nl("weken"), "bands": [{"least": 0}, {"least": 5}, {"least": 15}], "required": true});
        let date = json!({"id": id("question", 2), "kind": "date", "prompt": nl("Wanneer begon de hulp?"),
            "earliestOn": "2026-01-15", "latestOn": "2026-03-31", "countedBy": "month"});
        let mut wrong = world.draft();
        let bad = json!({"kind": "number", "prompt": nl("?"), "least": 3, "most": 3, "bands": [{"least": 4}, {"least": 4}]});
        let never = json!({"kind": "date", "prompt": nl("?"), "earliestOn": "2026-03-01", "latestOn": "2026-02-01",
            "countedBy": "year"});
        wrong["questions"] = json!([bad, never]);
        let refused = world.officer.post("/v1/consultations", wrong).await.expect(400);
        assert_eq!(refused.faults(), ["/questions/0/bands/0 question.band_out_of_range",
            "/questions/0/bands/0 question.first_band_above_least", "/questions/0/bands/1 question.band_out_of_order",
            "/questions/0/bands/1 question.band_out_of_range", "/questions/0/most question.range_empty",
            "/questions/1/latestOn question.range_empty"]);
        let path = asking(&world, "confidential", json!([number, date])).await;
        let read = world.anna.get(&path).await.expect(200);
        assert_eq!((&read.body["questions"][0]["bands"], &read.body["questions"][1]["countedBy"]),
            (&json!([{"least": 0}, {"least": 5}, {"least": 15}]), &json!("month")));
        let weeks = |value: i32| json!({"questionId": id("question", 1), "kind": "number", "value": value});
        let on = |day: &str| json!({"questionId": id("question", 2), "kind": "date", "chosenOn": day});
        let refused = own(&world, &path, &[weeks(61), on("2026-04-01")]).await.expect(400);
        assert_eq!(refused.faults(), ["/answers/0/value answer.value_out_of_range",
            "/answers/1/chosenOn answer.day_out_of_range"]);
        let response = own(&world, &path, &[weeks(4), on("2026-01-31")]).await.expect(201).id();
        let kept = world.anna.get(&format!("/v1/responses/{response}")).await.expect(200);
        assert_eq!(kept.body["answers"], json!([weeks(4), on("2026-01-31")]));
        others(&world, &path, |at| {
            if at < 5 { vec![weeks(3), on("2026-01-20")] } else { vec![weeks(20), on("2026-03-01")] }
        }).await;
        let told = results(&world, &path).await["questions"].clone();
        let bands: Vec<_> = told[0]["bands"].as_array().unwrap().iter()
            .map(|one| (one["least"].clone(), one["most"].clone(), one["count"]["figure"].clone())).collect();
        assert_eq!(bands, [(json!(0), json!(4), json!(6)), (json!(5), json!(14), json!(0)), (json!(15), json!(60), json!(6))]);
        let months: Vec<_> = told[1]["periods"].as_array().unwrap().iter()
            .map(|one| (one["startsOn"].clone(), one["count"]["figure"].clone())).collect();
        assert_eq!(months, [(json!("2026-01-01"), json!(6)), (json!("2026-02-01"), json!(0)), (json!("2026-03-01"), json!(6))]);
    }

    /// The words beside "other" are for the facilitators; who runs it reads the choice alone.
    async fn own_words_beside_an_option_are_treated_as_open_answers(service) {
        let world = World::of(service).await;
        let path = asking(&world, "named", json!([with_other()])).await;
        let refused = own(&world, &path, &[other(1, Some("Op zaterdag."))]).await.expect(400);
        assert_eq!(refused.faults(), ["/answers/0/otherText answer.other_not_chosen"]);
        let refused = own(&world, &path, &[other(2, Some("  "))]).await.expect(400);
        assert_eq!(refused.faults(), ["/answers/0/otherText/text answer.text_blank"]);
        own(&world, &path, &[other(2, Some(&"x".repeat(201)))]).await.expect(400);
        let response = own(&world, &path, &[other(2, Some("Op zaterdag."))]).await.expect(201).id();
        for (by, words) in [(&world.anna, Some("Op zaterdag.")), (&world.facilitator, Some("Op zaterdag.")),
            (&world.officer, None)] {
            let read = by.get(&format!("/v1/responses/{response}")).await.expect(200);
            assert_eq!(read.body["answers"], json!([other(2, words)]));
        }
        let told = results(&world, &path).await;
        assert!(!told.to_string().contains("zaterdag"));
        let mut twice = world.draft();
        let mut options = with_other();
        options["options"][0]["ownWords"] = json!(true);
        twice["questions"] = json!([options]);
        let refused = world.officer.post("/v1/consultations", twice).await.expect(400);
        assert_eq!(refused.faults(), ["/questions/0/options/1/ownWords question.own_words_repeated"]);
    }

    /// Torn off at sealing: the words stand apart, the choice is counted, and nothing says who wrote.
    async fn own_words_in_a_ballot_are_torn_off(service) {
        let world = World::of(service).await;
        let path = asking(&world, "anonymous", json!([with_other()])).await;
        let mut ballot = anonymous("internet", (1, 4), None, 1);
        ballot["answers"] = json!([other(2, Some("Op zaterdag."))]);
        put_in(&world.anna, &path, ballot).await.expect(201);
        until(service, "2026-12-16T09:00:00Z");
        service.round().await;
        let facilitator = super::world::sign_in(service, "facilitator").await;
        let officer = super::world::sign_in(service, "officer").await;
        let list = format!("{path}/questions/{}/open-answers", id("question", 1));
        let written = facilitator.get(&list).await.expect(200);
        assert_eq!((&written.items()[0]["text"], &written.items()[0]["language"]), (&json!("Op zaterdag."), &json!("nl")));
        officer.get(&list).await.expect(403);
        let told = officer.get(&format!("{path}/results")).await.expect(200);
        assert_eq!(told.body["questions"][0]["options"][1]["count"]["suppressed"], "base");
        assert!(!told.text.contains("zaterdag"));
    }
}
