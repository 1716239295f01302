//! The library: questions that are asked again, kept by organisations.

use actix_web::{delete, get, patch, post};
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::consultations::operations as op;
use klankbord_domain::consultations::{LibraryQuestion as Domain, LibraryQuestionStatus};
use klankbord_domain::policy::{Operation, Place, Roles};
use klankbord_persistence::consultations::library_question::{self, LibraryQuestionFilter};
use klankbord_persistence::store::history;
use klankbord_persistence::{Failure, Stored, Tx};
use serde_json::Value;
use uuid::Uuid;

use super::library_question_wire::{
    LibraryQuestion, LibraryQuestionCreate, LibraryQuestionPage, LibraryQuestionPatch, LibraryQuestionQuery, view,
};
use crate::web::call::{decided, unknown_reference};
use crate::web::page::{Ordering, Paging};
use crate::web::transition::{Transition, TransitionCreate, TransitionPage};
use crate::web::{Answer, Call, Problem, patch};

/// List questions of the library
///
/// All of your organisation's; of the organisations whose networks you run, those that aren't drafts; and of
/// every other what they share.
#[utoipa::path(operation_id = "listLibraryQuestions", tag = "Consultations",
    params(LibraryQuestionQuery, Paging, Ordering),
    responses((status = 200, description = "A page", body = LibraryQuestionPage)))]
#[get("/library-questions")]
pub(super) async fn list_library_questions(call: Call<op::ListLibraryQuestions>) -> Result<Answer, Problem> {
    let (query, asked) = call.listing::<LibraryQuestionQuery>()?;
    let filter = LibraryQuestionFilter {
        organisation: query.organisation_id,
        statuses: query.status.unwrap_or_default(),
        kinds: query.kind.unwrap_or_default(),
    };
    let page = library_question::list(call.reader(), call.caller(), &filter, &asked).await?;
    call.page(page.map(|found| view(&found, place(&found).roles_of(call.caller()))))
}

/// Put a question in the library
///
/// It starts as a draft. Once published it stays what it is, so that what comes of it can be held beside what
/// came of it before; languages can be added, and another can take its place.
#[utoipa::path(operation_id = "createLibraryQuestion", tag = "Consultations",
    request_body(content = LibraryQuestionCreate, example = json!({
        "organisationId": "0197c000-0000-7000-8000-000100000001",
        "name": [{"language": "nl", "value": "Voelt u zich gehoord?"}], "shared": true,
        "question": {"kind": "scale", "prompt": [{"language": "nl", "value": "Ik voel me gehoord."}],
            "least": 1, "most": 5}})),
    responses((status = 201, description = "Made", body = LibraryQuestion)))]
#[post("/library-questions")]
pub(super) async fn create_library_question(call: Call<op::CreateLibraryQuestion>) -> Result<Answer, Problem> {
    let new: LibraryQuestionCreate = call.body()?;
    call.command(new, |tx, new| create(tx, new).boxed()).await
}

async fn create(tx: &Tx, new: &LibraryQuestionCreate) -> Result<Answer, Failure> {
    let place = Place::of_organisation(new.organisation_id);
    // Who has no standing there learns nothing of it.
    if place.roles_of(tx.caller()).list().next().is_none() {
        return Err(unknown_reference("/organisationId").into());
    }
    let roles = tx.authorise(&place).await?.roles();
    let (made, mut faults) = new.clone().into_domain(tx.new_id(), &|| tx.new_id());
    if !replaces_known(tx, &made, None).await? {
        return Err(unknown_reference("/replacesId").into());
    }
    faults.extend(made.check());
    Refusal::unless_clean(faults)?;
    let stored = library_question::insert(tx, made).await?;
    let location = format!("/v1/library-questions/{}", stored.value.id);
    Ok(Answer::created(location, stored.version, &view(&stored, roles)))
}

/// Whether it can come in the place of what it says, or did so before.
async fn replaces_known(tx: &Tx, made: &Domain, before: Option<Uuid>) -> Result<bool, Failure> {
    let Some(id) = made.replaces_id.filter(|id| Some(*id) != before) else { return Ok(true) };
    let found = library_question::find(tx, tx.caller(), id).await?.map(|stored| stored.value);
    Ok(made.may_replace(found.as_ref()))
}

/// Read a question of the library
#[utoipa::path(operation_id = "getLibraryQuestion", tag = "Consultations",
    responses((status = 200, description = "The question", body = LibraryQuestion)))]
#[get("/library-questions/{libraryQuestionId}")]
pub(super) async fn get_library_question(call: Call<op::GetLibraryQuestion>) -> Result<Answer, Problem> {
    let (found, roles) = read(&call).await?;
    Ok(Answer::resource(found.version, &view(&found, roles)))
}

/// Change a question of the library
///
/// A draft changes freely. Of what is published the question stays, in more languages at most; its name, its
/// guidance and whether it is shared can change.
#[utoipa::path(operation_id = "updateLibraryQuestion", tag = "Consultations", request_body(
    content((LibraryQuestionPatch = "application/merge-patch+json", example = json!({"shared": true})),
        (LibraryQuestionPatch = "application/json", example = json!({"shared": true})))),
    responses((status = 200, description = "Changed", body = LibraryQuestion)))]
