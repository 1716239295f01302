//! A new contact key in the place of the old one, while the service runs.
//!
//! 1. The new key is written into the folder, before any row needs it.
//! 2. In one transaction it comes into use. That waits for every command that
//!    seals under the old key, and from then on nobody does: each command asks
//!    which key is in use, and holds that until it ends.
//! 3. Every row under the old key is rewritten, in small batches.
//! 4. When no row is under it any more, the old key is destroyed, and then the
//!    rotation is marked as done.
//!
//! Each step can be broken off and done again, by a second run as well.

use std::time::Duration;

use sea_orm::{ConnectionTrait as _, DatabaseTransaction, DbBackend, QueryResult, Statement, Value};
use uuid::Uuid;

use super::codec::optional;
use super::connect::Store;
use super::contact_keys::{InUse, contact_key_name, head, in_use};
use super::failure::Failure;

/// A table with columns that are sealed under the contact keys.
#[derive(Debug)]
pub struct UnderContactKeys {
    /// The table.
    pub table: &'static str,
    /// Its primary key.
    id: &'static str,
    /// The sealed columns, each with the name that its values are bound to.
    pub columns: &'static [(&'static str, &'static str)],
}

/// Every column that is sealed under the contact keys. A test holds it against
/// the database: a column that is missing here would lose its key.
pub const UNDER_CONTACT_KEYS: &[UnderContactKeys] = &[
    UnderContactKeys { table: "accounts", id: "id", columns: &[("email_sealed", "email")] },
    UnderContactKeys { table: "role_invitations", id: "id", columns: &[("email_sealed", "email")] },
    UnderContactKeys { table: "legal_representatives", id: "id", columns: &[("name_sealed", "name")] },
    UnderContactKeys {
        table: "participant_contacts",
        id: "participant_id",
        columns: &[
            ("name_sealed", "name"),
            ("email_sealed", "email"),
            ("phone_sealed", "phone"),
            ("postal_sealed", "postal"),
        ],
    },
];

/// How many rows are rewritten in one transaction: few, because whoever changes
/// one of them waits for it.
const BATCH: usize = 20;
/// How long the database is left to the service after each.
const PAUSE: Duration = Duration::from_millis(20);
/// How often a step is tried that met a lock.
const ATTEMPTS: u32 = 10;

/// How far a rotation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// The key with this number seals what is written from now on.
    InUse(u32),
    /// So many rows were rewritten till now.
    Rewritten(u64),
    /// The key with this number is destroyed.
    Destroyed(u32),
}

impl Store {
    /// Puts a new contact key in the place of the one in use, or ends a rotation
    /// that was broken off. The service may run meanwhile, in several replicas.
    ///
    /// # Errors
    /// When the database or the folder fails, or a value can't be opened: nothing
    /// is lost then, and it can be done again.
    pub async fn rotate_contact_key(&self, tell: impl Fn(Progress) + Send) -> Result<(), Failure> {
        let (number, old) = self.bring_into_use().await?;
        tell(Progress::InUse(number));
        let mut rewritten = 0;
        for place in UNDER_CONTACT_KEYS {
            let mut after = Uuid::nil();
            while let Some((last, rows)) = self.rewrite(place, after).await? {
                rewritten += rows;
                after = last;
                tell(Progress::Rewritten(rewritten));
                tokio::time::sleep(PAUSE).await;
            }
        }
        self.retire(InUse { number, retiring: Some(old) }).await?;
        tell(Progress::Destroyed(old));
        Ok(())
    }

    /// Steps 1 and 2; the new key's number, and the old one's.
    async fn bring_into_use(&self) -> Result<(u32, u32), Failure> {
        let found = in_use(&self.writer).await?;
        if let Some(old) = found.retiring {
            return Ok((found.number, old));
        }
        let number = found.number + 1;
        let made = self.keys().contact.folder.secret(&contact_key_name(number));
        made.map_err(|error| Failure::Unavailable(format!("the new key can't be written: {error}")))?;
        let wanted = InUse { number, retiring: Some(found.number) };
        self.change(found, wanted).await?;
        Ok((number, found.number))
    }

    /// Changes which key is in use, where it is still as it was found.
    async fn change(&self, found: InUse, wanted: InUse) -> Result<(), Failure> {
        let shown = |retiring: Option<u32>| retiring.map_or("NULL".to_owned(), |number| number.to_string());
        let still = found.retiring.map_or("IS NULL".to_owned(), |number| format!("= {number}"));
        let sql = format!(
            "UPDATE sealing_keys SET number = {}, retiring = {} WHERE name = 'contact' AND number = {} AND retiring {still}",
            wanted.number,
            shown(wanted.retiring),
            found.number
        );
        let mut attempt = 1;
        loop {
            let tx = self.begin_write().await?;
            let done = tx.execute_raw(Statement::from_string(tx.get_database_backend(), sql.clone())).await;
            match done.map_err(Failure::from) {
                Ok(done) if done.rows_affected() == 1 => return Ok(tx.commit().await?),
                Ok(_) => return Err(Failure::Broken("another rotation is under way: wait, and look again".to_owned())),
                Err(Failure::Crossed(_) | Failure::Unavailable(_)) if attempt < ATTEMPTS => attempt += 1,
                Err(failure) => return Err(failure),
            }
        }
    }

