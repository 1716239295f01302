//! Sealing what was answered anonymously, once nothing more comes in. Four steps, each of
//! which can be broken off and done again, by any replica.

use futures_util::FutureExt as _;
use klankbord_domain::consultations::{Consultation, ConsultationStatus, Fate, fate};
use klankbord_persistence::consultations::consultation::{self, Kept};
use klankbord_persistence::consultations::{sealing, snapshot};
use klankbord_persistence::{Failure, Tx};
use uuid::Uuid;

use crate::app::App;

impl App {
    /// Seals the anonymous consultations that ended, and destroys the answers of those that
    /// were called off; one that fails holds up no other.
    ///
    /// # Errors
    /// The first that failed, after all were tried.
    pub(crate) async fn seal_ballots(&self) -> Result<(), Failure> {
        let zone = self.config.time.zone;
        let mut outcome = Ok(());
        for found in consultation::to_seal(self.store.reader()).await? {
            let Some(fate) = fate(&found.value.consultation, zone, self.now()) else { continue };
            outcome = outcome.and(self.seal(found.value.consultation.id, fate).await);
        }
        outcome
    }

    /// 1. Everything is rewritten, shuffled, in one transaction, and what came in is deleted.
    /// 2. What was deleted is taken out of the database's files.
    /// 3. The key under which it came in is destroyed: older copies can't be read any more.
    /// 4. It is marked as sealed.
    async fn seal(&self, id: Uuid, fate: Fate) -> Result<(), Failure> {
        let act = self.act_of_clock("sealConsultation");
        self.store.write(act.clone(), (id, fate), |tx, (id, fate)| rewrite(tx, *id, *fate).boxed()).await?;
        self.store.scrub_ballots().await?;
        self.store.destroy_ballot_key(id)?;
        self.store.write(act, id, |tx, id| mark(tx, *id).boxed()).await
    }
}

async fn rewrite(tx: &Tx, id: Uuid, fate: Fate) -> Result<(), Failure> {
    let Some(found) = consultation::find_to_change(tx, id).await? else {
        return Err(Failure::Broken(format!("consultation {id} is gone")));
    };
    if found.value.consultation.sealed_at.is_some() {
        touch(tx, &found.value);
        return Ok(());
    }
    match fate {
        Fate::Sealed => sealing::rewrite(tx, &found.value).await?,
        Fate::Destroyed => sealing::destroy(tx, id).await?,
    }
    if found.value.rewritten_at.is_some() {
        touch(tx, &found.value);
        return Ok(());
    }
    let kept = Kept { rewritten_at: Some(tx.now()), ..found.value.clone() };
    touch(tx, &kept);
    consultation::save(tx, found.with(kept), "consultation.changed").await.map(drop)
}

async fn mark(tx: &Tx, id: Uuid) -> Result<(), Failure> {
    let Some(found) = consultation::find_to_change(tx, id).await? else {
        return Err(Failure::Broken(format!("consultation {id} is gone")));
    };
    touch(tx, &found.value);
    if found.value.consultation.sealed_at.is_some() {
        // Another replica was first.
        return Ok(());
    }
    let sealed = Consultation { sealed_at: Some(tx.now()), ..found.value.consultation.clone() };
    let kept = found.value.with(sealed);
    if kept.consultation.status != ConsultationStatus::Withdrawn {
        snapshot::fix(tx, &kept).await?;
    }
    consultation::save(tx, found.with(kept), "consultation.sealed").await.map(drop)
}

/// What the clock does in a council's room stands there.
fn touch(tx: &Tx, kept: &Kept) {
    let one = &kept.consultation;
    tx.in_room(one.audience.network_ids.first().copied().filter(|_| kept.council));
    tx.touches(Some(one.organisation_id), consultation::KIND, one.id);
}
