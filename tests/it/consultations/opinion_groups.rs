//! Opinion groups: found when results are fixed, the same for everybody, and of nobody in particular.

use serde_json::{Value, json};

use crate::anonymity::world::{hash_of, put_in, secret};
use crate::feedback::nl;
use crate::support::{Service, database};

use super::charts::{accessible, liked};
use super::world::{World, go, id, member, person, sign_in, until};

/// How many statements divide people; after them one on which all agree, and one on which both halves are split.
const DIVIDING: u32 = 8;

fn questions() -> Value {
    let statement = |number: u32| json!({"id": id("question", number), "kind": "statement", "prompt": nl(&format!("Stelling {number}"))});
    (1..=DIVIDING + 2).map(statement).collect()
}

/// What somebody of the first or the second half says; half of each differs on the last statement.
fn votes(first: bool, odd: bool) -> Value {
    let stance = |number: u32| {
        let agrees = match number {
            1..=DIVIDING => first == number.is_multiple_of(2),
            9 => true,
            _ => odd,
        };
        if agrees { "agree" } else { "disagree" }
    };
    let vote =
        |number: u32| json!({"questionId": id("question", number), "kind": "statement", "stance": stance(number)});
    (1..=DIVIDING + 2).map(vote).collect()
}

/// Twenty-six people in two halves, fourteen and twelve, all in the panel.
async fn people(world: &World) -> Vec<String> {
    let mut people = world.others.clone();
    while people.len() < 26 {
        let one = person(&world.officer, &world.organisation, None, Some(1980)).await;
        member(&world.coordinator, &world.network, &one, "resident").await;
        people.push(one);
    }
    people
}

async fn opened(world: &World, more: Value) -> String {
    let mut new = world.draft();
    new.as_object_mut().unwrap().extend(world.content().as_object().unwrap().clone());
    new["questions"] = questions();
    new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let path = format!("/v1/consultations/{}", world.officer.make("/v1/consultations", new).await.id());
    go(&world.officer, &path, "open").await.expect(201);
    path
}

async fn forget_answers(service: &Service, table: &str) {
    let open = database::connect(&service.running.app.config.database.url).await;
    database::run(&open, &format!("DELETE FROM {table}")).await;
    open.close().await.unwrap();
}

fn ids(numbers: impl Iterator<Item = u32>) -> Vec<Value> {
    numbers.map(|number| json!(id("question", number))).collect()
}

/// What is told of the two halves to who sees no figure of fewer than five.
fn two_halves(told: &Value) {
    let groups = told["groups"].as_array().unwrap();
    let sizes: Vec<_> = groups.iter().map(|group| group["base"]["figure"].clone()).collect();
    assert_eq!(
        (sizes, &told["base"]["figure"], &told["notPlaced"]),
        (vec![json!(14), json!(12)], &json!(26), &json!({"figure": 0}))
    );
    assert_eq!(told["dividing"], json!(ids(1..=DIVIDING)));
    assert_eq!(told["agreed"], json!([{"questionId": id("question", 9), "position": "agree"}]));
    let first = &groups[0]["statements"][0];
    assert_eq!(
        (&first["agree"], &first["disagree"], &first["pass"]),
        (&json!({"figure": 0}), &json!({"figure": 14}), &json!({"figure": 0}))
    );
    let split = &groups[1]["statements"][9];
    assert_eq!((&split["agree"], &split["agreeShareTenths"]), (&json!({"figure": 6}), &json!(500)));
    let typical = groups[0]["typical"].as_array().unwrap();
    assert_eq!(typical.len(), 5);
    assert!(typical.iter().all(|one| told["dividing"].as_array().unwrap().contains(&one["questionId"])));
}

