//! Results in depth: broken down as it was declared, fixed, and built on.

use serde_json::{Value, json};

use crate::anonymity::world::{anonymous, put_in};
use crate::feedback::nl;
use crate::support::{On, Service, database};

use super::world::{World, answers, change, go, id, member, person, sign_in, until};

/// Ten people of twenty-four beside the twelve of forty-six, all invited.
async fn with_young(world: &World) -> Vec<String> {
    let mut young = Vec::new();
    for _ in 0..10 {
        let one = person(&world.officer, &world.organisation, None, Some(2002)).await;
        member(&world.coordinator, &world.network, &one, "client").await;
        young.push(one);
    }
    young
}

/// A consultation of this world with more in it, opened; its path.
async fn opened(world: &World, more: Value) -> String {
    let mut new = world.draft();
    new.as_object_mut().unwrap().extend(world.content().as_object().unwrap().clone());
    new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let path = format!("/v1/consultations/{}", world.officer.make("/v1/consultations", new).await.id());
    go(&world.officer, &path, "open").await.expect(201);
    path
}

async fn heard(world: &World, path: &str, people: &[String]) {
    for (index, one) in people.iter().enumerate() {
        let mut heard = answers("phone", 1 + u32::from(index >= people.len() / 2), 4, None);
        heard["participantId"] = json!(one);
        world.facilitator.post(&format!("{path}/responses"), heard).await.expect(201);
    }
}

/// Takes the rows away from which was counted.
async fn without(service: &Service, table: &str, path: &str) {
    let id = path.rsplit('/').next().unwrap();
    let here = match service.on {
        On::Sqlite => format!("X'{}'", id.replace('-', "")),
        On::Postgres => format!("'{id}'"),
    };
    let open = database::connect(&service.running.app.config.database.url).await;
    database::run(&open, &format!("DELETE FROM {table} WHERE consultation_id = {here}")).await;
    open.close().await.unwrap();
}

/// The figures of the groups by one breakdown: value, people, and who chose the first option.
fn groups(results: &Value, table: usize) -> Vec<(String, Value, Value)> {
    let groups = results["breakdowns"][table]["groups"].as_array().unwrap();
    let told = groups.iter().filter(|group| group["base"]["figure"] != json!(0));
    let value = |group: &Value| group["values"][0]["value"].as_str().unwrap().to_owned();
    told.map(|group| (value(group), group["base"].clone(), group["questions"][0]["options"][0]["count"].clone()))
        .collect()
}

