//! Configuration: one value, built from the defaults, a file and the
//! environment, and checked before anything starts.

use std::path::{Path, PathBuf};

use config::{Environment, File, FileFormat};
use ipnet::IpNet;
use serde::Deserialize;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;
use validator::{Validate, ValidationError, ValidationErrors, ValidationErrorsKind};

use crate::access::oidc::settings::Oidc;
pub use crate::access::oidc::settings::{Issuer, LinkRule, TokenType};
use crate::access::settings::{Audit, Machines};
pub use crate::access::settings::{SecondFactorFor, SignIn};
use crate::compensation::settings::Compensation;
use crate::consultations::settings::{Asking, Burden, ReportBacks};
pub use crate::edge::{Cors, Limit, Limits};
use crate::mail::settings::{Links, Mail};
use crate::participants::settings::Invitations;
use crate::privacy::settings::{Ages, Retention};

/// The file that is read when none is named, in the working directory.
const FILE: &str = "klankbord.toml";

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
    #[validate(nested)]
    pub log: Log,
    /// Days and rounds.
    #[validate(nested)]
    pub time: Time,
    /// How long signing in lasts.
    #[validate(nested)]
    pub sign_in: SignIn,
    /// How long machines' tokens hold.
    #[validate(nested)]
    pub machines: Machines,
    /// Whose tokens count here, beside our own.
    #[validate(nested)]
    pub oidc: Oidc,
    /// How much may be asked.
    #[validate(nested)]
    pub limits: Limits,
    /// Which pages of other origins may read the answers.
    #[validate(nested)]
    pub cors: Cors,
    /// How the audit trail is kept.
    #[validate(nested)]
    pub audit: Audit,
    /// How mail goes out.
    #[validate(nested)]
    pub mail: Mail,
    /// Where links in mails lead.
    #[validate(nested)]
    pub links: Links,
    /// Ages that law hangs on.
    #[validate(nested)]
    pub age: Ages,
    /// How long people are kept who no longer take part.
    #[validate(nested)]
    pub retention: Retention,
    /// How people are invited to networks, and reminded.
    #[validate(nested)]
    pub invitations: Invitations,
    /// How often people may be asked.
    #[validate(nested)]
    pub burden: Burden,
    /// What is done for people to hear back in time.
    #[validate(nested)]
    pub report_backs: ReportBacks,
    /// Until when people are asked to answer, and how they are reminded.
    #[validate(nested)]
    pub asking: Asking,
    /// Money for who takes part.
    #[validate(nested)]
    pub compensation: Compensation,
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
    /// The proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Whom to tell of a weakness, in `security.txt`.
    #[validate(custom(function = crate::edge::is_contact))]
    pub security_contact: String,
    /// The page that says how weaknesses are dealt with.
    #[validate(url)]
    pub security_policy: Option<String>,
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
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// The form.
    pub format: LogFormat,
    /// The levels.
    #[validate(custom(function = is_filter))]
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

/// The environment's variables that name a key: two underscores stand for the dot.
fn ours() -> std::collections::HashMap<String, String> {
    std::env::vars().filter(|(name, _)| name.starts_with("KLANKBORD_") && name.contains("__")).collect()
}

fn is_database_url(url: &str) -> Result<(), ValidationError> {
    let known = ["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
    if known { Ok(()) } else { Err(ValidationError::new("not sqlite: or postgres://")) }
}

/// Levels, alone or of a part of the program. A bare word that is no level would
/// be read as the name of a part, and silence all the others.
fn is_filter(filter: &str) -> Result<(), ValidationError> {
    let is_level = |part: &str| part.contains(['=', '[']) || part.parse::<LevelFilter>().is_ok();
    let plain = filter.contains('[') || filter.split(',').all(|part| is_level(part.trim()));
    let sound = plain && EnvFilter::try_new(filter).is_ok();
    if sound { Ok(()) } else { Err(ValidationError::new("not levels, as in info,klankbord_api=debug")) }
}

/// What is wrong, by key and rule. Never the value: it may be an address with a password in it.
fn faults(errors: &ValidationErrors) -> Vec<String> {
    let mut found = Vec::new();
    for (name, kind) in errors.errors() {
        match kind {
            ValidationErrorsKind::Struct(inner) => {
                found.extend(faults(inner).into_iter().map(|fault| format!("{name}.{fault}")));
            }
            ValidationErrorsKind::List(inner) => {
                found.extend(inner.values().flat_map(|inner| faults(inner)).map(|fault| format!("{name}.{fault}")));
            }
            ValidationErrorsKind::Field(broken) => {
                found.extend(broken.iter().map(|one| format!("{name}: {}", rule(one))));
            }
        }
    }
    found.sort();
    found
}

fn rule(broken: &ValidationError) -> String {
    let limits = ["min", "max"].into_iter().filter_map(|name| Some(format!("{name} {}", broken.params.get(name)?)));
    std::iter::once(broken.code.to_string()).chain(limits).collect::<Vec<_>>().join(", ")
}

/// An address for people to read: who it is of, and the query, may hold a password.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let rest = rest.split('?').next().unwrap_or_default();
    match rest.rsplit_once('@') {
        Some((_, at)) => format!("{scheme}://…@{at}"),
        None => format!("{scheme}://{rest}"),
    }
}