    /// Rewrites the next rows that are not under the key in use: the last one's
    /// id, and how many. None when there are no more.
    async fn rewrite(&self, place: &UnderContactKeys, after: Uuid) -> Result<Option<(Uuid, u64)>, Failure> {
        let mut attempt = 1;
        loop {
            match self.rewrite_once(place, after).await {
                Err(Failure::Crossed(_) | Failure::Unavailable(_)) if attempt < ATTEMPTS => attempt += 1,
                outcome => return outcome,
            }
        }
    }

    async fn rewrite_once(&self, place: &UnderContactKeys, after: Uuid) -> Result<Option<(Uuid, u64)>, Failure> {
        let tx = self.begin_write().await?;
        let number = in_use(&tx).await?.number;
        let rows = place.batch(&tx, number, after).await?;
        let (mut last, mut count) = (None, 0);
        for row in &rows {
            let id: Uuid = row.try_get("", place.id)?;
            self.reseal(&tx, place, (id, row), number).await?;
            (last, count) = (Some(id), count + 1);
        }
        tx.commit().await?;
        Ok(last.map(|last| (last, count)))
    }

    async fn reseal(
        &self,
        tx: &DatabaseTransaction,
        place: &UnderContactKeys,
        (id, row): (Uuid, &QueryResult),
        number: u32,
    ) -> Result<(), Failure> {
        let sealer = self.keys().contact.sealer(number)?;
        let (mut values, mut changes) = (Vec::<Value>::new(), Vec::new());
        for (column, name) in place.columns {
            let bound_to = format!("{}.{name}.{id}", place.table);
            let anew = |bytes: Vec<u8>| sealer.seal(&bound_to, &self.keys().open_contact(&bound_to, &bytes)?);
            values.push(optional(row.try_get::<Option<Vec<u8>>>("", column)?, anew)?.into());
            changes.push(format!("{column} = ${}", values.len()));
        }
        values.push(id.into());
        let (table, changes, which) = (place.table, changes.join(", "), place.id);
        let sql = format!("UPDATE {table} SET {changes} WHERE {which} = ${}", values.len());
        tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
        Ok(())
    }

    /// Step 4. The old key goes first: a rotation that is broken off in between
    /// finds nothing to do but the mark.
    async fn retire(&self, found: InUse) -> Result<(), Failure> {
        let Some(old) = found.retiring else { return Ok(()) };
        for place in UNDER_CONTACT_KEYS {
            let tx = self.begin_write().await?;
            if in_use(&tx).await? != found {
                return Err(Failure::Broken("another rotation is under way: wait, and look again".to_owned()));
            }
            if !place.batch(&tx, found.number, Uuid::nil()).await?.is_empty() {
                return Err(Failure::Broken(format!("{} holds rows under the old key: do it again", place.table)));
            }
        }
        let destroyed = self.keys().contact.folder.destroy(&contact_key_name(old));
        destroyed.map_err(|error| Failure::Unavailable(format!("the old key can't be removed: {error}")))?;
        self.change(found, InUse { number: found.number, retiring: None }).await
    }
}

impl UnderContactKeys {
    /// The next rows with a value that isn't under this key, locked.
    async fn batch(&self, tx: &DatabaseTransaction, number: u32, after: Uuid) -> Result<Vec<QueryResult>, Failure> {
        let backend = tx.get_database_backend();
        let head = head(number);
        // What was emptied by an erasure is under no key.
        let under_another = |(column, _): &(&str, &str)| {
            format!("(length({column}) > 0 AND substr({column}, 1, {}) <> $2)", head.len())
        };
        let which: Vec<_> = self.columns.iter().map(under_another).collect();
        let columns: Vec<_> = self.columns.iter().map(|(column, _)| *column).collect();
        let sql = format!(
            "SELECT {id}, {} FROM {} WHERE {id} > $1 AND ({}) ORDER BY {id} LIMIT {BATCH}{}",
            columns.join(", "),
            self.table,
            which.join(" OR "),
            if backend == DbBackend::Postgres { " FOR UPDATE" } else { "" },
            id = self.id,
        );
        let values: [Value; 2] = [after.into(), head.into()];
        Ok(tx.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await?)
    }
}
