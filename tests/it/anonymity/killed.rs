//! `kill -9` while anonymous consultations are being sealed: at whichever step, it goes on
//! from there, nothing is lost, and others take answers meanwhile.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use super::world::{hash_of, put_in};
use crate::consultations::world::{activate, go, id, member, network, person};
use crate::feedback::nl;
use crate::process::program::{Home, Served};
use crate::support::{Client, On, database};

/// How many consultations are sealed.
const BOXES: usize = 8;
/// How many answers each of them has.
const ANSWERS: usize = 60;
/// The most kills: then something doesn't go on.
const MOST_KILLS: u64 = 150;

async fn signed_in(served: &Served, admin: &Client, name: &str) -> (Client, String) {
    let new = json!({"emailAddress": format!("{name}@demo.klankbord.example"), "displayName": name});
    let made = admin.make("/v1/accounts", new).await;
    let code = Client::new(&served.base, made.body["signInCode"].as_str());
    let session = code.post("/v1/code-sessions", json!(null)).await.expect(201);
    (Client::new(&served.base, session.body["accessToken"].as_str()), made.id())
}

fn answer(number: usize) -> Value {
    let words = format!("kanarie-{number}");
    json!({"channel": "in_person", "withdrawalHash": hash_of(&format!("{number}")), "answers": [
        {"questionId": id("question", 1), "kind": "open_text", "text": words, "language": "nl"}]})
}

/// An anonymous consultation with a device that answers it.
struct Asked {
    path: String,
    kiosk: Client,
}

impl Asked {
    async fn open(served: &Served, manager: &Client, new: &Value) -> Self {
        let path = format!("/v1/consultations/{}", manager.make("/v1/consultations", new.clone()).await.id());
        go(manager, &path, "open").await.expect(201);
        let kiosk = manager.make(&format!("{path}/kiosks"), json!({"name": "Tablet"})).await;
        Self { path, kiosk: Client::new(&served.base, kiosk.body["secret"].as_str()) }
    }

    fn id(&self) -> &str {
        self.path.rsplit('/').next().unwrap()
    }
}

/// Where the sealing of each stands.
async fn states(home: &Home, on: On, boxes: &[Asked]) -> BTreeMap<&'static str, usize> {
    let mut found = BTreeMap::new();
    for one in boxes {
        let here = match on {
            On::Sqlite => format!("id = X'{}'", one.id().replace('-', "")),
            On::Postgres => format!("id = '{}'", one.id()),
        };
        let is = |column: &str| format!("consultations WHERE {here} AND {column} IS NOT NULL");
        let key = home.folder.path().join(format!("keys/ballots.{}.key", one.id())).exists();
        let rewritten = database::count(&home.url, &is("rewritten_at")).await == 1;
        let sealed = database::count(&home.url, &is("sealed_at")).await == 1;
        let state = match (rewritten, key, sealed) {
            (false, true, false) => "not yet",
            (true, true, false) => "rewritten",
            (true, false, false) => "key gone",
            (true, false, true) => "sealed",
            other => panic!("{other:?}"),
        };
        *found.entry(state).or_default() += 1;
    }
    found
}

