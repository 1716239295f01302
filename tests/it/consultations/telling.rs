//! Telling: everybody who was invited hears what came of it, and nothing of it tells who
//! answered.

use serde_json::{Value, json};

use super::world::{NOBODY, World, answers, change, go, id, person, sign_in, until};
use crate::anonymity::world as anonymous;
use crate::feedback::nl;
use crate::support::{Client, Reply, Service, database};

/// A report-back with one point that rests on the first question.
pub fn told(kind: &str, words: &str) -> Value {
    json!({"kind": kind, "heard": nl(words), "points": [
        {"text": nl("Meer groen"), "outcome": "followed", "questionIds": [id("question", 1)]}]})
}

/// Publishes an interim report-back; its id.
pub async fn published(by: &Client, path: &str, words: &str) -> String {
    let made = by.make(&format!("{path}/report-backs"), told("interim", words)).await.id();
    go(by, &format!("/v1/report-backs/{made}"), "published").await.expect(201);
    made
}

/// Closes a consultation and concludes it; the final report-back.
pub async fn concluded(by: &Client, path: &str, words: &str) -> String {
    let made = by.make(&format!("{path}/report-backs"), told("final", words)).await.id();
    if by.get(path).await.body["status"] == "open" {
        go(by, path, "closed").await.expect(201);
    }
    go(by, path, "concluded").await.expect(201);
    made
}

async fn list(by: &Client, network: &str, query: &str) -> Vec<Value> {
    by.get(&format!("/v1/networks/{network}/telling-list?limit=100{query}")).await.expect(200).items().clone()
}

async fn tries(by: &Client, membership: &Value, report_back: &str, outcome: &str) -> Reply {
    let body = json!({"reportBackId": report_back, "channel": "phone", "outcome": outcome});
    by.post(&format!("/v1/memberships/{}/telling-attempts", membership.as_str().unwrap()), body).await
}

async fn count(service: &Service, rows: &str) -> i64 {
    database::count(&service.running.app.config.database.url, rows).await
}

/// That somebody wants to be left alone, as they said it on the telephone.
pub fn objection() -> Value {
    json!({"kind": "objection", "channel": "phone", "identityCheck": "Teruggebeld."})
}

/// What an entry says, without who it is.
fn faceless(entry: &Value) -> Value {
    let mut entry = entry.clone();
    entry.as_object_mut().unwrap().remove("membershipId");
    entry
}

