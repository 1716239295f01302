//! How feedback moves on: received, considered, decided, done; and its history.

use actix_web::{get, post};
use chrono_tz::Tz;
use futures_util::FutureExt as _;
use klankbord_domain::calendar::day_of;
use klankbord_domain::feedback::operations as op;
use klankbord_domain::feedback::{Addressee, Author, Feedback as Domain, FeedbackStatus, MoveFacts, transition};
use klankbord_domain::{Fault, Refusal};
use klankbord_persistence::agreements::agreement;
use klankbord_persistence::feedback::{entry, response, support};
use klankbord_persistence::store::history;
use klankbord_persistence::{Failure, Stored, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::entry::load;
use super::viewer::{Viewer, view_of};
use crate::web::page::Paging;
use crate::web::text::{Reading, TextVariant};
use crate::web::transition::{Transition, TransitionPage};
use crate::web::{Answer, Call, Problem, call};

/// A move of feedback to make.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FeedbackTransitionCreate {
    /// The state to move to: one of the feedback's `allowedTransitions`.
    #[schema(example = "in_consideration", min_length = 1, max_length = 40, pattern = "^[a-z_]+$")]
    to: String,
    /// Why. Some moves need it.
    #[schema(min_length = 1, max_length = 2000)]
    reason: Option<String>,
    /// With `merged`: the other feedback in which it goes on; its supporters go
    /// along.
    merged_into_id: Option<Uuid>,
    /// With `realised` and `not_realised`: what became of it.
    #[schema(min_items = 1, max_items = 20)]
    outcome: Option<Vec<TextVariant>>,
}

impl FeedbackTransitionCreate {
    fn state(&self) -> Result<FeedbackStatus, Refusal> {
        self.to.parse().map_err(|_| Refusal::invalid("/to", "transition.unknown"))
    }

    /// What doesn't go with this move.
    fn check(&self, to: FeedbackStatus) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.merged_into_id.is_some() && to != FeedbackStatus::Merged {
            faults.push(Fault::body("/mergedIntoId", "feedback.only_when_merged"));
        }
        let ended = matches!(to, FeedbackStatus::Realised | FeedbackStatus::NotRealised);
        if self.outcome.is_some() && !ended {
            faults.push(Fault::body("/outcome", "feedback.only_when_done"));
        }
        faults
    }
}

/// Move feedback on
///
/// The author sends it, takes it back, or appeals when it was taken away; who
/// is addressed considers it, decides (after an official response) and tells
/// what became of it; a moderator takes away what is indecent.
#[utoipa::path(operation_id = "createFeedbackTransition", tag = "Feedback",
    request_body(content = FeedbackTransitionCreate, example = json!({"to": "in_consideration"})),
    responses((status = 201, description = "Moved", body = Transition)))]
#[post("/feedback/{feedbackId}/transitions")]
pub(super) async fn create_feedback_transition(call: Call<op::CreateFeedbackTransition>) -> Result<Answer, Problem> {
    let asked: FeedbackTransitionCreate = call.body()?;
    let input = (call.id("feedbackId")?, asked, call.app.config.time.zone);
    call.command(input, |tx, (id, asked, zone)| make_move(tx, *id, asked, *zone).boxed()).await
}

async fn make_move(tx: &Tx, id: Uuid, asked: &FeedbackTransitionCreate, zone: Tz) -> Result<Answer, Failure> {
    let (found, viewer, seen) = load(tx, id).await?;
    let to = asked.state()?;
    let mut reading = Reading { faults: asked.check(to) };
    let outcome = reading.texts_or_none("/outcome", asked.outcome.clone());
    Refusal::unless_clean(reading.faults)?;
    let target = match asked.merged_into_id {
        Some(target) => Some(merge_target(tx, &viewer, target).await?),
        None => None,
    };
    let response = response::newest(tx, &[id]).await?.pop();
    let merge_into = target.as_ref().map(|target| &target.value);
    let answer_days = agreed_days(tx, &found.value, zone).await?;
    let facts = MoveFacts { response: response.as_ref(), merge_into, outcome: outcome.as_ref(), answer_days, zone };
    let decision = transition(&found.value, to, &seen.mover(asked.reason.as_deref()), &facts, tx.now());
    let moved = call::decided(tx, found.version, decision)?;
    let stored = entry::save(tx, found.with(moved), to.code()).await?;
    if let (FeedbackStatus::Merged, Some(target)) = (to, &target) {
        tx.touches(Some(target.value.organisation_id), entry::KIND, target.value.id);
        support::carry_over(tx, &found.value, &target.value).await?;
    }
    let steps = (found.value.status.code(), to.code());
    let made = history::record(tx, (entry::KIND, id), steps, asked.reason.as_deref()).await?;
    let version = stored.version;
    let view = view_of(tx, &viewer, stored).await?;
    Ok(Answer::moved(format!("/v1/feedback/{id}/transitions"), &Transition::from(made), version, &view))
}

/// Within how many days its author was promised an answer by who is addressed.
async fn agreed_days(tx: &Tx, feedback: &Domain, zone: Tz) -> Result<Option<i32>, Failure> {
    let addressee = match feedback.addressee {
        Addressee::Organisation(id) | Addressee::Network(id) => id,
    };
    match feedback.author {
        Author::Participant(person) => agreement::answer_days(tx, person, addressee, day_of(tx.now(), zone)).await,
        Author::Organisation(_) | Author::Network(_) => Ok(None),
    }
}

/// The feedback in which another goes on; one that the caller may not know of
/// is as unknown as any.
async fn merge_target(tx: &Tx, viewer: &Viewer, id: Uuid) -> Result<Stored<Domain>, Failure> {
    let unknown = || Refusal::invalid("/mergedIntoId", "reference.unknown");
    let target = entry::find_to_change(tx, id).await?.ok_or_else(unknown)?;
    match viewer.look(tx, &target.value).await {
        Ok(_) => Ok(target),
        Err(Failure::Refused(Refusal::Hidden)) => Err(unknown().into()),
        Err(other) => Err(other),
    }
}

/// List the moves of feedback
///
/// Others who take part don't see who made them, nor why it was taken back or
/// away.
#[utoipa::path(operation_id = "listFeedbackTransitions", tag = "Feedback", params(Paging),
    responses((status = 200, description = "A page", body = TransitionPage)))]
#[get("/feedback/{feedbackId}/transitions")]
pub(super) async fn list_feedback_transitions(call: Call<op::ListFeedbackTransitions>) -> Result<Answer, Problem> {
    let (_, seen, found) = Viewer::read(&call).await?;
    let (_, request) = call.listing::<Paging>()?;
    let page = history::list(call.reader(), (entry::KIND, found.value.id), &request).await?;
    let told = seen.knows_author();
    call.page(page.map(|made| if told { Transition::from(made) } else { for_others(made) }))
}

/// A move as others who take part see it.
pub(super) fn for_others(made: history::Transition) -> Transition {
    let between_two = |state: &str| {
        let private = [FeedbackStatus::Withdrawn, FeedbackStatus::ModeratedOut];
        private.iter().any(|status| status.code() == state)
    };
    let mut shown = Transition { made_by: None, ..Transition::from(made) };
    if between_two(&shown.from) || between_two(&shown.to) {
        shown.reason = None;
    }
    shown
}
