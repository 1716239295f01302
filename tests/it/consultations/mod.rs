//! Consultations, from the first question to what people hear back.

mod charts;
mod closing_round;
mod coding;
mod conditions;
mod kinds;
mod library;
mod media;
mod opinion_groups;
mod promises;
mod records;
mod results;
mod rights;
mod rooms;
mod sessions;
pub mod telling;
mod versions;
mod weighed;
mod weight;
pub mod world;

use serde_json::{Value, json};

use crate::feedback::nl;

use self::world::{NOBODY, World, answers, bare, change, go, id, member, person, sign_in, until};

on_both! {
    /// Asked, filled in, opened, answered through three channels, closed by the
    /// clock, counted, and told.
    async fn a_consultation_lives_from_question_to_report_back(service) {
        let world = World::of(service).await;
        let World { officer, facilitator, anna, .. } = &world;
        let made = officer.make("/v1/consultations", world.draft()).await;
        let path = format!("/v1/consultations/{}", made.id());
        assert_eq!(made.header("location"), path);
        assert_eq!(made.body["allowedTransitions"], json!(["open", "withdrawn"]));
        let refused = go(officer, &path, "open").await.expect(409);
        assert_eq!(refused.code(), "resource.incomplete");
        assert_eq!(refused.faults(), ["/audience/networkIds consultation.audience_missing",
            "/closesOn consultation.closes_on_missing", "/goal consultation.goal_missing",
            "/limits consultation.limits_missing", "/questions consultation.questions_missing",
            "/rung consultation.rung_missing"]);
        officer.patch(&path, &made.etag(), world.content()).await.expect(200);
        officer.patch(&path, &made.etag(), world.content()).await.expect(412);
        anna.get(&path).await.expect(404);
        assert_eq!(anna.get("/v1/consultations").await.expect(200).items().len(), 0);
        go(facilitator, &path, "open").await.expect(403);
        let opened = go(officer, &path, "open").await.expect(201);
        assert_eq!(opened.header("location"), format!("{path}/transitions"));
        let read = anna.get(&path).await.expect(200);
        assert_eq!(officer.get(&path).await.expect(200).etag(), opened.etag());
        assert_eq!((&read.body["status"], &read.body["openedAt"], &read.body["reportBackDueOn"]),
            (&json!("open"), &json!("2026-11-23T09:00:00Z"), &json!("2027-01-26")));
        assert_eq!(read.body["allowedTransitions"], json!([]));
        assert_eq!(anna.get("/v1/consultations?status=open").await.expect(200).items().len(), 1);
        assert_eq!(officer.delete(&path).await.expect(409).code(), "consultation.not_draft");

        let own = world.answered(&path).await;
        let responses = format!("{path}/responses");
        let again = anna.post(&responses, answers("internet", 2, 1, None)).await.expect(409);
        assert_eq!(again.code(), "response.already_given");
        assert_eq!(facilitator.get(&format!("{path}/results")).await.expect(409).code(), "consultation.results_not_yet");
        assert_eq!(anna.get(&format!("/v1/responses/{own}")).await.expect(200).body["answers"],
            answers("internet", 1, 4, Some("Bel terug."))["answers"]);
        assert_eq!(facilitator.get(&format!("{responses}?limit=100")).await.expect(200).items().len(), 12);
        facilitator.get(&format!("/v1/responses/{own}")).await.expect(200);
        for curious in [officer, &world.manager, &world.coordinator] {
            curious.get(&responses).await.expect(403);
            curious.get(&format!("/v1/responses/{own}")).await.expect(403);
        }
        anna.get(&responses).await.expect(403);
        world.admin.get(&responses).await.expect(404);

        until(service, "2026-12-15T22:59:59Z");
        service.round().await;
        let (officer, anna) = (&sign_in(service, "officer").await, &sign_in(service, "anna").await);
        assert_eq!(officer.get(&path).await.expect(200).body["status"], "open");
        until(service, "2026-12-15T23:00:00Z");
        let late = anna.post(&responses, answers("internet", 2, 1, None)).await.expect(409);
        assert_eq!(late.code(), "consultation.not_open");
        service.round().await;
        service.round().await;
        let read = officer.get(&path).await.expect(200);
        assert_eq!((&read.body["status"], &read.body["closedAt"]), (&json!("closed"), &json!("2026-12-15T23:00:00Z")));
        assert_eq!(read.body["allowedTransitions"], json!(["concluded"]));
        let history = officer.get(&format!("{path}/transitions")).await.expect(200);
        let steps: Vec<_> = history.items().iter().map(|step| (step["to"].clone(), step.get("madeBy").cloned())).collect();
        assert_eq!(steps, [(json!("open"), Some(json!(world.officer_id))), (json!("closed"), None)]);

        let missing = go(officer, &path, "concluded").await.expect(409);
        assert_eq!(missing.faults(), ["/finalReportBack consultation.final_report_back_missing"]);
        let told = json!({"kind": "final", "heard": nl("U wilt meer groen."),
            "points": [{"text": nl("Een boom"), "outcome": "not_followed"}]});
        let told = officer.make(&format!("{path}/report-backs"), told).await;
        let back = format!("/v1/report-backs/{}", told.id());
        assert_eq!(go(officer, &path, "concluded").await.expect(409).faults(),
            ["/finalReportBack/points/0 report_back.ground_missing",
                "/finalReportBack/points/0/reason report_back.reason_missing"]);
        let second = json!({"kind": "final", "heard": nl("Nog eens.")});
        let second = officer.post(&format!("{path}/report-backs"), second).await.expect(409);
        assert_eq!(second.code(), "report_back.final_exists");
        assert_eq!(go(officer, &back, "published").await.expect(409).code(), "report_back.final_by_concluding");
        anna.get(&back).await.expect(404);
        let points = json!([{"text": nl("Een boom"), "outcome": "not_followed", "reason": nl("Er is geen plek."),
            "questionIds": [id("question", 1)], "themeIds": []}]);
        officer.patch(&back, &told.etag(), json!({"points": points})).await.expect(200);
        go(officer, &path, "concluded").await.expect(201);
        let read = anna.get(&back).await.expect(200);
        assert_eq!((&read.body["status"], &read.body["publishedAt"]),
            (&json!("published"), &json!("2026-12-15T23:00:00Z")));
        let changed = change(officer, &back, json!({"heard": nl("Toch niet.")})).await.expect(409);
        assert_eq!(changed.code(), "report_back.published");
        assert_eq!(change(officer, &path, json!({"rung": "codecide"})).await.expect(409).code(), "consultation.ended");
        let entry = service.nobody().get("/v1/register").await.expect(200);
        assert_eq!(entry.items()[0], json!({"consultationId": path.rsplit('/').next().unwrap(),
            "organisationId": world.organisation, "organisationName": "Hier", "title": nl("Wonen met zorg"),
            "rung": "advise", "status": "concluded", "closesOn": "2026-12-15", "reportBackDueOn": "2027-01-26",
            "overdue": false, "concludedOn": "2026-12-16", "closingRound": false,
            "finalReportBack": {"heard": nl("U wilt meer groen."), "themes": [], "points": points, "earlier": []}}));
    }

    /// Who runs it sees groups of five and more, who was asked of ten and more,
    /// and nobody what is smaller.
    async fn results_betray_nobody(service) {
        let world = World::of(service).await;
        let path = world.opened().await;
        world.answered(&path).await;
        go(&world.officer, &path, "closed").await.expect(201);
        let shown = world.officer.get(&format!("{path}/results")).await.expect(200).body;
        let hidden = json!({"suppressed": "complementary"});
        assert_eq!(shown["base"], json!({"figure": 12}));
        assert_eq!(shown["channels"], json!([{"channel": "internet", "count": hidden},
            {"channel": "phone", "count": {"figure": 6}}, {"channel": "in_person", "count": hidden}]));
        let [choice, scale, open] = [0, 1, 2].map(|at| shown["questions"][at].clone());
        assert_eq!(choice["base"], json!({"figure": 12}));
        let counts: Vec<_> = choice["options"].as_array().unwrap().iter().map(|option| option["count"].clone()).collect();
        assert_eq!(counts, [json!({"figure": 7}), json!({"figure": 5})]);
        let values: Vec<_> = scale["scale"].as_array().unwrap().iter().map(|one| one["count"]["figure"].clone()).collect();
        assert_eq!(values, [json!(0), json!(0), json!(0), json!(7), json!(5)]);
        assert_eq!((&scale["meanHundredths"], &scale["median"]), (&json!(442), &json!(4.0)));
        assert_eq!(scale["scale"][3]["channels"], choice["options"][0]["channels"]);
        // Each of the two answers hides behind the other, by channel too.
        assert_eq!(scale["scale"][3]["channels"][1], json!({"channel": "phone", "count": hidden}));
        assert_eq!((&open["base"], &open["options"]), (&hidden, &json!([])));
        assert!(!world.officer.get(&format!("{path}/results")).await.text.contains("Bel terug"));

        let asked = world.anna.get(&format!("{path}/results")).await.expect(200).body;
        assert_eq!(asked["base"], json!({"figure": 12}));
        assert_eq!(asked["questions"][0]["suppressed"], "complementary");
        assert_eq!(asked["questions"][0]["options"][0]["count"], hidden);
        assert!(asked["questions"][1].get("meanHundredths").is_none());
        world.admin.get(&format!("{path}/results")).await.expect(404);
    }

    /// Where minors may be among those asked, nobody sees groups of less than ten;
    /// and a network can ask for more.
    async fn where_minors_may_be_asked_ten_holds_for_all(service) {
        let world = World::of(service).await;
        let young = person(&world.officer, &world.organisation, None, Some(2010)).await;
        member(&world.coordinator, &world.network, &young, "young_person").await;
        let path = world.opened().await;
        world.answered(&path).await;
        go(&world.officer, &path, "closed").await.expect(201);
        let shown = world.officer.get(&format!("{path}/results")).await.expect(200).body;
        assert_eq!(shown["questions"][0]["suppressed"], "complementary");
        let asks = json!({"leastGroup": 13});
        change(&world.coordinator, &format!("/v1/networks/{}", world.network), asks).await.expect(200);
        let shown = world.officer.get(&format!("{path}/results")).await.expect(200).body;
        assert_eq!(shown["base"], json!({"suppressed": "base"}));
    }

    /// Only who was invited answers, and only a facilitator named on it writes
    /// down what was heard.
    async fn answers_come_from_who_was_asked(service) {
        let world = World::of(service).await;
        let path = world.prepared().await;
        let responses = format!("{path}/responses");
        world.anna.post(&responses, answers("internet", 1, 4, None)).await.expect(404);
        let stranger = person(&world.officer, &world.organisation, None, None).await;
        go(&world.officer, &path, "open").await.expect(201);
        let heard = |person: &str, channel: &str| {
            let mut new = answers(channel, 1, 4, None);
            new["participantId"] = json!(person);
            new
        };
        let unknown = world.facilitator.post(&responses, heard(&stranger, "phone")).await.expect(400);
        let random = world.facilitator.post(&responses, heard(NOBODY, "phone")).await.expect(400);
        assert_eq!(unknown.faults(), ["/participantId reference.unknown"]);
        assert_eq!(bare(&unknown), bare(&random));
        for other in [&world.officer, &world.coordinator] {
            other.post(&responses, heard(&world.others[0], "phone")).await.expect(403);
        }
        let online = world.facilitator.post(&responses, heard(&world.others[0], "internet")).await.expect(400);
        assert_eq!(online.faults(), ["/channel response.channel_not_heard"]);
        let called = world.anna.post(&responses, answers("phone", 1, 4, None)).await.expect(400);
        assert_eq!(called.faults(), ["/channel response.channel_needs_facilitator"]);
        let nobody = world.facilitator.post(&responses, answers("phone", 1, 4, None)).await.expect(400);
        assert_eq!(nobody.faults(), ["/participantId value.required"]);
        world.anna.post(&responses, heard(&world.others[0], "phone")).await.expect(403);
        let wrong = json!({"channel": "internet", "answers": [
            {"questionId": id("question", 1), "kind": "scale", "value": 3},
            {"questionId": id("question", 2), "kind": "scale", "value": 6},
            {"questionId": NOBODY, "kind": "open_text", "text": "x", "language": "nl"}]});
        assert_eq!(world.anna.post(&responses, wrong).await.expect(400).faults(), ["/answers/0/kind answer.kind_mismatch",
            "/answers/1/value answer.value_out_of_range", "/answers/2/questionId answer.question_unknown"]);
        let own = world.anna.post(&responses, heard(&world.anna_id, "internet")).await.expect(201);
        assert!(own.body.get("enteredBy").is_none());
        let late = person(&world.officer, &world.organisation, None, None).await;
        member(&world.coordinator, &world.network, &late, "resident").await;
        world.facilitator.post(&responses, heard(&late, "phone")).await.expect(400);
        let entered = world.facilitator.post(&responses, heard(&world.others[0], "in_person")).await.expect(201);
        assert_eq!(entered.body["enteredBy"], json!(world.facilitator_id));
    }

    /// What people answered to stands: questions, promise, readers. The day on
    /// which they hear back moves once, and they are told why.
    async fn promises_hold_once_somebody_answered(service) {
        let world = World::of(service).await;
        let path = world.opened().await;
        world.answered(&path).await;
        let officer = &world.officer;
        let questions = officer.get(&path).await.body["questions"].clone();
        let faults = async |body: Value| change(officer, &path, body).await.expect(400).faults();
        let mut other = questions.clone();
        other[0]["prompt"] = nl("Blijft het niet zo?");
        assert_eq!(faults(json!({"questions": other})).await, ["/questions/0 question.fixed"]);
        let mut more = questions.clone();
        more[0]["prompt"].as_array_mut().unwrap().push(json!({"language": "en", "value": "Does it stay?"}));
        change(officer, &path, json!({"questions": more})).await.expect(200);
        assert_eq!(faults(json!({"rung": "consult"})).await, ["/rung consultation.rung_lowered"]);
        assert_eq!(change(officer, &path, json!({"rung": "codecide"})).await.expect(200).body["rung"], "codecide");
        assert_eq!(faults(json!({"rung": "advise"})).await, ["/rung consultation.rung_lowered"]);
        assert_eq!(faults(json!({"facilitators": [world.facilitator_id, world.officer_id]})).await,
            ["/facilitators/1 consultation.reader_added"]);
        assert_eq!(faults(json!({"mode": "named", "goal": null})).await,
            ["/goal consultation.goal_missing", "/mode consultation.mode_fixed"]);
        assert_eq!(faults(json!({"reportBackDueOn": "2027-02-26"})).await,
            ["/reportBackDueReason consultation.report_back_reason_missing"]);
        let moved = json!({"reportBackDueOn": "2027-02-26", "reportBackDueReason": nl("De raad vergadert later.")});
        change(officer, &path, moved).await.expect(200);
        assert_eq!(faults(json!({"reportBackDueOn": "2027-03-26"})).await,
            ["/reportBackDueOn consultation.report_back_moved_before"]);
        assert_eq!(service.nobody().get("/v1/register").await.items()[0]["reportBackDueReason"],
            nl("De raad vergadert later."));
    }
}
