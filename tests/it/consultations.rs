//! Consultations, from the first question to what people hear back.

use chrono::{DateTime, Utc};
use klankbord_api::app::Clock as _;
use serde_json::{Value, json};

use crate::feedback::{grant, nl};
use crate::support::{Client, Reply, Service};

const PASSWORD: &str = "een lang wachtwoord";
const NOBODY: &str = "0197c000-0000-7000-8000-ffffffffffff";

/// A new session: the clock outlives an access token.
async fn sign_in(service: &Service, name: &str) -> Client {
    let who = json!({"emailAddress": format!("{name}@demo.klankbord.example"), "password": PASSWORD});
    let session = service.nobody().post("/v1/sessions", who).await.expect(201);
    service.bearer(session.body["accessToken"].as_str().unwrap())
}

async fn account(service: &Service, admin: &Client, name: &str) -> (Client, String) {
    let new = json!({"emailAddress": format!("{name}@demo.klankbord.example"), "displayName": name,
        "password": PASSWORD});
    let id = admin.make("/v1/accounts", new).await.id();
    (sign_in(service, name).await, id)
}

/// Moves the clock to this instant.
fn until(service: &Service, instant: &str) {
    let wanted: DateTime<Utc> = instant.parse().unwrap();
    service.clock.advance(wanted - service.clock.now());
}

/// A municipality with a panel of Anna, who has an account, and eleven others,
/// who have none.
struct World {
    admin: Client,
    organisation: String,
    officer: Client,
    manager: Client,
    coordinator: Client,
    facilitator: Client,
    facilitator_id: String,
    officer_id: String,
    network: String,
    anna: Client,
    anna_id: String,
    others: Vec<String>,
}

async fn person(by: &Client, organisation: &str, account: Option<&str>, year: Option<i32>) -> String {
    let mut new = json!({"organisationId": organisation, "displayName": "Iemand", "channel": "phone",
        "language": "nl", "municipality": "GM0363"});
    if let Some(account) = account {
        new["accountId"] = json!(account);
    }
    if let Some(year) = year {
        new["birth"] = json!({"kind": "month", "year": year, "month": 5});
    }
    by.make("/v1/participants", new).await.id()
}

async fn member(by: &Client, network: &str, person: &str, perspective: &str) {
    let new = json!({"member": {"kind": "participant", "id": person}, "perspective": perspective,
        "role": "member", "status": "invited"});
    let membership = by.make(&format!("/v1/networks/{network}/memberships"), new).await.id();
    by.transition(&format!("/v1/memberships/{membership}"), json!({"to": "active"})).await.expect(201);
}

async fn network(by: &Client, host: &str, more: Value) -> String {
    let mut new = json!({"hostId": host, "kind": "panel", "name": nl("Het panel"), "purpose": nl("Meedenken")});
    new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    by.make("/v1/networks", new).await.id()
}

async fn activate(by: &Client, network: &str) {
    by.transition(&format!("/v1/networks/{network}"), json!({"to": "active"})).await.expect(201);
}

impl World {
    async fn of(service: &Service) -> Self {
        Self::with(service, json!({})).await
    }

    async fn with(service: &Service, more: Value) -> Self {
        let admin = service.admin().await;
        let organisation = service.organisation(&admin, "municipality", "Hier").await;
        let (manager, id) = account(service, &admin, "manager").await;
        grant(&admin, &id, "manager", &organisation).await;
        let (officer, officer_id) = account(service, &admin, "officer").await;
        grant(&manager, &officer_id, "officer", &organisation).await;
        let network = network(&manager, &organisation, more).await;
        activate(&manager, &network).await;
        let (coordinator, id) = account(service, &admin, "coordinator").await;
        grant(&manager, &id, "coordinator", &network).await;
        let (facilitator, facilitator_id) = account(service, &admin, "facilitator").await;
        grant(&manager, &facilitator_id, "facilitator", &network).await;
        let (anna, id) = account(service, &admin, "anna").await;
        let anna_id = person(&officer, &organisation, Some(&id), Some(1980)).await;
        member(&coordinator, &network, &anna_id, "resident").await;
        let mut others = Vec::new();
        for _ in 0..11 {
            let one = person(&officer, &organisation, None, Some(1980)).await;
            member(&coordinator, &network, &one, "resident").await;
            others.push(one);
        }
        Self {
            admin,
            organisation,
            officer,
            manager,
            coordinator,
            facilitator,
            facilitator_id,
            officer_id,
            network,
            anna,
            anna_id,
            others,
        }
    }

