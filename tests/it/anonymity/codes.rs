//! Printed codes, at home and on a tablet, and a tablet without.

use serde_json::{Value, json};

use super::world::{anonymous, opened, own, put_in, secret, take_back};
use crate::consultations::world::{NOBODY, World, go};
use crate::support::database;

fn coded(number: usize) -> Value {
    let mut body = own(number);
    body.as_object_mut().unwrap().remove("channel");
    body
}

on_both! {
    /// A code opens one consultation, is good for one answer however it is typed, and is
    /// kept nowhere.
    async fn a_printed_code_is_good_for_one_answer(service) {
        let world = World::of(service).await;
        let by_code = json!({"oneAnswerBy": "printed_code"});
        let (path, other) = (opened(&world, by_code.clone()).await, opened(&world, by_code).await);
        let batches = format!("{path}/ballot-code-batches");
        for stranger in [&world.anna, &world.admin] {
            let refused = stranger.post(&batches, json!({"codes": 3})).await;
            assert!(matches!(refused.status, 403 | 404), "{}", refused.text);
        }
        let foreign = world.officer.post(&batches, json!({"codes": 3, "sourceId": NOBODY})).await.expect(400);
        assert_eq!(foreign.faults(), ["/sourceId reference.unknown"]);
        let meant_for = json!([{"language": "nl", "value": "Kruidenbitterkoekje"}]);
        let twice = json!([meant_for[0], meant_for[0]]);
        let both = json!({"codes": 3, "sourceId": NOBODY, "meantFor": twice});
        let refused = world.officer.post(&batches, both).await.expect(400);
        assert_eq!(refused.faults(), ["/meantFor/1/language text.language_repeated", "/sourceId reference.unknown"]);
        let new = json!({"codes": 3, "sourceId": world.organisation, "meantFor": meant_for});
        let made = world.officer.make(&batches, new).await;
        let codes: Vec<&str> = made.body["printed"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
        assert_eq!(codes.len(), 3);
        let listed = world.facilitator.get(&batches).await.expect(200);
        assert!(listed.items()[0].get("printed").is_none() && listed.items()[0]["codes"] == json!(3));
        assert_eq!(listed.items()[0]["meantFor"], meant_for);
        let named = world.opened().await;
        let refused = world.officer.post(&format!("{named}/ballot-code-batches"), json!({"codes": 1})).await.expect(409);
        assert_eq!(refused.code(), "response.not_anonymous");

        let invited = opened(&world, json!({})).await;
        let refused = world.officer.post(&format!("{invited}/ballot-code-batches"), json!({"codes": 1})).await.expect(409);
        assert_eq!(refused.code(), "ballot_code.not_asked_by_code");
        assert_eq!(put_in(&world.anna, &path, own(9)).await.expect(409).code(), "response.by_code_only");
        // Nor is she asked to on her desk.
        let desk = world.anna.get("/v1/me/tasks").await.expect(200);
        let asked: Vec<_> = desk.items().iter().filter(|task| task["kind"] == "answer_consultation").collect();
        assert!(asked.len() == 2 && !desk.text.contains(path.rsplit('/').next().unwrap()), "{}", desk.text);
        let heard = json!({"mode": "anonymous", "oneAnswerBy": "printed_code", "heardByOthers": true});
        let mut draft = world.draft();
        draft.as_object_mut().unwrap().extend(heard.as_object().unwrap().clone());
        let refused = world.officer.post("/v1/consultations", draft).await.expect(400);
        assert_eq!(refused.faults(), ["/heardByOthers consultation.heard_needs_invitation"]);

        let holder = service.bearer(&codes[0].to_uppercase());
        assert_eq!(holder.get("/v1/coded-consultation").await.expect(200).body["questions"].as_array().unwrap().len(), 3);
        let responses = "/v1/coded-responses";
        let first = holder.make(responses, coded(1)).await;
        assert_eq!(service.bearer(codes[0]).make(responses, coded(1)).await.text, first.text);
        assert_eq!(holder.post(responses, coded(2)).await.expect(409).code(), "response.already_given");
        let withdrawals = "/v1/coded-response-withdrawals";
        // With another secret it stays, and nothing tells whether the code was used.
        let used = holder.post(withdrawals, json!({"secret": secret(2)})).await.expect(201);
        let unused = service.bearer(codes[1]).post(withdrawals, json!({"secret": secret(2)})).await.expect(201);
        assert_eq!(used.text, unused.text);
        assert_eq!(holder.post(responses, coded(2)).await.expect(409).code(), "response.already_given");
        holder.post(withdrawals, json!({"secret": secret(1)})).await.expect(201);
        holder.make(responses, coded(2)).await;
        // It opens nothing else, and what isn't one opens nothing.
        let twin = world.officer.make(&format!("{other}/ballot-code-batches"), json!({"codes": 1})).await;
        let twin = service.bearer(twin.body["printed"][0]["code"].as_str().unwrap()).get("/v1/coded-consultation").await;
        assert!(other.ends_with(&twin.expect(200).id()));
        service.bearer("abcd-efgh-jkmn-pqrs-tuvw").post(responses, coded(3)).await.expect(401);
        holder.get(&path).await.expect(401);
        let url = &service.running.app.config.database.url;
        let open = database::connect(url).await;
        let mut all = Vec::new();
        for table in database::contents(&open).await.into_keys() {
            let rows = database::lines(&open, &table).await.join("\n");
            all.push((table, rows));
        }
        open.close().await.unwrap();
        // For whom they are meant stands with how many were made, and nowhere else.
        let told = all.iter().filter(|(_, rows)| rows.contains("Kruidenbitterkoekje")).map(|(table, _)| table);
        assert_eq!(told.collect::<Vec<_>>(), ["ballot_code_batches"]);
        for code in codes {
            let bare = code.replace('-', "");
            assert!(all.iter().all(|(_, rows)| !rows.contains(code) && !rows.contains(&bare)));
        }
        go(&world.officer, &path, "closed").await.expect(201);
        assert_eq!(holder.post(responses, coded(2)).await.expect(409).code(), "consultation.not_open");
        service.round().await;
        holder.get("/v1/coded-consultation").await.expect(401);
    }

    /// A tablet takes many people's answers: with codes each once, without them unverified,
    /// and the results say so.
    async fn a_tablet_takes_codes_or_says_that_it_counts_unverified(service) {
        let world = World::of(service).await;
        for (by, with_codes, verified) in [("printed_code", true, true), ("printed_code", false, false), ("either", true, false)] {
            let path = opened(&world, json!({"oneAnswerBy": by})).await;
            let kiosk = world.facilitator.make(&format!("{path}/kiosks"), json!({"name": "Tablet"})).await;
            let kiosk = service.bearer(kiosk.body["secret"].as_str().unwrap());
            let printed = world.officer.make(&format!("{path}/ballot-code-batches"), json!({"codes": 12})).await;
            let codes: Vec<String> =
                printed.body["printed"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect();
            let on_site = |number: usize, code: Option<&String>| {
                let mut body = anonymous("in_person", (1, 4), None, number);
                if let Some(code) = code {
                    body["code"] = json!(code);
                }
                body
            };
            for (number, code) in codes.iter().enumerate() {
                put_in(&kiosk, &path, on_site(number, with_codes.then_some(code))).await.expect(201);
            }
            if with_codes {
                let twice = put_in(&kiosk, &path, on_site(50, Some(&codes[0]))).await.expect(409);
                assert_eq!(twice.code(), "response.already_given");
                let wrong = put_in(&kiosk, &path, on_site(50, Some(&"abcd-efgh-jkmn-pqrs-tuvw".to_owned()))).await.expect(400);
                assert_eq!(wrong.faults(), ["/code ballot_code.unknown"]);
            }
            let mut named = on_site(60, None);
            named["participantId"] = json!(world.others[0]);
            assert_eq!(put_in(&kiosk, &path, named).await.expect(400).faults(), ["/participantId response.kiosk_names_nobody"]);
            let mut with_code = own(61);
            with_code["code"] = json!(codes[0]);
            let refused = put_in(&world.anna, &path, with_code).await.expect(400);
            assert_eq!(refused.faults(), ["/code ballot_code.at_kiosk_only"]);
            let extra = on_site(70, None);
            if !with_codes {
                put_in(&kiosk, &path, extra).await.expect(201);
                take_back(&kiosk, &path, json!({"secret": secret(70)})).await.expect(201);
            }
            for read in [path.clone(), format!("{path}/results"), format!("{path}/ballot-code-batches")] {
                kiosk.get(&read).await.expect(403);
            }
            go(&world.officer, &path, "closed").await.expect(201);
            service.round().await;
            let results = world.officer.get(&format!("{path}/results")).await.expect(200).body;
            assert_eq!((&results["base"]["figure"], &results["verified"]), (&json!(12), &json!(verified)), "{results}");
            assert_eq!(results["printedCodes"], json!(12));
        }
    }
}
