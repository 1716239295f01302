//! Sections, drawn orders, and questions that are asked after some answers alone.

use serde_json::{Value, json};

use crate::feedback::nl;
use crate::support::Reply;

use super::world::{World, change, go, id};

/// Whether people were helped; of who was, how well; of who wasn't, why.
fn questions() -> Value {
    let chosen =
        |option: u32| json!({"kind": "chosen", "questionId": id("question", 1), "optionIds": [id("option", option)]});
    let section = json!({"title": nl("De hulp"), "text": nl("Over de hulp die u kreeg."), "shuffled": false});
    json!([
        {"id": id("question", 1), "kind": "single_choice", "prompt": nl("Bent u geholpen?"), "required": true,
            "section": section, "shuffleOptions": true,
            "options": [{"id": id("option", 1), "label": nl("Ja")}, {"id": id("option", 2), "label": nl("Nee")}]},
        {"id": id("question", 2), "kind": "scale", "prompt": nl("Hoe goed?"), "least": 1, "most": 3, "required": true,
            "onlyIf": chosen(1)},
        {"id": id("question", 3), "kind": "open_text", "prompt": nl("Waarom niet?"), "onlyIf": chosen(2)}
    ])
}

async fn asking(world: &World) -> String {
    let mut new = world.draft();
    new.as_object_mut().unwrap().extend(world.content().as_object().unwrap().clone());
    new["mode"] = json!("confidential");
    new["questions"] = questions();
    let path = format!("/v1/consultations/{}", world.officer.make("/v1/consultations", new).await.id());
    go(&world.officer, &path, "open").await.expect(201);
    path
}

fn helped(option: u32) -> Value {
    json!({"questionId": id("question", 1), "kind": "single_choice", "optionId": id("option", option)})
}

fn well(value: i32) -> Value {
    json!({"questionId": id("question", 2), "kind": "scale", "value": value})
}

async fn own(world: &World, path: &str, given: &[Value]) -> Reply {
    world.anna.post(&format!("{path}/responses"), json!({"channel": "internet", "answers": given})).await
}

/// Anna was helped, and so many of the others; the rest wasn't. What comes of it for who runs it.
async fn told(world: &World, path: &str, also: usize) -> Value {
    own(world, path, &[helped(1), well(3)]).await.expect(201);
    for (index, one) in world.others.iter().enumerate() {
        let given = if index < also { vec![helped(1), well(2)] } else { vec![helped(2)] };
        let heard = json!({"channel": "phone", "answers": given, "participantId": one});
        world.facilitator.post(&format!("{path}/responses"), heard).await.expect(201);
    }
    go(&world.officer, path, "closed").await.expect(201);
    world.facilitator.get(&format!("{path}/results")).await.expect(200).body["questions"].clone()
}

on_both! {
    async fn a_question_is_asked_after_some_answers_alone(service) {
        let world = World::of(service).await;
        let path = asking(&world).await;
        let read = world.anna.get(&path).await.expect(200).body["questions"].clone();
        let sent = questions();
        for (at, said) in [(0, "section"), (0, "shuffleOptions"), (1, "onlyIf"), (2, "onlyIf")] {
            assert_eq!(read[at][said], sent[at][said], "{said}");
        }
        assert_eq!(read[1]["section"], Value::Null);
        let refused = own(&world, &path, &[helped(2), well(1)]).await.expect(400);
        assert_eq!(refused.faults(), ["/answers/1/questionId answer.not_asked"]);
        let refused = own(&world, &path, &[helped(1)]).await.expect(400);
        assert_eq!(refused.faults(), ["/questions/1 answer.required_missing"]);
        let mut otherwise = questions();
        otherwise[1]["onlyIf"]["optionIds"] = json!([id("option", 2)]);
        otherwise[0]["shuffleOptions"] = json!(false);
        let told = told(&world, &path, 5).await;
        let fixed = change(&world.officer, &path, json!({"questions": otherwise})).await.expect(400);
        assert_eq!(fixed.faults(), ["/questions/0 question.fixed", "/questions/1 question.fixed"]);
        assert_eq!(told[0]["options"][0]["count"]["figure"], 6);
        assert_eq!(told[0]["asked"], Value::Null);
        assert_eq!((&told[1]["asked"]["figure"], &told[1]["base"]["figure"]), (&json!(6), &json!(6)));
        assert_eq!((&told[2]["asked"]["figure"], &told[2]["base"]["suppressed"]), (&json!(6), &json!("complementary")));
        // One was better helped than five: that isn't told, nor by which way they answered.
        assert_eq!(told[1]["suppressed"], "complementary");
        let ways = told[1]["scale"].as_array().unwrap().iter().flat_map(|one| one["channels"].as_array().unwrap());
        assert!(ways.clone().count() > 0 && ways.clone().all(|one| one["count"]["suppressed"] == "complementary"));
    }

    /// How many were asked is how many said so: a few are hidden twice.
    async fn of_a_few_who_were_asked_nothing_is_told(service) {
        let world = World::of(service).await;
        let path = asking(&world).await;
        let told = told(&world, &path, 2).await;
        assert_eq!(told[0]["suppressed"], "complementary");
        for conditional in [&told[1], &told[2]] {
            assert_eq!((&conditional["asked"]["suppressed"], &conditional["base"]["figure"]),
                (&json!("complementary"), &Value::Null));
        }
        assert!(told[1]["scale"].as_array().unwrap().iter().all(|one| one["count"]["figure"] == Value::Null));
    }

    async fn what_a_condition_may_rest_on_is_said_at_once(service) {
        let world = World::of(service).await;
        let mut wrong = world.draft();
        let mut asked = questions();
        asked[0]["onlyIf"] = json!({"kind": "chosen", "questionId": id("question", 2), "optionIds": [id("option", 1)]});
        asked[1]["onlyIf"] = json!({"kind": "within", "questionId": id("question", 1), "least": 1, "most": 2});
        asked[1]["shuffleOptions"] = json!(true);
        asked[2]["onlyIf"] = json!({"kind": "within", "questionId": id("question", 2), "least": 2, "most": 4});
        wrong["questions"] = asked.clone();
        let refused = world.officer.post("/v1/consultations", wrong.clone()).await.expect(400);
        assert_eq!(refused.faults(), ["/questions/0/onlyIf/questionId condition.not_before",
            "/questions/1/onlyIf/kind condition.kind_mismatch", "/questions/1/shuffleOptions question.nothing_to_shuffle",
            "/questions/2/onlyIf/most condition.not_whole_bands"]);
        let mut drawn = questions();
        drawn[0]["section"]["shuffled"] = json!(true);
        wrong["questions"] = drawn;
        let refused = world.officer.post("/v1/consultations", wrong.clone()).await.expect(400);
        assert_eq!(refused.faults(), ["/questions/1/onlyIf/questionId condition.in_shuffled_section",
            "/questions/2/onlyIf/questionId condition.in_shuffled_section"]);
        wrong["questions"] = json!([questions()[1]]);
        wrong["questions"][0]["onlyIf"] = json!({"kind": "perhaps"});
        world.officer.post("/v1/consultations", wrong).await.expect(400);
        let kept = json!({"organisationId": world.draft()["organisationId"], "name": nl("Hoe goed"), "question": asked[2]});
        let refused = world.manager.post("/v1/library-questions", kept).await.expect(400);
        assert_eq!(refused.faults(), ["/question/onlyIf library_question.stands_alone"]);
    }
}
