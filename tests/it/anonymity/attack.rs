//! The attacks of somebody who has a copy of the database, and knows in which order people
//! answered: each is a count of answers that it joins to the right person. By chance one of
//! two hundred is; more than eight with a probability of about one in a million.

use std::collections::BTreeMap;

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac as _};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, Statement};
use serde_json::{Value, json};
use sha2::Sha256;
use uuid::Uuid;

use super::log::{self, Log, Seen};
use super::world::{anonymous, hex, joined, opened, put_in};
use crate::consultations::world::{World, go, id};
use crate::process::program::{hold_any, holds};
use crate::support::{On, Service, cluster, database};

const PEOPLE: usize = 200;
pub const MOST: usize = 8;

/// A row of ballots, in the order in which the database stores them.
#[derive(Debug, Clone)]
pub struct Row {
    part: Uuid,
    pub id: Uuid,
    pub content: Vec<u8>,
    pub transaction: String,
}

pub async fn texts(database: &DatabaseConnection, sql: &str) -> Vec<Vec<String>> {
    let statement = Statement::from_string(database.get_database_backend(), sql);
    let rows = database.query_all_raw(statement).await.unwrap();
    let columns = |row: &sea_orm::QueryResult| {
        (0..row.column_names().len()).map(|at| row.try_get_by_index(at).unwrap()).collect()
    };
    rows.iter().map(columns).collect()
}

pub async fn rows(database: &DatabaseConnection, on: On, table: &str) -> Vec<Row> {
    let part = |text: &str| {
        if table == "sealed_ballots" { text.to_owned() } else { "'00000000000000000000000000000000'".to_owned() }
    };
    let sql = match on {
        On::Sqlite => format!("SELECT {}, hex(id), hex(content), '' FROM {table}", part("hex(part)")),
        On::Postgres => format!(
            "SELECT {}, id::text, encode(content, 'hex'), xmin::text FROM {table} ORDER BY ctid",
            part("part::text")
        ),
    };
    let bytes =
        |hex: &str| (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
    let row = |mut text: Vec<String>| {
        let transaction = text.pop().unwrap();
        let content = bytes(&text.pop().unwrap());
        Row {
            id: text.pop().unwrap().parse().unwrap(),
            part: text.pop().unwrap().parse().unwrap(),
            content,
            transaction,
        }
    };
    texts(database, &sql).await.into_iter().map(row).collect()
}

/// What stands in a sealed value, with this key.
pub fn unsealed(key: &[u8], bound_to: &str, sealed: &[u8]) -> Option<String> {
    let cipher = XChaCha20Poly1305::new_from_slice(key).ok()?;
    let payload = Payload { msg: sealed.get(25..)?, aad: bound_to.as_bytes() };
    let clear = cipher.decrypt(XNonce::from_slice(sealed.get(1..25)?), payload).ok()?;
    Some(String::from_utf8_lossy(&clear).into_owned())
}

/// The keys in the folder, by their files' names.
pub fn keys(service: &Service) -> BTreeMap<String, Vec<u8>> {
    let files = std::fs::read_dir(service.folder().join("keys")).unwrap().flatten();
    files.map(|file| (file.file_name().to_string_lossy().into_owned(), std::fs::read(file.path()).unwrap())).collect()
}

/// Whose answer this is: each wrote a word of their own.
pub fn author(clear: &str) -> Option<usize> {
    let at = clear.find("kanarie-")?;
    clear[at + 8..].chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
}

/// The receipt of a person, for who has the key.
fn receipt(key: &[u8], person: &str) -> String {
    let person: Uuid = person.parse().unwrap();
    let holder = [b"person".as_slice(), person.as_bytes()].concat();
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).unwrap();
    for part in [b"receipt".as_slice(), &holder] {
        mac.update(&u64::try_from(part.len()).unwrap().to_be_bytes());
        mac.update(part);
    }
    hex(&mac.finalize().into_bytes())
}

/// How many are where they should be, when the answers in some order are laid beside the
/// people in the order in which they came, forwards or backwards.
pub fn ranked(arrived: &[usize], found: &[Option<usize>]) -> usize {
    let hits = |mut pairs: Vec<(Option<usize>, usize)>| {
        pairs.retain(|(found, arrived)| *found == Some(*arrived));
        pairs.len()
    };
    let forwards = hits(found.iter().copied().zip(arrived.iter().copied()).collect());
    let backwards = hits(found.iter().rev().copied().zip(arrived.iter().copied()).collect());
    forwards.max(backwards)
}

