//! Configuration: one value, built from the defaults, a file and the
//! environment, and checked before anything starts.

use std::path::{Path, PathBuf};

use config::{Environment, File, FileFormat};
use serde::Deserialize;
use validator::Validate;

/// Everything that can be configured.
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the service listens.
    #[validate(nested)]
    pub server: Server,
    /// Where it keeps what it is told.
    #[validate(nested)]
    pub database: Database,
    /// Where its keys are.
    pub keys: KeysAt,
    /// What it writes about itself.
    pub log: Log,
    /// Days and rounds.
    #[validate(nested)]
    pub time: Time,
    /// How long signing in lasts.
    #[validate(nested)]
    pub sign_in: SignIn,
}

/// Where the service listens.
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// The address; loopback unless a proxy on another machine stands before it.
    pub address: std::net::IpAddr,
    /// The port; 0 takes a free one.
    pub port: u16,
    /// How the outside reaches it.
    #[validate(url)]
    pub public_url: String,
}

/// Where the service keeps what it is told.
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// `sqlite:…` or `postgres://…`.
    #[validate(custom(function = is_database_url))]
    pub url: String,
    /// Connections at once.
    #[validate(range(min = 1, max = 200))]
    pub pool: u32,
    /// Bring the schema up to date at start.
    pub migrate: bool,
}

/// Where the keys are.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeysAt {
    /// The folder, mode 0700.
    pub dir: PathBuf,
}

/// The form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For people.
    Text,
}

/// What the service writes about itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// The form.
    pub format: LogFormat,
    /// The levels.
    pub filter: String,
}

/// Days and rounds.
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Time {
    /// The zone in which a day ends at 24:00.
    pub zone: chrono_tz::Tz,
    /// Seconds between two rounds of work.
    #[validate(range(min = 1, max = 3600))]
    pub tick_seconds: u64,
}

/// How long signing in lasts.
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// An access token's life, in minutes.
    #[validate(range(min = 1, max = 480))]
    pub access_token_minutes: i64,
    /// A session's life, in days.
    #[validate(range(min = 1, max = 365))]
    pub session_days: i64,
    /// A one-time code's life, in minutes.
    #[validate(range(min = 1, max = 1440))]
    pub code_minutes: i64,
    /// Who needs a second factor.
    pub second_factor: SecondFactorFor,
    /// A file with the SHA-1 of passwords that leaked, sorted, one a line.
    pub breached_passwords: Option<PathBuf>,
}

/// Who needs a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SecondFactorFor {
    /// Who chooses to.
    Optional,
    /// Everybody, for the roles that were granted to them.
    Staff,
}

impl SignIn {
    /// Whether granted roles hold only where a second factor was shown.
    pub fn raised_only(&self) -> bool {
        self.second_factor == SecondFactorFor::Staff
    }
}

/// The environment's variables that name a key: two underscores stand for the dot.
fn ours() -> std::collections::HashMap<String, String> {
    std::env::vars().filter(|(name, _)| name.starts_with("KLANKBORD_") && name.contains("__")).collect()
}

fn is_database_url(url: &str) -> Result<(), validator::ValidationError> {
    let known = ["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
    if known { Ok(()) } else { Err(validator::ValidationError::new("not sqlite: or postgres://")) }
}

/// Why a configuration can't be used; it names the key.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A source can't be read, or a value has the wrong form.
    #[error("configuration: {0}")]
    Unreadable(#[from] config::ConfigError),
    /// A value is out of its limits.
    #[error("configuration: {0}")]
    Invalid(#[from] validator::ValidationErrors),
}

impl Config {
    /// Reads the defaults, then the file (`klankbord.toml` here when none is
    /// named), then the environment.
    ///
    /// # Errors
    /// When a key is unknown, missing, or out of its limits.
    pub fn read(file: Option<&Path>) -> Result<Self, ConfigError> {
        let defaults = File::from_str(include_str!("config.toml"), FileFormat::Toml);
        let file = match file {
            Some(path) => File::from(path).required(true),
            None => File::with_name("klankbord").required(false),
        };
        let environment = Environment::with_prefix("KLANKBORD").prefix_separator("_").separator("__").try_parsing(true);
        let environment = environment.source(Some(ours()));
        let sources = config::Config::builder().add_source(defaults).add_source(file).add_source(environment);
        let config: Self = sources.build()?.try_deserialize()?;
        config.validate()?;
        Ok(config)
    }

    /// The defaults alone.
    ///
    /// # Errors
    /// Never, as long as the embedded file is sound; a test holds that.
    pub fn defaults() -> Result<Self, ConfigError> {
        let defaults = File::from_str(include_str!("config.toml"), FileFormat::Toml);
        let config: Self = config::Config::builder().add_source(defaults).build()?.try_deserialize()?;
        config.validate()?;
        Ok(config)
    }
}
