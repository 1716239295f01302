//! Questions that are kept to be asked again.

use serde_json::json;

use super::world::{NOBODY, World, account, change, go};
use crate::feedback::{grant, nl};

on_both! {
    /// It is found by whom it is for: its own people all of it, who runs a network what was published, others
    /// what is shared.
    async fn what_is_kept_is_found_by_whom_it_is_for(service) {
        let world = World::of(service).await;
        let elsewhere = service.organisation(&world.admin, "care_provider", "Daar").await;
        let (stranger, id) = account(service, &world.admin, "stranger").await;
        grant(&world.admin, &id, "manager", &elsewhere).await;
        let new = json!({"organisationId": world.organisation, "name": nl("Gehoord"), "source": "Eigen lijst",
            "question": {"kind": "scale", "prompt": nl("Ik voel me gehoord."), "least": 1, "most": 5}});
        let made = world.officer.post("/v1/library-questions", new.clone()).await.expect(201);
        assert_eq!((&made.body["status"], &made.body["allowedTransitions"]), (&json!("draft"), &json!(["published"])));
        let path = format!("/v1/library-questions/{}", made.id());
        for who in [&world.coordinator, &world.anna, &stranger] {
            who.get(&path).await.expect(404);
            who.transition(&path, json!({"to": "published"})).await.expect(404);
        }
        go(&world.officer, &path, "published").await.expect(201);
        world.coordinator.get(&path).await.expect(200);
        world.coordinator.delete(&path).await.expect(403);
        for who in [&world.anna, &stranger] {
            who.get(&path).await.expect(404);
        }
        change(&world.officer, &path, json!({"shared": true})).await.expect(200);
        for who in [&world.anna, &stranger, &world.coordinator] {
            let found = who.get("/v1/library-questions?kind=scale&status=published").await.expect(200);
            assert_eq!((found.items().len(), &found.items()[0]["allowedTransitions"]), (1, &json!([])));
            assert_eq!(who.get("/v1/library-questions?kind=open_text").await.expect(200).items().len(), 0);
        }
        let moves = stranger.get(&format!("{path}/transitions")).await.expect(200);
        assert_eq!(moves.items()[0]["to"], json!("published"));
        assert_eq!(stranger.post("/v1/library-questions", new).await.expect(400).faults(), ["/organisationId reference.unknown"]);
    }

    /// What is published stays in its words; another takes its place, and it is retired with a reason.
    async fn what_is_published_stays_in_its_words(service) {
        let world = World::of(service).await;
        let question = json!({"kind": "single_choice", "prompt": nl("Weet u bij wie u terechtkunt?"),
            "options": [{"label": nl("Ja")}, {"label": nl("Nee")}]});
        let new = json!({"organisationId": world.organisation, "name": nl("Terecht"), "question": question});
        let made = world.officer.make("/v1/library-questions", new.clone()).await;
        let path = format!("/v1/library-questions/{}", made.id());
        let mut wrong = new.clone();
        wrong["question"]["options"] = json!([{"label": nl("Ja")}]);
        wrong["replacesId"] = json!(NOBODY);
        let faults = world.officer.post("/v1/library-questions", wrong.clone()).await.expect(400).faults();
        assert!(faults.iter().any(|fault| fault.starts_with("/question/options")), "{faults:?}");
        go(&world.officer, &path, "published").await.expect(201);
        let mut kept = made.body["question"].clone();
        kept["prompt"].as_array_mut().unwrap().push(json!({"language": "en", "value": "Do you know whom to ask?"}));
        let changed = change(&world.officer, &path, json!({"question": kept})).await.expect(200);
        assert_eq!(changed.body["question"]["prompt"].as_array().unwrap().len(), 2);
        kept["prompt"][0]["value"] = json!("Weet u wie u helpt?");
        let fixed = change(&world.officer, &path, json!({"question": kept})).await.expect(400);
        assert_eq!(fixed.faults(), ["/question library_question.fixed"]);
        let gone = world.officer.delete(&path).await.expect(409);
        assert_eq!(gone.code(), "library_question.not_draft");

        let mut next = new.clone();
        next["replacesId"] = json!(made.id());
        let next = world.officer.make("/v1/library-questions", next).await;
        assert_eq!(next.body["replacesId"], json!(made.id()));
        let mut other = new;
        other["replacesId"] = json!(next.id());
        let draft = world.officer.post("/v1/library-questions", other).await.expect(400);
        assert_eq!(draft.faults(), ["/replacesId reference.unknown"]);
        let silent = go(&world.officer, &path, "retired").await.expect(400);
        assert_eq!(silent.faults().len(), 1);
        world.officer.transition(&path, json!({"to": "retired", "reason": "Er is een betere."})).await.expect(201);
        let late = change(&world.officer, &path, json!({"shared": true})).await.expect(409);
        assert_eq!(late.code(), "library_question.retired");
        let draft = format!("/v1/library-questions/{}", next.id());
        world.officer.delete(&draft).await.expect(204);
        world.officer.get(&draft).await.expect(404);
    }

    /// A consultation asks it by its id, in its words; more languages are welcome.
    async fn it_is_asked_in_its_own_words(service) {
        let world = World::of(service).await;
        let new = json!({"organisationId": world.organisation, "name": nl("Gehoord"),
            "question": {"kind": "scale", "prompt": nl("Ik voel me gehoord."), "least": 1, "most": 5}});
        let made = world.officer.make("/v1/library-questions", new).await;
        go(&world.officer, &format!("/v1/library-questions/{}", made.id()), "published").await.expect(201);
        let mut question = made.body["question"].clone();
        question["required"] = json!(true);
        question["prompt"].as_array_mut().unwrap().push(json!({"language": "en", "value": "I feel heard."}));
        let mut draft = world.draft();
        draft["questions"] = json!([question]);
        let path = format!("/v1/consultations/{}", world.officer.make("/v1/consultations", draft).await.id());
        let read = world.officer.get(&path).await.expect(200).body;
        assert_eq!(read["questions"][0]["id"], made.body["question"]["id"]);
        for (field, other) in [("most", json!(7)), ("prompt", json!(nl("Ik voel me gezien.")))] {
            let mut changed = question.clone();
            changed[field] = other;
            let refused = change(&world.officer, &path, json!({"questions": [changed]})).await.expect(400);
            assert_eq!(refused.faults(), ["/questions/0 library_question.asked_otherwise"]);
        }
        // What the library says later in English doesn't hold up what was asked before.
        let kept = format!("/v1/library-questions/{}", made.id());
        let mut translated = made.body["question"].clone();
        translated["prompt"].as_array_mut().unwrap().push(json!({"language": "en", "value": "People listen to me."}));
        change(&world.officer, &kept, json!({"question": translated})).await.expect(200);
        change(&world.officer, &path, json!({"goal": nl("Beter luisteren.")})).await.expect(200);
    }
}