on_both! {
    /// Found at closing and kept: the same ever after, without the answers; in figures that the public may see.
    async fn groups_are_found_at_closing_and_stay(service) {
        let world = World::of(service).await;
        let people = people(&world).await;
        let path = opened(&world, json!({"breakdowns": ["age_band"]})).await;
        for (at, one) in people.iter().enumerate() {
            let heard = json!({"channel": "phone", "participantId": one, "answers": votes(at < 14, at % 2 == 0)});
            world.facilitator.post(&format!("{path}/responses"), heard).await.expect(201);
        }
        let at = format!("{path}/opinion-groups");
        assert_eq!(world.officer.get(&at).await.expect(409).code(), "consultation.results_not_yet");
        go(&world.officer, &path, "closed").await.expect(201);
        let told = world.officer.get(&at).await.expect(200).body;
        two_halves(&told);
        let results = world.officer.get(&format!("{path}/results")).await.expect(200).body;
        assert_eq!((&told["snapshot"], results["breakdowns"].as_array().unwrap().len()), (&results["snapshot"], 1), "told by themselves");
        for refused in ["results?by=opinion_group", "result-file?by=opinion_group"] {
            assert_eq!(world.officer.get(&format!("{path}/{refused}")).await.expect(400).faults(), ["by breakdown.not_declared"]);
        }
        // Of six people the public reads nothing, and of the rest the same.
        let public = world.anna.get(&at).await.expect(200).body;
        assert_eq!(public["dividing"], told["dividing"]);
        assert_eq!((&public["groups"][0]["base"], &public["groups"][0]["statements"][0]), (&told["groups"][0]["base"], &told["groups"][0]["statements"][0]));
        let split = &public["groups"][1]["statements"][9];
        assert!(["agree", "disagree"].iter().all(|stance| split[stance].get("figure").is_none()), "{split}");
        world.admin.get(&at).await.expect(404);

        // As a picture and as tables.
        let said = accessible(&liked(&world.officer, &at, ("image/svg+xml", "nl")).await.expect(200).text);
        assert!(said.contains("Stelling 1: Opiniegroep: 1; Antwoordden (n): 14; eens: 0 (0,0%); oneens: 14 (100,0%)"), "{said}");
        let tables = liked(&world.officer, &at, ("text/html", "en")).await.expect(200).text;
        assert_eq!((tables.matches("<table").count(), tables.contains("Opinion group: 2")), (10, true));

        forget_answers(service, "responses").await;
        assert_eq!(world.officer.get(&at).await.expect(200).body, told);
    }

    /// Of an anonymous consultation only once it is sealed, from what nobody can be joined to.
    async fn anonymous_groups_come_after_sealing(service) {
        let world = World::of(service).await;
        let people = people(&world).await;
        let path = opened(&world, json!({"mode": "anonymous", "heardByOthers": true})).await;
        for (at, one) in people.iter().enumerate() {
            let heard = json!({"channel": "phone", "participantId": one, "answers": votes(at < 14, at % 2 == 0),
                "withdrawalHash": hash_of(&secret(at))});
            put_in(&world.facilitator, &path, heard).await.expect(201);
        }
        go(&world.officer, &path, "closed").await.expect(201);
        let at = format!("{path}/opinion-groups");
        assert_eq!(world.officer.get(&at).await.expect(409).code(), "consultation.results_not_yet");
        until(service, "2026-12-02T00:00:00Z");
        service.round().await;
        let officer = sign_in(service, "officer").await;
        let told = officer.get(&at).await.expect(200).body;
        two_halves(&told);
        forget_answers(service, "sealed_ballots").await;
        assert_eq!(officer.get(&at).await.expect(200).body, told);
    }

    /// Nobody declares them, and without statements there are none.
    async fn groups_rest_on_statements(service) {
        let world = World::of(service).await;
        let mut new = world.draft();
        new["breakdowns"] = json!(["opinion_group"]);
        let refused = world.officer.post("/v1/consultations", new).await.expect(400);
        assert_eq!(refused.faults(), ["/breakdowns/0 breakdown.not_declarable"]);
        let path = world.opened().await;
        let none = world.officer.get(&format!("{path}/opinion-groups")).await.expect(409);
        assert_eq!(none.code(), "consultation.no_statements");
    }

    /// Where people don't differ, or too few answered, there are no groups, and it is said that there are none.
    async fn one_opinion_is_no_group(service) {
        let world = World::of(service).await;
        let people = people(&world).await;
        let path = opened(&world, json!({})).await;
        for one in people {
            let heard = json!({"channel": "phone", "participantId": one, "answers": votes(true, true)});
            world.facilitator.post(&format!("{path}/responses"), heard).await.expect(201);
        }
        go(&world.officer, &path, "closed").await.expect(201);
        let told = world.officer.get(&format!("{path}/opinion-groups")).await.expect(200).body;
        assert_eq!((&told["groups"], &told["dividing"], &told["base"]), (&json!([]), &json!([]), &json!({"figure": 26})));
        let picture = liked(&world.officer, &format!("{path}/opinion-groups"), ("image/svg+xml", "en")).await.expect(200);
        assert_eq!(accessible(&picture.text), "There is nothing to show.");
        assert_eq!(picture.header("content-language"), "en");
    }
}
