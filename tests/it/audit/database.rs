//! The database from below, as somebody has it who got around the service.

use klankbord_persistence::store::audit::Finding;
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, DbBackend, Statement};
use uuid::Uuid;

use crate::support::{On, Service};

/// The tables of the trail: what refers comes before what it refers to.
const TABLES: [&str; 6] =
    ["audit_waiting", "audit_subjects", "audit_heads", "audit_links", "audit_checkpoints", "audit_rows"];

/// A way in from below.
pub struct Below {
    database: DatabaseConnection,
    on: On,
}

impl Below {
    /// Into this service's database.
    pub async fn of(service: &Service) -> Self {
        let database = Database::connect(&service.running.app.config.database.url).await.unwrap();
        Self { database, on: service.on }
    }

    fn backend(&self) -> DbBackend {
        match self.on {
            On::Sqlite => DbBackend::Sqlite,
            On::Postgres => DbBackend::Postgres,
        }
    }

    /// An identifier as the database writes it.
    pub fn id(&self, id: Uuid) -> String {
        match self.on {
            On::Sqlite => format!("X'{}'", id.simple()),
            On::Postgres => format!("'{id}'::uuid"),
        }
    }

    /// Runs a statement, which may be refused.
    pub async fn attempt(&self, sql: &str) -> Result<(), sea_orm::DbErr> {
        self.database.execute_unprepared(sql).await.map(drop)
    }

    /// Runs a statement.
    pub async fn run(&self, sql: &str) {
        self.attempt(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// A number.
    pub async fn number(&self, sql: &str) -> i64 {
        let row = self.database.query_one_raw(Statement::from_string(self.backend(), sql)).await.unwrap().unwrap();
        row.try_get_by_index(0).unwrap()
    }

    /// Which audit row is the link of this number in a chain.
    pub async fn row_at(&self, organisation: Uuid, seq: i64) -> Uuid {
        let organisation = self.id(organisation);
        let sql = format!("SELECT audit_id FROM audit_links WHERE organisation_id = {organisation} AND seq = {seq}");
        let row = self.database.query_one_raw(Statement::from_string(self.backend(), sql)).await.unwrap().unwrap();
        row.try_get_by_index(0).unwrap()
    }

    /// Takes every guard off the trail.
    pub async fn unguard(&self) {
        if self.on == On::Postgres {
            for table in TABLES {
                self.run(&format!("ALTER TABLE {table} DISABLE TRIGGER USER")).await;
            }
            return;
        }
        let sql = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit%'";
        let rows = self.database.query_all_raw(Statement::from_string(self.backend(), sql)).await.unwrap();
        assert!(!rows.is_empty());
        for row in rows {
            let name: String = row.try_get("", "name").unwrap();
            self.run(&format!("DROP TRIGGER {name}")).await;
        }
    }

    /// Keeps a copy of the trail.
    pub async fn copy(&self, name: &str) {
        for table in TABLES {
            self.run(&format!("CREATE TABLE {name}_{table} AS SELECT * FROM {table}")).await;
        }
    }

    /// Puts the trail back as it was when the copy was made.
    pub async fn put_back(&self, name: &str) {
        for table in TABLES {
            self.run(&format!("DELETE FROM {table}")).await;
        }
        for table in TABLES.iter().rev() {
            self.run(&format!("INSERT INTO {table} SELECT * FROM {name}_{table}")).await;
        }
    }
}

/// What verifying the trail finds.
pub async fn findings(service: &Service) -> Vec<Finding> {
    service.running.app.store.verify_audit().await.unwrap().findings
}
