//! A mail server of the test's own, from `tests/peers`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::peers::are_here;
use crate::tidy::root;

fn folder() -> PathBuf {
    root().join("tests/peers")
}

/// Whether Node.js and the mail server are here.
fn found() -> bool {
    let node = Command::new("node").arg("--version").output().is_ok_and(|output| output.status.success());
    let mut needed = ["smtp-server", "mailparser"].map(|name| folder().join("node_modules").join(name)).to_vec();
    if !node {
        needed.push(folder().join("node"));
    }
    are_here("a mail server, with Node.js", &needed)
}

/// A mail server of the test's own.
pub struct MailServer {
    child: Child,
    /// The port that it listens on.
    pub port: u16,
    lines: Arc<Mutex<Vec<Value>>>,
}

impl MailServer {
    /// Starts one on a free port; none without Node.js.
    pub fn start() -> Option<Self> {
        Self::start_with(&[])
    }

    /// The same, with arguments of `smtp.mjs`.
    pub fn start_with(arguments: &[&str]) -> Option<Self> {
        if !found() {
            return None;
        }
        let mut command = Command::new("node");
        command.arg("smtp.mjs").args(arguments).current_dir(folder());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let lines = Arc::new(Mutex::new(Vec::new()));
        let (said, kept) = (BufReader::new(child.stdout.take().unwrap()), lines.clone());
        std::thread::spawn(move || {
            for line in said.lines().map_while(Result::ok) {
                kept.lock().unwrap().push(serde_json::from_str(&line).unwrap());
            }
        });
        let mut server = Self { child, port: 0, lines };
        let deadline = Instant::now() + Duration::from_secs(30);
        while server.port == 0 {
            assert!(Instant::now() < deadline, "the mail server did not start");
            std::thread::sleep(Duration::from_millis(10));
            let port = server.lines.lock().unwrap().first().and_then(|line: &Value| line["port"].as_u64());
            server.port = port.map_or(0, |port| u16::try_from(port).unwrap());
        }
        Some(server)
    }

    /// The address by which the service knows it.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Waits until all that it said so far was read here.
    fn heard(&self) {
        static ASKED: AtomicU64 = AtomicU64::new(0);
        let this = ASKED.fetch_add(1, Ordering::Relaxed);
        writeln!(self.child.stdin.as_ref().unwrap(), "{this}").unwrap();
        let deadline = Instant::now() + Duration::from_secs(30);
        while !self.lines.lock().unwrap().iter().any(|line| line["asked"] == this) {
            assert!(Instant::now() < deadline, "the mail server doesn't answer");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Everything that it took so far.
    pub fn mails(&self) -> Vec<Value> {
        self.heard();
        self.lines.lock().unwrap().iter().filter(|line| line.get("subject").is_some()).cloned().collect()
    }

    /// How often it refused somebody.
    pub fn refusals(&self) -> usize {
        self.heard();
        self.lines.lock().unwrap().iter().filter(|line| line.get("refused").is_some()).count()
    }

    /// Waits until it has taken so many mails; the last one.
    pub async fn wait_for(&self, count: usize) -> Value {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let mails = self.mails();
            if mails.len() >= count {
                return mails[count - 1].clone();
            }
            assert!(Instant::now() < deadline, "{} mails came, not {count}", mails.len());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _status = self.child.wait();
    }
}

/// The token in a mail's link.
pub fn token_in(mail: &Value) -> String {
    let text = mail["text"].as_str().unwrap();
    let link = text.split_whitespace().find(|word| word.starts_with("https://app.example/#")).unwrap();
    link.split_once('=').unwrap().1.to_owned()
}
