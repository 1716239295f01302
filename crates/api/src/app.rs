//! The application: everything that a request needs, in one value.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveTime, SubsecRound as _, Utc};
use klankbord_persistence::{Connection, Failure, Ids, KeyFolder, Keys, Store};
use uuid::{NoContext, Timestamp, Uuid};

use crate::access::oidc::Issuers;
use crate::access::password::Passwords;
use crate::access::tries::Tries;
use crate::config::Config;
use crate::mail::post::Post;
use crate::tokens::Tokens;
use crate::web::contract::Contract;
use crate::web::limits::Limits;

/// Where the time comes from. Instants are whole seconds: the wire shows no
/// finer, and nothing finer should be kept about people.
pub trait Clock: Send + Sync + 'static {
    /// The present instant, in whole seconds.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place where time comes in")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(0)
    }
}

/// Identifiers from the machine's clock and randomness.
#[derive(Debug, Clone, Copy)]
pub struct SystemIds;

impl Ids for SystemIds {
    #[expect(clippy::disallowed_methods, reason = "this is the one place where identifiers come in")]
    fn next(&self, _at: DateTime<Utc>) -> Uuid {
        Uuid::now_v7()
    }

    fn of_day(&self, day: NaiveDate) -> Uuid {
        let began = u64::try_from(day.and_time(NaiveTime::MIN).and_utc().timestamp()).unwrap_or_default();
        Uuid::new_v7(Timestamp::from_unix(NoContext, began, 0))
    }
}

/// Everything that a request needs.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub store: Store,
    /// The configuration.
    pub config: Arc<Config>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The source of identifiers.
    pub ids: Arc<dyn Ids>,
    /// Makes and checks access tokens.
    pub(crate) tokens: Arc<Tokens>,
    /// Checks those of other issuers.
    pub(crate) issuers: Arc<Issuers>,
    /// Hashes and checks passwords.
    pub(crate) passwords: Arc<Passwords>,
    /// Counts tries to sign in.
    pub(crate) tries: Arc<Tries>,
    /// Where mails go out.
    pub(crate) post: Arc<Post>,
    /// What is published, and so enforced.
    pub(crate) contract: Arc<Contract>,
    /// Who asked how much lately; none when nothing is limited.
    pub(crate) limits: Arc<Option<Limits>>,
}

/// Why the application can't be put together.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The key folder can't be used.
    #[error("keys.dir {0}: {1}")]
    Keys(String, std::io::Error),
    /// Keys are missing, but the database is not empty: its own are elsewhere.
    #[error("keys.dir {0} lacks {1}, but the database is not empty: put its keys there, or what it holds stays sealed")]
    KeysMissing(String, String),
    /// The database can't be used.
    #[error("database.url: {0}")]
    Database(#[from] Failure),
    /// The file with leaked passwords can't be read, or passwords can't be hashed.
    #[error("sign_in.breached_passwords: {0}")]
    Passwords(std::io::Error),
    /// Mail can't go out as it is configured.
    #[error("{0}")]
    Mail(&'static str),
    /// The published document is unsound.
    #[error("document: {0}")]
    Document(String),
    /// The service can't listen there.
    #[error("server.address, server.port: {0}")]
    Listen(std::io::Error),
}

impl App {
    /// Opens keys and database and puts the application together.
    ///
    /// # Errors
    /// When a part can't be used; the message names the key of the configuration.
    pub async fn build(config: Config, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Result<Self, BuildError> {
        let at = config.keys.dir.display().to_string();
        let in_folder = |error| BuildError::Keys(at.clone(), error);
        let folder = KeyFolder::open(&config.keys.dir).map_err(in_folder)?;
        let connection = Connection { url: config.database.url.clone(), pool: config.database.pool };
        if !folder.missing().is_empty() && !Store::is_empty(&connection).await? {
            // Asked again: a replica that starts at the same time makes its keys before its first row.
            let missing = folder.missing();
            if !missing.is_empty() {
                return Err(BuildError::KeysMissing(at, missing.join(", ")));
            }
        }
        let keys = Keys::load(&folder).map_err(in_folder)?;
        let tokens = Tokens::load(&folder, &config).map_err(in_folder)?;
        let store = Store::connect(&connection, keys).await?;
        if config.database.migrate {
            store.migrate().await?;
        }
        contact_key_is_here(&store, (&folder, &connection), &at).await?;
        let passwords = Passwords::new(&config.sign_in).map_err(BuildError::Passwords)?;
        let post = Post::open(&config).map_err(BuildError::Mail)?;
        let contract = Contract::published().map_err(BuildError::Document)?;
        let limits = Limits::of(&config.limits);
        let issuers = Issuers::of(&config.oidc);
        let app = Self {
            store,
            config: Arc::new(config),
            clock,
            ids,
            tokens: Arc::new(tokens),
            issuers: Arc::new(issuers),
            passwords: Arc::new(passwords),
            tries: Arc::new(Tries::default()),
            post: Arc::new(post),
            contract: Arc::new(contract),
            limits: Arc::new(limits),
        };
        Ok(app)
    }

    /// The present instant.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}

/// The database says which contact key is in use. Beside one that holds nobody
/// it may be made; else what is sealed under it could never be read.
async fn contact_key_is_here(
    store: &Store,
    (folder, connection): (&KeyFolder, &Connection),
    at: &str,
) -> Result<(), BuildError> {
    if !store.is_current().await? {
        return Ok(());
    }
    let Some(name) = store.missing_contact_key().await? else { return Ok(()) };
    if !Store::is_empty(connection).await? {
        return Err(BuildError::KeysMissing(at.to_owned(), format!("{name}.key")));
    }
    folder.secret(&name).map(drop).map_err(|error| BuildError::Keys(at.to_owned(), error))
}
