//! The attack of somebody who has PostgreSQL's own write-ahead log, from before the first answer to
//! after the sealing: everything that was ever written stands in it, in the order of its writing.

use std::collections::BTreeMap;

use sea_orm::DatabaseConnection;

use super::attack::{MOST, ranked, texts};

/// Of how many bytes at a ciphertext's end we look for it.
const PIECE: usize = 16;
/// The log is written in pages of so many bytes.
const PAGE: usize = 8_192;

/// The log from one moment on, kept until we drop it.
pub struct Log {
    slot: String,
    from: String,
}

/// A ciphertext that was seen, and whose it is.
#[derive(Debug, Clone)]
pub struct Seen {
    pub content: Vec<u8>,
    pub who: Option<usize>,
}

async fn one(database: &DatabaseConnection, sql: &str) -> String {
    texts(database, sql).await[0][0].clone()
}

impl Log {
    /// Asks PostgreSQL to keep its log from now on.
    pub async fn kept(database: &DatabaseConnection) -> Self {
        let slot = one(database, "SELECT 'log_of_' || current_database()").await;
        texts(database, &format!("SELECT slot_name::text FROM pg_create_physical_replication_slot('{slot}', true)"))
            .await;
        Self { slot, from: one(database, "SELECT pg_walfile_name(pg_current_wal_insert_lsn())").await }
    }

    /// All that was written, in order, up to now: without the heads of pages, so that nothing is cut in two.
    async fn bytes(&self, database: &DatabaseConnection) -> Vec<u8> {
        texts(database, "SELECT pg_switch_wal()::text").await;
        let to = one(database, "SELECT pg_walfile_name(pg_current_wal_insert_lsn())").await;
        let folder = one(database, "SELECT setting || '/pg_wal' FROM pg_settings WHERE name = 'data_directory'").await;
        let names =
            std::fs::read_dir(&folder).unwrap().flatten().map(|file| file.file_name().to_string_lossy().into_owned());
        // Beside the log's own files, all named by one length, stand others; what comes after was not written yet.
        let mut names: Vec<String> =
            names.filter(|name| name.len() == to.len() && (&self.from..=&to).contains(&name)).collect();
        names.sort_unstable();
        let files = names.iter().map(|name| std::fs::read(format!("{folder}/{name}")).unwrap());
        files
            .flat_map(|file| file.chunks(PAGE).flat_map(|page| page[head(page)..].to_vec()).collect::<Vec<_>>())
            .collect()
    }

    /// Lets the log go.
    pub async fn dropped(self, database: &DatabaseConnection) {
        texts(database, &format!("SELECT pg_drop_replication_slot('{}')::text", self.slot)).await;
    }
}

/// How long a page's head is: longer on the first of a file, as its second field says (`XLP_LONG_HEADER`).
fn head(page: &[u8]) -> usize {
    if page[2] & 2 == 2 { 40 } else { 24 }
}

/// Where each stands first in the log: whose they are, in that order.
fn in_order(log: &[u8], seen: &[Seen]) -> Vec<Option<usize>> {
    let piece = |one: &Seen| one.content[one.content.len() - PIECE..].to_vec();
    let mut wanted: BTreeMap<Vec<u8>, Option<usize>> = seen.iter().map(|one| (piece(one), one.who)).collect();
    assert_eq!(wanted.len(), seen.len());
    let mut begins = vec![false; 1 << 16];
    let start = |bytes: &[u8]| usize::from(u16::from_be_bytes([bytes[0], bytes[1]]));
    for piece in wanted.keys() {
        begins[start(piece)] = true;
    }
    let places = log.windows(PIECE).filter(|window| begins[start(window)]);
    places.filter_map(|window| wanted.remove(window)).collect()
}

/// What the log tells of answers: of those that came in, their order, for as long as it is kept, but nothing
/// of what they say once their key is gone; of those that are sealed, nothing.
pub async fn attack(log: Log, database: &DatabaseConnection, arrived: &[usize], [open, sealed]: [&[Seen]; 2]) {
    let bytes = log.bytes(database).await;
    let orders = [in_order(&bytes, open), in_order(&bytes, sealed)];
    let [open, sealed] = orders.each_ref().map(|order| (order.len(), ranked(arrived, order)));
    let words = bytes.windows(8).filter(|window| window == b"kanarie-").count();
    eprintln!(
        "Postgres, write-ahead log of {} MB: what came in {open:?}, what is sealed {sealed:?} (found, joined by \
         their order) of {}; words in it {words}",
        bytes.len() / 1_000_000,
        arrived.len(),
    );
    // One that is not found would move all after it by one, and nobody would be joined by their order.
    let all = arrived.len();
    assert_eq!((open, sealed.0), ((all, all), all), "the attack itself works");
    assert!(sealed.1 <= MOST && words == 0);
    log.dropped(database).await;
}
