//! A new contact key while people read and write: nobody notices, whatever
//! breaks it off; and no copy of the database shows how anybody is reached.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use klankbord_persistence::UNDER_CONTACT_KEYS;
use serde_json::{Value, json};

use super::program::{Home, Served};
use crate::support::{Client, On, cluster, database};

/// Many batches of the rotation.
const PEOPLE: usize = 250;

/// What a copy of the database must not show.
const SECRETS: [&str; 6] = [
    "Geheime Naam",
    "geheim@brievenbus.example",
    "+31 88 555 01 01",
    "Verborgenlaan 7",
    "Moeder Verborgen",
    "genodigde@brievenbus.example",
];

/// A service in one or two copies, with people whose contact details it keeps.
struct World {
    home: Home,
    served: Vec<Served>,
    officer: Client,
    people: Vec<String>,
}

fn contact(number: usize) -> Value {
    json!({"name": "Geheime Naam", "emailAddress": "geheim@brievenbus.example",
        "phoneNumber": "+31 88 555 01 01", "mailingAddress": format!("Verborgenlaan 7-{number}")})
}

impl World {
    async fn of(on: On) -> Option<Self> {
        let home = Home::new(on)?;
        let mut served = vec![home.serve()];
        let (admin, _) = served[0].admin().await;
        if on == On::Postgres {
            served.push(home.serve());
        }
        let new = json!({"kind": "care_provider", "name": "Hier"});
        let made = admin.make("/v1/organisations", new).await;
        let organisation = made.id();
        // A child of ten, whenever this runs.
        let year: i32 = made.body["createdAt"].as_str().unwrap()[..4].parse().unwrap();
        let manager = signed_in(&home, &served[0], ("manager", &organisation)).await;
        let officer = signed_in(&home, &served[0], ("officer", &organisation)).await;
        let mut people = Vec::new();
        for number in 0..PEOPLE {
            let new = json!({"organisationId": organisation, "displayName": format!("Zonnebloem {number}"),
                "channel": "phone", "language": "nl", "contact": contact(number),
                "birth": {"kind": "month", "year": year - 10, "month": 3}});
            people.push(officer.make("/v1/participants", new).await.id());
        }
        let mother = json!({"kind": "parent_with_authority", "name": "Moeder Verborgen", "startsOn": "2026-11-01",
            "evidence": {"document": "authority_register", "seenOn": "2026-11-20"}});
        officer.make(&format!("/v1/participants/{}/legal-representatives", people[0]), mother).await;
        let invited = json!({"emailAddress": "genodigde@brievenbus.example", "role": "officer", "scopeId": organisation,
            "reason": "Voor de vragen."});
        manager.make("/v1/role-invitations", invited).await;
        Some(Self { home, served, officer, people })
    }

    fn path(&self, number: usize) -> String {
        format!("/v1/participants/{}", self.people[number])
    }

