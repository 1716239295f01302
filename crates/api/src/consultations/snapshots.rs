//! Snapshots of results: when they were taken, and on how many answers each rests.

use actix_web::get;
use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use klankbord_domain::consultations::{Counts, Snapshots, operations as op};
use klankbord_domain::protect_total;
use klankbord_persistence::consultations::consultation::{self, Kept};
use klankbord_persistence::consultations::snapshot;
use klankbord_persistence::store::Page;
use klankbord_persistence::{Failure, Tx};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::consultation::seen;
use crate::app::App;
use crate::web::cell::Cell;
use crate::web::page::{Paging, page};
use crate::web::{Answer, Call, Problem};

/// Results as they stood at an instant.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResultSnapshot {
    /// Its id.
    id: Uuid,
    /// The consultation.
    consultation_id: Uuid,
    /// When it was taken.
    taken_at: DateTime<Utc>,
    /// On how many answers it rests.
    base: Cell,
}

page!(
    /// A page of snapshots of results.
    ResultSnapshotPage of ResultSnapshot
);

/// List the snapshots of results
///
/// When results were fixed: once nobody answers any more, and where that was announced on the way, each
/// time enough people more had answered. Those that you may see, the oldest first; what is read as
/// results is the last.
#[utoipa::path(operation_id = "listResultSnapshots", tag = "Answers", params(Paging),
    responses((status = 200, description = "A page", body = ResultSnapshotPage)))]
#[get("/consultations/{consultationId}/result-snapshots")]
pub(super) async fn list_result_snapshots(call: Call<op::ListResultSnapshots>) -> Result<Answer, Problem> {
    let (found, permit, networks) = seen(&call).await?;
    let (_, request) = call.listing::<Paging>()?;
    let asked = &found.value.consultation;
    let minimum = networks.minimum(&found.value, permit.roles());
    let kept = snapshot::all(call.reader(), asked.id).await?;
    let counts: Vec<Counts> = kept.iter().map(|one| one.counts.clone()).collect();
    let regions = kept.last().map(|one| one.regions.clone()).unwrap_or_default();
    let published = Snapshots { questions: &asked.questions, counts: &counts, regions: &regions }.published(minimum);
    let shown = published.iter().filter_map(|at| kept.get(*at)).map(|one| ResultSnapshot {
        id: one.id,
        consultation_id: asked.id,
        taken_at: one.taken_at,
        base: protect_total(one.counts.people(), minimum).into(),
    });
    let total = request.count.then(|| u64::try_from(published.len()).unwrap_or_default());
    let mut items: Vec<ResultSnapshot> =
        shown.filter(|one| request.after.is_none_or(|after| (one.taken_at, one.id) > after)).collect();
    let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).map(|one| (one.taken_at, one.id));
    call.page(Page { items, next, total })
}

impl App {
    /// Takes the snapshots that are due on the way, and those of consultations that ended before there were
    /// any; one that fails holds up no other.
    ///
    /// # Errors
    /// The first that failed, after all were tried.
    pub(crate) async fn fix_results(&self) -> Result<(), Failure> {
        let mut outcome = Ok(());
        for id in snapshot::on_the_way(self.store.reader()).await? {
            let Some(found) = consultation::find(self.store.reader(), id).await? else { continue };
            if snapshot::is_due(self.store.reader(), &found.value).await? {
                outcome = outcome.and(self.take_snapshot(id).await);
            }
        }
        for id in snapshot::to_fix(self.store.reader()).await? {
            outcome = outcome.and(self.take_snapshot(id).await);
        }
        outcome
    }

    async fn take_snapshot(&self, id: Uuid) -> Result<(), Failure> {
        let act = self.act_of_clock("takeResultSnapshot");
        self.store.write(act, id, |tx, id| take(tx, *id).boxed()).await
    }
}

async fn take(tx: &Tx, id: Uuid) -> Result<(), Failure> {
    let Some(found) = consultation::find_to_change(tx, id).await? else {
        tx.touches(None, consultation::KIND, id);
        return Ok(());
    };
    let Kept { consultation: asked, council, .. } = &found.value;
    tx.in_room(asked.audience.network_ids.first().copied().filter(|_| *council));
    tx.touches(Some(asked.organisation_id), consultation::KIND, id);
    if asked.may_show_results().is_ok() {
        return snapshot::fix(tx, &found.value).await;
    }
    snapshot::take_interim(tx, &found.value).await
}
