//! Verifying the audit trail: every row's MAC, every link, every checkpoint, and
//! the heads file, on one moment of the database.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sea_orm::{
    ColumnTrait as _, DatabaseTransaction, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use uuid::Uuid;

use super::heads::{self, Heads};
use super::link::next_chain;
use super::{Spot, chain_of, checkpoint_mac, hash_of, mac_of, subjects_of};
use crate::store::connect::Store;
use crate::store::entity::{audit_checkpoints, audit_heads, audit_links, audit_rows, audit_waiting};
use crate::store::failure::Failure;
use crate::store::keys::{Keys, Secret};

/// How many rows are looked at in one go.
const BATCH: u64 = 1000;

/// Something in the audit trail that isn't as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The organisation whose chain it is; nil for what belongs to none.
    pub organisation: Uuid,
    /// Which link of the chain.
    pub seq: Option<i64>,
    /// Which audit row.
    pub row: Option<Uuid>,
    /// What is wrong with it.
    pub what: &'static str,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let seq = self.seq.map_or_else(|| "-".to_owned(), |seq| seq.to_string());
        let row = self.row.map_or_else(|| "-".to_owned(), |row| row.to_string());
        write!(to, "organisation {} link {seq} row {row}: {}", self.organisation, self.what)
    }
}

/// What verifying found.
#[derive(Debug, Default)]
pub struct Verification {
    /// How many rows were looked at.
    pub rows: u64,
    /// How many of them wait for their link.
    pub waiting: u64,
    /// How many chains there are.
    pub chains: u64,
    /// What isn't as it was written.
    pub findings: Vec<Finding>,
}

impl Store {
    /// Verifies the whole trail. Nothing is changed, and nobody waits for it.
    ///
    /// # Errors
    /// When the database or the heads file can't be read.
    pub async fn verify_audit(&self) -> Result<Verification, Failure> {
        // Read before the database: what it knows, the database must know, too.
        let known = self.heads().await?;
        let tx = self.begin_read().await?;
        let mut verifier = Verifier::new(&self.reader.keys, &tx, known).await?;
        let mut chain = None;
        while let Some(organisation) = next_chain(&tx, chain).await? {
            verifier.chain(organisation).await?;
            chain = Some(organisation);
        }
        verifier.waiting().await?;
        verifier.unlinked().await?;
        let waiting = audit_heads::Entity::find().all(&tx).await?;
        // Read after it: of what the database knew, only what waits may be missing.
        let late = self.heads().await?;
        Ok(verifier.done(&waiting, late))
    }

    async fn heads(&self) -> Result<Heads, Failure> {
        let keys = self.reader.keys.clone();
        let read = tokio::task::spawn_blocking(move || heads::read(&keys.audit_heads, &keys.audit)).await;
        let read = read.map_err(|error| Failure::Broken(format!("the heads file: {error}")))?;
        read.map_err(|error| Failure::Unavailable(format!("the heads file can't be read: {error}")))
    }
}

struct Verifier<'a> {
    key: &'a Secret,
    tx: &'a DatabaseTransaction,
    /// What the heads file knows: chain, link, hashes.
    known: BTreeMap<Uuid, BTreeMap<i64, BTreeSet<String>>>,
    checkpoints: BTreeMap<Uuid, (i64, String)>,
    ends: BTreeMap<Uuid, i64>,
    linked: u64,
    found: Verification,
}

