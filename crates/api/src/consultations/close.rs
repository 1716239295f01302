//! Consultations close by themselves when their last day ends.

use chrono_tz::Tz;
use futures_util::FutureExt as _;
use klankbord_domain::calendar::day_of;
use klankbord_domain::consultations::close_if_due;
use klankbord_persistence::consultations::{consultation, snapshot};
use klankbord_persistence::store::history;
use klankbord_persistence::{Failure, Tx};
use uuid::Uuid;

use super::moves::event;
use crate::app::App;

impl App {
    /// Closes the consultations whose last day is over, each by a command of its
    /// own, so that one that fails holds up no other.
    ///
    /// # Errors
    /// The first that failed, after all were tried.
    pub(crate) async fn close_consultations(&self) -> Result<(), Failure> {
        let zone = self.config.time.zone;
        let due = consultation::due_to_close(self.store.reader(), day_of(self.now(), zone)).await?;
        let mut outcome = Ok(());
        for id in due {
            let act = self.act_of_clock("closeConsultation");
            let closed = self.store.write(act, (id, zone), |tx, (id, zone)| close(tx, *id, *zone).boxed()).await;
            outcome = outcome.and(closed);
        }
        outcome
    }
}

async fn close(tx: &Tx, id: Uuid, zone: Tz) -> Result<(), Failure> {
    let Some(found) = consultation::find_to_change(tx, id).await? else {
        tx.touches(None, consultation::KIND, id);
        return Ok(());
    };
    let open = &found.value.consultation;
    let Some(closed) = close_if_due(open, tx.now(), zone) else {
        // Another replica, or a person, was first.
        tx.touches(Some(open.organisation_id), consultation::KIND, id);
        return Ok(());
    };
    let audience = &open.audience.network_ids;
    tx.in_room(audience.first().copied().filter(|_| found.value.council));
    let steps = (open.status.code(), closed.status.code());
    let event = event(closed.status);
    let kept = found.value.with(closed);
    if !kept.consultation.is_anonymous() {
        snapshot::fix(tx, &kept).await?;
    }
    consultation::save(tx, found.with(kept), event).await?;
    history::record(tx, (consultation::KIND, id), steps, None).await?;
    Ok(())
}
