//! A service of the test's own, in this process.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use klankbord_api::app::Clock;
use klankbord_api::config::{Limit, Limits, Log, LogFormat};
use klankbord_api::server::{self, Running};
use klankbord_api::{App, Config, telemetry};
use klankbord_persistence::Ids;
use uuid::Uuid;

use super::database::{connect, run};
use super::{Client, On, cluster};

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct StillClock(AtomicI64);

impl StillClock {
    /// Moves it on.
    pub fn advance(&self, by: TimeDelta) {
        self.0.fetch_add(by.num_seconds(), Ordering::SeqCst);
    }
}

impl Clock for StillClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.0.load(Ordering::SeqCst), 0).unwrap()
    }
}

/// Identifiers in a foreseeable row; version 7 in form.
#[derive(Debug, Default)]
pub struct CountedIds(AtomicU64);

impl Ids for CountedIds {
    fn next(&self, at: DateTime<Utc>) -> Uuid {
        let millis = u128::try_from(at.timestamp_millis()).unwrap();
        let count = u128::from(self.0.fetch_add(1, Ordering::SeqCst));
        Uuid::from_u128(millis << 80 | 0x7 << 76 | 0x8 << 60 | count)
    }

    fn of_day(&self, day: NaiveDate) -> Uuid {
        self.next(day.and_time(NaiveTime::MIN).and_utc())
    }
}

/// The file of a database on SQLite.
const DATABASE: &str = "test.db";

/// The levels at which services of this process write their log, to standard output; unset,
/// they write none.
pub const LOG: &str = "KLANKBORD_TEST_LOG_FILTER";

#[expect(clippy::disallowed_methods, reason = "a switch of the tests, not of the program")]
fn log_filter() -> Option<String> {
    std::env::var(LOG).ok()
}

/// The configuration of a service that keeps everything in this folder.
fn configuration(folder: &tempfile::TempDir) -> Config {
    let mut config = Config::defaults().unwrap();
    config.server.port = 0;
    config.time.tick_seconds = 3600;
    config.audit.link_seconds = 3600;
    config.keys.dir = folder.path().join("keys");
    config.database.pool = 4;
    config.database.url = format!("sqlite:{}", folder.path().join(DATABASE).display());
    // Nothing but a test of limits asks so much.
    let generous = Limit { per_minute: 1_000_000, burst: 1_000_000 };
    config.limits = Limits { enabled: true, address: generous, caller: generous, sign_in: generous, codes: generous };
    config
}

/// A running service with what the test needs of it.
pub struct Service {
    /// Where it listens.
    pub base: String,
    /// The clock.
    pub clock: Arc<StillClock>,
    /// The database it runs on.
    pub on: On,
    /// Runs until the test ends.
    pub running: Running,
    ids: Arc<CountedIds>,
    folder: tempfile::TempDir,
}

impl Service {
    /// Starts one on an empty database, on 2026-11-23 at nine; none without PostgreSQL.
    pub async fn start(on: On) -> Option<Self> {
        Self::start_with(on, |_| ()).await
    }

    /// The same, and it knows how others reach it: they look it up by that.
    pub async fn start_public(on: On) -> Option<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let public = |config: &mut Config| {
            config.server.port = port;
            config.server.public_url = format!("http://127.0.0.1:{port}");
        };
        Self::start_with(on, public).await
    }

    /// Starts one that is configured otherwise.
    pub async fn start_with(on: On, otherwise: impl FnOnce(&mut Config)) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut config = configuration(&folder);
        if on == On::Postgres {
            config.database.url = cluster::new_database()?;
        }
        otherwise(&mut config);
        let clock = Arc::new(StillClock(AtomicI64::new(1_795_424_400)));
        Some(Self::run(config, on, clock, (Arc::default(), folder)).await)
    }

    async fn run(config: Config, on: On, clock: Arc<StillClock>, kept: (Arc<CountedIds>, tempfile::TempDir)) -> Self {
        let (ids, folder) = kept;
        if let Some(filter) = log_filter() {
            telemetry::start_log(&Log { format: LogFormat::Json, filter });
        }
        let app = App::build(config, clock.clone(), ids.clone()).await.unwrap();
        let running = server::start(app).unwrap();
        let base = format!("http://{}", running.address);
        Self { base, clock, on, running, ids, folder }
    }

    /// Another service, on a copy of this one's SQLite database and with its keys: it
    /// knows the same callers, and what happens there leaves this one as it is.
    pub async fn copied(&self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = configuration(&folder);
        let copy = format!("VACUUM INTO '{}'", folder.path().join(DATABASE).display());
        let database = connect(&self.running.app.config.database.url).await;
        run(&database, &copy).await;
        database.close().await.unwrap();
        std::fs::create_dir(&config.keys.dir).unwrap();
        for entry in std::fs::read_dir(&self.running.app.config.keys.dir).unwrap().flatten() {
            std::fs::copy(entry.path(), config.keys.dir.join(entry.file_name())).unwrap();
        }
        Self::run(config, self.on, self.clock.clone(), (self.ids.clone(), folder)).await
    }

    /// The folder with its keys and, on SQLite, its database.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// A caller without a token.
    pub fn nobody(&self) -> Client {
        Client::new(&self.base, None)
    }

    /// A caller without a token, from another address of this machine.
    pub fn nobody_from(&self, last: u8) -> Client {
        Client::from(&self.base, std::net::Ipv4Addr::new(127, 0, 0, last))
    }

    /// A caller with this bearer token.
    pub fn bearer(&self, token: &str) -> Client {
        Client::new(&self.base, Some(token))
    }

    /// Does the work that time asks for, as its rounds do.
    pub async fn round(&self) {
        self.running.app.round().await.unwrap();
    }
}
