//! Samples: drawn by a seed, by strata, within the ceilings; topped up by the same sequence.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Panel, day};
use crate::consultations::world::{change, go};
use crate::support::Reply;

const SAMPLE: &str = "sample";

async fn draw(panel: &Panel, path: &str, plan: Value) -> Reply {
    panel.coordinator.post(&format!("{path}/samples"), plan).await
}

fn equal(size: i32, seed: &str) -> Value {
    json!({"by": ["channel"], "allocation": "equal", "size": size, "seed": seed})
}

/// How many of each channel are asked.
async fn by_channel(panel: &Panel, path: &str) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for one in panel.invited(path).await {
        assert_eq!(one["stratum"], json!({"channel": one["channel"]}));
        *found.entry(one["channel"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    found
}

on_both! {
    /// The same seed draws the same people of the same panel, as often as one likes; each part
    /// as many; nobody twice; and opening asks those and nobody else.
    async fn the_same_draw_gives_the_same_people(service) {
        let panel = Panel::of(service).await;
        panel.join(6).await;
        let sampled = json!({"recruitment": SAMPLE});
        let first = panel.draft(service, "named", sampled.clone()).await;
        let again = panel.draft(service, "named", sampled.clone()).await;
        let drawn = draw(&panel, &first, equal(9, "najaar")).await.expect(201).body;
        assert_eq!((&drawn["seed"], &drawn["seedGiven"], &drawn["frame"]), (&json!("najaar"), &json!(true), &json!(18)));
        for stratum in drawn["strata"].as_array().unwrap() {
            let of = |name: &str| stratum[name].as_i64().unwrap();
            assert_eq!((of("frame"), of("target"), of("drawn"), of("short")), (6, 3, 3, 0));
        }
        draw(&panel, &again, equal(9, "najaar")).await.expect(201);
        for path in [&first, &again] {
            go(&panel.manager, path, "open").await.expect(201);
        }
        let each = BTreeMap::from([("in_person", 3), ("internet", 3), ("phone", 3)].map(|(one, n)| (one.to_owned(), n)));
        assert_eq!(by_channel(&panel, &first).await, each);
        assert_eq!(panel.ids(&first).await, panel.ids(&again).await);
        // A seed that nobody chose is kept and shown, and draws the same when it is given.
        let [drawn, twice] = [panel.draft(service, "named", sampled.clone()).await, panel.draft(service, "named", sampled).await];
        let plan = json!({"allocation": "proportional", "size": 7});
        let seed = draw(&panel, &drawn, plan.clone()).await.expect(201).body["seed"].as_str().unwrap().to_owned();
        let mut given = plan;
        given["seed"] = json!(seed);
        draw(&panel, &twice, equal(3, "weggegooid")).await.expect(201);
        draw(&panel, &twice, given).await.expect(201);
        for path in [&drawn, &twice] {
            go(&panel.manager, path, "open").await.expect(201);
        }
        assert_eq!(panel.ids(&drawn).await.len(), 7);
        assert_eq!(panel.ids(&drawn).await, panel.ids(&twice).await);
        // What was drawn before stays to be seen, for whoever wonders how often it was drawn.
        let all = panel.manager.get(&format!("{twice}/samples")).await.expect(200);
        let seeds: Vec<&str> = all.items().iter().map(|one| one["seed"].as_str().unwrap()).collect();
        assert!(seeds.len() == 2 && seeds.contains(&"weggegooid") && seeds.contains(&seed.as_str()), "{seeds:?}");
    }

    /// A top-up goes on where the draw stopped: the same people as one larger draw.
    async fn a_top_up_continues_the_sequence(service) {
        let panel = Panel::of(service).await;
        panel.join(6).await;
        let sampled = json!({"recruitment": SAMPLE});
        let [small, large] = [panel.draft(service, "named", sampled.clone()).await, panel.draft(service, "named", sampled).await];
        let quota = |channel: &str, target: i32| json!({"stratum": {"channel": channel}, "target": target});
        let given = |quotas: Value| json!({"by": ["channel"], "allocation": "given", "quotas": quotas, "seed": "zaad"});
        let drawn = draw(&panel, &small, given(json!([quota("phone", 2), quota("in_person", 10)]))).await.expect(201).body;
        let number = |channel: &str| {
            let strata = drawn["strata"].as_array().unwrap();
            strata.iter().find(|one| one["stratum"]["channel"] == channel).unwrap()["number"].clone()
        };
        // Six are there, ten were wanted: the four that were not reached are shown, and taken from nobody else.
        let short = drawn["strata"].as_array().unwrap().iter().find(|one| one["stratum"]["channel"] == "in_person").unwrap();
        assert_eq!((&short["drawn"], &short["short"]), (&json!(6), &json!(4)));
        draw(&panel, &large, given(json!([quota("phone", 5), quota("in_person", 6)]))).await.expect(201);
        go(&panel.manager, &small, "open").await.expect(201);
        let before = panel.ids(&small).await;
        assert_eq!(before.len(), 8);
        let more = json!({"strata": [{"number": number("phone"), "more": 3}]});
        let topped = panel.coordinator.post(&format!("{small}/sample-top-ups"), more).await.expect(201).body;
        assert_eq!(topped["draws"], 2);
        go(&panel.manager, &large, "open").await.expect(201);
        let after = panel.ids(&small).await;
        assert!(after.len() == 11 && before.iter().all(|one| after.contains(one)));
        assert_eq!(after, panel.ids(&large).await);
        let more = json!({"strata": [{"number": 9, "more": 3}, {"number": 9, "more": 1}]});
        let refused = panel.coordinator.post(&format!("{small}/sample-top-ups"), more).await.expect(400);
        let expected = ["/strata/0/number sample.stratum_unknown", "/strata/1 sample.stratum_repeated", "/strata/1/number sample.stratum_unknown"];
        assert_eq!(refused.faults(), expected);
    }

    /// Who was asked often enough, and who objects, is never drawn, neither at first nor
    /// later; why is told in numbers, of groups that are large enough.
    async fn nobody_over_a_ceiling_is_drawn(service) {
        let panel = Panel::with(service, json!({"askCeiling": 1})).await;
        for _ in 0..12 {
            panel.joins("phone", "parent", json!({})).await;
        }
        let mut may = Vec::new();
        for _ in 0..6 {
            may.push(panel.joins("phone", "older_person", json!({})).await);
        }
        let (own, objects) = panel.with_account(service, "bezwaar", "phone").await;
        let parents = json!({"audience": {"networkIds": [panel.network], "perspectives": ["parent"]}});
        panel.opened(service, "named", parents).await;
        let path = panel.draft(service, "named", json!({"recruitment": SAMPLE})).await;
        let left = |drawn: &Reply| ["objection", "noConsent", "burden"].map(|why| drawn.body["leftOut"][why]["figure"].clone());
        let drawn = draw(&panel, &path, json!({"allocation": "equal", "size": 4})).await.expect(201);
        assert_eq!((drawn.body["frame"].clone(), left(&drawn)), (json!(6), [json!(0), json!(0), json!(13)]));
        let stop = json!({"kind": "objection", "channel": "internet"});
        own.make(&format!("/v1/participants/{objects}/data-requests"), stop).await;
        let drawn = draw(&panel, &path, json!({"allocation": "equal", "size": 4})).await.expect(201);
        // That one person objects is nobody's to know.
        assert_eq!(left(&drawn)[0], Value::Null);
        assert_eq!(left(&drawn)[1], Value::Null);
        go(&panel.manager, &path, "open").await.expect(201);
        let more = json!({"strata": [{"number": 1, "more": 100}]});
        panel.coordinator.post(&format!("{path}/sample-top-ups"), more).await.expect(201);
        may.sort();
        assert_eq!(panel.ids(&path).await, may);
    }

    /// What a sample needs, and when it is too late for one.
    async fn a_sample_is_drawn_before_opening_for_one_that_asks_it(service) {
        let panel = Panel::of(service).await;
        panel.join(2).await;
        let path = panel.draft(service, "named", json!({})).await;
        let refused = draw(&panel, &path, equal(3, "x")).await.expect(409);
        assert_eq!(refused.code(), "sample.not_sampled");
        change(&panel.manager, &path, json!({"recruitment": SAMPLE})).await.expect(200);
        let refused = go(&panel.manager, &path, "open").await.expect(409);
        assert_eq!(refused.faults(), ["/sample consultation.sample_missing"]);
        let top_ups = format!("{path}/sample-top-ups");
        let refused = panel.coordinator.post(&top_ups, json!({"strata": [{"number": 1, "more": 1}]})).await;
        assert_eq!(refused.expect(409).code(), "sample.none_drawn");
        let wrong = json!({"by": ["channel"], "allocation": "given", "quotas": [
            {"stratum": {"perspective": "parent"}, "target": 1}, {"stratum": {"networkId": panel.organisation}, "target": 1}]});
        let faults = draw(&panel, &path, wrong).await.expect(400).faults();
        assert_eq!(faults, ["/quotas/0/stratum sample.stratum_unfit", "/quotas/1/stratum sample.stratum_unfit",
            "/quotas/1/stratum/networkId reference.unknown"]);
        draw(&panel, &path, equal(3, "x")).await.expect(201);
        go(&panel.manager, &path, "open").await.expect(201);
        assert_eq!(draw(&panel, &path, equal(3, "x")).await.expect(409).code(), "sample.not_draft");
        let fixed = change(&panel.manager, &path, json!({"recruitment": "audience"})).await.expect(400);
        assert_eq!(fixed.faults(), ["/recruitment consultation.recruitment_fixed"]);
        // Who doesn't read everybody there draws nothing of them.
        let (stranger, _) = service.account(&panel.admin, "vreemd").await;
        stranger.get(&format!("{path}/samples")).await.expect(404);
    }

    /// A client-experience survey is found by its year.
    async fn the_surveys_of_a_year_are_listed(service) {
        let panel = Panel::of(service).await;
        panel.join(1).await;
        let path = panel.draft(service, "confidential", json!({"clientExperienceYear": 2026})).await;
        panel.draft(service, "confidential", json!({"clientExperienceYear": 2025})).await;
        panel.draft(service, "confidential", json!({})).await;
        let found = panel.manager.get("/v1/consultations?clientExperienceYear=2026").await.expect(200);
        let found: Vec<_> = found.items().iter().map(|one| format!("/v1/consultations/{}", one["id"].as_str().unwrap())).collect();
        assert_eq!(found, std::slice::from_ref(&path));
        panel.manager.get("/v1/consultations?clientExperienceYear=1999").await.expect(400);
        go(&panel.manager, &path, "open").await.expect(201);
        change(&panel.manager, &path, json!({"clientExperienceYear": null, "closesOn": day(service, 30)})).await.expect(200);
        let found = panel.manager.get("/v1/consultations?clientExperienceYear=2026").await.expect(200);
        assert_eq!(found.items().len(), 0);
    }
}
