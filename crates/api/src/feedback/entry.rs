//! Feedback: written, read, changed, and as a draft deleted.

use actix_web::{delete, get, patch, post};
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::feedback::operations as op;
use klankbord_domain::feedback::{Feedback as Domain, FeedbackStatus};
use klankbord_domain::policy::Place;
use klankbord_persistence::feedback::entry::{self, FeedbackFilter};
use klankbord_persistence::store::Page;
use klankbord_persistence::{Failure, Stored, Tx};
use serde_json::Value;
use uuid::Uuid;

use super::desk::witness_all;
use super::viewer::{Seen, Viewer, view_of, views};
use super::voice::{self, Voice};
use super::wire::{self, Feedback, FeedbackCreate, FeedbackPage, FeedbackPatch, FeedbackQuery};
use crate::web::page::{Ordering, Paging};
use crate::web::patch;
use crate::web::text::Reading;
use crate::web::{Answer, Call, Problem};

impl FeedbackCreate {
    /// As a draft, brought by this voice.
    fn into_domain(self, id: Uuid, voice: &Voice) -> Result<Domain, Refusal> {
        let Self { addressee: _, author: _, channel, kind, title, body } = self;
        let mut reading = Reading::default();
        let (title, body) = (reading.texts("/title", title), reading.texts("/body", body));
        let made = Domain {
            id,
            addressee: voice.addressee,
            organisation_id: voice.organisation,
            author: voice.author,
            recorded_by: voice.recorded_by,
            channel,
            kind,
            title,
            body,
            status: FeedbackStatus::Draft,
            received_at: None,
            answer_due_on: None,
            merged_into: None,
            outcome: None,
            removed: None,
        };
        let mut faults = reading.faults;
        faults.extend(made.check());
        Refusal::unless_clean(faults)?;
        Ok(made)
    }
}

/// List feedback
///
/// What you brought, what you answer, and, where you take part, the ideas,
/// proposals and priorities that others sent there.
#[utoipa::path(operation_id = "listFeedback", tag = "Feedback", params(FeedbackQuery, Paging, Ordering),
    responses((status = 200, description = "A page", body = FeedbackPage)))]
#[get("/feedback")]
pub(super) async fn list_feedback(call: Call<op::ListFeedback>) -> Result<Answer, Problem> {
    let (query, request) = call.listing::<FeedbackQuery>()?;
    let viewer = Viewer::of(call.reader(), call.caller()).await?;
    let filter = FeedbackFilter {
        organisation: query.organisation_id,
        network: query.network_id,
        statuses: query.status.unwrap_or_default(),
        kinds: query.kind.unwrap_or_default(),
        sight: viewer.sight.clone(),
    };
    let page = entry::list(call.reader(), &filter, &request).await?;
    witness_all(&call, page.items.iter().filter_map(|found| viewer.others(&found.value))).await?;
    let Page { items, next, total } = page;
    let items = views(call.reader(), &viewer, items).await?;
    call.page(Page { items, next, total })
}

/// Read feedback
///
/// Who wrote it is shown to its author and to who answers it.
#[utoipa::path(operation_id = "getFeedback", tag = "Feedback",
    responses((status = 200, description = "The feedback", body = Feedback)))]
#[get("/feedback/{feedbackId}")]
pub(super) async fn get_feedback(call: Call<op::GetFeedback>) -> Result<Answer, Problem> {
    let (viewer, _, found) = Viewer::read(&call).await?;
    let version = found.version;
    Ok(Answer::resource(version, &view_of(call.reader(), &viewer, found).await?))
}

/// Write feedback
///
/// It starts as a draft, which only you see; move it to `received` to send it.
/// Leave `author` out to write as yourself. An officer or coordinator writes it
/// down for somebody who called or came by; an organisation or council speaks
/// as such through who leads it.
#[utoipa::path(operation_id = "createFeedback", tag = "Feedback", request_body = FeedbackCreate,
    responses((status = 201, description = "Made", body = Feedback)))]
