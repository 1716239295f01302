//! The unit of work of anonymous answers, and the keys under which they come in.
//!
//! A ballot and its receipt are written together, and nothing else is: no audit row, no
//! event, no kept answer, no lock on a row of the person or the consultation, which would
//! carry the number of the transaction.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use klankbord_domain::typed::{bare, grouped, letters};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement};
use uuid::Uuid;

use super::connect::Store;
use super::failure::Failure;
use super::keys::{KeyFolder, Keys, Secret};
use super::sealed::{keyed_hash, open, seal};
use super::tx::{Source, Tx};

/// How often an answer that crossed another is tried.
const ATTEMPTS: u32 = 4;

/// A running transaction of anonymous answers to one consultation. Only what stands in
/// `consultations::ballot` writes with it.
pub struct BallotTx {
    beneath: DatabaseTransaction,
    keys: Arc<Keys>,
    /// The consultation.
    pub consultation: Uuid,
    /// The instant of the call; it is kept nowhere.
    pub now: DateTime<Utc>,
}

impl Source for BallotTx {
    type Beneath = DatabaseTransaction;
    fn beneath(&self) -> &DatabaseTransaction {
        &self.beneath
    }
    fn keys(&self) -> &Keys {
        &self.keys
    }
}

impl Store {
    /// Carries out what somebody does with their anonymous answer: one transaction of its
    /// own, on a task of its own. While it runs the consultation isn't sealed. The work may
    /// be called again when it crossed another.
    ///
    /// # Errors
    /// What the work answered, or what the database did.
    pub async fn ballot<I, T, F>(
        &self,
        (consultation, now): (Uuid, DateTime<Utc>),
        input: I,
        work: F,
    ) -> Result<T, Failure>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
        F: for<'t> Fn(&'t BallotTx, &'t I) -> BoxFuture<'t, Result<T, Failure>> + Send + Sync + 'static,
    {
        let store = self.clone();
        let task = tokio::spawn(async move {
            let mut attempt = 1;
            loop {
                let tx = BallotTx {
                    beneath: store.begin_write().await?,
                    keys: store.reader.keys.clone(),
                    consultation,
                    now,
                };
                lock(&tx.beneath, (Space::Box, consultation), Lock::Shared).await?;
                match work(&tx, &input).await {
                    Ok(done) => {
                        let committed = tx.beneath.commit().await.map_err(Failure::from);
                        // Also where the connection broke: it may have been done.
                        store.unmixed.touched(consultation);
                        match committed {
                            Ok(()) => return Ok(done),
                            Err(Failure::Crossed(_)) if attempt < ATTEMPTS => attempt += 1,
                            Err(failure) => return Err(failure),
                        }
                    }
                    Err(Failure::Crossed(_)) if attempt < ATTEMPTS => attempt += 1,
                    Err(failure) => return Err(failure),
                }
            }
        });
        task.await.map_err(|error| Failure::Broken(format!("the ballot's task ended: {error}")))?
    }

    /// Takes what was deleted out of the ballots' tables for good: dead rows on
    /// `PostgreSQL`, the write-ahead log on `SQLite`.
    ///
    /// # Errors
    /// When somebody reads or writes meanwhile: it can be done again.
    pub async fn scrub_ballots(&self) -> Result<(), Failure> {
        if self.writer.get_database_backend() != DbBackend::Postgres {
            return self.shred().await;
        }
        // A session of its own, whose statements aren't cut short.
        let session = self.session().await?;
        let swept = session.execute_unprepared("VACUUM open_ballots, ballot_receipts").await;
        session.close().await?;
        Ok(swept.map(drop)?)
    }

    /// Destroys the key under which a consultation's answers came in; one that is gone is
    /// fine.
    ///
    /// # Errors
    /// When the folder refuses.
    pub fn destroy_ballot_key(&self, consultation: Uuid) -> Result<(), Failure> {
        let done = self.keys().ballots.folder.destroy(&name_of(consultation));
        done.map_err(|error| Failure::Unavailable(format!("a ballot key can't be destroyed: {error}")))
    }
}

impl Tx {
    /// Waits until nobody puts an anonymous answer to this consultation in, and lets
    /// nobody until the command ends.
    ///
    /// # Errors
    /// When it takes too long.
    pub(crate) async fn close_ballot_box(&self, consultation: Uuid) -> Result<(), Failure> {
        lock(&self.beneath, (Space::Box, consultation), Lock::Alone).await
    }
}

impl BallotTx {
    /// Waits until the box isn't being mixed, and lets nobody mix it until the transaction
    /// ends: a row that is to be deleted would move away meanwhile.
    ///
    /// # Errors
    /// When it takes too long.
    pub(crate) async fn hold_still(&self) -> Result<(), Failure> {
        lock(&self.beneath, (Space::Mixing, self.consultation), Lock::Shared).await
    }
}

