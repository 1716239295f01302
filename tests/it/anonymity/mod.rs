//! Answers that nobody can trace: given, taken back, heard, on site, sealed, and counted.

mod attack;
mod codes;
mod killed;
mod log;
mod neighbours;
mod sealing;
pub mod world;

use serde_json::json;

use self::world::{anonymous, heard, opened, own, put_in, secret, take_back};
use crate::consultations::world::{NOBODY, World, answers, change, go, id, sign_in, until};
use crate::support::database;

on_both! {
    /// One answer each; the same sent again is answered the same, and another is refused;
    /// what was taken back can be given anew.
    async fn one_answer_each_and_the_secret_takes_it_back(service) {
        let world = World::of(service).await;
        let path = opened(&world, json!({})).await;
        let privacy = &world.anna.get(&path).await.expect(200).body["privacy"];
        assert_eq!((&privacy["anonymous"], &privacy["heardByOthers"], &privacy["readers"]),
            (&json!(true), &json!(false), &json!(["facilitator"])));
        let first = put_in(&world.anna, &path, own(1)).await.expect(201);
        assert_eq!(first.header("location"), path);
        let id_of = path.rsplit('/').next().unwrap();
        assert_eq!(first.body, json!({"consultationId": id_of, "channel": "internet"}));
        let again = put_in(&world.anna, &path, own(1)).await.expect(201);
        assert_eq!(again.text, first.text);
        for other in [own(2), anonymous("internet", (2, 4), Some("Rustiger graag."), 1)] {
            assert_eq!(put_in(&world.anna, &path, other).await.expect(409).code(), "response.already_given");
        }
        let url = &service.running.app.config.database.url;
        assert_eq!(database::count(url, "open_ballots").await, 1);
        assert_eq!(database::count(url, "responses").await, 0);
        // Another's secret takes nothing back, and nobody else's hand does.
        let wrong = take_back(&world.anna, &path, json!({"secret": secret(2)})).await.expect(409);
        assert_eq!(wrong.code(), "response.nothing_to_withdraw");
        take_back(&world.officer, &path, json!({"secret": secret(1)})).await.expect(400);
        take_back(&world.officer, &path, json!({"secret": secret(1), "participantId": world.anna_id})).await.expect(403);
        take_back(&world.anna, &path, json!({"secret": secret(1)})).await.expect(201);
        assert_eq!(database::count(url, "open_ballots").await + database::count(url, "ballot_receipts").await, 0);
        take_back(&world.anna, &path, json!({"secret": secret(1)})).await.expect(201);
        put_in(&world.anna, &path, own(2)).await.expect(201);
        // Until it closes, no longer.
        go(&world.officer, &path, "closed").await.expect(201);
        for late in [put_in(&world.anna, &path, own(2)).await, take_back(&world.anna, &path, json!({"secret": secret(2)})).await] {
            assert_eq!(late.expect(409).code(), "consultation.not_open");
        }
    }

    /// The ways don't cross, and what opening fixes stays.
    async fn the_anonymous_way_is_a_way_of_its_own(service) {
        let world = World::of(service).await;
        let (path, named) = (opened(&world, json!({})).await, world.opened().await);
        let crossed = world.anna.post(&format!("{path}/responses"), answers("internet", 1, 4, None)).await.expect(409);
        assert_eq!(crossed.code(), "response.anonymous_only");
        assert_eq!(put_in(&world.anna, &named, own(1)).await.expect(409).code(), "response.not_anonymous");
        for (change_to, fault) in [
            (json!({"mode": "confidential"}), "/mode consultation.mode_fixed"),
            (json!({"heardByOthers": true}), "/heardByOthers consultation.heard_fixed"),
            (json!({"questions": []}), "/questions question.fixed"),
            (json!({"facilitators": [world.facilitator_id, world.officer_id]}), "/facilitators/1 consultation.reader_added"),
            (json!({"rung": "consult"}), "/rung consultation.rung_lowered"),
        ] {
            let refused = change(&world.officer, &path, change_to).await.expect(400);
            assert!(refused.faults().contains(&fault.to_owned()), "{:?}", refused.faults());
        }
        let draft = world.officer.make("/v1/consultations", world.draft()).await;
        let elsewhere = change(&world.officer, &format!("/v1/consultations/{}", draft.id()), json!({"heardByOthers": true})).await;
        assert_eq!(elsewhere.expect(400).faults(), ["/heardByOthers consultation.heard_only_anonymous"]);
        // Nobody reads answers one by one, not even the facilitator.
        for curious in [&world.facilitator, &world.officer, &world.manager, &world.coordinator] {
            curious.get(&format!("{path}/responses")).await.expect(403);
        }
        let bad = json!({"channel": "phone", "answers": [], "withdrawalHash": "abc"});
        let faults = put_in(&world.anna, &path, bad).await.expect(400).faults();
        assert!(faults.iter().any(|fault| fault.starts_with("/withdrawalHash")), "{faults:?}");
        let faults = put_in(&world.anna, &path, anonymous("phone", (9, 9), Some(" "), 1)).await.expect(400).faults();
        assert_eq!(faults.len(), 4, "{faults:?}");
    }

    /// What a facilitator hears weighs the same, also when it is entered in the seven days
    /// after; and nobody learns from it who answered before.
    async fn what_is_heard_is_entered_until_seven_days_after(service) {
        let world = World::of(service).await;
        let unheard = opened(&world, json!({})).await;
        let refused = put_in(&world.facilitator, &unheard, heard(&world.others[0], 1)).await.expect(409);
        assert_eq!(refused.code(), "response.nobody_hears");
        let path = opened(&world, json!({"heardByOthers": true})).await;
        let url = &service.running.app.config.database.url;
        put_in(&world.anna, &path, own(1)).await.expect(201);
        for stranger in [&world.officer, &world.coordinator] {
            put_in(stranger, &path, heard(&world.others[0], 2)).await.expect(403);
        }
        let unknown = put_in(&world.facilitator, &path, heard(NOBODY, 2)).await.expect(400);
        assert_eq!(unknown.faults(), ["/participantId reference.unknown"]);
        put_in(&world.facilitator, &path, heard(&world.others[0], 2)).await.expect(201);
        // Anna answered, and others[1] didn't: both look the same from here.
        let asked = [heard(&world.anna_id, 3), heard(&world.others[1], 4)];
        let mut told = Vec::new();
        for body in asked {
            told.push(put_in(&world.facilitator, &path, body).await.expect(201).text);
        }
        assert_eq!(told[0], told[1]);
        // Nor by taking back: one who answered, and one who didn't.
        let mut told = Vec::new();
        for person in [&world.anna_id, &world.others[2]] {
            let body = json!({"participantId": person, "secret": secret(99)});
            told.push(take_back(&world.facilitator, &path, body).await.expect(201).text);
        }
        assert_eq!(told[0], told[1]);
        // Nor by entering one and taking that back.
        let mut told = Vec::new();
        for person in [&world.anna_id, &world.others[3]] {
            put_in(&world.facilitator, &path, heard(person, 98)).await.expect(201);
            let body = json!({"participantId": person, "secret": secret(98)});
            told.push(take_back(&world.facilitator, &path, body).await.expect(201).text);
        }
        assert_eq!(told[0], told[1]);
        assert_eq!(database::count(url, "open_ballots").await, 3);
        // Closed by the clock at 24:00 of 15 December.
        until(service, "2026-12-15T23:00:00Z");
        service.round().await;
        let anna = sign_in(service, "anna").await;
        assert_eq!(put_in(&anna, &path, own(5)).await.expect(409).code(), "consultation.not_open");
        until(service, "2026-12-22T22:59:59Z");
        let facilitator = sign_in(service, "facilitator").await;
        for (number, one) in world.others.iter().enumerate().skip(2) {
            put_in(&facilitator, &path, heard(one, 10 + number)).await.expect(201);
        }
        service.round().await;
        assert_eq!(facilitator.get(&format!("{path}/results")).await.expect(409).code(), "consultation.results_not_yet");
        until(service, "2026-12-22T23:00:00Z");
        let late = put_in(&facilitator, &path, heard(&world.others[0], 30)).await.expect(409);
        assert_eq!(late.code(), "consultation.not_open");
        service.round().await;
        let facilitator = sign_in(service, "facilitator").await;
        let results = facilitator.get(&format!("{path}/results")).await.expect(200).body;
        assert_eq!((&results["base"]["figure"], &results["verified"]), (&json!(12), &json!(true)), "{results}");
    }

    /// Who consents no longer can still take their answer back, and gives none anew.
    async fn who_consents_no_longer_takes_their_answer_back(service) {
        let world = World::of(service).await;
        let text = crate::privacy::asked(&world.officer, &world.organisation, "participation").await;
        let said = json!({"consentTextId": text, "answer": "given", "channel": "internet"});
        let said = world.anna.make(&format!("/v1/participants/{}/consents", world.anna_id), said).await.id();
        let path = opened(&world, json!({})).await;
        put_in(&world.anna, &path, own(1)).await.expect(201);
        go(&world.anna, &format!("/v1/consents/{said}"), "withdrawn").await.expect(201);
        assert_eq!(put_in(&world.anna, &path, own(2)).await.expect(409).code(), "consent.not_standing");
        take_back(&world.anna, &path, json!({"secret": secret(1)})).await.expect(201);
        assert_eq!(database::count(&service.running.app.config.database.url, "open_ballots").await, 0);
    }

    /// Results and words appear once it is sealed; the words in a drawn order, for the
    /// facilitators alone, and the reading of them is written down.
    async fn results_and_words_come_once_it_is_sealed(service) {
        let world = World::of(service).await;
        let path = opened(&world, json!({"heardByOthers": true})).await;
        put_in(&world.anna, &path, own(1)).await.expect(201);
        for (number, one) in world.others.iter().enumerate() {
            let mut body = heard(one, 10 + number);
            if number < 6 {
                let words = json!({"questionId": id("question", 3), "kind": "open_text", "text": format!("woord {number}"), "language": "nl"});
                body["answers"].as_array_mut().unwrap().push(words);
            }
            put_in(&world.facilitator, &path, body).await.expect(201);
        }
        let words = format!("{path}/questions/{}/open-answers", id("question", 3));
        assert_eq!(world.facilitator.get(&words).await.expect(409).code(), "consultation.results_not_yet");
        go(&world.officer, &path, "closed").await.expect(201);
        until(service, "2026-12-01T00:00:00Z");
        service.round().await;
        let facilitator = sign_in(service, "facilitator").await;
        let officer = sign_in(service, "officer").await;
        assert!(officer.get(&path).await.expect(200).body["sealedAt"].is_string());
        let results = officer.get(&format!("{path}/results")).await.expect(200).body;
        assert_eq!(results["base"]["figure"], json!(12));
        assert_eq!(results["questions"][2]["base"]["figure"], json!(7), "{results}");
        let mut all = Vec::new();
        let mut next = format!("{words}?limit=2");
        for _ in 0..10 {
            let page = facilitator.get(&next).await.expect(200);
            all.extend(page.items().clone());
            let Some(cursor) = page.body["nextCursor"].as_str() else { break };
            next = format!("{words}?limit=2&cursor={cursor}");
        }
        let mut texts: Vec<_> = all.iter().map(|one| one["text"].as_str().unwrap().to_owned()).collect();
        texts.sort();
        assert_eq!(texts, ["Rustiger graag.", "woord 0", "woord 1", "woord 2", "woord 3", "woord 4", "woord 5"]);
        officer.get(&words).await.expect(403);
        facilitator.get(&format!("{path}/questions/{}/open-answers", id("question", 1))).await.expect(404);
        let url = &service.running.app.config.database.url;
        assert!(database::count(url, "audit_rows WHERE action = 'listOpenAnswers'").await >= 4);
        let desk = sign_in(service, "anna").await.get("/v1/me/tasks").await.expect(200);
        assert!(desk.items().iter().all(|task| task["kind"] != "answer_consultation"), "{}", desk.text);
    }

    /// Five hundred at once of one person: one answer, and each is told the same.
    async fn five_hundred_at_once_are_one_answer(service) {
        let world = World::of(service).await;
        let path = opened(&world, json!({})).await;
        let sent = (0..500).map(|_| {
            let (anna, path) = (world.anna.clone(), path.clone());
            tokio::spawn(async move {
                for _ in 0..40 {
                    let reply = put_in(&anna, &path, own(1)).await;
                    if reply.status != 503 {
                        return (reply.status, reply.text);
                    }
                }
                (503, String::new())
            })
        });
        let mut told = std::collections::BTreeMap::<_, usize>::new();
        for reply in futures_util::future::join_all(sent).await {
            *told.entry(reply.unwrap()).or_default() += 1;
        }
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told.keys().all(|(status, _)| *status == 201), "{told:?}");
        let url = &service.running.app.config.database.url;
        assert_eq!((database::count(url, "open_ballots").await, database::count(url, "ballot_receipts").await), (1, 1));
    }
}
