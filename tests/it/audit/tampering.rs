//! Whoever gets around the service and its triggers is found out, whatever they
//! do to the trail, and at the right row.

use klankbord_persistence::store::audit::Finding;
use klankbord_persistence::{Connection, KeyFolder, Keys, Store};
use uuid::Uuid;

use super::database::{Below, findings};
use crate::feedback::{grant, participant};
use crate::support::{Client, Service};

/// Where the tampering is done: somewhere in the middle.
const AT: i64 = 4;

struct World {
    organisation: Uuid,
    /// The number of the chain's last link.
    end: i64,
    admin: Client,
    manager: Client,
}

async fn world(service: &Service, below: &Below) -> World {
    let admin = service.admin().await;
    let here = service.organisation(&admin, "care_provider", "Hier").await;
    service.organisation(&admin, "school", "Daar").await;
    let (manager, id) = service.account(&admin, "manager").await;
    grant(&admin, &id, "manager", &here).await;
    for number in 0..6 {
        let person = participant(&manager, &here, None, &format!("Persoon {number}")).await;
        manager.get(&format!("/v1/participants/{person}")).await.expect(200);
    }
    service.running.app.link_audit().await.unwrap();
    let organisation: Uuid = here.parse().unwrap();
    let own = below.id(organisation);
    let end = below.number(&format!("SELECT MAX(seq) FROM audit_links WHERE organisation_id = {own}")).await;
    assert!(end > AT + 4);
    World { organisation, end, admin, manager }
}

fn found(all: &[Finding], organisation: Uuid, seq: i64, row: Option<Uuid>) -> bool {
    let there = |one: &&Finding| one.organisation == organisation && one.seq == Some(seq);
    all.iter().filter(there).any(|one| row.is_none() || one.row == row)
}

/// Who links what was tampered with.
#[derive(Clone, Copy)]
enum Relinked {
    No,
    ByUs,
    ByOthers,
}

/// What is done, who links it anew, and where it is found.
struct Way {
    name: &'static str,
    statements: Vec<String>,
    relinked: Relinked,
    seq: i64,
    row: Option<Uuid>,
}

fn way(name: &'static str, statements: Vec<String>, relinked: Relinked, seq: i64, row: Option<Uuid>) -> Way {
    Way { name, statements, relinked, seq, row }
}

/// Links what waits as somebody does who has the program, and not the keys.
async fn link_with_other_keys(service: &Service) {
    let folder = tempfile::tempdir().unwrap();
    let keys = Keys::load(&KeyFolder::open(folder.path()).unwrap()).unwrap();
    let url = service.running.app.config.database.url.clone();
    let store = Store::connect(&Connection { url, pool: 2 }, keys).await.unwrap();
    store.link_audit(service.running.app.now()).await.unwrap();
    store.close().await.unwrap();
}