on_both! {
    /// Declared before, told to who answers, taken when they answer, and from then on as it was counted.
    async fn results_are_broken_down_as_it_was_declared(service) {
        let world = World::of(service).await;
        let young = with_young(&world).await;
        let more = json!({"breakdowns": ["age_band", "municipality"]});
        let path = opened(&world, more).await;
        let read = world.anna.get(&path).await.expect(200);
        assert_eq!(read.body["breakdowns"], json!(["age_band", "municipality"]));
        let own = world.anna.get(&format!("{path}/answer-characteristics")).await.expect(200);
        assert_eq!(own.body["persons"], json!([{"participantId": world.anna_id, "characteristics": [
            {"characteristic": "age_band", "value": "age_27_up"},
            {"characteristic": "municipality", "value": "GM0363"}]}]));
        world.officer.get(&format!("{path}/answer-characteristics")).await.expect(403);
        for (field, value) in [("breakdowns", json!([])), ("crossings", json!([{"first": "age_band", "second": "municipality"}])),
            ("interimResults", json!(true))] {
            let fixed = change(&world.officer, &path, json!({field: value})).await.expect(400);
            assert!(fixed.faults()[0].starts_with(&format!("/{field} ")), "{:?}", fixed.faults());
        }
        world.answered(&path).await;
        heard(&world, &path, &young).await;
        // What they are afterwards changes nothing.
        let moved = json!({"birth": {"kind": "month", "year": 1990, "month": 5}, "municipality": "GM0014"});
        change(&world.officer, &format!("/v1/participants/{}", young[0]), moved).await.expect(200);
        go(&world.officer, &path, "closed").await.expect(201);

        let results = format!("{path}/results");
        let shown = world.officer.get(&results).await.expect(200).body;
        let figure = |count: i64| json!({"figure": count});
        assert_eq!(groups(&shown, 0), [("age_21_26".to_owned(), figure(10), figure(5)), ("age_27_up".to_owned(), figure(12), figure(7))]);
        assert_eq!(groups(&shown, 1), [("GM0363".to_owned(), figure(22), figure(12))]);
        let told = &shown["breakdowns"][0]["groups"][4]["questions"][0];
        assert_eq!((&told["base"], &told["options"][0]["shareTenths"]), (&figure(10), &json!(500)));
        assert_eq!(shown["questions"][0]["options"][0]["shareTenths"], json!(545));
        // The public sees how many there are, and of ten people no choice of five.
        let public = world.anna.get(&results).await.expect(200).body;
        let hidden = json!({"suppressed": "complementary"});
        assert_eq!(groups(&public, 0), [("age_21_26".to_owned(), figure(10), hidden.clone()), ("age_27_up".to_owned(), figure(12), hidden)]);
        // Who asks for one gets that one, and no more of it.
        let one = world.officer.get(&format!("{results}?by=municipality")).await.expect(200).body;
        assert_eq!(one["breakdowns"], json!([shown["breakdowns"][1]]));
        for by in ["by=perspective", "by=age_band&by=municipality", "by=channel"] {
            let refused = world.officer.get(&format!("{results}?{by}")).await.expect(400);
            assert_eq!(refused.faults(), ["by breakdown.not_declared"]);
        }
        // They are read from what was counted then.
        let snapshots = world.officer.get(&format!("{path}/result-snapshots")).await.expect(200);
        assert_eq!(snapshots.items().len(), 1);
        assert_eq!((&snapshots.items()[0]["id"], &snapshots.items()[0]["base"]), (&shown["snapshot"]["id"], &figure(22)));
        without(service, "responses", &path).await;
        assert_eq!(world.officer.get(&results).await.expect(200).body, shown);
        change(&world.coordinator, &format!("/v1/networks/{}", world.network), json!({"leastGroup": 23})).await.expect(200);
        let raised = world.officer.get(&results).await.expect(200).body;
        assert_eq!((&raised["base"], &raised["breakdowns"][0]["groups"]), (&json!({"suppressed": "base"}), &json!([])));
    }

    /// What goes with an anonymous answer stands in the ballot, and a printed code says nothing.
    async fn anonymous_answers_carry_what_was_declared_and_nothing_else(service) {
        let world = World::of(service).await;
        let more = json!({"mode": "anonymous", "heardByOthers": true, "oneAnswerBy": "either", "breakdowns": ["age_band"]});
        let path = opened(&world, more).await;
        for (number, one) in world.others.iter().enumerate() {
            let mut body = anonymous("phone", (1 + u32::from(number > 5), 4), None, number);
            body["participantId"] = json!(one);
            put_in(&world.facilitator, &path, body).await.expect(201);
        }
        let made = world.officer.make(&format!("{path}/ballot-code-batches"), json!({"codes": 6})).await;
        for (number, code) in made.body["printed"].as_array().unwrap().iter().enumerate() {
            let mut body = anonymous("internet", (1 + u32::from(number > 2), 4), None, 100 + number);
            body.as_object_mut().unwrap().remove("channel");
            service.bearer(code["code"].as_str().unwrap()).post("/v1/coded-responses", body).await.expect(201);
        }
        let lengths = "(SELECT DISTINCT length(content) AS bytes FROM open_ballots) AS lengths";
        assert_eq!(database::count(&service.running.app.config.database.url, lengths).await, 1, "all of one length");
        go(&world.officer, &path, "closed").await.expect(201);
        service.round().await;
        world.officer.get(&format!("{path}/results")).await.expect(409);
        until(service, "2026-12-02T00:00:00Z");
        service.round().await;
        let officer = sign_in(service, "officer").await;
        let shown = officer.get(&format!("{path}/results")).await.expect(200).body;
        let told: Vec<_> = groups(&shown, 0).into_iter().map(|(value, people, _)| (value, people["figure"].clone())).collect();
        assert_eq!(told, [("age_27_up".to_owned(), json!(11)), ("unknown".to_owned(), json!(6))]);
        without(service, "sealed_ballots", &path).await;
        assert_eq!(officer.get(&format!("{path}/results")).await.expect(200).body, shown);
    }

    /// On the way only where that was announced, and only when ten more answered.
    async fn results_on_the_way_come_in_steps(service) {
        let world = World::of(service).await;
        let young = with_young(&world).await;
        let path = opened(&world, json!({"interimResults": true, "breakdowns": ["age_band"]})).await;
        let results = format!("{path}/results");
        heard(&world, &path, &world.others[..9]).await;
        service.round().await;
        assert_eq!(world.officer.get(&results).await.expect(409).code(), "consultation.results_not_yet");
        heard(&world, &path, &world.others[9..]).await;
        service.round().await;
        let first = world.officer.get(&results).await.expect(200).body;
        assert_eq!((&first["base"], &first["snapshot"]["interim"]), (&json!({"figure": 11}), &json!(true)));
        assert_eq!(first["breakdowns"][0]["groups"], json!([]));
        assert_eq!(first["channels"][1]["count"], json!({"suppressed": "complementary"}));
        heard(&world, &path, &young[..9]).await;
        service.round().await;
        assert_eq!(world.officer.get(&results).await.expect(200).body, first, "nine more are too few");
        go(&world.officer, &path, "closed").await.expect(201);
        let last = world.officer.get(&results).await.expect(200).body;
        assert_eq!((&last["base"], &last["snapshot"]["id"]), (&json!({"figure": 11}), &first["snapshot"]["id"]));
        assert_eq!(last["snapshot"]["interim"], json!(false));
        let snapshots = world.anna.get(&format!("{path}/result-snapshots?count=true")).await.expect(200);
        assert_eq!(snapshots.body["total"], json!(1));

        let anonymous = json!({"mode": "anonymous", "interimResults": true});
        let mut new = world.draft();
        new.as_object_mut().unwrap().extend(anonymous.as_object().unwrap().clone());
        let refused = world.officer.post("/v1/consultations", new).await.expect(400);
        assert_eq!(refused.faults(), ["/interimResults consultation.interim_anonymous"]);
    }

    /// What came in since the last snapshot is protected like a table of its own.
    async fn two_moments_tell_no_group_under_the_minimum(service) {
        let world = World::of(service).await;
        let young = with_young(&world).await;
        let path = opened(&world, json!({"interimResults": true})).await;
        heard(&world, &path, &world.others).await;
        service.round().await;
        let counts = |results: &Value| {
            let options = results["questions"][0]["options"].as_array().unwrap().clone();
            options.iter().map(|option| option["count"]["figure"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(counts(&world.officer.get(&format!("{path}/results")).await.expect(200).body), [json!(5), json!(6)]);
        // Ten more, of whom eight choose the first: two would follow for the other.
        for (index, one) in young.iter().enumerate() {
            let mut heard = answers("phone", 1 + u32::from(index > 7), 4, None);
            heard["participantId"] = json!(one);
            world.facilitator.post(&format!("{path}/responses"), heard).await.expect(201);
        }
        go(&world.officer, &path, "closed").await.expect(201);
        let last = world.officer.get(&format!("{path}/results")).await.expect(200).body;
        assert_eq!(last["base"], json!({"figure": 21}));
        assert_eq!(counts(&last), [Value::Null, Value::Null], "thirteen and eight, were it the first time");
    }

    /// Whom a later round asks reads the results on which it goes on, as the public does.
    async fn a_later_round_goes_on_from_results(service) {
        let world = World::of(service).await;
        let path = world.opened().await;
        let earlier = path.rsplit('/').next().unwrap();
        let asked = |on: &str| {
            let mut new = world.draft();
            new.as_object_mut().unwrap().extend(world.content().as_object().unwrap().clone());
            new["buildsOnId"] = json!(on);
            new
        };
        let early = world.officer.post("/v1/consultations", asked(earlier)).await.expect(400);
        assert_eq!(early.faults(), ["/buildsOnId consultation.builds_on_no_results"]);
        world.answered(&path).await;
        go(&world.officer, &path, "closed").await.expect(201);
        let unknown = world.officer.post("/v1/consultations", asked(&id("consultation", 900))).await.expect(400);
        assert_eq!(unknown.faults(), ["/buildsOnId reference.unknown"]);

        let others = super::world::network(&world.manager, &world.organisation, json!({"name": nl("Anderen")})).await;
        super::world::activate(&world.manager, &others).await;
        let (bram, account) = service.account(&world.admin, "bram").await;
        let bram_id = person(&world.officer, &world.organisation, Some(&account), Some(1980)).await;
        crate::feedback::join(&world.manager, &bram, &others, &bram_id).await;
        let mut new = asked(earlier);
        new["audience"] = json!({"networkIds": [others]});
        new["facilitators"] = json!([world.officer_id]);
        let later = format!("/v1/consultations/{}", world.officer.make("/v1/consultations", new).await.id());
        bram.get(&format!("{later}/earlier-results")).await.expect(404);
        go(&world.officer, &later, "open").await.expect(201);
        assert_eq!(bram.get(&later).await.expect(200).body["buildsOnId"], json!(earlier));
        bram.get(&format!("{path}/results")).await.expect(404);
        let linked = bram.get(&format!("{later}/earlier-results")).await.expect(200).body;
        assert_eq!((&linked["consultationId"], &linked["base"]), (&json!(earlier), &json!({"figure": 12})));
        assert_eq!(linked, world.anna.get(&format!("{path}/results")).await.expect(200).body);
        assert_eq!(world.officer.get(&format!("{later}/earlier-results")).await.expect(200).body, linked);
        bram.get(&format!("{path}/earlier-results")).await.expect(404);
    }

    /// A municipality of too few is shown as its region, and it says so.
    async fn a_small_municipality_is_shown_as_its_region(service) {
        let world = World::of(service).await;
        let region = json!({"kind": "youth_region", "name": "Jeugdregio Hier"});
        let region = world.admin.make("/v1/regions", region).await.id();
        for (code, name) in [("GM0363", "Groot"), ("GM0014", "Klein")] {
            let new = json!({"kind": "municipality", "name": name, "regions": [region],
                "externalIds": [{"scheme": "cbs_municipality_code", "value": code}]});
            world.admin.make("/v1/organisations", new).await;
        }
        let path_of = |one: &String| format!("/v1/participants/{one}");
        for one in &world.others[..3] {
            change(&world.officer, &path_of(one), json!({"municipality": "GM0014"})).await.expect(200);
        }
        let path = opened(&world, json!({"breakdowns": ["municipality"]})).await;
        heard(&world, &path, &world.others).await;
        go(&world.officer, &path, "closed").await.expect(201);
        let shown = world.officer.get(&format!("{path}/results")).await.expect(200).body;
        let groups = shown["breakdowns"][0]["groups"].as_array().unwrap().clone();
        assert_eq!(groups.len(), 1, "{groups:?}");
        assert_eq!(groups[0]["values"], json!([{"characteristic": "municipality", "value": region,
            "name": "Jeugdregio Hier", "rolledUp": true}]));
        assert_eq!(groups[0]["base"], json!({"figure": 11}));
    }
}
