//! Support for what others brought: by the person, once each.

use actix_web::{delete, post};
use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::feedback::operations as op;
use klankbord_domain::feedback::{Addressee, Author, Feedback as Domain};
use klankbord_domain::participants::Member;
use klankbord_persistence::feedback::support::{self, Support as Kept};
use klankbord_persistence::participants::membership;
use klankbord_persistence::{Failure, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::entry::load;
use super::viewer::Viewer;
use crate::web::{Answer, Call, Problem};

/// A support to give.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SupportCreate {
    /// As which of the persons that you are; absent: as the one who takes part there.
    participant_id: Option<Uuid>,
}

/// Somebody's support.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Support {
    /// Its id.
    id: Uuid,
    /// Of what.
    feedback_id: Uuid,
    /// Whose: yours.
    participant_id: Uuid,
    /// Since when.
    created_at: DateTime<Utc>,
}

impl From<Kept> for Support {
    fn from(kept: Kept) -> Self {
        let Kept { id, feedback_id, participant_id, created_at } = kept;
        Self { id, feedback_id, participant_id, created_at }
    }
}

/// Support somebody else's feedback
///
/// An idea, proposal or priority that waits for its answer; once, in person.
#[utoipa::path(operation_id = "createSupport", tag = "Feedback",
    request_body(content = SupportCreate, example = json!({})),
    responses((status = 201, description = "Given", body = Support)))]
#[post("/feedback/{feedbackId}/supports")]
pub(super) async fn create_support(call: Call<op::CreateSupport>) -> Result<Answer, Problem> {
    let input: (Uuid, SupportCreate) = (call.id("feedbackId")?, call.body()?);
    call.command(input, |tx, (id, new)| create(tx, *id, new).boxed()).await
}

async fn create(tx: &Tx, feedback_id: Uuid, new: &SupportCreate) -> Result<Answer, Failure> {
    let (found, viewer, _) = load(tx, feedback_id).await?;
    let near = nearby(tx, &viewer, &found.value).await?;
    let person = match new.participant_id {
        Some(id) if near.contains(&id) => id,
        Some(_) => return Err(Refusal::invalid("/participantId", "reference.unknown").into()),
        None => *near.first().ok_or(Refusal::Forbidden)?,
    };
    let own = matches!(found.value.author, Author::Participant(id) if viewer.sight.persons.contains(&id));
    found.value.may_be_supported(own)?;
    // One human supports once, as whichever of their persons.
    if !support::of_persons(tx, &[feedback_id], &viewer.sight.persons).await?.is_empty() {
        return Err(Refusal::Conflict("support.already_given").into());
    }
    let made = support::insert(tx, tx.new_id(), &found.value, person).await?;
    Ok(Answer::made(format!("/v1/feedback/{feedback_id}/supports/{}", made.id), &Support::from(made)))
}

/// The caller's own persons who take part in the place addressed.
async fn nearby(tx: &Tx, viewer: &Viewer, feedback: &Domain) -> Result<Vec<Uuid>, Failure> {
    let mut near = Vec::new();
    for person in &viewer.persons {
        let takes_part = match feedback.addressee {
            Addressee::Organisation(id) => person.organisation_id == id,
            Addressee::Network(id) => membership::takes_part(tx, id, Member::Participant(person.id)).await?,
        };
        if takes_part {
            near.push(person.id);
        }
    }
    Ok(near)
}

/// Take your support back
#[utoipa::path(operation_id = "deleteSupport", tag = "Feedback",
    responses((status = 204, description = "Taken back")))]
#[delete("/feedback/{feedbackId}/supports/{supportId}")]
pub(super) async fn delete_support(call: Call<op::DeleteSupport>) -> Result<Answer, Problem> {
    let input = (call.id("feedbackId")?, call.id("supportId")?);
    call.command(input, |tx, (feedback, support)| remove(tx, *feedback, *support).boxed()).await
}

async fn remove(tx: &Tx, feedback_id: Uuid, id: Uuid) -> Result<Answer, Failure> {
    let (found, viewer, _) = load(tx, feedback_id).await?;
    let mine = |kept: &Kept| kept.feedback_id == feedback_id && viewer.sight.persons.contains(&kept.participant_id);
    let kept = support::find(tx, id).await?.filter(mine).ok_or(Refusal::Hidden)?;
    support::delete(tx, &found.value, &kept).await?;
    Ok(Answer::nothing())
}