async fn killed(on: On) {
    let Some(home) = Home::new(on) else { return };
    let mut quiet = home.command(&["serve"]);
    quiet.env("KLANKBORD_TIME__TICK_SECONDS", "3600");
    let mut served = Served::start(quiet);
    let (admin, _) = served.admin().await;
    let organisation = json!({"kind": "municipality", "name": "Hier"});
    let organisation = admin.make("/v1/organisations", organisation).await.id();
    let grant = |account: String, role: &str, scope: &str| json!({"accountId": account, "role": role, "scopeId": scope, "reason": "Nodig."});
    let (manager, account) = signed_in(&served, &admin, "manager").await;
    admin.make("/v1/grants", grant(account, "manager", &organisation)).await;
    let panel = network(&manager, &organisation, json!({})).await;
    activate(&manager, &panel).await;
    let (_, facilitator) = signed_in(&served, &admin, "facilitator").await;
    manager.make("/v1/grants", grant(facilitator.clone(), "facilitator", &panel)).await;
    member(&manager, &panel, &person(&manager, &organisation, None, Some(1980)).await, "resident").await;
    let closes = (chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now()) + chrono::TimeDelta::days(20))
        .date_naive();
    let new = json!({"organisationId": organisation, "title": nl("Wonen"), "mode": "anonymous", "goal": nl("Weten."),
        "limits": nl("Niets."), "rung": "advise", "audience": {"networkIds": [panel]}, "facilitators": [facilitator],
        "closesOn": closes, "questions": [{"id": id("question", 1), "kind": "open_text", "prompt": nl("Wat?"), "maxLength": 4000}]});
    let (mut boxes, mut open) = (Vec::new(), Vec::new());
    for number in 0..BOXES + 2 {
        let asked = Asked::open(&served, &manager, &new).await;
        if number < BOXES { boxes.push(asked) } else { open.push(asked) }
    }
    for one in &boxes {
        for number in 0..ANSWERS {
            put_in(&one.kiosk, &one.path, answer(number)).await.expect(201);
        }
    }
    let told = served.log.lock().unwrap().iter().filter(|line| line.contains("nymousResponse")).count();
    assert_eq!(told, 0, "an answer stands in the log");
    for one in &boxes {
        go(&manager, &one.path, "closed").await.expect(201);
    }
    let (mut seen, mut kills, answered) = (BTreeMap::<&str, usize>::new(), 0, Arc::new(AtomicUsize::new(0)));
    loop {
        served.signal("-9");
        served.child.wait().unwrap();
        let now = states(&home, on, &boxes).await;
        for state in now.keys() {
            *seen.entry(state).or_default() += 1;
        }
        if now.get("sealed") == Some(&BOXES) {
            break;
        }
        kills += 1;
        assert!(kills < MOST_KILLS, "{now:?}");
        served = home.serve();
        let stop = Arc::new(AtomicBool::new(false));
        let others: Vec<_> =
            open.iter().map(|one| answering(one, &served, answered.clone(), stop.clone())).map(tokio::spawn).collect();
        tokio::time::sleep(Duration::from_millis(20 + kills * 23 % 400)).await;
        stop.store(true, Ordering::SeqCst);
        for other in others {
            other.await.unwrap();
        }
    }
    let served = home.serve();
    let reader = manager.at(&served.base);
    for one in &boxes {
        let results = reader.get(&format!("{}/results", one.path)).await.expect(200).body;
        assert_eq!(results["base"]["figure"], json!(ANSWERS), "{results}");
    }
    let taken = usize::try_from(database::count(&home.url, "open_ballots").await).unwrap();
    let answered = answered.load(Ordering::SeqCst);
    eprintln!(
        "{on:?}: {kills} kills while {BOXES} were sealed, found then: {seen:?}; meanwhile {answered} answers were acknowledged by two others, which hold {taken}"
    );
    assert!(taken >= answered && answered > 0);
    assert!(
        seen.contains_key("rewritten") || seen.contains_key("key gone"),
        "no kill fell between two steps: {seen:?}"
    );
}

/// Answers one that is open, one after the other, until it is told to stop.
fn answering(
    one: &Asked,
    served: &Served,
    answered: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
) -> impl Future<Output = ()> + use<> {
    let (kiosk, path) = (one.kiosk.at(&served.base), one.path.clone());
    async move {
        while !stop.load(Ordering::SeqCst) {
            static NEXT: AtomicUsize = AtomicUsize::new(1000);
            let reply = put_in(&kiosk, &path, answer(NEXT.fetch_add(1, Ordering::SeqCst))).await;
            if reply.status == 201 {
                answered.fetch_add(1, Ordering::SeqCst);
            } else {
                // On SQLite the one writer may be at work.
                assert_eq!(reply.status, 503, "{}", reply.text);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    killed(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    killed(On::Postgres).await;
}
