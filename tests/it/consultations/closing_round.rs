//! "Did you feel heard?": a round of its own to the same people, in the same mode.

use serde_json::{Value, json};

use super::telling::{concluded, objection};
use super::world::{World, change, go, sign_in, until};
use crate::anonymity::world as anonymous;
use crate::feedback::nl;
use crate::support::{Client, Service, database};

/// An answer to a closing round: how heard, and which rung (from 0).
fn answer(round: &Value, channel: &str, (value, rung): (i32, usize)) -> Value {
    let (scale, choice) = (&round["questions"][0], &round["questions"][1]);
    json!({"channel": channel, "answers": [
        {"questionId": scale["id"], "kind": "scale", "value": value},
        {"questionId": choice["id"], "kind": "single_choice", "optionId": choice["options"][rung]["id"]}]})
}

async fn all_answer(world: &World, round: &Value, said: (i32, usize)) {
    let path = format!("/v1/consultations/{}/responses", round["id"].as_str().unwrap());
    world.anna.post(&path, answer(round, "internet", said)).await.expect(201);
    for one in &world.others {
        let mut heard = answer(round, "phone", said);
        heard["participantId"] = json!(one);
        world.facilitator.post(&path, heard).await.expect(201);
    }
}

fn counted(round: &Value) -> Vec<(Value, Value)> {
    let rungs = round["results"]["experiencedRungs"].as_array().unwrap().iter();
    rungs.map(|one| (one["rung"].clone(), one["count"]["figure"].clone())).collect()
}

/// How many people were invited to closing rounds.
async fn invited(service: &Service) -> i64 {
    let rounds = "invitations i JOIN consultations c ON c.id = i.consultation_id WHERE c.closing_round_of IS NOT NULL";
    database::count(&service.running.app.config.database.url, rounds).await
}

async fn opened(by: &Client, path: &str, body: Value) -> Value {
    by.post(&format!("{path}/closing-round"), body).await.expect(201).body
}