    /// Everything that opening needs.
    fn content(&self) -> Value {
        let options = json!([{"id": id("option", 1), "label": nl("Ja")}, {"id": id("option", 2), "label": nl("Nee")}]);
        json!({
            "goal": nl("Weten wat nodig is."), "limits": nl("Het gebouw staat vast."), "rung": "advise",
            "audience": {"networkIds": [self.network]}, "facilitators": [self.facilitator_id],
            "closesOn": "2026-12-15", "questions": [
                {"id": id("question", 1), "kind": "single_choice", "prompt": nl("Blijft het zo?"), "required": true,
                    "options": options},
                {"id": id("question", 2), "kind": "scale", "prompt": nl("Hoe goed gaat het?"), "least": 1, "most": 5},
                {"id": id("question", 3), "kind": "open_text", "prompt": nl("Wat moet anders?")},
            ],
        })
    }

    fn draft(&self) -> Value {
        json!({"organisationId": self.organisation, "title": nl("Wonen met zorg"), "mode": "confidential"})
    }

    /// A consultation with all it needs, made by the officer; its path.
    async fn prepared(&self) -> String {
        let mut new = self.draft();
        new.as_object_mut().unwrap().extend(self.content().as_object().unwrap().clone());
        format!("/v1/consultations/{}", self.officer.make("/v1/consultations", new).await.id())
    }

    /// The same, opened.
    async fn opened(&self) -> String {
        let path = self.prepared().await;
        go(&self.officer, &path, "open").await.expect(201);
        path
    }

    /// Anna answers by internet, six by phone, five at home.
    async fn answered(&self, path: &str) -> String {
        let own = self.anna.post(&format!("{path}/responses"), answers("internet", 1, 4, Some("Bel terug."))).await;
        for (index, one) in self.others.iter().enumerate() {
            let mut heard = if index < 6 { answers("phone", 1, 4, None) } else { answers("in_person", 2, 5, None) };
            heard["participantId"] = json!(one);
            self.facilitator.post(&format!("{path}/responses"), heard).await.expect(201);
        }
        own.expect(201).id()
    }
}

fn id(kind: &str, number: u32) -> String {
    klankbord_api::web::document::demo_id(kind, number).unwrap()
}

fn answers(channel: &str, option: u32, value: i32, words: Option<&str>) -> Value {
    let mut given = vec![
        json!({"questionId": id("question", 1), "kind": "single_choice", "optionId": id("option", option)}),
        json!({"questionId": id("question", 2), "kind": "scale", "value": value}),
    ];
    given.extend(
        words.map(|text| json!({"questionId": id("question", 3), "kind": "open_text", "text": text, "language": "nl"})),
    );
    json!({"channel": channel, "answers": given})
}

async fn go(by: &Client, path: &str, to: &str) -> Reply {
    by.transition(path, json!({"to": to})).await
}

/// Changes whatever version there is.
async fn change(by: &Client, path: &str, body: Value) -> Reply {
    by.patch(path, "*", body).await
}