impl<'a> Verifier<'a> {
    async fn new(keys: &'a Keys, tx: &'a DatabaseTransaction, known: Heads) -> Result<Self, Failure> {
        let (checkpoints, ends, found) = (BTreeMap::new(), BTreeMap::new(), Verification::default());
        let mut new = Self { key: &keys.audit, tx, known: BTreeMap::new(), checkpoints, ends, linked: 0, found };
        for head in known.heads {
            new.known.entry(head.organisation).or_default().entry(head.seq).or_default().insert(head.hash);
        }
        for number in known.unsound {
            let seq = i64::try_from(number).ok();
            new.tell((Uuid::nil(), seq, None), "this line of the heads file wasn't written with the audit key");
        }
        let cuts = audit_checkpoints::Entity::find().order_by_asc(audit_checkpoints::Column::Seq).all(tx).await?;
        for cut in cuts {
            let spot = (cut.organisation_id, cut.seq);
            if checkpoint_mac(new.key, spot, &cut.hash, cut.made_at) == cut.mac {
                new.checkpoints.insert(cut.organisation_id, (cut.seq, cut.hash));
            } else {
                new.tell((cut.organisation_id, Some(cut.seq), None), "the checkpoint wasn't made with the audit key");
            }
        }
        for (organisation, (seq, hash)) in new.checkpoints.clone() {
            new.ends.insert(organisation, seq);
            new.against_heads(organisation, seq, &hash);
        }
        Ok(new)
    }

    fn tell(&mut self, (organisation, seq, row): (Uuid, Option<i64>, Option<Uuid>), what: &'static str) {
        self.found.findings.push(Finding { organisation, seq, row, what });
    }

    /// One chain, from its checkpoint or its beginning to its end.
    async fn chain(&mut self, organisation: Uuid) -> Result<(), Failure> {
        self.found.chains += 1;
        let start = self.checkpoints.get(&organisation).cloned();
        let (mut seq, mut hash) = start.unwrap_or((0, String::new()));
        let cut = seq;
        let mut at = i64::MIN;
        loop {
            let links = audit_links::Entity::find()
                .filter(audit_links::Column::OrganisationId.eq(organisation))
                .filter(audit_links::Column::Seq.gt(at))
                .order_by_asc(audit_links::Column::Seq)
                .limit(BATCH);
            let links = links.all(self.tx).await?;
            let Some(last) = links.last() else { break };
            at = last.seq;
            let rows = self.rows_of(&links).await?;
            let subjects = subjects_of(self.tx, rows.keys().copied()).await?;
            for link in &links {
                let spot = (organisation, Some(link.seq), Some(link.audit_id));
                if link.seq <= cut {
                    self.tell(spot, "the link stands under the checkpoint");
                    continue;
                }
                if link.seq != seq + 1 {
                    self.tell((organisation, Some(seq + 1), None), "links are missing from here on");
                } else if link.prev != hash {
                    self.tell(spot, "the link doesn't follow the one before it");
                }
                let beside = subjects.get(&link.audit_id).map(Vec::as_slice).unwrap_or_default();
                self.link(link, rows.get(&link.audit_id), beside);
                seq = link.seq;
                hash.clone_from(&link.hash);
            }
        }
        self.ends.insert(organisation, seq);
        Ok(())
    }

    async fn rows_of(&self, links: &[audit_links::Model]) -> Result<HashMap<Uuid, audit_rows::Model>, Failure> {
        let ids = links.iter().map(|link| link.audit_id);
        let rows = audit_rows::Entity::find().filter(audit_rows::Column::Id.is_in(ids)).all(self.tx).await?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }

    fn link(&mut self, link: &audit_links::Model, row: Option<&audit_rows::Model>, subjects: &[Uuid]) {
        let spot = (link.organisation_id, Some(link.seq), Some(link.audit_id));
        self.against_heads(link.organisation_id, link.seq, &link.hash);
        let Some(row) = row else { return self.tell(spot, "the row is gone") };
        self.found.rows += 1;
        self.linked += 1;
        if mac_of(self.key, row) != row.mac {
            self.tell(spot, "the row was changed, or not written with the audit key");
        }
        if chain_of(row) != link.organisation_id {
            self.tell(spot, "the row belongs to another organisation");
        }
        let of = Spot { organisation: link.organisation_id, seq: link.seq, prev: &link.prev };
        if hash_of(self.key, of, &row.mac, subjects) != link.hash {
            self.tell(spot, "the row, or the persons beside it, aren't those that were linked");
        }
    }

