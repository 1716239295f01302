//! Retention: cuts what was kept long enough off the front of a chain, and
//! leaves a signed checkpoint from which the rest is verified.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, DatabaseTransaction, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use uuid::Uuid;

use super::link::{alone, next_chain};
use super::{checkpoint_mac, mac_of};
use crate::store::connect::Store;
use crate::store::entity::{audit_checkpoints, audit_links, audit_rows, audit_subjects};
use crate::store::failure::Failure;

/// How many rows one transaction cuts.
const BATCH: u64 = 500;

impl Store {
    /// Cuts the linked audit rows from before this instant, as far as all before
    /// them in their chain are as old; gives how many went.
    ///
    /// # Errors
    /// When the database refuses; what was cut stays cut.
    pub async fn cut_audit(&self, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<u64, Failure> {
        let store = self.clone();
        // On a task of its own, so that nothing can break it off half-way.
        let task = tokio::spawn(async move {
            let (mut chain, mut gone) = (None, 0);
            loop {
                let tx = store.begin_read().await?;
                chain = next_chain(&tx, chain).await?;
                let Some(organisation) = chain else { return Ok(gone) };
                let mut left = begins_before(&tx, organisation, before).await?;
                drop(tx);
                // Nobody is held up for a chain of which nothing goes.
                while left {
                    let cut = store.cut_batch(organisation, before, now).await?;
                    gone += cut;
                    left = cut == BATCH;
                }
            }
        });
        task.await.map_err(|error| Failure::Broken(format!("retention's task ended: {error}")))?
    }

    async fn cut_batch(&self, organisation: Uuid, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<u64, Failure> {
        let tx = self.begin_write().await?;
        alone(&tx).await?;
        let old = self.oldest(&tx, organisation, before).await?;
        let Some(last) = old.last() else { return Ok(0) };
        let mac = checkpoint_mac(&self.reader.keys.audit, (organisation, last.seq), &last.hash, now);
        let (seq, hash) = (last.seq, last.hash.clone());
        let checkpoint = audit_checkpoints::Model { organisation_id: organisation, seq, hash, made_at: now, mac };
        audit_checkpoints::Entity::insert(checkpoint.into_active_model()).exec_without_returning(&tx).await?;
        let ids: Vec<Uuid> = old.iter().map(|link| link.audit_id).collect();
        let subjects = audit_subjects::Column::AuditId.is_in(ids.iter().copied());
        audit_subjects::Entity::delete_many().filter(subjects).exec(&tx).await?;
        audit_rows::Entity::delete_many().filter(audit_rows::Column::Id.is_in(ids)).exec(&tx).await?;
        // The links go last: the triggers ask them what may go.
        let links = audit_links::Entity::delete_many()
            .filter(audit_links::Column::OrganisationId.eq(organisation))
            .filter(audit_links::Column::Seq.lte(seq));
        let gone = links.exec(&tx).await?.rows_affected;
        tx.commit().await?;
        Ok(gone)
    }

    /// The links at the front of a chain whose rows are all from before this
    /// instant. A row that is missing or was changed ends it: what was tampered
    /// with stays for those who look into it.
    async fn oldest(
        &self,
        tx: &DatabaseTransaction,
        organisation: Uuid,
        before: DateTime<Utc>,
    ) -> Result<Vec<audit_links::Model>, Failure> {
        let links = audit_links::Entity::find().filter(audit_links::Column::OrganisationId.eq(organisation));
        let links = links.order_by_asc(audit_links::Column::Seq).limit(BATCH).all(tx).await?;
        let ids = links.iter().map(|link| link.audit_id);
        let rows = audit_rows::Entity::find().filter(audit_rows::Column::Id.is_in(ids)).all(tx).await?;
        let key = &self.reader.keys.audit;
        let old = |row: &audit_rows::Model| row.at < before && mac_of(key, row) == row.mac;
        let old: HashSet<Uuid> = rows.into_iter().filter(old).map(|row| row.id).collect();
        Ok(links.into_iter().take_while(|link| old.contains(&link.audit_id)).collect())
    }
}

/// Whether a chain's first row is from before this instant.
async fn begins_before(tx: &DatabaseTransaction, organisation: Uuid, before: DateTime<Utc>) -> Result<bool, Failure> {
    let links = audit_links::Entity::find().filter(audit_links::Column::OrganisationId.eq(organisation));
    let first = links.order_by_asc(audit_links::Column::Seq).limit(1).one(tx).await?;
    let Some(first) = first else { return Ok(false) };
    let row = audit_rows::Entity::find_by_id(first.audit_id).one(tx).await?;
    Ok(row.is_some_and(|row| row.at < before))
}