/// Everything in the database but the ballots, with who wrote each row last.
async fn around(database: &DatabaseConnection, on: On) -> BTreeMap<String, String> {
    let mut all = database::contents(database).await;
    all.retain(|table, _| !matches!(table.as_str(), "open_ballots" | "ballot_receipts"));
    if on == On::Postgres {
        for (table, digest) in &mut all {
            let sql = format!(
                "SELECT coalesce(md5(string_agg(ctid::text || xmin::text || xmax::text, '|' ORDER BY ctid)), '') FROM \"{table}\""
            );
            digest.push_str(&texts(database, &sql).await[0][0]);
        }
    }
    all
}

/// What those who run it can look at, before and after.
async fn seen(world: &World, path: &str) -> Vec<String> {
    let mut all = Vec::new();
    for read in [
        path.to_owned(),
        "/v1/consultations?count=true".to_owned(),
        format!("{path}/transitions"),
        format!("{path}/reach"),
        format!("{path}/ballot-code-batches?count=true"),
        "/v1/register?count=true".to_owned(),
    ] {
        let reply = world.manager.get(&read).await.expect(200);
        all.push(format!(
            "{} {}",
            reply.headers.get("etag").map(|tag| format!("{tag:?}")).unwrap_or_default(),
            reply.text
        ));
    }
    all
}

/// On PostgreSQL: how many ballots share their transaction with just one row of another
/// table, of which no other ballot has one.
async fn by_transaction(database: &DatabaseConnection, table: &str, but: &[&str]) -> usize {
    let mut most = 0;
    for other in
        database::contents(database).await.into_keys().filter(|one| one != table && !but.contains(&one.as_str()))
    {
        let sql = format!(
            "SELECT count(*)::text FROM (SELECT b.xmin::text AS t FROM {table} b GROUP BY 1 HAVING count(*) = 1) AS one \
             WHERE (SELECT count(*) FROM \"{other}\" o WHERE o.xmin::text = one.t OR o.xmax::text = one.t) = 1"
        );
        most = most.max(texts(database, &sql).await[0][0].parse().unwrap());
    }
    most
}

