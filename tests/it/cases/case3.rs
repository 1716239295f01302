//! The JIJ Panel: 160 clients, asked as they choose.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{at, count_of, id, plain};
use crate::support::Service;

pub async fn walk(service: &Service) {
    one_hundred_and_sixty(service).await;
    three_channels_weigh_the_same(service).await;
    overdue_is_public(service).await;
    nine_interviews_lead_to_nobody(service).await;
    the_interviews_are_put_under_themes(service).await;
    the_next_round_goes_on_from_them(service).await;
    codes_by_kind_of_care(service).await;
    asked_closed_by_the_clock_and_told(service).await;
}

/// Nine answers, of which nobody sees a figure, and whose words stand apart.
async fn nine_interviews_lead_to_nobody(service: &Service) {
    let path = at("consultations", "consultation", 34);
    let open = crate::support::database::connect(&service.running.app.config.database.url).await;
    let here = crate::support::database::lines(&open, "sealed_ballots").await;
    assert!(here.len() >= 18, "nine choices and nine texts, at least");
    for table in ["open_ballots", "ballot_receipts"] {
        let left = crate::support::database::lines(&open, table).await;
        assert!(left.iter().all(|row| !row.contains(&id("consultation", 34))), "{left:?}");
    }
    open.close().await.unwrap();
    for role in ["officer-jij", "manager-jij", "facilitator-jij"] {
        let client = service.demo(role).await;
        let results = client.get(&format!("{path}/results")).await.expect(200);
        assert_eq!(results.body["verified"], json!(true));
        assert!(!results.text.contains("\"figure\""), "a figure of nine: {}", results.text);
        for by in ["by=age_band", "by=perspective", "by=age_band&by=perspective"] {
            let one = client.get(&format!("{path}/results?{by}")).await.expect(200);
            assert!(!one.text.contains("\"figure\""), "a figure of nine: {}", one.text);
            assert_eq!(one.body["breakdowns"][0]["groups"], json!([]), "too few to speak of in all");
        }
        let snapshots = client.get(&format!("{path}/result-snapshots")).await.expect(200);
        assert_eq!(snapshots.items()[0]["base"], json!({"suppressed": "base"}));
        client.get(&format!("{path}/responses")).await.expect(403);
    }
    let words = format!("{path}/questions/{}/open-answers?limit=100", id("question", 37));
    let read = service.demo("facilitator-jij").await.get(&words).await.expect(200);
    assert_eq!(read.items().len(), 9);
    let alone = |item: &Value| item.as_object().unwrap().keys().eq(["id", "language", "questionId", "text"]);
    assert!(read.items().iter().all(alone), "{}", read.text);
    service.demo("officer-jij").await.get(&words).await.expect(403);
}

/// The facilitators put themes on what the nine said; everybody in it reads the themes, and nobody how many said them.
async fn the_interviews_are_put_under_themes(service: &Service) {
    let path = at("consultations", "consultation", 34);
    let facilitator = service.demo("facilitator-jij").await;
    let words = format!("{path}/questions/{}/open-answers?limit=100", id("question", 37));
    let said = facilitator.get(&words).await.expect(200);
    let mut themes = Vec::new();
    for (label, word) in [("Een vast gezicht", "vast"), ("Luisteren", "geluisterd"), ("Het weekend", "weekend")] {
        let made = facilitator.make(&format!("{path}/themes"), json!({"label": plain(label)})).await;
        themes.push((made.id(), word));
    }
    for one in said.items() {
        let text = one["text"].as_str().unwrap();
        let says: Vec<&String> = themes.iter().filter(|(_, word)| text.contains(word)).map(|(id, _)| id).collect();
        assert_eq!(says.len(), 1, "{text}");
        let new = json!({"openAnswerId": one["id"], "questionId": one["questionId"], "themeIds": says});
        facilitator.make(&format!("{path}/codings"), new).await;
    }
    facilitator.make(&format!("{path}/theme-results"), json!(null)).await;
    for role in ["officer-jij", "manager-jij", "facilitator-jij"] {
        let told = service.demo(role).await.get(&format!("{path}/theme-results")).await.expect(200);
        assert_eq!(told.body["themes"].as_array().unwrap().len(), 3);
        assert!(!told.text.contains("\"figure\""), "a figure of nine: {}", told.text);
    }
    // Nor do their words go out.
    let quote = json!({"openAnswerId": said.items()[0]["id"], "questionId": id("question", 37),
        "text": [{"language": "nl", "value": "Iemand die blijft."}], "paraphrased": true});
    let quote = format!("/v1/quotes/{}", facilitator.make(&format!("{path}/quotes"), quote).await.id());
    let refused = facilitator.transition(&quote, json!({"to": "released", "check": "nobody_recognisable"})).await;
    assert_eq!(refused.expect(409).code(), "quote.too_few");
}

