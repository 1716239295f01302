//! The unit of work. There is no other way to a transaction.

use std::sync::{Mutex, PoisonError};

use futures_util::future::BoxFuture;
use sea_orm::{
    ConnectionTrait as _, DatabaseTransaction, DbBackend, IsolationLevel, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait as _,
};

use super::connect::Store;
use super::failure::Failure;
use super::tx::{Act, Notes, Tx};
use super::{audit, mails, outbox};

/// How often a command that crossed another is tried.
const ATTEMPTS: u32 = 4;

impl Store {
    /// Carries a command out: one transaction, with its audit and outbox rows, on
    /// a task of its own, so that a caller that goes away can't break it off.
    /// The work may be called again when it crossed another command.
    ///
    /// # Errors
    /// What the work answered, or what the database did.
    pub async fn write<I, T, F>(&self, act: Act, input: I, work: F) -> Result<T, Failure>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
        F: for<'t> Fn(&'t Tx, &'t I) -> BoxFuture<'t, Result<T, Failure>> + Send + Sync + 'static,
    {
        let store = self.clone();
        let task = tokio::spawn(async move {
            let mut attempt = 1;
            loop {
                match store.attempt(&act, &input, &work).await {
                    Err(Failure::Crossed(_)) if attempt < ATTEMPTS => attempt += 1,
                    outcome => return outcome,
                }
            }
        });
        task.await.map_err(|error| Failure::Broken(format!("the command's task ended: {error}")))?
    }

    async fn attempt<I, T, F>(&self, act: &Act, input: &I, work: &F) -> Result<T, Failure>
    where
        F: for<'t> Fn(&'t Tx, &'t I) -> BoxFuture<'t, Result<T, Failure>> + Send + Sync,
    {
        let tx = self.begin(act).await?;
        let done = work(&tx, input).await?; // dropping `tx` rolls back
        let notes = std::mem::take(&mut *tx.notes.lock().unwrap_or_else(PoisonError::into_inner));
        audit::record(&tx, &notes).await?;
        outbox::put(&tx, &notes.events).await?;
        tx.beneath.commit().await?;
        Ok(done)
    }

    /// A transaction that writes, for the store's own bookkeeping.
    #[expect(clippy::disallowed_methods, reason = "this is the one place where a transaction begins")]
    pub(super) async fn begin_write(&self) -> Result<DatabaseTransaction, Failure> {
        let immediate = Some(SqliteTransactionMode::Immediate);
        // Whatever the server's own default is: a command that waited for another sees what it did.
        let postgres = self.writer.get_database_backend() == DbBackend::Postgres;
        let isolation_level = postgres.then_some(IsolationLevel::ReadCommitted);
        let options =
            TransactionOptions { sqlite_transaction_mode: immediate, isolation_level, ..TransactionOptions::default() };
        Ok(self.writer.begin_with_options(options).await?)
    }

    /// A transaction that sees one moment, however long it reads.
    #[expect(clippy::disallowed_methods, reason = "this is the one place where a transaction begins")]
    pub(super) async fn begin_read(&self) -> Result<DatabaseTransaction, Failure> {
        let pool = &self.reader.pool;
        let postgres = pool.get_database_backend() == DbBackend::Postgres;
        let isolation_level = postgres.then_some(IsolationLevel::RepeatableRead);
        let options = TransactionOptions { isolation_level, ..TransactionOptions::default() };
        Ok(pool.begin_with_options(options).await?)
    }

    async fn begin(&self, act: &Act) -> Result<Tx, Failure> {
        let beneath = self.begin_write().await?;
        Ok(Tx { beneath, keys: self.reader.keys.clone(), act: act.clone(), notes: Mutex::new(Notes::default()) })
    }
}

impl Store {
    /// Empties the write-ahead log of `SQLite` into the database: what was overwritten
    /// there stands nowhere any more. `PostgreSQL` keeps its own, and gives space free
    /// with its own cleaning.
    ///
    /// # Errors
    /// When somebody reads or writes meanwhile: it can be done again.
    pub async fn shred(&self) -> Result<(), Failure> {
        if self.writer.get_database_backend() == DbBackend::Postgres {
            return Ok(());
        }
        let pragma = Statement::from_string(DbBackend::Sqlite, "PRAGMA wal_checkpoint(TRUNCATE)");
        let done = self.writer.query_one_raw(pragma).await?;
        let busy: i32 = done.map(|row| row.try_get("", "busy")).transpose()?.unwrap_or_default();
        if busy == 0 { Ok(()) } else { Err(Failure::Unavailable("the write-ahead log is in use".to_owned())) }
    }

    /// Forgets what was kept long enough; part of every round of work.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn tidy(&self, act: Act) -> Result<(), Failure> {
        let tx = self.begin(&act).await?;
        super::repeat::forget(&tx).await?;
        crate::access::sessions::forget(&tx).await?;
        crate::access::role_invitations::forget(&tx).await?;
        mails::forget(&tx).await?;
        crate::participants::verification::forget(&tx).await?;
        crate::participants::code_session::forget(&tx).await?;
        crate::privacy::data_export::forget(&tx).await?;
        Ok(tx.beneath.commit().await?)
    }
}