#[post("/feedback")]
pub(super) async fn create_feedback(call: Call<op::CreateFeedback>) -> Result<Answer, Problem> {
    let new: FeedbackCreate = call.body()?;
    call.command(new, |tx, new| create(tx, new).boxed()).await
}

async fn create(tx: &Tx, new: &FeedbackCreate) -> Result<Answer, Failure> {
    tx.authorise(&Place::installation()).await?;
    let id = tx.new_id();
    let viewer = Viewer::of(tx, tx.caller()).await?;
    let voice = voice::of(tx, &viewer, new).await?;
    tx.in_room(voice.room);
    let made = new.clone().into_domain(id, &voice)?;
    let stored = entry::insert(tx, made).await?;
    let version = stored.version;
    Ok(Answer::created(format!("/v1/feedback/{id}"), version, &view_of(tx, &viewer, stored).await?))
}

/// Change feedback
///
/// Only its author, and only while it is a draft. A variant that stays as it
/// was while the default changed is marked stale.
#[utoipa::path(operation_id = "updateFeedback", tag = "Feedback", request_body(
    content((FeedbackPatch = "application/merge-patch+json"), (FeedbackPatch = "application/json"))),
    responses((status = 200, description = "Changed", body = Feedback)))]
#[patch("/feedback/{feedbackId}")]
pub(super) async fn update_feedback(call: Call<op::UpdateFeedback>) -> Result<Answer, Problem> {
    let input = (call.id("feedbackId")?, call.body()?);
    call.command(input, |tx, (id, merge)| update(tx, *id, merge).boxed()).await
}

async fn update(tx: &Tx, id: Uuid, merge: &Value) -> Result<Answer, Failure> {
    let (found, viewer, _) = load_own(tx, id).await?;
    let content: FeedbackCreate = patch::apply(&wire::content(&found.value), merge)?;
    let read = content.into_domain(id, &Voice::of_feedback(&found.value))?;
    let title = found.value.title.revised(read.title);
    let body = found.value.body.revised(read.body);
    let (channel, kind) = (read.channel, read.kind);
    tx.fresh(found.version)?;
    found.value.may_change()?;
    let new = Domain { channel, kind, title, body, ..found.value.clone() };
    let stored = entry::save(tx, found.with(new), "changed").await?;
    Ok(Answer::resource(stored.version, &view_of(tx, &viewer, stored).await?))
}

/// Delete a draft
///
/// Only its author; what was sent is withdrawn.
#[utoipa::path(operation_id = "deleteFeedback", tag = "Feedback",
    responses((status = 204, description = "Deleted")))]
#[delete("/feedback/{feedbackId}")]
pub(super) async fn delete_feedback(call: Call<op::DeleteFeedback>) -> Result<Answer, Problem> {
    call.command(call.id("feedbackId")?, |tx, id| remove(tx, *id).boxed()).await
}

async fn remove(tx: &Tx, id: Uuid) -> Result<Answer, Failure> {
    let (found, _, _) = load_own(tx, id).await?;
    tx.fresh(found.version)?;
    found.value.may_be_deleted()?;
    entry::delete(tx, &found.value).await?;
    Ok(Answer::nothing())
}

/// The feedback, for a command on it, by whom, and what they are to it.
pub(super) async fn load(tx: &Tx, id: Uuid) -> Result<(Stored<Domain>, Viewer, Seen), Failure> {
    let found = entry::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?;
    let viewer = Viewer::of(tx, tx.caller()).await?;
    let seen = viewer.look(tx, &found.value).await?;
    tx.authorise(&seen.place).await?;
    Ok((found, viewer, seen))
}

/// The same, for what only its author may do.
async fn load_own(tx: &Tx, id: Uuid) -> Result<(Stored<Domain>, Viewer, Seen), Failure> {
    let found = load(tx, id).await?;
    if !found.2.author {
        return Err(Refusal::Forbidden.into());
    }
    tx.in_room(voice::room_of(tx, found.0.value.author).await?);
    Ok(found)
}