on_both! {
    /// Who answered and who didn't stand on the list alike, are called or visited, and are
    /// told once.
    async fn everybody_who_was_invited_is_told(service) {
        let world = World::of(service).await;
        let (officer, coordinator) = (&world.officer, &world.coordinator);
        for (index, one) in world.others.iter().enumerate() {
            let channel = if index < 6 { "phone" } else { "in_person" };
            let contact = json!({"channel": channel, "language": "nl-simple",
                "contact": {"phoneNumber": format!("+3188555020{}", index % 10), "mailingAddress": "Dorpsstraat 1, Hier"}});
            change(officer, &format!("/v1/participants/{one}"), contact).await.expect(200);
        }
        let path = world.opened().await;
        world.anna.post(&format!("{path}/responses"), answers("internet", 1, 4, None)).await.expect(201);
        let mut heard = answers("phone", 1, 4, None);
        heard["participantId"] = json!(world.others[0]);
        world.facilitator.post(&format!("{path}/responses"), heard).await.expect(201);
        assert_eq!(list(coordinator, &world.network, "").await.len(), 0);
        let first = published(officer, &path, "We lezen alles.").await;
        let all = list(coordinator, &world.network, "").await;
        assert_eq!(all.len(), 12);
        let called = list(coordinator, &world.network, "&channel=phone").await;
        let visited = list(coordinator, &world.network, "&channel=in_person").await;
        assert_eq!((called.len(), visited.len()), (7, 5));
        // Apart from name, number and channel each entry says the same of all.
        let (one, other) = (faceless(&called[1]), faceless(&called[3]));
        assert_eq!(one.as_object().unwrap().keys().collect::<Vec<_>>(), other.as_object().unwrap().keys().collect::<Vec<_>>());
        let entry = &visited[0];
        assert_eq!((&entry["reportBackId"], &entry["kind"], &entry["readIn"], &entry["reachable"], &entry["attempts"]),
            (&json!(first), &json!("interim"), &json!("nl"), &json!(true), &json!(0)));
        assert_eq!((&entry["mailingAddress"], called[1].get("mailingAddress"), entry.get("toldOn")),
            (&json!("Dorpsstraat 1, Hier"), None, None));
        // Anna has no number: nobody can call her.
        assert!(all.iter().any(|one| one["reachable"] == json!(false) && one.get("phoneNumber").is_none()));

        service.clock.advance(chrono::TimeDelta::minutes(1));
        let whom = &called[1]["membershipId"];
        assert_eq!(tries(coordinator, whom, NOBODY, "reached").await.expect(400).faults(), ["/reportBackId reference.unknown"]);
        tries(coordinator, whom, &first, "not_reached").await.expect(201);
        let again = list(coordinator, &world.network, "&channel=phone").await;
        let last = again.last().unwrap();
        assert_eq!((&last["membershipId"], &last["attempts"]), (whom, &json!(1)), "who was tried comes last");
        let made = tries(coordinator, whom, &first, "reached").await.expect(201);
        assert_eq!(made.body["happenedOn"], "2026-11-23");
        assert_eq!(tries(coordinator, whom, &first, "reached").await.expect(409).code(), "telling.told");
        assert_eq!(list(coordinator, &world.network, "").await.len(), 11);
        let done = list(coordinator, &world.network, "&told=true").await;
        assert_eq!((done.len(), &done[0]["toldOn"], &done[0]["attempts"]), (1, &json!("2026-11-23"), &json!(2)));
        let attempts = coordinator.get(&format!("/v1/memberships/{}/telling-attempts", whom.as_str().unwrap())).await.expect(200);
        assert_eq!(attempts.items().iter().map(|one| one["outcome"].clone()).collect::<Vec<_>>(), ["not_reached", "reached"]);
        let future = json!({"reportBackId": first, "channel": "phone", "outcome": "reached", "happenedOn": "2026-11-24"});
        let list_of = format!("/v1/memberships/{}/telling-attempts", called[2]["membershipId"].as_str().unwrap());
        assert_eq!(coordinator.post(&list_of, future).await.expect(400).faults(), ["/happenedOn contact_attempt.in_future"]);

        // Who still waits is told the newer one instead.
        let last = concluded(officer, &path, "Er komen bomen.").await;
        let now = list(coordinator, &world.network, "").await;
        assert_eq!(now.len(), 12);
        assert!(now.iter().all(|one| one["reportBackId"] == json!(last) && one["kind"] == "final"));
        let stale = tries(coordinator, &called[2]["membershipId"], &first, "reached").await.expect(409);
        assert_eq!(stale.code(), "telling.superseded");
        assert_eq!(list(coordinator, &world.network, &format!("&reportBackId={NOBODY}")).await.len(), 0);

        // As a table, too; and for who keeps the list of members alone.
        let table = coordinator.request(reqwest::Method::GET, &format!("/v1/networks/{}/telling-list", world.network))
            .header("accept", "text/csv").send().await.unwrap().text().await.unwrap();
        assert_eq!(table.lines().count(), 13, "{table}");
        assert!(table.starts_with("membershipId,reportBackId,consultationId,kind,edition,displayName,"));
        world.manager.get(&format!("/v1/networks/{}/telling-list", world.network)).await.expect(200);
        for curious in [officer, &world.facilitator, &world.anna, &world.admin] {
            curious.get(&format!("/v1/networks/{}/telling-list", world.network)).await.expect(403);
            assert!(matches!(tries(curious, whom, &last, "reached").await.status, 403 | 404));
        }
        let read = "audit_rows WHERE action = 'listTellingList' AND object_kind = 'network'";
        assert!(count(service, read).await >= 10, "each read is written down");
    }

    /// Who objected, and who was erased, is not told; nothing is kept of telling them.
    async fn who_objected_or_was_erased_is_left_alone(service) {
        let world = World::of(service).await;
        let path = world.opened().await;
        let objection = objection();
        let objected = format!("/v1/participants/{}/data-requests", world.others[1]);
        world.officer.make(&objected, objection.clone()).await;
        published(&world.officer, &path, "We lezen alles.").await;
        assert_eq!(list(&world.coordinator, &world.network, "").await.len(), 11);
        assert_eq!(count(service, "report_back_tellings").await, 11);
        // Who objects afterwards goes from the list.
        world.officer.make(&format!("/v1/participants/{}/data-requests", world.others[2]), objection).await;
        assert_eq!(list(&world.coordinator, &world.network, "").await.len(), 10);
        // Nor is who was erased; what was noted of calling them goes, that they were to be told
        // stays without whom.
        let first = list(&world.coordinator, &world.network, "").await[0].clone();
        tries(&world.coordinator, &first["membershipId"], first["reportBackId"].as_str().unwrap(), "call_back").await.expect(201);
        let whom = world.coordinator.get(&format!("/v1/memberships/{}", first["membershipId"].as_str().unwrap())).await.expect(200);
        let person = whom.body["member"]["id"].as_str().unwrap().to_owned();
        let asked = json!({"kind": "erasure", "channel": "phone", "identityCheck": "Teruggebeld."});
        let request = world.officer.make(&format!("/v1/participants/{person}/data-requests"), asked).await.id();
        go(&world.officer, &format!("/v1/data-requests/{request}"), "carried_out").await.expect(201);
        assert_eq!(count(service, "telling_attempts").await, 0);
        assert_eq!(list(&world.coordinator, &world.network, "").await.len(), 9);
        let last = concluded(&world.officer, &path, "Er komen bomen.").await;
        let now = list(&world.coordinator, &world.network, &format!("&reportBackId={last}")).await;
        assert_eq!(now.len(), 9);
        assert_eq!(count(service, "report_back_tellings").await, 20);
    }

    /// In an anonymous one what is written of telling is the same whoever answered.
    async fn nothing_of_telling_says_who_answered(service) {
        let world = World::of(service).await;
        let mut seen = Vec::new();
        for answered in [0..3_usize, 5..9] {
            let path = anonymous::opened(&world, json!({"heardByOthers": true})).await;
            for number in answered {
                let heard = anonymous::heard(&world.others[number], number);
                anonymous::put_in(&world.facilitator, &path, heard).await.expect(201);
            }
            let told = published(&world.officer, &path, "We lezen alles.").await;
            let list = list(&world.coordinator, &world.network, &format!("&reportBackId={told}")).await;
            assert_eq!(list.len(), 12);
            let mut whom: Vec<String> = list.iter().map(|one| one["membershipId"].to_string()).collect();
            whom.sort();
            let mut said: Vec<Value> = list.iter().map(faceless).collect();
            for one in &mut said {
                for own in ["reportBackId", "consultationId"] {
                    one.as_object_mut().unwrap().remove(own);
                }
            }
            said.sort_by_key(Value::to_string);
            seen.push((whom, said));
        }
        assert_eq!(seen[0], seen[1]);
    }

    /// What I was asked, and what came of it: the same whether or not I answered.
    async fn what_i_was_asked_and_what_came_of_it(service) {
        let world = World::of(service).await;
        let answered = world.opened().await;
        let silent = world.opened().await;
        world.anna.post(&format!("{answered}/responses"), answers("internet", 1, 4, None)).await.expect(201);
        for path in [&answered, &silent] {
            published(&world.officer, path, "We lezen alles.").await;
            concluded(&world.officer, path, "Er komen bomen.").await;
        }
        let mine = world.anna.get("/v1/me/consultations").await.expect(200);
        assert_eq!(mine.items().len(), 2);
        let bare = |item: &Value| {
            let mut item = item.clone();
            item.as_object_mut().unwrap().remove("consultationId");
            for told in item["reportBacks"].as_array_mut().unwrap() {
                told.as_object_mut().unwrap().remove("id");
            }
            item
        };
        assert_eq!(bare(&mine.items()[0]), bare(&mine.items()[1]));
        let one = &mine.items()[0];
        assert_eq!((&one["status"], &one["rung"], &one["reportBackState"], &one["participantId"]),
            (&json!("concluded"), &json!("advise"), &json!("given"), &json!(world.anna_id)));
        let kinds: Vec<_> = one["reportBacks"].as_array().unwrap().iter().map(|told| told["kind"].clone()).collect();
        assert_eq!(kinds.len(), 2);
        assert!(kinds.contains(&json!("final")) && kinds.contains(&json!("interim")));
        assert_eq!(world.coordinator.get("/v1/me/consultations").await.expect(200).items().len(), 0);
        // A person in another organisation sees nothing of it.
        let stranger = person(&world.officer, &world.organisation, None, None).await;
        assert!(!world.anna.get("/v1/me/consultations").await.text.contains(&stranger));
    }

    /// The day moves once, with a public reason; the first day stays to be seen.
    async fn the_day_that_was_promised_first_stays(service) {
        let world = World::of(service).await;
        let path = world.opened().await;
        let moved = json!({"reportBackDueOn": "2027-02-26", "reportBackDueReason": nl("De raad vergadert later.")});
        let read = change(&world.officer, &path, moved).await.expect(200);
        assert_eq!((&read.body["reportBackDueOn"], &read.body["reportBackFirstDueOn"]),
            (&json!("2027-02-26"), &json!("2027-01-26")));
        let entry = service.nobody().get("/v1/register").await.expect(200).items()[0].clone();
        assert_eq!(entry["reportBackFirstDueOn"], "2027-01-26");
        let again = change(&world.officer, &path, json!({"goal": nl("Iets anders.")})).await.expect(200);
        assert_eq!(again.body["reportBackFirstDueOn"], "2027-01-26");
        until(service, "2027-02-01T09:00:00Z");
        service.round().await;
        assert_eq!(sign_in(service, "officer").await.get(&path).await.expect(200).body["overdue"], json!(false));
    }
}
