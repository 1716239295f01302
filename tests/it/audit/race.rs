//! Many who write, several who link: one chain for each organisation, without a
//! fork and without a gap.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use klankbord_persistence::{Connection, KeyFolder, Keys, Store};

use super::database::{Below, findings};
use crate::feedback::{grant, participant};
use crate::support::{On, Service};

/// Another copy of the service on the same database, with the same keys.
async fn replica(service: &Service) -> Store {
    let keys = Keys::load(&KeyFolder::open(&service.folder().join("keys")).unwrap()).unwrap();
    let url = service.running.app.config.database.url.clone();
    Store::connect(&Connection { url, pool: 4 }, keys).await.unwrap()
}

on_both! {
    async fn parallel_writers_make_one_chain_each(service) {
        let admin = service.admin().await;
        let mut managers = Vec::new();
        for name in ["een", "twee", "drie"] {
            let organisation = service.organisation(&admin, "school", name).await;
            let (manager, id) = service.account(&admin, name).await;
            grant(&admin, &id, "manager", &organisation).await;
            managers.push((manager, organisation));
        }
        let done = Arc::new(AtomicBool::new(false));
        let mut stores = vec![service.running.app.store.clone(), service.running.app.store.clone()];
        if service.on == On::Postgres {
            stores.push(replica(service).await);
        }
        let now = service.running.app.now();
        let linkers: Vec<_> = stores.into_iter().map(|store| {
            let done = done.clone();
            tokio::spawn(async move {
                let mut linked = 0;
                while !done.load(Ordering::SeqCst) {
                    linked += store.link_audit(now).await.unwrap();
                    tokio::time::sleep(std::time::Duration::from_millis(3)).await;
                }
                linked
            })
        }).collect();
        let writers: Vec<_> = (0..9).map(|number: usize| {
            let (manager, organisation) = managers[number % 3].clone();
            tokio::spawn(async move {
                for turn in 0..8 {
                    let person = participant(&manager, &organisation, None, &format!("Persoon {number}.{turn}")).await;
                    manager.get(&format!("/v1/participants/{person}")).await.expect(200);
                }
            })
        }).collect();
        for writer in writers {
            writer.await.unwrap();
        }
        done.store(true, Ordering::SeqCst);
        let mut linked = Vec::new();
        for linker in linkers {
            linked.push(linker.await.unwrap());
        }
        service.running.app.link_audit().await.unwrap();
        assert_eq!(findings(service).await, []);

        let below = Below::of(service).await;
        let rows = below.number("SELECT COUNT(*) FROM audit_rows").await;
        assert_eq!(below.number("SELECT COUNT(*) FROM audit_links").await, rows);
        assert!(rows >= 144);
        // Numbered from 1 to as many as there are: no gap. Each follows another: no fork.
        let gaps = "SELECT COUNT(*) FROM (SELECT organisation_id FROM audit_links GROUP BY organisation_id \
                    HAVING MIN(seq) <> 1 OR MAX(seq) <> COUNT(*) OR COUNT(DISTINCT prev) <> COUNT(*)) AS bad";
        assert_eq!(below.number(gaps).await, 0);
        assert_eq!(below.number("SELECT COUNT(*) FROM audit_waiting").await, 0);
        eprintln!("{:?}: {rows} rows; while they were written the linkers linked {linked:?}", service.on);
    }
}