/// Takes a ballot box for mixing it, where nobody else does at this moment.
pub(super) async fn try_lock(beneath: &DatabaseTransaction, consultation: Uuid) -> Result<bool, Failure> {
    if beneath.get_database_backend() != DbBackend::Postgres {
        return Ok(true);
    }
    let sql = format!("SELECT pg_try_advisory_xact_lock({}) AS got", numbers(Space::Mixing, consultation));
    let row = beneath.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    Ok(row.map(|row| row.try_get("", "got")).transpose()?.unwrap_or_default())
}

fn numbers(space: Space, consultation: Uuid) -> String {
    let [.., a, b, c, d] = consultation.into_bytes();
    let space = match space {
        Space::Box => 0x6b62_6278,
        Space::Mixing => 0x6b62_6d78,
    };
    format!("{space}, {}", i32::from_be_bytes([a, b, c, d]))
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lock {
    Shared,
    Alone,
}

/// What is locked of a ballot box: a space of numbers each.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Space {
    /// That answers come in ("kbbx").
    Box,
    /// That rows stay where they are ("kbmx"); taken after the other.
    Mixing,
}

/// `SQLite` has one writer at a time; `PostgreSQL` lends a lock that leaves no trace in
/// any row.
pub(super) async fn lock(
    beneath: &DatabaseTransaction,
    (space, consultation): (Space, Uuid),
    how: Lock,
) -> Result<(), Failure> {
    if beneath.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let function = if how == Lock::Shared { "pg_advisory_xact_lock_shared" } else { "pg_advisory_xact_lock" };
    let sql = format!("SELECT {function}({})", numbers(space, consultation));
    beneath.execute_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    Ok(())
}

fn name_of(consultation: Uuid) -> String {
    format!("ballots.{consultation}")
}

/// The keys under which anonymous answers come in, one for each consultation: read from
/// the folder each time, so that none outlives its file.
#[derive(Clone)]
pub(crate) struct BallotKeys {
    folder: KeyFolder,
}

impl BallotKeys {
    pub(super) fn of(folder: &KeyFolder) -> Self {
        Self { folder: folder.clone() }
    }

    /// Makes the key of a consultation that opens, before any answer can need it.
    pub(crate) fn make(&self, consultation: Uuid) -> Result<(), Failure> {
        let made = self.folder.secret(&name_of(consultation));
        made.map(drop).map_err(|error| Failure::Unavailable(format!("a ballot key can't be written: {error}")))
    }

    /// The key of a consultation that takes answers; none of others. It is never made here.
    pub(crate) fn find(&self, consultation: Uuid) -> Result<Option<BallotKey>, Failure> {
        let found = self.folder.existing(&name_of(consultation));
        let found = found.map_err(|error| Failure::Unavailable(format!("a ballot key can't be read: {error}")))?;
        Ok(found.map(|secret| BallotKey { secret, consultation }))
    }

    /// The key of a consultation that must have one.
    pub(crate) fn get(&self, consultation: Uuid) -> Result<BallotKey, Failure> {
        let gone = || Failure::Broken(format!("the ballot key of {consultation} is gone"));
        self.find(consultation)?.ok_or_else(gone)
    }
}

/// How many letters of a printed code lead to its consultation.
const LEADING: usize = 4;
/// How many letters are drawn: 40 bits.
const DRAWN: usize = 8;
/// How many show that it is one of ours: 40 bits.
const PROVEN: usize = 8;

/// The key of one consultation's anonymous answers.
pub(crate) struct BallotKey {
    secret: Secret,
    consultation: Uuid,
}

impl BallotKey {
    /// What is kept of the fact that this holder answered. Without the key it leads to
    /// nobody.
    pub(crate) fn receipt(&self, holder: &[u8]) -> String {
        keyed_hash(&self.secret, &[b"receipt", holder])
    }

    /// Under which id this holder's answer stands, given the hash of the secret with which
    /// they can take it back. That hash is kept nowhere, so that the key alone doesn't lead
    /// from a holder to an answer.
    pub(crate) fn ballot_id(&self, holder: &[u8], withdrawal: &str) -> Uuid {
        let hash = keyed_hash(&self.secret, &[b"ballot", holder, withdrawal.as_bytes()]);
        let number = hash.get(..32).and_then(|hex| u128::from_str_radix(hex, 16).ok()).unwrap_or_default();
        uuid::Builder::from_random_bytes(number.to_be_bytes()).into_uuid()
    }