    /// A link against what the heads file knows of it.
    fn against_heads(&mut self, organisation: Uuid, seq: i64, hash: &str) {
        let known = self.known.get_mut(&organisation).and_then(|chain| chain.remove(&seq));
        if known.is_some_and(|known| known.iter().any(|one| one != hash)) {
            self.tell((organisation, Some(seq), None), "the heads file knows another link here");
        }
    }

    /// Rows that were written a moment ago.
    async fn waiting(&mut self) -> Result<(), Failure> {
        let mut after = Uuid::nil();
        loop {
            let waiting = audit_waiting::Entity::find().filter(audit_waiting::Column::AuditId.gt(after));
            let waiting = waiting.order_by_asc(audit_waiting::Column::AuditId).limit(BATCH).all(self.tx).await?;
            let Some(last) = waiting.last() else { return Ok(()) };
            after = last.audit_id;
            let ids = waiting.iter().map(|row| row.audit_id);
            let rows = audit_rows::Entity::find().filter(audit_rows::Column::Id.is_in(ids)).all(self.tx).await?;
            for row in rows {
                self.found.rows += 1;
                self.found.waiting += 1;
                if mac_of(self.key, &row) != row.mac {
                    let spot = (chain_of(&row), None, Some(row.id));
                    self.tell(spot, "the row was changed, or not written with the audit key");
                }
            }
        }
    }

    /// Rows that are in no chain, and don't wait for one either. They are looked
    /// for when there are more rows than links and waiting ones.
    async fn unlinked(&mut self) -> Result<(), Failure> {
        let all = audit_rows::Entity::find().count(self.tx).await?;
        if all == self.linked + self.found.waiting {
            return Ok(());
        }
        let mut after = Uuid::nil();
        loop {
            let rows = audit_rows::Entity::find().filter(audit_rows::Column::Id.gt(after));
            let rows = rows.order_by_asc(audit_rows::Column::Id).limit(BATCH).all(self.tx).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.id;
            let ids = rows.iter().map(|row| row.id);
            let links = audit_links::Entity::find().filter(audit_links::Column::AuditId.is_in(ids.clone()));
            let waiting = audit_waiting::Entity::find().filter(audit_waiting::Column::AuditId.is_in(ids));
            let mut known: BTreeSet<Uuid> = links.all(self.tx).await?.into_iter().map(|link| link.audit_id).collect();
            known.extend(waiting.all(self.tx).await?.into_iter().map(|row| row.audit_id));
            for row in rows.iter().filter(|row| !known.contains(&row.id)) {
                self.found.rows += 1;
                self.tell((chain_of(row), None, Some(row.id)), "the row is in no chain: it was put there from outside");
            }
        }
    }

    /// What the heads file knows beyond the chains, and the chains beyond it.
    fn done(mut self, waiting: &[audit_heads::Model], late: Heads) -> Verification {
        for (organisation, chain) in std::mem::take(&mut self.known) {
            let end = self.ends.get(&organisation).copied().unwrap_or_default();
            let beyond = chain.keys().copied().find(|seq| *seq > end);
            if let Some(seq) = beyond {
                self.tell(
                    (organisation, Some(seq), None),
                    "the heads file knows this link, and the chain ends before it",
                );
            }
        }
        let mut last: BTreeMap<Uuid, i64> = BTreeMap::new();
        let late = late.heads.into_iter().map(|head| (head.organisation, head.seq));
        for (organisation, seq) in late.chain(waiting.iter().map(|head| (head.organisation_id, head.seq))) {
            let known = last.entry(organisation).or_insert(seq);
            *known = seq.max(*known);
        }
        for (organisation, end) in std::mem::take(&mut self.ends) {
            if last.get(&organisation).is_none_or(|known| *known < end) {
                self.tell((organisation, Some(end), None), "the heads file ends before this link");
            }
        }
        self.found
    }
}