/// What can't be read, without the line that it stands in.
fn without_source(error: &config::ConfigError) -> String {
    match error {
        config::ConfigError::FileParse { uri, cause } => {
            let file = uri.as_deref().unwrap_or("the file");
            format!("{file}: {}", cause.to_string().lines().next().unwrap_or_default())
        }
        other => other.to_string(),
    }
}

/// Why a configuration can't be used; it names the key.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A source can't be read, or a value has the wrong form.
    #[error("configuration: {}", without_source(.0))]
    Unreadable(#[from] config::ConfigError),
    /// A value is out of its limits.
    #[error("configuration: {}", faults(.0).join("; "))]
    Invalid(#[from] ValidationErrors),
    /// A key is missing that another one needs.
    #[error("configuration: {0}")]
    Incomplete(&'static str),
    /// An issuer can't be trusted as it is configured.
    #[error("configuration: oidc.{0}: {1}")]
    Issuer(String, &'static str),
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
            // By its whole name: `klankbord` alone is the program itself, where that lies beside it.
            None => File::from(Path::new(FILE)).required(Path::new(FILE).exists()),
        };
        let environment = Environment::with_prefix("KLANKBORD").prefix_separator("_").separator("__").try_parsing(true);
        let lists = ["server.trusted_proxies", "cors.origins"];
        let environment = environment.source(Some(ours())).list_separator(",");
        let environment = lists.into_iter().fold(environment, Environment::with_list_parse_key);
        let sources = config::Config::builder().add_source(defaults).add_source(file).add_source(environment);
        let config: Self = sources.build()?.try_deserialize()?;
        config.validate()?;
        if let Some((name, why)) = config.oidc.fault(&config.server.public_url) {
            return Err(ConfigError::Issuer(name, why));
        }
        match config.mail.lacks(&config.links) {
            Some(key) => Err(ConfigError::Incomplete(key)),
            None => Ok(config),
        }
    }

    /// Every key with what holds for it; a password in an address is left out.
    pub fn to_lines(&self) -> String {
        let Self {
            server,
            database,
            keys,
            log,
            time,
            sign_in,
            machines,
            oidc,
            limits,
            cors,
            audit,
            mail,
            links,
            age,
            retention,
            invitations,
            burden,
            report_backs,
            asking,
            compensation,
        } = self;
        let format = match log.format {
            LogFormat::Json => "json",
            LogFormat::Text => "text",
        };
        let lines = [
            format!("server.address = {}", server.address),
            format!("server.port = {}", server.port),
            format!("server.public_url = {}", server.public_url),
            format!("server.trusted_proxies = {:?}", server.trusted_proxies),
            format!("server.security_contact = {}", server.security_contact),
            format!("server.security_policy = {}", server.security_policy.as_deref().unwrap_or_default()),
            format!("database.url = {}", without_password(&database.url)),
            format!("database.pool = {}", database.pool),
            format!("database.migrate = {}", database.migrate),
            format!("keys.dir = {}", keys.dir.display()),
            format!("log.format = {format}"),
            format!("log.filter = {}", log.filter),
            format!("time.zone = {}", time.zone),
            format!("time.tick_seconds = {}", time.tick_seconds),
            format!("machines.access_token_minutes = {}", machines.access_token_minutes),
            format!("cors.origins = {:?}", cors.origins),
            format!("audit.retention_years = {}", audit.retention_years),
            format!("audit.link_seconds = {}", audit.link_seconds),
            format!("mail.smtp_url = {}", without_password(&mail.smtp_url)),
            format!("mail.from = {}", mail.from),
            format!("mail.reply_to = {}", mail.reply_to.as_deref().unwrap_or_default()),
            format!("links.template = {}", links.template),
        ];
        let lines: Vec<String> = lines
            .into_iter()
            .chain(sign_in.to_lines())
            .chain(limits.to_lines())
            .chain(oidc.to_lines())
            .chain(age.to_lines())
            .chain(retention.to_lines())
            .chain(invitations.to_lines())
            .chain(burden.to_lines())
            .chain(report_backs.to_lines())
            .chain(asking.to_lines())
            .chain(compensation.to_lines())
            .collect();
        format!("  {}\n", lines.join("\n  "))
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
