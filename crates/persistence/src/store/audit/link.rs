//! The linker: takes the audit rows that wait up into their organisation's
//! chain, in batches, one linker at a time over all replicas.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DatabaseTransaction, DbBackend, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Statement,
};
use uuid::Uuid;

use super::heads::{self, Head};
use super::{Spot, chain_of, hash_of, subjects_of};
use crate::store::connect::Store;
use crate::store::entity::{audit_checkpoints, audit_heads, audit_links, audit_rows, audit_waiting};
use crate::store::failure::Failure;

/// How many rows are linked in one transaction.
const BATCH: u64 = 500;
/// The lock of the one linker ("klankaud"); retention takes it, too.
const LINKER_LOCK: i64 = 0x6b6c_616e_6b61_7564;

impl Store {
    /// Links every audit row that waits, and writes the chains' heads beside the
    /// keys; gives how many rows it linked. Another linker is waited for.
    ///
    /// # Errors
    /// When the database or the heads file refuses; the next time tries again.
    pub async fn link_audit(&self, now: DateTime<Utc>) -> Result<u64, Failure> {
        let store = self.clone();
        // On a task of its own, so that nothing can break it off half-way.
        let task = tokio::spawn(async move {
            let mut linked = 0;
            while store.is_behind().await? {
                linked += store.link_batch(now).await?;
            }
            Ok(linked)
        });
        task.await.map_err(|error| Failure::Broken(format!("the linker's task ended: {error}")))?
    }

    async fn is_behind(&self) -> Result<bool, Failure> {
        let pool = &self.reader.pool;
        let waiting = audit_waiting::Entity::find().limit(1).one(pool).await?;
        Ok(waiting.is_some() || audit_heads::Entity::find().limit(1).one(pool).await?.is_some())
    }

    /// One batch. Heads go to the file in the transaction after the one that made
    /// them: what a crash keeps from the file still waits in the database.
    async fn link_batch(&self, now: DateTime<Utc>) -> Result<u64, Failure> {
        let tx = self.begin_write().await?;
        alone(&tx).await?;
        self.write_heads(&tx).await?;
        let waiting = audit_waiting::Entity::find().order_by_asc(audit_waiting::Column::AuditId).limit(BATCH);
        let ids: Vec<Uuid> = waiting.all(&tx).await?.into_iter().map(|row| row.audit_id).collect();
        let links = self.links_for(&tx, &ids).await?;
        let linked = u64::try_from(links.len()).unwrap_or_default();
        let mut heads: BTreeMap<Uuid, audit_heads::Model> = BTreeMap::new();
        for link in &links {
            let (organisation_id, seq, hash) = (link.organisation_id, link.seq, link.hash.clone());
            heads.insert(organisation_id, audit_heads::Model { organisation_id, seq, hash, made_at: now });
        }
        if !links.is_empty() {
            let links = links.into_iter().map(audit_links::Model::into_active_model);
            audit_links::Entity::insert_many(links).exec_without_returning(&tx).await?;
            let heads = heads.into_values().map(audit_heads::Model::into_active_model);
            audit_heads::Entity::insert_many(heads).exec_without_returning(&tx).await?;
        }
        audit_waiting::Entity::delete_many().filter(audit_waiting::Column::AuditId.is_in(ids)).exec(&tx).await?;
        tx.commit().await?;
        Ok(linked)
    }

    /// Writes the heads that wait to the file, and takes them off the list.
    async fn write_heads(&self, tx: &DatabaseTransaction) -> Result<(), Failure> {
        let waiting = audit_heads::Entity::find().order_by_asc(audit_heads::Column::Seq).all(tx).await?;
        if waiting.is_empty() {
            return Ok(());
        }
        let head = |row: audit_heads::Model| {
            let audit_heads::Model { organisation_id, seq, hash, made_at } = row;
            Head { organisation: organisation_id, seq, hash, made_at }
        };
        let lines: Vec<Head> = waiting.into_iter().map(head).collect();
        let keys = self.reader.keys.clone();
        let write = move || heads::append(&keys.audit_heads, &keys.audit, &lines);
        let written = tokio::task::spawn_blocking(write).await;
        let written = written.map_err(|error| Failure::Broken(format!("the heads file: {error}")))?;
        written.map_err(|error| Failure::Unavailable(format!("the heads file can't be written: {error}")))?;
        audit_heads::Entity::delete_many().exec(tx).await?;
        Ok(())
    }

    async fn links_for(&self, tx: &DatabaseTransaction, ids: &[Uuid]) -> Result<Vec<audit_links::Model>, Failure> {
        let rows = audit_rows::Entity::find().filter(audit_rows::Column::Id.is_in(ids.iter().copied()));
        let rows = rows.order_by_asc(audit_rows::Column::Id).all(tx).await?;
        let subjects = subjects_of(tx, ids.iter().copied()).await?;
        let mut ends: BTreeMap<Uuid, (i64, String)> = BTreeMap::new();
        let mut links = Vec::with_capacity(rows.len());
        for row in rows {
            let organisation_id = chain_of(&row);
            let (last, prev) = match ends.remove(&organisation_id) {
                Some(end) => end,
                None => end_of(tx, organisation_id).await?,
            };
            let seq = last + 1;
            let spot = Spot { organisation: organisation_id, seq, prev: &prev };
            let beside = subjects.get(&row.id).map(Vec::as_slice).unwrap_or_default();
            let hash = hash_of(&self.reader.keys.audit, spot, &row.mac, beside);
            ends.insert(organisation_id, (seq, hash.clone()));
            links.push(audit_links::Model { organisation_id, seq, audit_id: row.id, prev, hash });
        }
        Ok(links)
    }
}

/// Waits until nobody else links or cuts, on any replica. `SQLite` has one
/// writer at a time.
pub(super) async fn alone(tx: &DatabaseTransaction) -> Result<(), Failure> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let lock = format!("SELECT pg_advisory_xact_lock({LINKER_LOCK})");
        tx.execute_raw(Statement::from_string(DbBackend::Postgres, lock)).await?;
    }
    Ok(())
}

/// Where a chain ends: at its last link, or where retention cut all of it.
async fn end_of(tx: &DatabaseTransaction, organisation: Uuid) -> Result<(i64, String), Failure> {
    let links = audit_links::Entity::find().filter(audit_links::Column::OrganisationId.eq(organisation));
    if let Some(last) = links.order_by_desc(audit_links::Column::Seq).limit(1).one(tx).await? {
        return Ok((last.seq, last.hash));
    }
    let cuts = audit_checkpoints::Entity::find().filter(audit_checkpoints::Column::OrganisationId.eq(organisation));
    let last = cuts.order_by_desc(audit_checkpoints::Column::Seq).limit(1).one(tx).await?;
    Ok(last.map_or((0, String::new()), |cut| (cut.seq, cut.hash)))
}

/// The next chain after this one, by its links; a step through the index.
pub(super) async fn next_chain(tx: &DatabaseTransaction, after: Option<Uuid>) -> Result<Option<Uuid>, Failure> {
    let column = audit_links::Column::OrganisationId;
    let links = audit_links::Entity::find().select_only().column(column).order_by_asc(column).limit(1);
    let links = match after {
        Some(id) => links.filter(column.gt(id)),
        None => links,
    };
    Ok(links.into_tuple().one(tx).await?)
}
