//! The attacks on a copy of the database from while a consultation is open: each person leaves
//! a dated row just before they answer, and ballots are so long that SQLite gives each pages
//! of its own. After a round of the clock nothing of it leads to a ballot.

use std::collections::BTreeMap;

use sea_orm::DatabaseConnection;
use serde_json::json;

use super::attack::{MOST, Row, author, keys, ranked, rows, texts, unsealed};
use super::world::{anonymous, joined, opened, put_in, secret, take_back};
use crate::consultations::world::{World, go, id};
use crate::feedback::{brought, nl};
use crate::support::{On, Service, database};

const PEOPLE: usize = 100;

/// Whose each ballot is, for who has the key: what the attacks want to find.
fn known(service: &Service, consultation: &str, ballots: &[Row]) -> Vec<Option<usize>> {
    let key = keys(service)[&format!("ballots.{consultation}.key")].clone();
    let clear = |row: &Row| unsealed(&key, &format!("open_ballots.{consultation}.{}", row.id), &row.content);
    ballots.iter().map(|row| clear(row).and_then(|clear| author(&clear))).collect()
}

/// The number of the transaction that wrote a row: they count up.
fn number(transaction: &str) -> u64 {
    transaction.parse().unwrap()
}

/// On PostgreSQL: whoever the last row of the audit trail before a ballot's transaction is of.
async fn by_neighbour(
    database: &DatabaseConnection,
    (ballots, known): (&[Row], &[Option<usize>]),
    accounts: &BTreeMap<String, usize>,
) -> usize {
    let trail = texts(database, "SELECT xmin::text, coalesce(actor_id::text, '') FROM audit_rows").await;
    let trail: BTreeMap<u64, &String> = trail.iter().map(|row| (number(&row[0]), &row[1])).collect();
    let before = |row: &Row| trail.range(..number(&row.transaction)).next_back().map(|(_, account)| *account);
    let pairs = ballots.iter().zip(known);
    pairs.filter(|(row, who)| who.is_some() && before(row).and_then(|one| accounts.get(one)) == who.as_ref()).count()
}

/// Where a ballot's last bytes stand in the file: on SQLite in a page of its own.
async fn by_place(service: &Service, database: &DatabaseConnection, ballots: &[Row]) -> Vec<Row> {
    database::run(database, "PRAGMA wal_checkpoint(TRUNCATE)").await;
    let file = std::fs::read(service.folder().join("test.db")).unwrap();
    let mut places = BTreeMap::new();
    for row in ballots {
        let tail = &row.content[row.content.len() - 24..];
        places.insert(memchr(&file, tail), row.clone());
    }
    assert_eq!(places.len(), ballots.len());
    places.into_values().collect()
}

fn memchr(whole: &[u8], part: &[u8]) -> usize {
    whole.windows(part.len()).position(|window| window == part).unwrap()
}

/// How many ballots each attack joins to the right person.
async fn joined_by(service: &Service, consultation: &str, world: &Attacked) -> BTreeMap<&'static str, usize> {
    let open = database::connect(&service.running.app.config.database.url).await;
    let ballots = rows(&open, service.on, "open_ballots").await;
    let mut found = BTreeMap::new();
    let ranks = |rows: &[Row]| ranked(&world.arrived, &known(service, consultation, rows));
    match service.on {
        On::Sqlite => {
            let placed = by_place(service, &open, &ballots).await;
            found.insert("page", ranks(&placed));
        }
        On::Postgres => {
            let whose = known(service, consultation, &ballots);
            found.insert("neighbour", by_neighbour(&open, (&ballots, &whose), &world.accounts).await);
            found.insert("storage", ranks(&ballots));
            let mut ordered = ballots.clone();
            ordered.sort_by_key(|row| number(&row.transaction));
            found.insert("transaction", ranks(&ordered));
        }
    }
    open.close().await.unwrap();
    found
}

struct Attacked {
    arrived: Vec<usize>,
    accounts: BTreeMap<String, usize>,
}

on_both! {
    async fn an_open_box_tells_nothing_once_it_is_mixed(service) {
        let world = World::of(service).await;
        let people = joined(service, &world, PEOPLE).await;
        let mut accounts = BTreeMap::new();
        for (number, (client, _)) in people.iter().enumerate() {
            accounts.insert(client.get("/v1/me").await.expect(200).body["accountId"].as_str().unwrap().to_owned(), number);
        }
        let long = json!([{"id": id("question", 1), "kind": "open_text", "prompt": nl("Wat?"), "maxLength": 2000}]);
        let path = opened(&world, json!({"questions": long})).await;
        let consultation = path.rsplit('/').next().unwrap().to_owned();
        let arrived: Vec<usize> = (0..PEOPLE).map(|at| at * 37 % PEOPLE).collect();
        let body = |number: usize| {
            let mut body = anonymous("internet", (1, 1), None, number);
            let words = json!({"questionId": id("question", 1), "kind": "open_text", "text": format!("kanarie-{number}"), "language": "nl"});
            body["answers"] = json!([words]);
            body
        };
        for number in &arrived {
            let (client, _) = &people[*number];
            client.make("/v1/feedback", brought(&json!({"kind": "organisation", "id": world.organisation}), "idea", "Een idee.")).await;
            put_in(client, &path, body(*number)).await.expect(201);
        }
        let attacked = Attacked { arrived, accounts };
        let before = joined_by(service, &consultation, &attacked).await;
        service.round().await;
        let after = joined_by(service, &consultation, &attacked).await;
        eprintln!("{:?}, open: joined of {PEOPLE} before a round {before:?}, after it {after:?}", service.on);
        assert!(before.values().all(|joined| *joined > PEOPLE / 2), "the attacks work: {before:?}");
        assert!(after.values().all(|joined| *joined <= MOST), "{after:?}");

        // What was mixed is the same answers, and can be taken back.
        take_back(&people[3].0, &path, json!({"secret": secret(3)})).await.expect(201);
        put_in(&people[4].0, &path, body(4)).await.expect(201);
        assert_eq!(put_in(&people[4].0, &path, body(5)).await.expect(409).code(), "response.already_given");
        go(&world.officer, &path, "closed").await.expect(201);
        service.round().await;
        let results = world.officer.get(&format!("{path}/results")).await.expect(200).body;
        assert_eq!(results["base"]["figure"], json!(PEOPLE - 1), "{results}");
    }
}
