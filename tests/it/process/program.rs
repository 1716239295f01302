//! The program as a process of its own.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{Client, On, cluster};

/// The program, about to be run.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_klankbord-under-test"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KLANKBORD_")) {
        command.env_remove(name);
    }
    command
}

/// Where a service keeps its things between its lives.
pub struct Home {
    /// The folder with its keys and, on SQLite, its database.
    pub folder: tempfile::TempDir,
    /// The database's address.
    pub url: String,
}

impl Home {
    /// A new, empty home; none without PostgreSQL.
    pub fn new(on: On) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let url = match on {
            On::Sqlite => format!("sqlite:{}", folder.path().join("data/klankbord.db").display()),
            On::Postgres => cluster::new_database()?,
        };
        Some(Self { folder, url })
    }

    /// The program with this home.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program();
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("KLANKBORD_DATABASE__URL", &self.url)
            .env("KLANKBORD_KEYS__DIR", self.folder.path().join("keys"))
            .env("KLANKBORD_SERVER__PORT", "0")
            .env("KLANKBORD_LOG__FORMAT", "json")
            .env("KLANKBORD_LIMITS__ENABLED", "false")
            // A long proof outlives the token that it began with.
            .env("KLANKBORD_SIGN_IN__ACCESS_TOKEN_MINUTES", "480")
            .env("KLANKBORD_LOG__FILTER", "info,klankbord_api=debug");
        command
    }

    /// Starts the service and waits until it listens.
    pub fn serve(&self) -> Served {
        Served::start(self.command(&["serve"]))
    }
}

/// A service that runs as a process of its own.
pub struct Served {
    /// The process.
    pub child: Child,
    /// Where it listens.
    pub base: String,
    /// Its log so far.
    pub log: Arc<Mutex<Vec<String>>>,
    /// What it said on standard error so far.
    pub errors: Arc<Mutex<String>>,
}

impl Served {
    /// Starts a command that serves.
    pub fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (log, errors) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(String::new())));
        let (lines, kept) = (BufReader::new(child.stdout.take().unwrap()), log.clone());
        std::thread::spawn(move || {
            lines.lines().map_while(Result::ok).for_each(|line| kept.lock().unwrap().push(line));
        });
        let (mut said, kept) = (child.stderr.take().unwrap(), errors.clone());
        std::thread::spawn(move || {
            let mut piece = [0_u8; 512];
            while let Ok(count @ 1..) = said.read(&mut piece) {
                kept.lock().unwrap().push_str(&String::from_utf8_lossy(&piece[..count]));
            }
        });
        let mut served = Self { child, base: String::new(), log, errors };
        served.base = served.wait_for_address();
        served
    }

    fn wait_for_address(&mut self) -> String {
        let deadline = Instant::now() + Duration::from_mins(1);
        while Instant::now() < deadline {
            let log = self.log.lock().unwrap().clone();
            let address = log.iter().find_map(|line| {
                let event: serde_json::Value = serde_json::from_str(line).ok()?;
                event["address"].as_str().map(str::to_owned)
            });
            if let Some(address) = address {
                return format!("http://{address}");
            }
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none(), "the service ended: {ended:?} {}", self.errors.lock().unwrap());
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("the service did not start: {:?}", self.log.lock().unwrap());
    }

    /// The admin, signed in with the one-time code of the first start.
    pub async fn admin(&self) -> (Client, String) {
        let mut said = String::new();
        // What it writes comes in pieces: the line is whole when it has ended.
        for _ in 0..500 {
            said.clone_from(&self.errors.lock().unwrap());
            if said.ends_with('\n') {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let code = said.trim().rsplit(' ').next().unwrap().to_owned();
        let session = Client::new(&self.base, Some(&code)).post("/v1/code-sessions", json!(null)).await.expect(201);
        let token = session.body["accessToken"].as_str().unwrap().to_owned();
        (Client::new(&self.base, Some(&token)), token)
    }

    /// Sends a signal, as `kill` does.
    pub fn signal(&self, signal: &str) {
        let sent = Command::new("kill").arg(signal).arg(self.child.id().to_string()).status().unwrap();
        assert!(sent.success());
    }

    /// Waits for the end; its exit code.
    pub fn wait(&mut self, at_most: Duration) -> Option<i32> {
        let deadline = Instant::now() + at_most;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the service did not end within {at_most:?}");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _status = self.child.wait();
    }
}

/// Whether a folder holds a file whose bytes contain this text.
pub fn holds(folder: &Path, text: &str) -> bool {
    hold_any(folder, &[text.as_bytes()])
}

/// Whether a folder holds a file that contains one of these, all of one length.
pub fn hold_any(folder: &Path, parts: &[&[u8]]) -> bool {
    let wanted: std::collections::HashSet<&[u8]> = parts.iter().copied().collect();
    let length = parts.first().map_or(1, |part| part.len());
    let entries = std::fs::read_dir(folder).unwrap().flatten();
    entries.map(|entry| entry.path()).any(|path| {
        if path.is_dir() {
            return hold_any(&path, parts);
        }
        let bytes = std::fs::read(&path).unwrap_or_default();
        bytes.windows(length).any(|part| wanted.contains(part))
    })
}
