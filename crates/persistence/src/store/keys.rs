//! Keys live in a folder, one file each, never in the database: whoever holds a
//! copy of the database alone reads no contact detail and forges no audit row.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::ballots::BallotKeys;
use super::contact_keys::{ContactKeys, contact_key_name};

/// A secret of 32 bytes.
pub type Secret = Zeroizing<[u8; 32]>;

/// The folder that holds the keys (mode 0700).
#[derive(Debug, Clone)]
pub struct KeyFolder {
    path: PathBuf,
}

/// Keys that can't be made anew beside a database that holds something: what was
/// sealed, found by, or signed with the old ones would stay so.
const IRREPLACEABLE: [&str; 2] = ["lookup", "audit"];

impl KeyFolder {
    /// Opens the folder, and makes it when it is missing.
    ///
    /// # Errors
    /// When it can't be made or read.
    pub fn open(path: &Path) -> std::io::Result<Self> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(path)?;
        Ok(Self { path: path.to_owned() })
    }

    /// The files of those keys that a filled database can't do without, and that
    /// are not there now.
    pub fn missing(&self) -> Vec<String> {
        let files = IRREPLACEABLE.iter().map(|name| format!("{name}.key"));
        let mut missing: Vec<_> = files.filter(|file| !self.path.join(file).exists()).collect();
        if !self.has_contact_key() {
            missing.insert(0, format!("{}.key", contact_key_name(1)));
        }
        missing
    }

    /// Whether a contact key is here, of whichever number: which one is needed,
    /// the database knows.
    pub(crate) fn has_contact_key(&self) -> bool {
        let entries = fs::read_dir(&self.path).into_iter().flatten().flatten();
        let mut files = entries.map(|entry| PathBuf::from(entry.file_name()));
        files.any(|file| {
            let (name, kind) = (file.to_string_lossy(), file.extension());
            name.starts_with("contact.") && kind.is_some_and(|kind| kind == "key")
        })
    }

    /// The 32 bytes kept under this name; none when it isn't there. Never makes it.
    ///
    /// # Errors
    /// When the file can't be read, or does not hold 32 bytes.
    pub(crate) fn existing(&self, name: &str) -> std::io::Result<Option<Secret>> {
        match fs::read(self.path.join(format!("{name}.key"))) {
            Ok(bytes) => Ok(Some(of_32_bytes(name, &Zeroizing::new(bytes))?)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Removes a key for good: overwritten where it stands, then taken away. One that is
    /// gone already is fine.
    ///
    /// # Errors
    /// When the file can't be removed.
    pub(crate) fn destroy(&self, name: &str) -> std::io::Result<()> {
        let path = self.path.join(format!("{name}.key"));
        let gone = |error: &std::io::Error| error.kind() == std::io::ErrorKind::NotFound;
        match fs::OpenOptions::new().write(true).open(&path) {
            Ok(mut file) => {
                file.write_all(&[0; 32])?;
                file.sync_all()?;
            }
            Err(error) if gone(&error) => {}
            Err(error) => return Err(error),
        }
        match fs::remove_file(path) {
            Err(error) if !gone(&error) => Err(error),
            _ => fs::File::open(&self.path)?.sync_all(),
        }
    }

    /// The 32 bytes kept under this name; made at random the first time.
    ///
    /// # Errors
    /// When the file can't be read or written, or does not hold 32 bytes.
    pub fn secret(&self, name: &str) -> std::io::Result<Secret> {
        let kept = self.kept(&format!("{name}.key"), || {
            let mut bytes = Zeroizing::new(vec![0_u8; 32]);
            getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
            Ok(bytes)
        })?;
        of_32_bytes(name, &kept)
    }

    /// What is kept in this file; made by `make` the first time. Written whole
    /// or not at all, and on disk before it is used.
    ///
    /// # Errors
    /// When the file can't be read or written.
    pub fn kept(
        &self,
        file: &str,
        make: impl FnOnce() -> std::io::Result<Zeroizing<Vec<u8>>>,
    ) -> std::io::Result<Zeroizing<Vec<u8>>> {
        let path = self.path.join(file);
        match fs::read(&path) {
            Ok(bytes) => return Ok(Zeroizing::new(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let bytes = make()?;
        // A name that no other replica can have: in containers their process ids are all alike.
        let mut name = [0_u8; 8];
        getrandom::fill(&mut name).map_err(std::io::Error::other)?;
        let draft = self.path.join(format!("{file}.{:016x}.new", u64::from_be_bytes(name)));
        let mut handle = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
        handle.write_all(&bytes)?;
        handle.sync_all()?;
        // A replica that was a moment earlier wins: a link never overwrites.
        let placed = fs::hard_link(&draft, &path);
        fs::remove_file(&draft)?;
        fs::File::open(&self.path)?.sync_all()?;
        match placed {
            Ok(()) => Ok(bytes),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(Zeroizing::new(fs::read(&path)?)),
            Err(error) => Err(error),
        }
    }
}

fn of_32_bytes(name: &str, kept: &[u8]) -> std::io::Result<Secret> {
    let bytes: [u8; 32] =
        kept.try_into().map_err(|_| std::io::Error::other(format!("key {name} does not hold 32 bytes")))?;
    Ok(Zeroizing::new(bytes))
}

/// The keys that the store itself works with.
#[derive(Clone)]
pub struct Keys {
    /// Seal contact details and e-mail addresses.
    pub(crate) contact: ContactKeys,
    /// Makes the keyed hashes by which addresses are found.
    pub(crate) lookup: Secret,
    /// Signs audit rows.
    pub(crate) audit: Secret,
    /// Seals kept answers and fingerprints requests.
    pub(crate) idempotency: Secret,
    /// The file beside the keys that knows how far the audit trail's chains go.
    pub(crate) audit_heads: PathBuf,
    /// Makes the next refresh token from the one before.
    pub(crate) refresh: Secret,
    /// Seals the secrets of second factors.
    pub(crate) second_factor: Secret,
    /// Seals mails that wait.
    pub(crate) mail: Secret,
    /// Seals what stays of anonymous answers.
    pub(crate) sealed: Secret,
    /// One for the anonymous answers of each consultation, until they are sealed.
    pub(crate) ballots: BallotKeys,
}

impl Keys {
    /// Reads the keys, and makes those that are missing.
    ///
    /// # Errors
    /// When the folder can't be read or written.
    pub fn load(folder: &KeyFolder) -> std::io::Result<Self> {
        Ok(Self {
            contact: ContactKeys::of(folder)?,
            lookup: folder.secret("lookup")?,
            audit: folder.secret("audit")?,
            idempotency: folder.secret("idempotency")?,
            audit_heads: folder.path.join("audit.heads"),
            refresh: folder.secret("refresh")?,
            second_factor: folder.secret("second_factor")?,
            mail: folder.secret("mail")?,
            sealed: folder.secret("sealed")?,
            ballots: BallotKeys::of(folder),
        })
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Keys")
    }
}