on_both! {
    /// Seven ways and their variants. Between them the trail is put back, and then
    /// nothing is found: it is the tampering that is.
    async fn every_tampering_is_found_at_its_row(service) {
        let below = Below::of(service).await;
        let world = world(service, &below).await;
        let World { organisation, end, .. } = world;
        assert_eq!(findings(service).await, []);
        for table in ["audit_rows", "audit_subjects", "audit_links"] {
            let refused = below.attempt(&format!("DELETE FROM {table}")).await.unwrap_err().to_string();
            assert!(refused.contains("insert-only"), "{refused}");
        }
        below.attempt("UPDATE audit_rows SET action = 'getRegion'").await.unwrap_err();
        below.attempt("UPDATE audit_links SET seq = 0").await.unwrap_err();
        below.copy("good").await;
        let heads = service.folder().join("keys/audit.heads");
        let good = std::fs::read(&heads).unwrap();
        below.unguard().await;

        let (third, fourth) = (below.row_at(organisation, AT).await, below.row_at(organisation, AT + 1).await);
        let (own, row, next) = (below.id(organisation), below.id(third), below.id(fourth));
        let chain = format!("organisation_id = {own}");
        let forged = "f".repeat(64);
        let stray = Uuid::from_u128(0x0197_c000_0000_7000_8000_0000_0000_beef);
        let insert = format!(
            "INSERT INTO audit_rows SELECT {}, organisation_id, action, object_kind, object_id, result, origin, \
             actor_id, request_id, at, mac, acting_for, room_id FROM audit_rows WHERE id = {row}",
            below.id(stray)
        );
        let relink = vec![
            format!("INSERT INTO audit_waiting SELECT audit_id FROM audit_links WHERE {chain} AND seq >= {AT}"),
            format!("DELETE FROM audit_links WHERE {chain} AND seq >= {AT}"),
        ];
        let swap = ["action", "object_kind", "object_id", "result", "origin", "actor_id", "request_id", "at", "mac"];
        let swap: Vec<String> = swap.iter().map(|column| format!(
            "UPDATE audit_rows SET {column} = (SELECT o.{column} FROM good_audit_rows o WHERE o.id <> audit_rows.id \
             AND o.id IN ({row}, {next})) WHERE id IN ({row}, {next})"
        )).collect();
        let gone = |seqs: &str| vec![
            format!("DELETE FROM audit_subjects WHERE audit_id IN (SELECT audit_id FROM audit_links WHERE {chain} AND {seqs})"),
            format!("DELETE FROM audit_rows WHERE id IN (SELECT audit_id FROM audit_links WHERE {chain} AND {seqs})"),
            format!("DELETE FROM audit_links WHERE {chain} AND {seqs}"),
        ];
        let mut closed_up = gone(&format!("seq = {AT}"));
        closed_up.extend((AT + 1..=end).map(|seq| format!("UPDATE audit_links SET seq = {} WHERE {chain} AND seq = {seq}", seq - 1)));
        let edited = format!("UPDATE audit_rows SET actor_id = NULL, origin = 'clock' WHERE id = {row}");
        let mut rehashed = vec![format!("UPDATE audit_rows SET actor_id = NULL, mac = '{forged}' WHERE id = {row}")];
        rehashed.extend(relink.clone());
        let only_row: Vec<String> = gone(&format!("seq = {AT}")).into_iter().take(2).collect();
        let linked = format!("INSERT INTO audit_links VALUES ({own}, {}, {}, '{forged}', '{forged}')", end + 1, below.id(stray));
        let queued = format!("INSERT INTO audit_waiting VALUES ({})", below.id(stray));
        let forgotten = format!("DELETE FROM audit_subjects WHERE audit_id = {row}");
        let named = format!("INSERT INTO audit_subjects VALUES ({row}, {own})");
        let ways = [
            way("edit", vec![edited], Relinked::No, AT, Some(third)),
            way("a person less beside the row", vec![forgotten], Relinked::No, AT, Some(third)),
            way("a person more beside the row", vec![named], Relinked::No, AT, Some(third)),
            way("edit and rehash", rehashed.clone(), Relinked::ByOthers, AT, Some(third)),
            way("edit, and let the service link again", rehashed, Relinked::ByUs, AT, Some(third)),
            way("relink with another key", relink, Relinked::ByOthers, AT, Some(third)),
            way("delete in the middle: the row", only_row, Relinked::No, AT, Some(third)),
            way("delete in the middle: its link, too", gone(&format!("seq = {AT}")), Relinked::No, AT, None),
            way("delete in the middle, and close up", closed_up, Relinked::No, AT, Some(fourth)),
            way("delete the tail", gone(&format!("seq > {}", end - 2)), Relinked::No, end, None),
            way("delete the whole chain", gone("seq > 0"), Relinked::No, end, None),
            way("insert, and link it", vec![insert.clone(), linked], Relinked::No, end + 1, Some(stray)),
            way("insert, and let the service link it", vec![insert.clone(), queued], Relinked::ByUs, end + 1, Some(stray)),
            way("swap", swap, Relinked::No, AT + 1, Some(fourth)),
        ];
        let count = ways.len();
        for Way { name, statements, relinked, seq, row } in ways {
            for statement in statements {
                below.run(&statement).await;
            }
            match relinked {
                Relinked::ByUs => drop(service.running.app.link_audit().await.unwrap()),
                Relinked::ByOthers => link_with_other_keys(service).await,
                Relinked::No => {}
            }
            let all = findings(service).await;
            assert!(found(&all, organisation, seq, row), "{name}: {all:#?}");
            assert!(all.iter().all(|one| one.organisation == organisation), "{name}: {all:#?}");
            below.put_back("good").await;
            std::fs::write(&heads, &good).unwrap();
            assert_eq!(findings(service).await, [], "{name} was put back");
        }
        below.run(&insert).await;
        let all = findings(service).await;
        assert!(all.iter().any(|one| one.row == Some(stray) && one.organisation == organisation), "{all:#?}");
        below.put_back("good").await;

        // Years later: the copy is put back, and what came after it is gone.
        let later = participant(&world.manager, &organisation.to_string(), None, "Later").await;
        world.manager.get(&format!("/v1/participants/{later}")).await.expect(200);
        service.running.app.link_audit().await.unwrap();
        assert_eq!(findings(service).await, []);
        below.put_back("good").await;
        let all = findings(service).await;
        assert!(found(&all, organisation, end + 2, None), "an older copy: {all:#?}");
        // It stays found when the service goes on from there.
        service.organisation(&world.admin, "school", "Elders").await;
        for _ in 0..3 {
            world.manager.get("/v1/participants").await.expect(200);
        }
        service.running.app.link_audit().await.unwrap();
        let all = findings(service).await;
        assert!(found(&all, organisation, end + 2, None), "an older copy, later: {all:#?}");
        eprintln!("{:?}: {} tamperings found", service.on, count + 2);
    }
}