/// The reply without what is told of every request.
fn bare(reply: &Reply) -> (u16, String) {
    let id = reply.body["requestId"].as_str().unwrap_or("no request id");
    (reply.status, reply.text.replace(id, ""))
}

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
            ["/finalReportBack/points/0/reason report_back.reason_missing"]);
        let second = json!({"kind": "final", "heard": nl("Nog eens.")});
        let second = officer.post(&format!("{path}/report-backs"), second).await.expect(409);
        assert_eq!(second.code(), "report_back.final_exists");
        assert_eq!(go(officer, &back, "published").await.expect(409).code(), "report_back.final_by_concluding");
        anna.get(&back).await.expect(404);
        let points = json!([{"text": nl("Een boom"), "outcome": "not_followed", "reason": nl("Er is geen plek.")}]);
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
            "overdue": false, "concludedOn": "2026-12-16",
            "finalReportBack": {"heard": nl("U wilt meer groen."), "points": points}}));
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

    /// Who waits too long to hear back, waits in public; an interim report-back
    /// is published by itself.
    async fn overdue_report_backs_are_public(service) {
        let world = World::of(service).await;
        let draft = world.prepared().await;
        assert_eq!(service.nobody().get("/v1/register").await.expect(200).body, json!({"items": []}));
        go(&world.officer, &draft, "open").await.expect(201);
        let interim = json!({"kind": "interim", "heard": nl("We lezen alles.")});
        let interim = world.facilitator.make(&format!("{draft}/report-backs"), interim).await;
        let back = format!("/v1/report-backs/{}", interim.id());
        assert_eq!(world.anna.get(&format!("{draft}/report-backs")).await.expect(200).body, json!({"items": []}));
        go(&world.facilitator, &back, "published").await.expect(403);
        go(&world.officer, &back, "published").await.expect(201);
        assert_eq!(world.anna.get(&format!("{draft}/report-backs")).await.expect(200).items().len(), 1);
        let register = async |query: &str| {
            let page = service.nobody().get(&format!("/v1/register?{query}")).await.expect(200);
            page.items().iter().map(|entry| (entry["status"].clone(), entry["overdue"].clone())).collect::<Vec<_>>()
        };
        until(service, "2027-01-26T22:59:59Z");
        service.round().await;
        assert_eq!(register("overdue=false").await, [(json!("closed"), json!(false))]);
        assert_eq!(register("overdue=true").await, []);
        until(service, "2027-01-26T23:00:00Z");
        assert_eq!(register("overdue=true").await, [(json!("closed"), json!(true))]);
        assert_eq!(register("overdue=false").await, []);
        assert_eq!(register(&format!("organisationId={NOBODY}")).await, []);
        let officer = sign_in(service, "officer").await;
        assert_eq!(officer.get(&draft).await.expect(200).body["overdue"], json!(true));
    }

    /// To another organisation nothing of it exists; a partner sees it and its
    /// results, and nobody's answers.
    async fn foreign_tenants_see_nothing(service) {
        let world = World::of(service).await;
        let there = service.organisation(&world.admin, "care_provider", "Daar").await;
        let (other, account_id) = account(service, &world.admin, "other").await;
        grant(&world.admin, &account_id, "manager", &there).await;
        let path = world.opened().await;
        let response = world.answered(&path).await;
        let back = json!({"kind": "interim", "heard": nl("We lezen alles.")});
        let back = world.officer.make(&format!("{path}/report-backs"), back).await.id();
        let consultation = path.rsplit('/').next().unwrap();
        for (foreign, thing) in [("/v1/consultations/{}", consultation), ("/v1/consultations/{}/transitions", consultation),
            ("/v1/consultations/{}/responses", consultation), ("/v1/consultations/{}/results", consultation),
            ("/v1/consultations/{}/report-backs", consultation), ("/v1/responses/{}", &response),
            ("/v1/report-backs/{}", &back)]
        {
            let [foreign, random, malformed] = [thing, NOBODY, "x"].map(|id| foreign.replace("{}", id));
            let refused = other.get(&foreign).await.expect(404);
            assert_eq!(bare(&refused), bare(&other.get(&random).await));
            assert_eq!(bare(&refused), bare(&other.get(&malformed).await));
        }
        for (foreign, random) in [(&path, &format!("/v1/consultations/{NOBODY}"))] {
            assert_eq!(bare(&go(&other, foreign, "closed").await), bare(&go(&other, random, "closed").await));
            assert_eq!(bare(&other.delete(foreign).await.expect(404)), bare(&other.delete(random).await));
            let answer = answers("phone", 1, 4, None);
            let refused = other.post(&format!("{foreign}/responses"), answer.clone()).await.expect(404);
            assert_eq!(bare(&refused), bare(&other.post(&format!("{random}/responses"), answer).await));
        }
        assert_eq!(other.get("/v1/consultations?count=true").await.expect(200).body, json!({"items": [], "total": 0}));
        let [foreign, random] = [&world.organisation, NOBODY].map(|organisation| {
            json!({"organisationId": organisation, "title": nl("Van een ander"), "mode": "named"})
        });
        let refused = other.post("/v1/consultations", foreign).await.expect(400);
        assert_eq!(refused.faults(), ["/organisationId reference.unknown"]);
        assert_eq!(bare(&refused), bare(&other.post("/v1/consultations", random).await));
        let named = |network: &str, facilitator: &str| json!({"organisationId": there, "title": nl("Van ons"),
            "mode": "named", "audience": {"networkIds": [network]}, "facilitators": [facilitator], "programmeId": network});
        let refused = other.post("/v1/consultations", named(&world.network, &world.facilitator_id)).await.expect(400);
        assert_eq!(refused.faults(), ["/audience/networkIds/0 reference.unknown", "/facilitators/0 reference.unknown",
            "/programmeId reference.unknown"]);
        assert_eq!(bare(&refused), bare(&other.post("/v1/consultations", named(NOBODY, NOBODY)).await));

        change(&world.coordinator, &format!("/v1/networks/{}", world.network), json!({"partners": [there]})).await.expect(200);
        assert_eq!(other.get(&path).await.expect(200).body["allowedTransitions"], json!([]));
        assert_eq!(other.get("/v1/consultations").await.expect(200).items().len(), 1);
        other.get(&format!("{path}/responses")).await.expect(403);
        other.get(&format!("/v1/responses/{response}")).await.expect(404);
        other.post(&format!("{path}/responses"), answers("phone", 1, 4, None)).await.expect(403);
        go(&other, &path, "closed").await.expect(403);
        go(&world.officer, &path, "closed").await.expect(201);
        let shown = other.get(&format!("{path}/results")).await.expect(200).body;
        assert_eq!(shown["questions"][0]["suppressed"], "complementary");
    }

    /// A council asks in its own room, where its host doesn't come; what the host
    /// asks it, who leads it looks on.
    async fn a_council_keeps_its_room(service) {
        let world = World::of(service).await;
        let council = network(&world.manager, &world.organisation, json!({"kind": "client_council"})).await;
        let (chair, chair_id) = account(service, &world.admin, "chair").await;
        grant(&world.manager, &chair_id, "chair", &council).await;
        activate(&chair, &council).await;
        let ask = json!({"organisationId": world.organisation, "title": nl("Onder ons"), "mode": "confidential",
            "audience": {"networkIds": [council]}, "facilitators": [chair_id]});
        let path = format!("/v1/consultations/{}", chair.make("/v1/consultations", ask).await.id());
        for host in [&world.manager, &world.officer, &world.admin] {
            host.get(&path).await.expect(404);
            assert_eq!(host.get("/v1/consultations").await.expect(200).items().len(), 0);
        }
        assert_eq!(chair.get("/v1/consultations").await.expect(200).items().len(), 1);

        let mut more = world.content();
        more["audience"] = json!({"networkIds": [council]});
        more["facilitators"] = json!([world.officer_id]);
        let mut new = world.draft();
        new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let asked = format!("/v1/consultations/{}", world.officer.make("/v1/consultations", new).await.id());
        chair.get(&asked).await.expect(404);
        go(&world.officer, &asked, "open").await.expect(201);
        assert_eq!(chair.get(&asked).await.expect(200).body["allowedTransitions"], json!([]));
        assert_eq!(chair.get("/v1/consultations").await.expect(200).items().len(), 2);
        change(&chair, &asked, json!({"rung": "codecide"})).await.expect(403);
        chair.get(&format!("{asked}/responses")).await.expect(403);
    }

    /// Where a network demands plain language, every text has it before opening.
    async fn plain_language_is_demanded_where_the_network_does(service) {
        let world = World::with(service, json!({"plainLanguageRequired": true})).await;
        let path = world.prepared().await;
        let refused = go(&world.officer, &path, "open").await.expect(409);
        assert_eq!(refused.faults(), ["/goal text.plain_missing", "/limits text.plain_missing",
            "/questions/0/options/0/label text.plain_missing", "/questions/0/options/1/label text.plain_missing",
            "/questions/0/prompt text.plain_missing", "/questions/1/prompt text.plain_missing",
            "/questions/2/prompt text.plain_missing", "/title text.plain_missing"]);
        go(&world.officer, &path, "withdrawn").await.expect(400);
        let why = json!({"to": "withdrawn", "reason": "Het gaat niet door."});
        world.officer.transition(&path, why).await.expect(201);
        world.anna.get(&path).await.expect(404);
    }

    /// A draft can be deleted, and is then gone.
    async fn a_draft_is_deleted(service) {
        let world = World::of(service).await;
        let path = world.prepared().await;
        world.facilitator.get(&path).await.expect(200);
        world.officer.delete(&path).await.expect(204);
        world.officer.get(&path).await.expect(404);
    }
}
