//! The heads file beside the keys: how far each chain went, batch by batch. A
//! database that was put back, or whose chain lost its end, doesn't fit it.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::store::keys::Secret;
use crate::store::sealed::keyed_hash;

/// The form of a line.
const FORM: &str = "1";

/// How far a chain goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) organisation: Uuid,
    pub(super) seq: i64,
    pub(super) hash: String,
    pub(super) made_at: DateTime<Utc>,
}

/// What the file holds.
#[derive(Debug, Default)]
pub(super) struct Heads {
    pub(super) heads: Vec<Head>,
    /// The numbers of the lines that the key didn't sign.
    pub(super) unsound: Vec<usize>,
}

fn mac(key: &Secret, line: &str) -> String {
    keyed_hash(key, &[b"head", line.as_bytes()])
}

fn line(key: &Secret, head: &Head) -> String {
    let Head { organisation, seq, hash, made_at } = head;
    let said = format!("{FORM} {organisation} {seq} {hash} {}", made_at.timestamp());
    format!("{said} {}\n", mac(key, &said))
}

fn parsed(key: &Secret, line: &str) -> Option<Head> {
    let (said, stamp) = line.rsplit_once(' ')?;
    let mut words = said.split(' ');
    let (form, organisation, seq) = (words.next()?, words.next()?, words.next()?);
    let (hash, at) = (words.next()?, words.next()?);
    if form != FORM || mac(key, said) != stamp {
        return None;
    }
    let made_at = DateTime::from_timestamp(at.parse().ok()?, 0)?;
    Some(Head { organisation: organisation.parse().ok()?, seq: seq.parse().ok()?, hash: hash.to_owned(), made_at })
}

/// Appends heads, on disk when it returns. What a crash left of a line goes.
pub(super) fn append(path: &Path, key: &Secret, heads: &[Head]) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)?;
    // Another replica waits for its turn.
    file.lock()?;
    let whole = end_of_lines(&mut file)?;
    file.set_len(whole)?;
    file.seek(SeekFrom::Start(whole))?;
    let lines: String = heads.iter().map(|head| line(key, head)).collect();
    file.write_all(lines.as_bytes())?;
    file.sync_all()
}

/// Where the last whole line ends. A line is far shorter than what is looked at.
fn end_of_lines(file: &mut File) -> io::Result<u64> {
    let length = file.metadata()?.len();
    let from = length.saturating_sub(4096);
    file.seek(SeekFrom::Start(from))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    let end = tail.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    Ok(from + u64::try_from(end).unwrap_or_default())
}

/// Reads the file; a missing one holds nothing, and what a crash left of a line
/// isn't one.
pub(super) fn read(path: &Path, key: &Secret) -> io::Result<Heads> {
    let text = match std::fs::read(path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    let mut found = Heads::default();
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let Some(line) = line.strip_suffix('\n') else { break };
        match parsed(key, line) {
            Some(head) => found.heads.push(head),
            None => found.unsound.push(number + 1),
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use zeroize::Zeroizing;

    fn head(seq: i64) -> Head {
        let made_at = DateTime::from_timestamp(1_795_424_400, 0).unwrap();
        Head { organisation: Uuid::from_u128(7), seq, hash: format!("{seq:064x}"), made_at }
    }

    #[test]
    fn what_is_cut_off_heals_and_what_is_bent_is_told() {
        let folder = std::env::temp_dir().join(format!("klankbord-heads-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("audit.heads");
        let key = Zeroizing::new([7_u8; 32]);
        assert!(read(&path, &key).unwrap().heads.is_empty());
        append(&path, &key, &[head(1), head(2)]).unwrap();
        let whole = std::fs::read(&path).unwrap();
        // A crash in the midst of a line.
        std::fs::write(&path, [&whole[..], &whole[..50]].concat()).unwrap();
        let found = read(&path, &key).unwrap();
        assert_eq!((found.heads, found.unsound), (vec![head(1), head(2)], Vec::new()));
        append(&path, &key, &[head(3)]).unwrap();
        let found = read(&path, &key).unwrap();
        assert_eq!((found.heads, found.unsound), (vec![head(1), head(2), head(3)], Vec::new()));
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.replacen(" 2 ", " 4 ", 1)).unwrap();
        let found = read(&path, &key).unwrap();
        assert_eq!((found.heads, found.unsound), (vec![head(1), head(3)], vec![2]));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
