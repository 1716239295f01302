//! Answers side by side, in rows that are each of enough people.

use serde_json::{Value, json};

use crate::feedback::nl;

use super::charts::liked;
use super::world::{World, go, id};

/// One of two, and a scale: both announced.
async fn asking(world: &World, announced: bool) -> String {
    let mut new = world.draft();
    new.as_object_mut().unwrap().extend(world.content().as_object().unwrap().clone());
    new["mode"] = json!("confidential");
    new["questions"] = json!([
        {"id": id("question", 1), "kind": "single_choice", "prompt": nl("Bent u geholpen?"), "inRecords": announced,
            "options": [{"id": id("option", 1), "label": nl("Ja")}, {"id": id("option", 2), "label": nl("Nee")}]},
        {"id": id("question", 2), "kind": "scale", "prompt": nl("Hoe goed?"), "least": 1, "most": 3,
            "inRecords": announced}
    ]);
    let path = format!("/v1/consultations/{}", world.officer.make("/v1/consultations", new).await.id());
    go(&world.officer, &path, "open").await.expect(201);
    path
}

fn given(option: u32, value: i32) -> Value {
    json!([{"questionId": id("question", 1), "kind": "single_choice", "optionId": id("option", option)},
        {"questionId": id("question", 2), "kind": "scale", "value": value}])
}

/// Anna and five others were helped well; six were not, of whom so many say 1 and the others 2.
async fn answered(world: &World, path: &str, ones: usize) {
    let own = json!({"channel": "internet", "answers": given(1, 3)});
    world.anna.post(&format!("{path}/responses"), own).await.expect(201);
    for (index, one) in world.others.iter().enumerate() {
        let answers = if index < 5 { given(1, 3) } else { given(2, if index < 5 + ones { 1 } else { 2 }) };
        let heard = json!({"channel": "phone", "answers": answers, "participantId": one});
        world.facilitator.post(&format!("{path}/responses"), heard).await.expect(201);
    }
    go(&world.officer, path, "closed").await.expect(201);
}

on_both! {
    async fn rows_are_of_enough_people_for_who_reads_them(service) {
        let world = World::of(service).await;
        let path = asking(&world, true).await;
        assert_eq!(world.anna.get(&path).await.expect(200).body["privacy"]["inRecords"],
            json!([id("question", 1), id("question", 2)]));
        let early = world.officer.get(&format!("{path}/result-records")).await.expect(409);
        assert_eq!(early.code(), "consultation.results_not_yet");
        answered(&world, &path, 0).await;
        let told = world.officer.get(&format!("{path}/result-records")).await.expect(200).body;
        let rows: Vec<_> = told["records"].as_array().unwrap().iter()
            .map(|row| (row["people"].clone(), row["answers"][0]["answerLabel"].clone(), row["answers"][1]["answer"].clone()))
            .collect();
        assert_eq!(rows, [(json!(6), json!("Ja"), json!("3")), (json!(6), json!("Nee"), json!("2"))]);
        assert_eq!((&told["minimum"], &told["leftOutIds"], &told["suppressed"]), (&json!(5), &json!([]), &Value::Null));
        // Six are too few for everybody.
        let public = world.anna.get(&format!("{path}/result-records")).await.expect(200).body;
        assert_eq!((&public["minimum"], &public["records"], &public["suppressed"]),
            (&json!(10), &json!([]), &json!("minimum")));
        let table = liked(&world.officer, &format!("{path}/result-records"), ("text/csv", "nl")).await.expect(200).text;
        let option = |number: u32| id("option", number);
        assert_eq!(table, format!("1,2,people\r\n{},3,6\r\n{},2,6\r\n", option(1), option(2)));
        // Beside rows nothing is told by channel.
        let results = world.officer.get(&format!("{path}/results")).await.expect(200).body;
        for choice in results["questions"][0]["options"].as_array().unwrap() {
            assert_eq!(choice["count"]["figure"], 6);
            assert!(choice["channels"].as_array().unwrap().iter().all(|one| one["count"]["figure"] == Value::Null));
        }
    }

    async fn a_question_that_makes_rows_small_is_left_out(service) {
        let world = World::of(service).await;
        let path = asking(&world, true).await;
        answered(&world, &path, 2).await;
        let told = world.officer.get(&format!("{path}/result-records")).await.expect(200).body;
        assert_eq!((&told["questionIds"], &told["leftOutIds"]),
            (&json!([id("question", 1)]), &json!([id("question", 2)])));
        assert_eq!(told["records"].as_array().unwrap().iter().map(|row| row["people"].clone()).collect::<Vec<_>>(), [6, 6]);
        let plain = asking(&world, false).await;
        answered(&world, &plain, 0).await;
        let none = world.officer.get(&format!("{plain}/result-records")).await.expect(409);
        assert_eq!(none.code(), "records.not_announced");
    }
}