on_both! {
    async fn who_answered_what_cannot_be_found(service) {
        let world = World::of(service).await;
        let people = joined(service, &world, PEOPLE).await;
        let path = opened(&world, json!({})).await;
        let consultation = path.rsplit('/').next().unwrap().to_owned();
        // People come in an order of their own, which the attacker knows.
        let arrived: Vec<usize> = (0..PEOPLE).map(|at| at * 73 % PEOPLE).collect();
        let open = database::connect(&service.running.app.config.database.url).await;
        let on = service.on;
        let log = if on == On::Postgres { Some(Log::kept(&open).await) } else { None };
        let (before, looked) = (around(&open, on).await, seen(&world, &path).await);
        // Looking is written down by itself; what follows is only answers.
        let audited = around(&open, on).await;
        for number in &arrived {
            let words = format!("kanarie-{number} {}", "x".repeat(number * 7 % 90));
            let body = anonymous("internet", (1 + u32::try_from(number % 2).unwrap(), 1 + i32::try_from(number % 5).unwrap()), Some(&words), *number);
            put_in(&people[*number].0, &path, body).await.expect(201);
        }
        assert_eq!(around(&open, on).await, audited, "something else was written");
        assert_eq!(seen(&world, &path).await, looked, "something can be seen to move");
        drop(before);

        // While it is open.
        let ballots = rows(&open, on, "open_ballots").await;
        let key = keys(service)[&format!("ballots.{consultation}.key")].clone();
        let opened_with = |key: &[u8]| -> Vec<Option<usize>> {
            let open = |row: &Row| unsealed(key, &format!("open_ballots.{consultation}.{}", row.id), &row.content);
            ballots.iter().map(|row| open(row).and_then(|clear| author(&clear))).collect()
        };
        let known = opened_with(&key);
        assert_eq!(known.iter().flatten().count(), PEOPLE, "the attack itself works");
        let without: usize = keys(service).iter().filter(|(name, _)| !name.starts_with("ballots."))
            .map(|(_, other)| opened_with(other).iter().flatten().count()).sum();
        let pieces: Vec<&[u8]> = ballots.iter().map(|row| &row.content[30..46]).collect();
        assert_eq!(hold_any(&service.folder(), &pieces), on == On::Sqlite, "what came in stands in a file");
        let lengths: std::collections::BTreeSet<_> = ballots.iter().map(|row| row.content.len()).collect();
        let mut by_id = ballots.iter().zip(&known).collect::<Vec<_>>();
        by_id.sort_by_key(|(row, _)| row.id);
        let by_id = ranked(&arrived, &by_id.into_iter().map(|(_, who)| *who).collect::<Vec<_>>());
        let with_key = with_everything(&open, on, (&ballots, &known), (&key, &people)).await;
        eprintln!("{on:?}, open: read without its key {without}, lengths {}, joined by id {by_id}, with the key and the live database {with_key} of {PEOPLE}", lengths.len());
        assert!(without == 0 && lengths.len() == 1 && by_id <= MOST);
        assert_eq!(with_key > MOST, on == On::Postgres, "the attack itself works");
        if on == On::Postgres {
            let joined = by_transaction(&open, "open_ballots", &["ballot_receipts"]).await;
            eprintln!("{on:?}, open: joined by transaction to any other table {joined}");
            assert_eq!(joined, 0);
            let stamps = texts(&open, "SHOW track_commit_timestamp").await;
            assert_eq!(stamps[0][0], "off");
        }

        // Once it was mixed.
        service.round().await;
        let mixed = rows(&open, on, "open_ballots").await;
        let clear = |row: &Row| unsealed(&key, &format!("open_ballots.{consultation}.{}", row.id), &row.content);
        let whose: Vec<_> = mixed.iter().map(|row| clear(row).and_then(|clear| author(&clear))).collect();
        let with_key = with_everything(&open, on, (&mixed, &whose), (&key, &people)).await;
        eprintln!("{on:?}, open and mixed: with the key and the live database {with_key} of {PEOPLE}");
        assert!(with_key <= MOST && whose.iter().flatten().count() == PEOPLE);

        go(&world.officer, &path, "closed").await.expect(201);
        service.round().await;
        let last = sealed(service, &open, (&consultation, &arrived, &world)).await;
        if let Some(log) = log {
            let seen = |rows: &[Row], whose: &[Option<usize>]| -> Vec<Seen> {
                rows.iter().zip(whose).map(|(row, who)| Seen { content: row.content.clone(), who: *who }).collect()
            };
            log::attack(log, &open, &arrived, [&seen(&ballots, &known), &last]).await;
        }

        // An older copy, with all keys that there are now.
        let left: usize = keys(service).values().map(|other| opened_with(other).iter().flatten().count()).sum();
        eprintln!("{on:?}, sealed: of an older copy, with every key that is left, {left} can be read");
        assert_eq!(left, 0);
        assert!(keys(service).keys().all(|name| !name.starts_with("ballots.")));
        open.close().await.unwrap();
        match on {
            On::Sqlite => {
                assert!(!holds(&service.folder(), "kanarie-"), "a word stands in a file");
                assert!(!hold_any(&service.folder(), &pieces), "what came in stands in a file still");
                let log = std::fs::metadata(service.folder().join("test.db-wal")).map_or(0, |file| file.len());
                eprintln!("{on:?}, sealed: {log} bytes in the write-ahead log");
            }
            On::Postgres => {
                let dump = cluster::cluster().unwrap().dump(&service.running.app.config.database.url);
                assert!(dump.len() > 10_000 && !String::from_utf8_lossy(&dump).contains("kanarie-"));
            }
        }
        let figures = service.nobody().get("/metrics").await.expect(200).text;
        assert!(!figures.contains("nymousResponse") && figures.contains("getConsultation"), "{figures}");
    }
}

/// What who has the live database and the key can join: receipts to people, and receipts to
/// ballots by their order, and on PostgreSQL by their transaction until they are mixed.
/// docs/anonymity.md says so.
async fn with_everything(
    database: &DatabaseConnection,
    on: On,
    (ballots, known): (&[Row], &[Option<usize>]),
    (key, people): (&[u8], &[(crate::support::Client, String)]),
) -> usize {
    let sql = match on {
        On::Sqlite => "SELECT receipt, '' FROM ballot_receipts",
        On::Postgres => "SELECT receipt, xmin::text FROM ballot_receipts ORDER BY ctid",
    };
    let stored = texts(database, sql).await;
    let whose: BTreeMap<String, usize> =
        people.iter().enumerate().map(|(number, (_, person))| (receipt(key, person), number)).collect();
    let receipts: Vec<(usize, &String)> = stored.iter().map(|row| (whose[&row[0]], &row[1])).collect();
    assert_eq!(receipts.len(), PEOPLE);
    let by_rank = ranked(&receipts.iter().map(|(who, _)| *who).collect::<Vec<_>>(), known);
    if on == On::Sqlite {
        return by_rank;
    }
    let only = |row: &Row| {
        let mut of = receipts.iter().filter(|(_, one)| **one == row.transaction).map(|(who, _)| *who);
        of.next().filter(|_| of.next().is_none())
    };
    by_rank.max(ballots.iter().zip(known).filter(|(row, who)| who.is_some() && only(row) == **who).count())
}

