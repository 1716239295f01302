//! How results and answers weigh when very many answered: `prove/results.sh`.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{On, Service, database};

use super::world::{World, answers, go, id, member, person};

/// How many answer before the first measurement.
const FEW: usize = 1000;
/// How many answers are timed at each measurement.
const TIMED: usize = 30;

/// How many answer in all, and whether that was asked for: then times are held against their bounds.
#[expect(clippy::disallowed_methods, reason = "a switch of the test run, not of the service")]
fn many(on: On) -> (usize, bool) {
    let name = if on == On::Sqlite { "KLANKBORD_TEST_RESPONSES_SQLITE" } else { "KLANKBORD_TEST_RESPONSES" };
    std::env::var(name).map_or((FEW + 500, false), |number| (number.parse().unwrap(), true))
}

/// Puts so many people in by hand, who all answered.
async fn load(service: &Service, (path, like): (&str, &str), count: usize) {
    let sqlite = service.on == On::Sqlite;
    let literal = |id: &str| if sqlite { format!("X'{}'", id.replace('-', "")) } else { format!("'{id}'") };
    let new = if sqlite { "randomblob(16)" } else { "gen_random_uuid()" };
    let draw = |number: u32| {
        if sqlite { format!("abs(random()) % {number}") } else { format!("floor(random() * {number})::int") }
    };
    let series = format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})");
    let columns = "version, created_at, updated_at, organisation_id, name_folded, channel, language, birth_year, \
        birth_month, municipality, expertise, contact_times, access_needs";
    let people = format!(
        "{series} INSERT INTO participants (id, display_name, {columns}) SELECT {new}, 'Velen', {columns} \
         FROM participants CROSS JOIN n WHERE id = {}",
        literal(like)
    );
    let choice = |option: u32| {
        let (first, second) = (id("question", 1), id("question", 2));
        let given = json!([{"question_id": first, "kind": "single_choice", "option_id": id("option", option)},
            {"question_id": second, "kind": "scale", "value": option + 2}]);
        format!("'{given}'")
    };
    let told = |age: &str| format!("'{}'", json!([["age_band", age], ["municipality", "GM0363"]]));
    let consultation = literal(path.rsplit('/').next().unwrap());
    let responses = format!(
        "INSERT INTO responses (id, consultation_id, participant_id, channel, answers, created_at, characteristics) \
         SELECT {new}, {consultation}, p.id, CASE {} WHEN 0 THEN 'internet' WHEN 1 THEN 'phone' ELSE 'in_person' END, \
         CASE {} WHEN 0 THEN {} ELSE {} END, p.created_at, CASE {} WHEN 0 THEN {} ELSE {} END FROM participants p \
         WHERE p.display_name = 'Velen' AND NOT EXISTS (SELECT 1 FROM responses r WHERE r.participant_id = p.id)",
        draw(3),
        draw(2),
        choice(1),
        choice(2),
        draw(3),
        told("age_27_up"),
        told("age_21_26"),
    );
    let open = database::connect(&service.running.app.config.database.url).await;
    database::run(&open, &people).await;
    database::run(&open, &responses).await;
    if !sqlite {
        database::run(&open, "ANALYZE responses").await;
    }
    open.close().await.unwrap();
}

fn sorted(mut times: Vec<Duration>) -> Vec<f64> {
    times.sort_unstable();
    times.iter().map(|time| time.as_secs_f64() * 1000.0).collect()
}

/// The middle of the times in which these people's answers were taken. Milliseconds.
async fn submitted(world: &World, path: &str, people: &[String]) -> f64 {
    let mut times = Vec::new();
    for one in people {
        let mut heard = answers("phone", 1, 4, None);
        heard["participantId"] = json!(one);
        let begun = Instant::now();
        world.facilitator.post(&format!("{path}/responses"), heard).await.expect(201);
        times.push(begun.elapsed());
    }
    sorted(times)[people.len() / 2]
}

on_both! {
    /// Results are read from the snapshot that closing made, however many answered; and an answer takes as
    /// long as the first.
    async fn many_answers_weigh_no_more(service) {
        let (many, bound) = many(service.on);
        let world = World::of(service).await;
        let mut people = Vec::new();
        for _ in 0..2 * TIMED {
            let one = person(&world.officer, &world.organisation, None, Some(1980)).await;
            member(&world.coordinator, &world.network, &one, "resident").await;
            people.push(one);
        }
        let mut new = world.draft();
        new.as_object_mut().unwrap().extend(world.content().as_object().unwrap().clone());
        new["breakdowns"] = json!(["age_band", "municipality", "channel"]);
        new["crossings"] = json!([{"first": "age_band", "second": "channel"}]);
        let path = format!("/v1/consultations/{}", world.officer.make("/v1/consultations", new).await.id());
        go(&world.officer, &path, "open").await.expect(201);
        load(service, (&path, &world.anna_id), FEW).await;
        let few = submitted(&world, &path, &people[..TIMED]).await;
        load(service, (&path, &world.anna_id), many - FEW).await;
        let much = submitted(&world, &path, &people[TIMED..]).await;
        let begun = Instant::now();
        go(&world.officer, &path, "closed").await.expect(201);
        let closing = begun.elapsed().as_secs_f64();
        let mut times = Vec::new();
        for _ in 0..if bound { 500 } else { 20 } {
            let begun = Instant::now();
            let read = world.officer.get(&format!("{path}/results")).await.expect(200);
            times.push(begun.elapsed());
            assert_eq!(read.body["base"]["figure"].as_u64(), u64::try_from(many + 2 * TIMED).ok());
            assert!(read.body["breakdowns"][3]["groups"].as_array().unwrap().iter().any(|group| group["base"]["figure"] != json!(0)));
        }
        let times = sorted(times);
        let late = times[times.len() * 99 / 100];
        eprintln!(
            "{:?}: an answer {few:.1} ms at {FEW}, {much:.1} ms at {many} (medians of {TIMED}; {:.2} times), closing {closing:.1} s; \
             results p50 {:.1} ms, p99 {late:.1} ms of {} (bound 50 ms)",
            service.on, much / few, times[times.len() / 2], times.len(),
        );
        assert!(!bound || late < 50.0, "results are read too late");
    }
}