#[patch("/library-questions/{libraryQuestionId}")]
pub(super) async fn update_library_question(call: Call<op::UpdateLibraryQuestion>) -> Result<Answer, Problem> {
    let input: (Uuid, Value) = (call.id("libraryQuestionId")?, call.body()?);
    call.command(input, |tx, (id, merge)| update(tx, *id, merge).boxed()).await
}

async fn update(tx: &Tx, id: Uuid, merge: &Value) -> Result<Answer, Failure> {
    let (found, roles) = load(tx, id).await?;
    let content: LibraryQuestionCreate = patch::apply(&LibraryQuestionCreate::from(&found.value), merge)?;
    let next = decided(tx, found.version, content.over(&found.value, &|| tx.new_id()))?;
    if !replaces_known(tx, &next, found.value.replaces_id).await? {
        return Err(unknown_reference("/replacesId").into());
    }
    let stored = library_question::save(tx, found.with(next), "library_question.changed").await?;
    Ok(Answer::resource(stored.version, &view(&stored, roles)))
}

/// Delete a question of the library that is still a draft
#[utoipa::path(operation_id = "deleteLibraryQuestion", tag = "Consultations",
    responses((status = 204, description = "Deleted")))]
#[delete("/library-questions/{libraryQuestionId}")]
pub(super) async fn delete_library_question(call: Call<op::DeleteLibraryQuestion>) -> Result<Answer, Problem> {
    call.command(call.id("libraryQuestionId")?, |tx, id| remove(tx, *id).boxed()).await
}

async fn remove(tx: &Tx, id: Uuid) -> Result<Answer, Failure> {
    let (found, _) = load(tx, id).await?;
    tx.fresh(found.version)?;
    found.value.may_be_deleted()?;
    library_question::delete(tx, &found.value).await?;
    Ok(Answer::nothing())
}

/// Publish or retire a question of the library
///
/// What is retired stays where it was asked, and isn't asked anew.
#[utoipa::path(operation_id = "createLibraryQuestionTransition", tag = "Consultations",
    request_body(content = TransitionCreate, example = json!({"to": "published"})),
    responses((status = 201, description = "Moved", body = Transition)))]
#[post("/library-questions/{libraryQuestionId}/transitions")]
pub(super) async fn create_library_question_transition(
    call: Call<op::CreateLibraryQuestionTransition>,
) -> Result<Answer, Problem> {
    let input: (Uuid, TransitionCreate) = (call.id("libraryQuestionId")?, call.body()?);
    call.command(input, |tx, (id, asked)| make_move(tx, *id, asked).boxed()).await
}

async fn make_move(tx: &Tx, id: Uuid, asked: &TransitionCreate) -> Result<Answer, Failure> {
    let (found, roles) = load(tx, id).await?;
    let to: LibraryQuestionStatus = asked.state()?;
    let (from, reason) = (found.value.status, asked.reason.as_deref());
    let next = decided(tx, found.version, found.value.clone().take(to, (roles, reason)))?;
    let made = history::record(tx, (library_question::KIND, id), (from.code(), to.code()), reason).await?;
    let event = match to {
        LibraryQuestionStatus::Draft => "library_question.changed",
        LibraryQuestionStatus::Published => "library_question.published",
        LibraryQuestionStatus::Retired => "library_question.retired",
    };
    let stored = library_question::save(tx, found.with(next), event).await?;
    let (location, version) = (format!("/v1/library-questions/{id}/transitions"), stored.version);
    Ok(Answer::moved(location, &Transition::from(made), version, &view(&stored, roles)))
}

/// List the moves of a question of the library
#[utoipa::path(operation_id = "listLibraryQuestionTransitions", tag = "Consultations", params(Paging),
    responses((status = 200, description = "A page", body = TransitionPage)))]
#[get("/library-questions/{libraryQuestionId}/transitions")]
pub(super) async fn list_library_question_transitions(
    call: Call<op::ListLibraryQuestionTransitions>,
) -> Result<Answer, Problem> {
    let (_, asked) = call.listing::<Paging>()?;
    let (found, _) = read(&call).await?;
    let page = history::list(call.reader(), (library_question::KIND, found.value.id), &asked).await?;
    call.page(page.map(Transition::from))
}

fn place(found: &Stored<Domain>) -> Place {
    Place::of_organisation(found.value.organisation_id)
}

/// The question, for a command on it, and what the caller is towards it.
async fn load(tx: &Tx, id: Uuid) -> Result<(Stored<Domain>, Roles), Failure> {
    let found = library_question::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?;
    let permit = tx.authorise(&place(&found)).await?;
    Ok((found, permit.roles()))
}

/// The question that a query names, for who finds it.
async fn read<O: Operation>(call: &Call<O>) -> Result<(Stored<Domain>, Roles), Problem> {
    let id = call.id("libraryQuestionId")?;
    let found = library_question::find(call.reader(), call.caller(), id).await?.ok_or(Refusal::Hidden)?;
    let permit = call.authorise(&place(&found))?;
    Ok((found, permit.roles()))
}
