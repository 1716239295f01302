//! A PostgreSQL cluster of the test run's own, from the programs found on the
//! machine, on a free port, as a user that isn't root, in a temporary folder.

use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
static NEXT: AtomicU32 = AtomicU32::new(1);

/// The cluster of this test run.
#[derive(Debug)]
pub struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
}

/// The address of a new, empty database; none without PostgreSQL's programs.
pub fn new_database() -> Option<String> {
    let cluster = cluster()?;
    let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    cluster.sql(&format!("CREATE DATABASE {name}"));
    Some(format!("postgres://klankbord@127.0.0.1:{}/{name}", cluster.port))
}

/// The cluster, started at its first use.
pub fn cluster() -> Option<&'static Cluster> {
    CLUSTER.get_or_init(start).as_ref()
}

fn start() -> Option<Cluster> {
    let Some(programs) = find_programs() else {
        let required = required();
        assert!(!required, "PostgreSQL's programs are required here, and were not found");
        return None;
    };
    let (sender, receiver) = std::sync::mpsc::channel();
    // The server dies with the thread that started it: one that lives as long as we do.
    std::thread::spawn(move || {
        let started = launch(programs);
        let child = started.1;
        sender.send(started.0).unwrap();
        let _kept = child;
        loop {
            std::thread::park();
        }
    });
    Some(receiver.recv().unwrap())
}

#[expect(clippy::disallowed_methods, reason = "a switch of the test run, not of the service")]
fn required() -> bool {
    std::env::var("KLANKBORD_TEST_REQUIRE_POSTGRES").is_ok_and(|value| value == "1")
}

fn find_programs() -> Option<PathBuf> {
    let config = Command::new("pg_config").arg("--bindir").output().ok();
    let told = config.map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    let debian = std::fs::read_dir("/usr/lib/postgresql").ok().into_iter().flatten().flatten();
    let debian = debian.map(|entry| entry.path().join("bin"));
    #[expect(clippy::disallowed_methods, reason = "where programs stand is the machine's to say")]
    let path = std::env::var("PATH").unwrap_or_default();
    let path: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let mut places = told.into_iter().chain(debian).chain(path);
    places.find(|place| place.join("initdb").exists() && place.join("postgres").exists())
}

fn launch(programs: PathBuf) -> (Cluster, std::process::Child) {
    let folder = tempfile::Builder::new().prefix("klankbord-pg-").tempdir().unwrap().keep();
    let user = unprivileged();
    if let Some(user) = &user {
        run(Command::new("chown").arg(user).arg(&folder));
    }
    remove_at_end(&folder);
    let data = folder.join("data");
    let mut initdb = as_user(user.as_deref(), &programs.join("initdb"));
    run(initdb.arg("-D").arg(&data).args(["-U", "klankbord", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"]));
    let port = free_port();
    let mut server = as_user(user.as_deref(), &programs.join("postgres"));
    server.arg("-D").arg(&data).args(["-p", &port.to_string(), "-h", "127.0.0.1", "-k"]).arg(&folder);
    for setting in ["fsync=off", "full_page_writes=off", "max_connections=400", "shared_buffers=128MB"] {
        server.args(["-c", setting]);
    }
    let child = server.current_dir("/").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let cluster = Cluster { programs, folder, port };
    cluster.wait_until_ready();
    (cluster, child)
}

/// A shell that outlives us: its input ends when we do, and then it removes the folder.
fn remove_at_end(folder: &Path) {
    let mut command = Command::new("sh");
    command.args(["-c", "cat >/dev/null; sleep 1; rm -rf -- \"$0\""]).arg(folder).process_group(0).current_dir("/");
    let child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    // Never dropped: the end of the pipe stays open for as long as we live.
    std::mem::forget(child);
}

/// The user to run as, when we are root: PostgreSQL refuses root.
fn unprivileged() -> Option<String> {
    let id = Command::new("id").arg("-u").output().unwrap();
    if String::from_utf8_lossy(&id.stdout).trim() != "0" {
        return None;
    }
    let exists = |user: &&str| Command::new("id").arg(user).output().is_ok_and(|output| output.status.success());
    ["postgres", "nobody"].into_iter().find(exists).map(str::to_owned)
}

/// A program as that user, ended when we end.
fn as_user(user: Option<&str>, program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    if let Some(user) = user {
        command.args(["--reuid", user, "--clear-groups"]);
    }
    command.args(["--pdeathsig", "KILL"]).arg(program).current_dir("/");
    command
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn free_port() -> u16 {
    std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

impl Cluster {
    fn wait_until_ready(&self) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while Instant::now() < deadline {
            let asked = self.client("pg_isready").args(["-d", "postgres"]).output();
            if asked.is_ok_and(|output| output.status.success()) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("PostgreSQL in {} did not start", self.folder.display());
    }

    fn client(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.args(["-h", "127.0.0.1", "-p", &self.port.to_string(), "-U", "klankbord"]).current_dir("/");
        command
    }

    /// Runs SQL in the cluster's own database.
    pub fn sql(&self, sql: &str) {
        run(self.client("psql").args(["-q", "-v", "ON_ERROR_STOP=1", "-d", "postgres", "-c", sql]));
    }

    /// What a backup of a database holds.
    pub fn dump(&self, url: &str) -> Vec<u8> {
        let name = url.rsplit('/').next().unwrap();
        let output = self.client("pg_dump").args(["-d", name]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }
}
