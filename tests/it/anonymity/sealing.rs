//! Sealing can be broken off at every step, while other consultations go on.

use serde_json::json;

use super::world::{joined, opened, own, put_in};
use crate::consultations::world::{World, go};
use crate::support::{On, Service, database};

async fn state(service: &Service, id: &str) -> (bool, bool, bool) {
    let url = &service.running.app.config.database.url;
    let here = match service.on {
        On::Sqlite => format!("id = X'{}'", id.replace('-', "")),
        On::Postgres => format!("id = '{id}'"),
    };
    let is = |column: &str| format!("consultations WHERE {here} AND {column} IS NOT NULL");
    let key = service.folder().join(format!("keys/ballots.{id}.key")).exists();
    (database::count(url, &is("rewritten_at")).await == 1, key, database::count(url, &is("sealed_at")).await == 1)
}

async fn set(service: &Service, id: &str, column: &str) {
    let open = database::connect(&service.running.app.config.database.url).await;
    let here = match service.on {
        On::Sqlite => format!("X'{}'", id.replace('-', "")),
        On::Postgres => format!("'{id}'"),
    };
    database::run(&open, &format!("UPDATE consultations SET {column} = NULL WHERE id = {here}")).await;
    open.close().await.unwrap();
}

on_both! {
    /// After each step but the last the next round goes on where it stopped; one that was
    /// called off is destroyed; two others take answers all the while.
    async fn sealing_goes_on_where_it_stopped(service) {
        let world = World::of(service).await;
        let people = joined(service, &world, 12).await;
        let (path, off) = (opened(&world, json!({})).await, opened(&world, json!({})).await);
        let others = [opened(&world, json!({})).await, opened(&world, json!({})).await];
        for (number, (person, _)) in people.iter().enumerate() {
            put_in(person, &path, own(number)).await.expect(201);
            put_in(person, &off, own(number)).await.expect(201);
        }
        let id = path.rsplit('/').next().unwrap();
        go(&world.officer, &path, "closed").await.expect(201);
        // The folder refuses to give the key up: it is rewritten, and no further.
        let key = service.folder().join(format!("keys/ballots.{id}.key"));
        let kept = std::fs::read(&key).unwrap();
        let away = service.folder().join("away.key");
        std::fs::rename(&key, &away).unwrap();
        std::fs::create_dir(&key).unwrap();
        assert!(service.running.app.round().await.is_err(), "it can't be read");
        assert_eq!(state(service, id).await, (false, true, false));
        std::fs::remove_dir(&key).unwrap();
        std::fs::write(&key, &kept).unwrap();
        put_in(&people[0].0, &others[0], own(0)).await.expect(201);
        service.round().await;
        assert_eq!(state(service, id).await, (true, false, true));
        // Killed between the third step and the fourth: the key is gone, and it isn't marked.
        set(service, id, "sealed_at").await;
        assert_eq!(world.officer.get(&format!("{path}/results")).await.expect(409).code(), "consultation.results_not_yet");
        service.round().await;
        assert_eq!(state(service, id).await, (true, false, true));
        // Between the second and the third: the key is there still.
        set(service, id, "sealed_at").await;
        std::fs::write(&key, &kept).unwrap();
        put_in(&people[1].0, &others[1], own(1)).await.expect(201);
        service.round().await;
        assert_eq!(state(service, id).await, (true, false, true));
        let results = world.officer.get(&format!("{path}/results")).await.expect(200).body;
        assert_eq!(results["base"]["figure"], json!(12));

        let gone = off.rsplit('/').next().unwrap();
        world.officer.transition(&off, json!({"to": "withdrawn", "reason": "Het gaat niet door."})).await.expect(201);
        service.round().await;
        assert_eq!(state(service, gone).await, (true, false, true));
        let url = &service.running.app.config.database.url;
        assert_eq!(database::count(url, "sealed_ballots").await, 24, "of the one that was sealed alone");
        assert_eq!(database::count(url, "open_ballots").await, 2);
        put_in(&people[2].0, &others[0], own(2)).await.expect(201);
    }
}
