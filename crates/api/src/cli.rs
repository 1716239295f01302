//! The command line of `klankbord`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand, ValueEnum};
use klankbord_domain::access::Role;
use klankbord_persistence::Progress;
use tracing::instrument::WithSubscriber as _;
use tracing::subscriber::NoSubscriber;
use uuid::Uuid;

use crate::access::by_hand::NewByHand;
use crate::app::{App, SystemClock, SystemIds};
use crate::config::Config;
use crate::demo::{self, DemoRole};
use crate::web::Problem;
use crate::{server, telemetry, web};

/// The open API for client participation.
#[derive(Debug, Parser)]
#[command(name = "klankbord", version)]
pub struct Command {
    /// The configuration's file; `klankbord.toml` here when it isn't named.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Run the service.
    Serve {
        /// Load the demo first: five programmes with made-up people. Only on a
        /// loopback address and a database of its own.
        #[arg(long)]
        demo: bool,
    },
    /// Bring the database's schema up to date.
    Migrate,
    /// Print the OpenAPI document; needs no database and no configuration.
    Openapi,
    /// Load the demo, or call as somebody in it.
    Demo {
        #[command(subcommand)]
        task: Option<DemoTask>,
    },
    /// Accounts of people who sign in.
    Account {
        #[command(subcommand)]
        task: AccountTask,
    },
    /// Look at the audit trail.
    Audit {
        #[command(subcommand)]
        task: AuditTask,
    },
    /// The keys outside the database.
    Keys {
        #[command(subcommand)]
        task: KeysTask,
    },
    /// Look at the configuration.
    Config {
        #[command(subcommand)]
        task: ConfigTask,
    },
}

#[derive(Debug, Subcommand)]
enum DemoTask {
    /// Print a bearer token of a demo account, good for eight hours.
    Token {
        /// Which one: admin, manager, officer, coordinator, facilitator, chair,
        /// participant, member, partner, outsider, …
        role: DemoRole,
    },
}

#[derive(Debug, Subcommand)]
enum AuditTask {
    /// Verify every row, every link and the heads file; say what isn't as it was
    /// written. Ends with status 1 when there is anything.
    Verify,
}

#[derive(Debug, Subcommand)]
enum KeysTask {
    /// Put a new key in the place of the old one, rewrite what is sealed under
    /// that, and destroy it. The service may run meanwhile. Broken off, run it again.
    Rotate {
        /// Which one.
        key: RotatedKey,
    },
}

/// The keys that can be rotated.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum RotatedKey {
    /// That of contact details and e-mail addresses.
    Contact,
}

#[derive(Debug, Subcommand)]
enum ConfigTask {
    /// Read and check it, and say what holds.
    Check,
}

#[derive(Debug, Subcommand)]
enum AccountTask {
    /// Make an account and print a one-time code to sign in with. With a role it
    /// holds that from the start.
    Create {
        /// The e-mail address.
        #[arg(long)]
        email: String,
        /// The name it goes by.
        #[arg(long)]
        name: String,
        /// `admin`, or `manager`, `officer`, `safeguarding_officer` of an organisation.
        #[arg(long)]
        role: Option<Role>,
        /// The organisation's id, for a role in one.
        #[arg(long)]
        organisation: Option<Uuid>,
    },
}

/// What ends a command early, for people.
type Trouble = Box<dyn std::error::Error + Send + Sync>;

/// Reads the command line and carries the command out.
pub async fn from_arguments() -> ExitCode {
    run(Command::parse()).await
}

/// Carries a command out.
pub async fn run(command: Command) -> ExitCode {
    match carry_out(command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            // A problem is made for callers; who runs the program is told its cause as well.
            match trouble.downcast_ref::<Problem>().and_then(Problem::cause) {
                Some(cause) => eprintln!("klankbord: {trouble}: {cause}"),
                None => eprintln!("klankbord: {trouble}"),
            }
            ExitCode::FAILURE
        }
    }
}