    fn keys(&self) -> BTreeSet<String> {
        let entries = std::fs::read_dir(self.home.folder.path().join("keys")).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.starts_with("contact")).collect()
    }

    /// Every person reads as they were registered, at every copy.
    async fn everybody_reads(&self) {
        for served in &self.served {
            let officer = self.officer.at(&served.base);
            for number in 0..PEOPLE {
                let found = officer.get(&self.path(number)).await.expect(200);
                assert_eq!(found.body["contact"], contact(number));
            }
        }
        let mothers = self.officer.get(&format!("{}/legal-representatives", self.path(0))).await.expect(200);
        assert_eq!(mothers.items()[0]["name"], "Moeder Verborgen");
    }

    /// How many values are sealed under the key with this number, and under any.
    async fn sealed(&self, number: u8) -> (i64, i64) {
        let form = if number == 1 { "01".to_owned() } else { format!("02000000{number:02X}") };
        let (mut under, mut all) = (0, 0);
        for sealed in UNDER_CONTACT_KEYS {
            for (column, _) in sealed.columns {
                let head = format!("substr({column}, 1, {})", form.len() / 2);
                let head = if self.home.url.starts_with("sqlite") {
                    format!("hex({head})")
                } else {
                    format!("upper(encode({head}, 'hex'))")
                };
                under += database::count(&self.home.url, &format!("{} WHERE {head} = '{form}'", sealed.table)).await;
                let any = format!("{} WHERE {column} IS NOT NULL", sealed.table);
                all += database::count(&self.home.url, &any).await;
            }
        }
        (under, all)
    }

    async fn all_under(&self, number: u8) {
        let (under, all) = self.sealed(number).await;
        assert!(under == all && all > 4 * i64::try_from(PEOPLE).unwrap(), "{under} of {all} under key {number}");
        let retiring = "SELECT CAST(retiring AS text) FROM sealing_keys";
        assert_eq!(database::value(&self.home.url, retiring).await, None);
    }

    fn rotate(&self) -> String {
        let output = self.home.command(&["keys", "rotate", "contact"]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Everything that a copy of the database holds.
    fn copied(&self) -> Vec<u8> {
        if self.home.url.starts_with("postgres") {
            return cluster::cluster().unwrap().dump(&self.home.url);
        }
        let files = std::fs::read_dir(self.home.folder.path().join("data")).unwrap();
        files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
    }
}

/// Somebody with a role, made on the command line.
async fn signed_in(home: &Home, served: &Served, (role, organisation): (&str, &str)) -> Client {
    let email = format!("{role}@brievenbus.example");
    let arguments =
        ["account", "create", "--email", &email, "--name", role, "--role", role, "--organisation", organisation];
    let output = home.command(&arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    let code = said.trim().rsplit(' ').next().unwrap();
    let session = Client::new(&served.base, Some(code)).post("/v1/code-sessions", json!(null)).await.expect(201);
    Client::new(&served.base, session.body["accessToken"].as_str())
}

/// Reads and writes until told to stop; each must succeed.
async fn busy(at: Client, people: Vec<String>, first: usize, stop: Arc<AtomicBool>, done: Arc<AtomicU64>) {
    let mut number = first;
    while !stop.load(Ordering::Relaxed) {
        number = (number + 7) % PEOPLE;
        let path = format!("/v1/participants/{}", people[number]);
        if first.is_multiple_of(2) {
            assert_eq!(at.get(&path).await.expect(200).body["contact"], contact(number));
        } else {
            let changed = at.patch(&path, "*", json!({"contact": contact(number)})).await.expect(200);
            assert_eq!(changed.body["contact"], contact(number));
        }
        done.fetch_add(1, Ordering::Relaxed);
    }
}

/// Runs a rotation under load; what it said.
async fn under_load(world: &World) -> String {
    let (stop, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let callers: Vec<_> = (0..4)
        .map(|number| {
            let served = &world.served[number / 2 % world.served.len()];
            let at = world.officer.at(&served.base);
            tokio::spawn(busy(at, world.people.clone(), number, stop.clone(), done.clone()))
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let before = done.load(Ordering::Relaxed);
    let said = tokio::task::block_in_place(|| world.rotate());
    let during = done.load(Ordering::Relaxed) - before;
    tokio::time::sleep(Duration::from_millis(200)).await;
    stop.store(true, Ordering::Relaxed);
    for caller in callers {
        caller.await.unwrap();
    }
    eprintln!("{during} reads and writes during a rotation of {PEOPLE} people, none failed");
    assert!(before > 0 && during > 10, "nobody was busy: {before}, {during}");
    said
}

/// Kills a rotation when it has rewritten something, but not all.
fn killed_half_way(world: &World) {
    let mut command = world.home.command(&["keys", "rotate", "contact"]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.ends_with("rows rewritten.")));
    child.kill().unwrap();
    assert!(!child.wait().unwrap().success());
}

async fn rotated(on: On) {
    let Some(mut world) = World::of(on).await else { return };
    assert_eq!(world.keys(), BTreeSet::from(["contact.key".to_owned()]));
    world.all_under(1).await;

    let said = under_load(&world).await;
    assert!(said.starts_with("Key 2 is in use.\n") && said.ends_with("Key 1 is destroyed.\n"), "{said}");
    assert_eq!(world.keys(), BTreeSet::from(["contact.2.key".to_owned()]));
    world.all_under(2).await;
    world.everybody_reads().await;

    killed_half_way(&world);
    assert_eq!(world.keys(), BTreeSet::from(["contact.2.key".to_owned(), "contact.3.key".to_owned()]));
    let (under, all) = world.sealed(3).await;
    assert!(0 < under && under < all, "{under} of {all} were rewritten");
    world.everybody_reads().await;
    let said = under_load(&world).await;
    assert!(said.starts_with("Key 3 is in use.\n") && said.ends_with("Key 2 is destroyed.\n"), "{said}");
    assert_eq!(world.keys(), BTreeSet::from(["contact.3.key".to_owned()]));
    world.all_under(3).await;

    // Who starts now never knew the keys before.
    world.served.clear();
    world.served.push(world.home.serve());
    world.officer = world.officer.at(&world.served[0].base);
    world.everybody_reads().await;
    assert_eq!(world.keys(), BTreeSet::from(["contact.3.key".to_owned()]));
    nothing_is_shown(&world);
    world.served.clear();
    a_missing_key_is_told(&world);
}

/// Neither as text nor in the form that a dump writes bytes in.
fn nothing_is_shown(world: &World) {
    let copied = world.copied();
    let holds = |text: &str| copied.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(holds("Zonnebloem 1"), "this is no copy of the database");
    for secret in SECRETS {
        let hex = secret.bytes().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        assert!(!holds(secret) && !holds(&hex), "a copy of the database shows {secret}");
    }
}

/// The key in use is never made anew, whichever others lie there.
fn a_missing_key_is_told(world: &World) {
    let keys = world.home.folder.path().join("keys");
    std::fs::rename(keys.join("contact.3.key"), keys.join("contact.9.key")).unwrap();
    let output = world.home.command(&["migrate"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("contact.3.key"), "{said}");
    assert!(!keys.join("contact.3.key").exists() && !keys.join("contact.key").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    rotated(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    rotated(On::Postgres).await;
}