/// Teachers and board are asked next; they read of the interviews what the public may:
/// what was asked, and no figure.
async fn the_next_round_goes_on_from_them(service: &Service) {
    let path = at("consultations", "consultation", 38);
    let officer = service.demo("officer-jij").await;
    let later = officer.get(&path).await.expect(200).body;
    assert_eq!((&later["buildsOnId"], &later["status"]), (&json!(id("consultation", 34)), &json!("open")));
    let reach = officer.get(&format!("{path}/reach")).await.expect(200).body;
    assert_eq!(reach["reached"], json!({"figure": 12}));
    for role in ["officer-jij", "facilitator-jij"] {
        let earlier = service.demo(role).await.get(&format!("{path}/earlier-results")).await.expect(200);
        assert!(!earlier.text.contains("\"figure\""), "a figure of nine: {}", earlier.text);
        assert_eq!(earlier.body["questions"].as_array().unwrap().len(), 2);
    }
}

/// A tablet with printed codes, planned by kind of care: the kind stands in the plan, and
/// with no answer.
async fn codes_by_kind_of_care(service: &Service) {
    let (officer, facilitator) = (service.demo("officer-jij").await, service.demo("facilitator-jij").await);
    let options = [391, 392].map(|one| json!({"id": id("option", one), "label": plain("Ja of nee")}));
    let question = json!({"id": id("question", 391), "kind": "single_choice", "prompt": plain("Word je gehoord?"),
        "required": true, "sensitive": false, "options": options});
    let new = json!({"organisationId": id("organisation", 31), "title": plain("Aan de tablet"), "goal": plain("Weten."),
        "limits": plain("Geen."), "rung": "consult", "mode": "anonymous", "oneAnswerBy": "printed_code",
        "audience": {"networkIds": [id("network", 32)]}, "facilitators": [id("account", 34)], "questions": [question],
        "closesOn": "2026-12-05"});
    let path = format!("/v1/consultations/{}", officer.make("/v1/consultations", new).await.id());
    officer.transition(&path, json!({"to": "open"})).await.expect(201);
    let batches = format!("{path}/ballot-code-batches");
    let mut codes = Vec::new();
    for (kind, number) in [("Pleegzorg", 3), ("Verblijf", 4), ("Hulp aan huis", 5)] {
        let made = officer.make(&batches, json!({"codes": number, "meantFor": plain(kind)})).await;
        codes.extend(made.body["printed"].as_array().unwrap().iter().map(|one| one["code"].clone()));
    }
    let plan = facilitator.get(&batches).await.expect(200);
    let told = |one: &Value| (one["meantFor"][0]["value"].clone(), one["codes"].clone());
    let told: Vec<_> = plan.items().iter().map(told).collect();
    for line in [("Pleegzorg", 3), ("Verblijf", 4), ("Hulp aan huis", 5)] {
        assert!(told.contains(&(json!(line.0), json!(line.1))), "{told:?}");
    }
    let kiosk = facilitator.make(&format!("{path}/kiosks"), json!({"name": "Tablet"})).await;
    let kiosk = service.bearer(kiosk.body["secret"].as_str().unwrap());
    for (at, code) in codes.iter().enumerate() {
        let answers = json!([{"questionId": id("question", 391), "kind": "single_choice",
            "optionId": id("option", if at < 6 { 391 } else { 392 })}]);
        let body = json!({"channel": "in_person", "code": code, "withdrawalHash": "9f".repeat(32), "answers": answers});
        kiosk.post(&format!("{path}/anonymous-responses"), body).await.expect(201);
    }
    officer.transition(&path, json!({"to": "closed"})).await.expect(201);
    service.round().await;
    let results = officer.get(&format!("{path}/results")).await.expect(200);
    assert_eq!((&results.body["base"], &results.body["verified"]), (&json!({"figure": 12}), &json!(true)));
    assert!(!results.text.contains("Pleegzorg"));
}

async fn one_hundred_and_sixty(service: &Service) {
    let coordinator = service.demo("coordinator-jij").await;
    let composition = coordinator.get(&format!("{}/composition", at("networks", "network", 31))).await.expect(200);
    assert_eq!(composition.body["total"], json!({"figure": 160}));
    let target = json!([{"perspectives": ["client"], "target": 160, "actual": {"figure": 160}}]);
    assert_eq!(composition.body["targets"], target);
}

/// Of 160 people 144 answered: 48 on the internet, 50 by telephone, 46 in person.
async fn three_channels_weigh_the_same(service: &Service) {
    let officer = service.demo("officer-jij").await;
    let path = at("consultations", "consultation", 31);
    let consultation = officer.get(&path).await.expect(200).body;
    assert_eq!((&consultation["status"], &consultation["overdue"]), (&json!("concluded"), &json!(false)));
    let results = officer.get(&format!("{path}/results")).await.expect(200).body;
    assert_eq!(results["base"], json!({"figure": 144}));
    let channels = ["internet", "phone", "in_person"].map(|channel| count_of(&results["channels"], "channel", channel));
    assert_eq!(channels, [48, 50, 46]);
    let options = ["31", "32", "33"].map(|number| {
        count_of(&results["questions"][0]["options"], "optionId", &id("option", number.parse().unwrap()))
    });
    assert_eq!(options.iter().sum::<i64>(), 144);
    // As it was declared: by age, of whom there are three bands of enough people.
    let groups = results["breakdowns"][0]["groups"].as_array().unwrap().clone();
    let told: Vec<i64> =
        groups.iter().filter_map(|group| group["base"]["figure"].as_i64()).filter(|n| *n > 0).collect();
    assert_eq!((told.len(), told.iter().sum::<i64>()), (3, 144), "{groups:?}");
    assert!(told.iter().all(|figure| *figure >= 5));
    // A scale is counted by channel too.
    let scale = results["questions"].as_array().unwrap().iter().find(|one| one["kind"] == "scale").unwrap();
    let values = scale["scale"].as_array().unwrap();
    assert!(values.iter().all(|value| value["channels"].as_array().unwrap().len() == 3));
}