async fn carry_out(Command { config, task }: Command) -> Result<(), Trouble> {
    if matches!(task, Task::Openapi) {
        return Ok(print(&web::document::text())?);
    }
    let config = Config::read(config.as_deref())?;
    match task {
        Task::Openapi => Ok(()),
        Task::Serve { demo } => serve(config, demo).await,
        Task::Demo { task: None } => load_demo(config).await,
        Task::Demo { task: Some(DemoTask::Token { role }) } => demo_token(config, &role).await,
        Task::Migrate => migrate(config).await,
        Task::Account { task: AccountTask::Create { email, name, role, organisation } } => {
            let app = App::build(config, Arc::new(SystemClock), Arc::new(SystemIds)).await?;
            let code = app.account_by_hand(NewByHand { email, name, role, organisation }).await?;
            // To the terminal of whoever asked, never to the log.
            eprintln!("Sign in with this one-time code: {code}");
            Ok(())
        }
        Task::Config { task: ConfigTask::Check } => {
            let holds = config.to_lines();
            Ok(print(&format!("The configuration is sound. This holds:\n{holds}"))?)
        }
        Task::Audit { task: AuditTask::Verify } => verify_audit(config).await,
        Task::Keys { task: KeysTask::Rotate { key: RotatedKey::Contact } } => rotate_contact_key(config).await,
    }
}

async fn serve(config: Config, demo: bool) -> Result<(), Trouble> {
    telemetry::start_log(&config.log);
    if demo {
        // Before a key is made or a table.
        demo::may_listen(&config.server)?;
    }
    let app = App::build(config, Arc::new(SystemClock), Arc::new(SystemIds)).await?;
    if demo {
        // The log is about who calls this service; nobody called these.
        let steps = app.load_demo().with_subscriber(NoSubscriber::default()).await?;
        tracing::info!(steps, "The demo is loaded");
    }
    if !app.store.is_current().await? {
        tracing::warn!("The schema is not up to date: run `klankbord migrate`, and start again for the first admin");
    } else if let Some(code) = app.first_admin().await? {
        // To the terminal of whoever starts it, never to the log.
        eprintln!("First start: sign in as admin with this one-time code: {code}");
    }
    let running = server::start(app)?;
    tracing::info!(address = %running.address, "Klankbord listens");
    let store = running.app.store.clone();
    running.wait().await?;
    store.close().await?;
    tracing::info!("Klankbord has stopped");
    Ok(())
}

async fn load_demo(config: Config) -> Result<(), Trouble> {
    let app = App::build(config, Arc::new(SystemClock), Arc::new(SystemIds)).await?;
    let steps = app.load_demo().await?;
    Ok(print(&format!("The demo is loaded: {steps} steps now.\n"))?)
}

async fn demo_token(config: Config, role: &DemoRole) -> Result<(), Trouble> {
    let app = App::build(config, Arc::new(SystemClock), Arc::new(SystemIds)).await?;
    let token = app.demo_token(role).await?;
    Ok(print(&format!("{token}\n"))?)
}

async fn migrate(mut config: Config) -> Result<(), Trouble> {
    config.database.migrate = true;
    App::build(config, Arc::new(SystemClock), Arc::new(SystemIds)).await?;
    Ok(print("The schema is up to date.\n")?)
}

async fn verify_audit(mut config: Config) -> Result<(), Trouble> {
    // Looking changes nothing, the schema neither.
    config.database.migrate = false;
    let app = App::build(config, Arc::new(SystemClock), Arc::new(SystemIds)).await?;
    let begun = std::time::Instant::now();
    let found = app.store.verify_audit().await?;
    let millis = begun.elapsed().as_millis().max(1);
    for finding in &found.findings {
        print(&format!("{finding}\n"))?;
    }
    let (rows, chains, waiting) = (found.rows, found.chains, found.waiting);
    let speed = u128::from(rows) * 1000 / millis;
    print(&format!("{rows} rows in {chains} chains, {waiting} not linked yet: {speed} rows a second.\n"))?;
    match found.findings.len() {
        0 => Ok(print("Everything is as it was written.\n")?),
        count => Err(format!("the audit trail is not as it was written: {count} findings").into()),
    }
}

async fn rotate_contact_key(mut config: Config) -> Result<(), Trouble> {
    config.database.migrate = false;
    let app = App::build(config, Arc::new(SystemClock), Arc::new(SystemIds)).await?;
    if !app.store.is_current().await? {
        return Err("the schema is not up to date: run `klankbord migrate` first".into());
    }
    let tell = |progress| {
        let line = match progress {
            Progress::InUse(number) => format!("Key {number} is in use.\n"),
            Progress::Rewritten(rows) => format!("{rows} rows rewritten.\n"),
            Progress::Destroyed(number) => format!("Key {number} is destroyed.\n"),
        };
        // Whoever looks on may have gone; the rotation goes on.
        drop(print(&line));
    };
    Ok(app.store.rotate_contact_key(tell).await?)
}

fn print(text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    std::io::stdout().lock().write_all(text.as_bytes())
}