    fn place(&self, id: Uuid) -> String {
        format!("open_ballots.{}.{id}", self.consultation)
    }

    pub(crate) fn seal(&self, id: Uuid, clear: &[u8]) -> Result<Vec<u8>, Failure> {
        seal(&self.secret, &self.place(id), clear)
    }

    pub(crate) fn open(&self, id: Uuid, sealed: &[u8]) -> Result<Vec<u8>, Failure> {
        open(&self.secret, &self.place(id), sealed)
    }

    /// A new printed code: `abcd-efgh-jkmn-pqrs-tuvw`. That it is one of this consultation's is
    /// told by itself, so that no list of them is kept.
    pub(crate) fn new_code(&self) -> Result<String, Failure> {
        let mut bytes = [0_u8; DRAWN];
        getrandom::fill(&mut bytes).map_err(|error| Failure::Broken(format!("no randomness: {error}")))?;
        let drawn = letters(&bytes);
        let whole = leading(self.consultation) + &drawn + &self.proof(&drawn);
        Ok(grouped(&whole, 4))
    }

    /// The code as it is kept, however it was typed; none where it isn't one of this
    /// consultation's.
    pub(crate) fn code(&self, typed: &str) -> Option<String> {
        let bare = bare(typed);
        let (drawn, proof) = bare.strip_prefix(&leading(self.consultation))?.split_at_checked(DRAWN)?;
        (proof == self.proof(drawn)).then(|| bare.clone())
    }

    fn proof(&self, drawn: &str) -> String {
        let hash = keyed_hash(&self.secret, &[b"code", drawn.as_bytes()]);
        let pairs = hash.as_bytes().chunks(2).take(PROVEN);
        let bytes = pairs.map(|pair| std::str::from_utf8(pair).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok()));
        letters(&bytes.map(Option::unwrap_or_default).collect::<Vec<u8>>())
    }
}

/// Whether a code may be one of this consultation's: it leads there.
pub(crate) fn leads_to(typed: &str, consultation: Uuid) -> bool {
    bare(typed).starts_with(&leading(consultation))
}

fn leading(consultation: Uuid) -> String {
    let [.., a, b, c, d] = consultation.into_bytes();
    const { assert!(LEADING == 4, "a letter for each byte") };
    letters(&[a, b, c, d])
}

impl Keys {
    /// Seals what stays of anonymous answers, bound to where it stands.
    pub(crate) fn seal_ballot(&self, bound_to: &str, clear: &[u8]) -> Result<Vec<u8>, Failure> {
        seal(&self.sealed, bound_to, clear)
    }

    /// Opens what stays of anonymous answers.
    pub(crate) fn open_ballot(&self, bound_to: &str, sealed: &[u8]) -> Result<Vec<u8>, Failure> {
        open(&self.sealed, bound_to, sealed)
    }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    fn key(byte: u8) -> BallotKey {
        BallotKey { secret: Zeroizing::new([byte; 32]), consultation: Uuid::from_u128(u128::from(byte)) }
    }

    #[test]
    fn a_code_is_its_own_consultations_however_it_is_typed() {
        let code = key(1).new_code().unwrap();
        assert!(
            code.len() == 24 && leads_to(&code, key(1).consultation) && code.split('-').all(|group| group.len() == 4),
            "{code}"
        );
        let bare = code.replace('-', "");
        for typed in [code.clone(), bare.clone(), code.to_uppercase(), code.replace('-', " ")] {
            assert_eq!(key(1).code(&typed), Some(bare.clone()));
        }
        assert_eq!(key(2).code(&code), None);
        for wrong in ["", "abcd", &bare[..19], &format!("{bare}a")] {
            assert_eq!(key(1).code(wrong), None);
        }
        let mut bent = bare.into_bytes();
        bent[6] = if bent[6] == b'a' { b'b' } else { b'a' };
        assert_eq!(key(1).code(&String::from_utf8(bent).unwrap()), None);
    }

    #[test]
    fn an_answer_is_found_only_with_the_secret_of_who_gave_it() {
        let (one, other) = (key(1), key(2));
        let id = one.ballot_id(b"person", "hash");
        assert_eq!(one.ballot_id(b"person", "hash"), id);
        for different in
            [one.ballot_id(b"person", "hasi"), one.ballot_id(b"somebody", "hash"), other.ballot_id(b"person", "hash")]
        {
            assert_ne!(different, id);
        }
        assert_eq!(id.get_version_num(), 4);
        let sealed = one.seal(id, b"words").unwrap();
        assert_eq!(one.open(id, &sealed).unwrap(), b"words");
        assert!(other.open(id, &sealed).is_err() && one.open(Uuid::nil(), &sealed).is_err());
    }
}