/// Without a token: which report-backs are late, and what was heard in the others.
async fn overdue_is_public(service: &Service) {
    let nobody = service.nobody();
    let organisation = id("organisation", 31);
    let late = nobody.get(&format!("/v1/register?organisationId={organisation}&overdue=true")).await.expect(200);
    let late: Vec<_> = late.items().iter().map(|entry| entry["consultationId"].clone()).collect();
    assert_eq!(late, [json!(id("consultation", 32))]);
    let told = nobody.get(&format!("/v1/register?organisationId={organisation}&status=concluded")).await.expect(200);
    let of = |number: u32| {
        told.items().iter().find(|one| one["consultationId"] == json!(id("consultation", number))).cloned()
    };
    assert!(told.items().len() == 2 && of(35).is_some(), "{}", told.text);
    let points = of(31).unwrap()["finalReportBack"]["points"].as_array().unwrap().clone();
    let outcomes: Vec<_> = points.iter().map(|point| point["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["followed", "not_followed", "partly_followed"]);
    assert!(points[1]["reason"].is_array() && points[2]["reason"].is_array());
}

fn choice(person: Option<u32>, channel: &str) -> Value {
    let answers =
        json!([{"questionId": id("question", 34), "kind": "multiple_choice", "optionIds": [id("option", 37)]}]);
    match person {
        Some(number) => json!({"participantId": id("participant", number), "channel": channel, "answers": answers}),
        None => json!({"channel": channel, "answers": answers}),
    }
}

async fn asked_closed_by_the_clock_and_told(service: &Service) {
    let path = at("consultations", "consultation", 33);
    let responses = format!("{path}/responses");
    let (person, facilitator) = (service.demo("panel-61").await, service.demo("facilitator-jij").await);
    person.post(&responses, choice(None, "internet")).await.expect(201);
    let twice = person.post(&responses, choice(None, "internet")).await.expect(409);
    assert_eq!(twice.code(), "response.already_given");
    facilitator.post(&responses, choice(Some(1035), "phone")).await.expect(201);
    facilitator.post(&responses, choice(Some(1036), "in_person")).await.expect(201);
    service.demo("outsider").await.post(&responses, choice(None, "internet")).await.expect(404);
    let early = service.demo("officer-jij").await.get(&format!("{path}/results")).await.expect(409);
    assert_eq!(early.code(), "consultation.results_not_yet");

    // It closes on 14 December, at 24:00 in Amsterdam.
    service.clock.advance(TimeDelta::days(22));
    service.round().await;
    let (officer, late) = (service.demo("officer-jij").await, service.demo("panel-64").await);
    assert_eq!(officer.get(&path).await.expect(200).body["status"], "closed");
    assert_eq!(late.post(&responses, choice(None, "internet")).await.expect(409).code(), "consultation.not_open");
    let results = officer.get(&format!("{path}/results")).await.expect(200).body;
    assert_eq!(results["base"], json!({"figure": 43}));

    // Without a final report-back it never ends; from `advise` up a point that isn't followed needs a reason.
    let refused = officer.transition(&path, json!({"to": "concluded"})).await.expect(409);
    assert_eq!(refused.faults(), ["/finalReportBack consultation.final_report_back_missing"]);
    let rests = json!([id("question", 34)]);
    let point = json!({"text": plain("Meer tijd"), "outcome": "not_followed", "questionIds": rests});
    let new = json!({"kind": "final", "heard": plain("Iemand mee mogen nemen telt het zwaarst."), "points": [point]});
    let made = officer.make(&format!("{path}/report-backs"), new).await;
    let refused = officer.transition(&path, json!({"to": "concluded"})).await.expect(409);
    assert_eq!(refused.faults(), ["/finalReportBack/points/0/reason report_back.reason_missing"]);
    let reason = plain("Daar is geen geld voor.");
    let point = json!({"text": plain("Meer tijd"), "outcome": "not_followed", "reason": reason, "questionIds": rests});
    let report = format!("/v1/report-backs/{}", made.id());
    officer.patch(&report, &made.etag(), json!({"points": [point]})).await.expect(200);
    officer.transition(&path, json!({"to": "concluded"})).await.expect(201);
    let told = service.nobody().get("/v1/register?status=concluded&limit=100").await.expect(200);
    assert!(told.items().iter().any(|entry| entry["consultationId"] == json!(id("consultation", 33))));
}
