//! Connections: one writer and a few readers on `SQLite`, one pool on `PostgreSQL`.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use klankbord_migrations::{Migrator, MigratorTrait as _};
use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DbBackend, DbErr, Statement};

use super::failure::{self, Failure};
use super::keys::Keys;
use super::mixing::Unmixed;
use super::tx::Reader;

/// How to reach the database.
#[derive(Debug, Clone)]
pub struct Connection {
    /// `sqlite:./data/klankbord.db` or `postgres://…`.
    pub url: String,
    /// The most connections at once (`PostgreSQL`), or readers (`SQLite`).
    pub pool: u32,
}

/// The database with its keys.
#[derive(Clone)]
pub struct Store {
    pub(crate) writer: DatabaseConnection,
    pub(crate) reader: Reader,
    url: Arc<str>,
    pub(super) unmixed: Arc<Unmixed>,
}

/// Longer than any call waits for a connection.
const NEVER_SLOW: Duration = Duration::from_hours(1);

/// The advisory lock under which one replica at a time migrates ("klankbor").
const MIGRATION_LOCK: i64 = 0x6b6c_616e_6b62_6f72;

impl Store {
    /// Connects. A missing `SQLite` file is made, with the folders above it.
    ///
    /// # Errors
    /// When the database can't be reached.
    pub async fn connect(connection: &Connection, keys: Keys) -> Result<Self, Failure> {
        let keys = Arc::new(keys);
        let (writer, pool) = if connection.url.starts_with("sqlite:") {
            make_folder(&connection.url)?;
            let writer = Database::connect(sqlite(&connection.url, 1)).await?;
            (writer, Database::connect(sqlite(&connection.url, connection.pool)).await?)
        } else {
            let pool = Database::connect(postgres(connection)).await?;
            (pool.clone(), pool)
        };
        Ok(Self { writer, reader: Reader { pool, keys }, url: connection.url.as_str().into(), unmixed: Arc::default() })
    }

    /// Whether the database holds nobody yet: no file, no tables, or no account.
    ///
    /// # Errors
    /// When the database can't be reached.
    pub async fn is_empty(connection: &Connection) -> Result<bool, Failure> {
        let url = &connection.url;
        if url.starts_with("sqlite:") && !Path::new(file_of(url)).exists() {
            return Ok(true);
        }
        let database = Database::connect(single(url)).await?;
        let first = Statement::from_string(database.get_database_backend(), "SELECT id FROM accounts LIMIT 1");
        let found = database.query_one_raw(first).await;
        database.close().await?;
        match found {
            // Without the table there is nobody either; any other error tells nothing.
            Err(error) if failure::is_missing_table(&error) => Ok(true),
            found => Ok(found?.is_none()),
        }
    }

    /// What queries outside a command read from.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// The keys.
    pub fn keys(&self) -> &Keys {
        &self.reader.keys
    }

    /// Brings the schema up to date; several replicas at once do it once.
    ///
    /// # Errors
    /// When a migration fails; what it did is rolled back.
    pub async fn migrate(&self) -> Result<(), Failure> {
        if self.writer.get_database_backend() != DbBackend::Postgres {
            return Ok(Migrator::up(&self.writer, None).await?);
        }
        // It holds the lock, and no statement of it is cut short.
        let session = self.session().await?;
        session.execute_raw(lock("pg_advisory_lock")).await?;
        let outcome = Migrator::up(&session, None).await;
        session.execute_raw(lock("pg_advisory_unlock")).await?;
        session.close().await?;
        Ok(outcome?)
    }

    /// A session of its own, without the limits of the pool's.
    pub(super) async fn session(&self) -> Result<DatabaseConnection, Failure> {
        Ok(Database::connect(single(&self.url)).await?)
    }

    /// Takes the schema down again, step by step. For tests and for a way back.
    ///
    /// # Errors
    /// When a migration fails.
    pub async fn unmigrate(&self) -> Result<(), Failure> {
        Ok(Migrator::down(&self.writer, None).await?)
    }

    /// Whether the schema is the one that this program knows: no step is waiting,
    /// and none was taken that a newer program brought. It only looks.
    ///
    /// # Errors
    /// When the database can't be reached.
    pub async fn is_current(&self) -> Result<bool, Failure> {
        match Migrator::get_pending_migrations_read_only(&self.reader.pool).await {
            // How the migrator says that it does not know a step that was taken.
            Err(DbErr::Custom(_)) => Ok(false),
            pending => Ok(pending?.is_empty()),
        }
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), Failure> {
        Ok(self.reader.pool.ping().await?)
    }

    /// Closes every connection.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn close(self) -> Result<(), Failure> {
        self.writer.close().await?;
        Ok(self.reader.pool.close().await?)
    }
}

fn lock(function: &str) -> Statement {
    Statement::from_string(DbBackend::Postgres, format!("SELECT {function}({MIGRATION_LOCK})"))
}

fn single(url: &str) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    options
}

/// The file that a `SQLite` address names.
fn file_of(url: &str) -> &str {
    let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
    path.split('?').next().unwrap_or(path)
}

fn make_folder(url: &str) -> Result<(), Failure> {
    let folder = Path::new(file_of(url)).parent().filter(|folder| !folder.as_os_str().is_empty());
    let made = folder.map_or(Ok(()), std::fs::create_dir_all);
    made.map_err(|error| Failure::Unavailable(format!("the database's folder can't be made: {error}")))
}

fn sqlite(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.max_connections(connections).acquire_timeout(Duration::from_secs(5)).sqlx_logging(false);
    // That a call waited would say when it came: sqlx tells it by itself.
    options.map_sqlx_sqlite_pool_opts(|opts| opts.acquire_slow_threshold(NEVER_SLOW));
    options.map_sqlx_sqlite_opts(|opts| {
        use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
        opts.create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .pragma("secure_delete", "ON")
    });
    options
}

fn postgres(connection: &Connection) -> ConnectOptions {
    let mut options = ConnectOptions::new(&connection.url);
    options
        .max_connections(connection.pool)
        .acquire_timeout(Duration::from_secs(2))
        .test_before_acquire_if_idle_for(Duration::from_secs(30))
        .sqlx_logging(false);
    options.map_sqlx_postgres_pool_opts(|opts| opts.acquire_slow_threshold(NEVER_SLOW));
    options.map_sqlx_postgres_opts(|opts| {
        opts.application_name("klankbord").options([
            ("statement_timeout", "5s"),
            ("lock_timeout", "2s"),
            ("idle_in_transaction_session_timeout", "10s"),
        ])
    });
    options
}