on_both! {
    /// The rung as experienced stands beside the one that was promised, once nobody can
    /// answer any more; by the minimums that hold for any results.
    async fn the_rung_as_experienced_stands_beside_the_promise(service) {
        let world = World::of(service).await;
        let path = world.opened().await;
        let officer = &world.officer;
        let early = officer.post(&format!("{path}/closing-round"), json!({})).await.expect(409);
        assert_eq!(early.code(), "closing_round.not_concluded");
        officer.get(&format!("{path}/closing-round")).await.expect(409);
        // One answered; all are asked again.
        world.anna.post(&format!("{path}/responses"), super::world::answers("internet", 1, 4, None)).await.expect(201);
        concluded(officer, &path, "Er komen bomen.").await;
        world.facilitator.post(&format!("{path}/closing-round"), json!({})).await.expect(403);
        world.anna.post(&format!("{path}/closing-round"), json!({})).await.expect(403);
        let far = officer.post(&format!("{path}/closing-round"), json!({"closesOn": "2027-06-01"})).await.expect(400);
        assert_eq!(far.faults(), ["/closesOn consultation.closes_too_late"]);
        let round = opened(officer, &path, json!({})).await;
        let of = path.rsplit('/').next().unwrap();
        assert_eq!((&round["closingRoundOf"], &round["status"], &round["closesOn"], &round["mode"]),
            (&json!(of), &json!("open"), &json!("2026-12-14"), &json!("confidential")));
        assert!(round["questions"][0]["prompt"].as_array().unwrap().iter().any(|text| text["language"] == "nl-simple"));
        assert_eq!(round["questions"].as_array().unwrap().len(), 3);
        assert_eq!(invited(service).await, 12);
        let again = officer.post(&format!("{path}/closing-round"), json!({})).await.expect(409);
        assert_eq!(again.code(), "closing_round.exists");
        let mine = world.anna.get("/v1/me/consultations").await.expect(200);
        assert_eq!((mine.items().len(), &mine.items()[0]["closingRoundId"]), (1, &round["id"]));
        assert_eq!(world.anna.get("/v1/me/tasks").await.expect(200).items()[0]["consultationId"], round["id"]);

        all_answer(&world, &round, (4, 1)).await;
        let read = officer.get(&format!("{path}/closing-round")).await.expect(200).body;
        assert_eq!((&read["promisedRung"], read.get("results")), (&json!("advise"), None));
        let own = format!("/v1/consultations/{}", round["id"].as_str().unwrap());
        let closed = go(officer, &own, "closed").await.expect(201);
        assert_eq!(officer.get(&own).await.body["allowedTransitions"], json!([]));
        assert_eq!(closed.status, 201);
        for by in [officer, &world.anna] {
            let read = by.get(&format!("{path}/closing-round")).await.expect(200).body;
            assert_eq!(read["results"]["base"], json!({"figure": 12}));
            assert_eq!(read["results"]["feltHeard"]["meanHundredths"], json!(400));
            let figures = counted(&read);
            assert_eq!((&figures[1], figures.len()), (&(json!("consult"), json!(12)), 6));
            assert_eq!(figures[2], (json!("advise"), json!(0)));
        }
        // It ends there, changes nowhere, and gets no report-back.
        assert_eq!(go(officer, &own, "concluded").await.expect(409).code(), "consultation.closing_round_ends_closed");
        let thanks = json!({"kind": "interim", "heard": nl("Dank.")});
        let back = officer.post(&format!("{own}/report-backs"), thanks).await.expect(409);
        assert_eq!(back.code(), "report_back.of_closing_round");
        assert_eq!(change(officer, &own, json!({"title": nl("Anders")})).await.expect(409).code(), "consultation.closing_round_fixed");
        assert_eq!(officer.post(&format!("{own}/closing-round"), json!({})).await.expect(409).code(), "closing_round.of_closing_round");
        assert_eq!(officer.get("/v1/me/tasks").await.expect(200).items().len(), 0, "it waits for no report-back");
        let register = service.nobody().get("/v1/register").await.expect(200);
        assert_eq!((register.items().len(), &register.items()[0]["closingRound"]), (1, &json!(true)));
    }

    /// Under the minimum nothing is shown of it.
    async fn few_answers_show_nothing(service) {
        let world = World::of(service).await;
        let path = world.opened().await;
        concluded(&world.officer, &path, "Er komen bomen.").await;
        let round = opened(&world.officer, &path, json!({"closesOn": "2026-11-30"})).await;
        let own = format!("/v1/consultations/{}", round["id"].as_str().unwrap());
        for one in &world.others[..4] {
            let mut heard = answer(&round, "phone", (1, 0));
            heard["participantId"] = json!(one);
            world.facilitator.post(&format!("{own}/responses"), heard).await.expect(201);
        }
        until(service, "2026-11-30T23:00:00Z");
        service.round().await;
        let officer = sign_in(service, "officer").await;
        let read = officer.get(&format!("{path}/closing-round")).await.expect(200).body;
        assert_eq!((&read["status"], &read["results"]["base"]), (&json!("closed"), &json!({"suppressed": "base"})));
        assert!(counted(&read).iter().all(|(_, figure)| figure.is_null()), "{read}");
        assert!(read["results"]["feltHeard"].get("meanHundredths").is_none());
    }

    /// Of an anonymous consultation it is anonymous too: results come once, after sealing.
    async fn of_an_anonymous_one_it_is_anonymous(service) {
        let world = World::of(service).await;
        let path = anonymous::opened(&world, json!({"heardByOthers": true})).await;
        concluded(&world.officer, &path, "Er komen bomen.").await;
        let round = opened(&world.officer, &path, json!({"closesOn": "2026-11-30"})).await;
        assert_eq!((&round["mode"], &round["heardByOthers"]), (&json!("anonymous"), &json!(true)));
        let own = format!("/v1/consultations/{}", round["id"].as_str().unwrap());
        for (number, one) in world.others.iter().enumerate() {
            let mut heard = answer(&round, "phone", (5, 2));
            heard["participantId"] = json!(one);
            heard["withdrawalHash"] = json!(anonymous::hash_of(&anonymous::secret(number)));
            anonymous::put_in(&world.facilitator, &own, heard).await.expect(201);
        }
        until(service, "2026-12-01T09:00:00Z");
        service.round().await;
        let officer = sign_in(service, "officer").await;
        let read = officer.get(&format!("{path}/closing-round")).await.expect(200).body;
        assert_eq!((&read["status"], read.get("results")), (&json!("closed"), None), "not before it is sealed");
        until(service, "2026-12-09T09:00:00Z");
        service.round().await;
        service.round().await;
        let officer = sign_in(service, "officer").await;
        let read = officer.get(&format!("{path}/closing-round")).await.expect(200).body;
        assert_eq!(read["results"]["base"], json!({"figure": 11}));
        assert_eq!(counted(&read)[2], (json!("advise"), json!(11)));
        officer.get(&format!("{own}/responses")).await.expect(403);
    }

    /// It is the end of what was asked: it takes nobody's room to be asked something else.
    /// Who objected meanwhile is not asked.
    async fn it_counts_as_no_new_subject(service) {
        let world = World::with(service, json!({"askCeiling": 2})).await;
        let path = world.opened().await;
        concluded(&world.officer, &path, "Er komen bomen.").await;
        world.officer.make(&format!("/v1/participants/{}/data-requests", world.others[0]), objection()).await;
        opened(&world.officer, &path, json!({})).await;
        assert_eq!(invited(service).await, 11);
        let next = world.prepared().await;
        let reach = world.officer.get(&format!("{next}/reach")).await.expect(200).body;
        assert_eq!((&reach["mayBeAsked"], &reach["leftOut"]), (&json!({"figure": 11}), &json!({"figure": 1})));
        // Asked for the second time they are asked often enough.
        go(&world.officer, &next, "open").await.expect(201);
        let third = world.prepared().await;
        let reach = world.officer.get(&format!("{third}/reach")).await.expect(200).body;
        assert_eq!(reach["mayBeAsked"], json!({"figure": 0}));
    }
}