/// The attacks on what is sealed; gives what was written, as it is sealed.
async fn sealed(
    service: &Service,
    open: &DatabaseConnection,
    (consultation, arrived, world): (&str, &[usize], &World),
) -> Vec<Seen> {
    let on = service.on;
    for table in ["open_ballots", "ballot_receipts"] {
        assert_eq!(database::count(&service.running.app.config.database.url, table).await, 0);
    }
    let key = &keys(service)["sealed.key"];
    let all = rows(open, on, "sealed_ballots").await;
    let clear = |row: &Row| {
        unsealed(key, &format!("sealed_ballots.{consultation}.{}.{}", row.part, row.id), &row.content).unwrap()
    };
    let question: Uuid = id("question", 3).parse().unwrap();
    let (words, chosen): (Vec<Row>, Vec<Row>) = all.into_iter().partition(|row| row.part == question);
    assert_eq!((words.len(), chosen.len()), (PEOPLE, PEOPLE));
    assert!(chosen.iter().all(|row| author(&clear(row)).is_none()), "words stand beside choices");
    let mut orders: BTreeMap<&str, Vec<Row>> = BTreeMap::from([("stored", words.clone())]);
    orders.insert("id", sorted(&words, |row| row.id.as_bytes().to_vec()));
    orders.insert("ciphertext", sorted(&words, |row| row.content.clone()));
    orders.insert("length", sorted(&words, |row| row.content.len().to_be_bytes().to_vec()));
    orders.insert("transaction", sorted(&words, |row| row.transaction.clone().into_bytes()));
    let mut attacks: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, rows) in &orders {
        attacks.insert(name, ranked(arrived, &rows.iter().map(|row| author(&clear(row))).collect::<Vec<_>>()));
    }
    let listed = world
        .facilitator
        .get(&format!("/v1/consultations/{consultation}/questions/{question}/open-answers?limit=100"))
        .await
        .expect(200);
    let listed: Vec<Option<usize>> =
        listed.items().iter().map(|one: &Value| author(one["text"].as_str().unwrap())).collect();
    attacks.insert("as listed", ranked(&arrived[..100], &listed));
    // Do words and choices stand in one order, and so lead to each other? Of two options and
    // five values there are ten sorts, so that a tenth fits by chance.
    let sort = |text: &str| {
        (text.contains(&id("option", 1)), (1..=5).find(|value| text.contains(&format!("\"value\":{value}"))))
    };
    let expected = |number: usize| (number.is_multiple_of(2), Some(1 + number % 5));
    let beside = words.iter().zip(&chosen).filter(|(words, chosen)| {
        let (option, value) = expected(author(&clear(words)).unwrap());
        sort(&clear(chosen)) == (option, value)
    });
    let beside = beside.count();
    let lengths: std::collections::BTreeSet<_> = words.iter().map(|row| row.content.len()).collect();
    eprintln!(
        "{on:?}, sealed: joined by rank {attacks:?} of {PEOPLE}; words beside their choices {beside} (20 by chance); lengths {}",
        lengths.len()
    );
    assert!(attacks.values().all(|joined| *joined <= MOST), "{attacks:?}");
    assert!(beside <= 45, "{beside}");
    assert_eq!(lengths.len(), 1);
    if on == On::Postgres {
        let transactions: std::collections::BTreeSet<_> =
            words.iter().chain(&chosen).map(|row| &row.transaction).collect();
        assert_eq!(transactions.len(), 1, "all of one transaction");
        let joined = by_transaction(open, "sealed_ballots", &[]).await;
        eprintln!("{on:?}, sealed: joined by transaction to any table {joined}");
        assert_eq!(joined, 0);
    }
    words.into_iter().map(|row| Seen { who: author(&clear(&row)), content: row.content }).collect()
}

fn sorted(rows: &[Row], by: impl Fn(&Row) -> Vec<u8>) -> Vec<Row> {
    let mut rows = rows.to_vec();
    rows.sort_by_key(|row| by(row));
    rows
}
