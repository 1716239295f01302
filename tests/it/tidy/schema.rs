//! The data map knows every column, and the schema goes up, down and up again.

use std::collections::{BTreeMap, BTreeSet};

use klankbord_persistence::UNDER_CONTACT_KEYS;
use sea_orm::{ConnectionTrait as _, Database, DbBackend, Statement};

use super::root;
use crate::support::{On, Service};

/// Sealed under another key than that of contact details.
const OTHER_KEYS: [&str; 1] = ["second_factors.secret_sealed"];

type Columns = BTreeMap<String, BTreeSet<String>>;

/// The tables and columns of a database. The migrations' own list isn't ours.
async fn columns(service: &Service) -> Columns {
    let (backend, sql) = match service.on {
        On::Sqlite => (
            DbBackend::Sqlite,
            "SELECT m.name AS t, p.name AS c FROM sqlite_master m JOIN pragma_table_info(m.name) p \
             WHERE m.type = 'table' AND m.name <> 'seaql_migrations'",
        ),
        On::Postgres => (
            DbBackend::Postgres,
            "SELECT table_name::text AS t, column_name::text AS c FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name <> 'seaql_migrations'",
        ),
    };
    let database = Database::connect(&service.running.app.config.database.url).await.unwrap();
    let rows = database.query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
    database.close().await.unwrap();
    let mut found = Columns::new();
    for row in rows {
        let (table, column): (String, String) = (row.try_get("", "t").unwrap(), row.try_get("", "c").unwrap());
        found.entry(table).or_default().insert(column);
    }
    found
}

fn map() -> toml::Table {
    toml::from_str(&std::fs::read_to_string(root().join("data_map.toml")).unwrap()).unwrap()
}

on_both! {
    /// A rotation rewrites every column that is sealed under the contact keys: one
    /// that it didn't know would lose its key.
    async fn a_rotation_knows_every_sealed_column(service) {
        let sealed: BTreeSet<String> = columns(service)
            .await
            .iter()
            .flat_map(|(table, columns)| columns.iter().map(move |column| format!("{table}.{column}")))
            .filter(|column| column.ends_with("_sealed"))
            .collect();
        let rotated = UNDER_CONTACT_KEYS
            .iter()
            .flat_map(|one| one.columns.iter().map(|(column, _)| format!("{}.{column}", one.table)));
        let others = OTHER_KEYS.map(str::to_owned);
        assert_eq!(sealed, rotated.chain(others).collect());
    }

    /// Whose it is, what, for which purpose, on which ground, how long, and what
    /// erasure does with it: of every column.
    async fn the_data_map_knows_every_column(service) {
        let stored = columns(service).await;
        let map = map();
        let mut known = Columns::new();
        for (table, entry) in map["table"].as_table().unwrap() {
            assert!(entry["about"].as_str().is_some_and(|about| about.len() > 8), "{table}: about");
            let mut columns = BTreeSet::new();
            for (column, entry) in entry["columns"].as_table().unwrap() {
                let said = |key: &str| entry.get(key).and_then(toml::Value::as_str);
                let at = format!("{table}.{column}");
                assert!(said("what").is_some_and(|what| what.len() > 2), "{at}: what");
                let subject = said("subject").unwrap_or_else(|| panic!("{at}: subject"));
                assert!(map["subject"].get(subject).is_some(), "{at}: {subject}");
                for key in ["purpose", "ground", "retention", "erase"] {
                    match said(key) {
                        Some(word) => assert!(map[key].get(word).is_some(), "{at}: {key} {word}"),
                        None => assert_eq!(subject, "none", "{at}: {key}"),
                    }
                }
                let person = matches!(subject, "account" | "participant");
                assert!(!person || said("ground") != Some("none"), "{at}: a person's data needs a ground");
                columns.insert(column.clone());
            }
            known.insert(table.clone(), columns);
        }
        assert_eq!(known, stored, "left: data_map.toml, right: the schema");
    }

    /// Down to nothing, and up again to the same.
    async fn the_schema_goes_up_down_and_up(service) {
        let before = columns(service).await;
        assert!(before.len() > 25);
        let store = &service.running.app.store;
        store.unmigrate().await.unwrap();
        assert_eq!(columns(service).await, Columns::new());
        assert!(!store.is_current().await.unwrap_or(false));
        store.migrate().await.unwrap();
        assert_eq!(columns(service).await, before);
        service.admin().await.get("/v1/me").await.expect(200);
    }
}
