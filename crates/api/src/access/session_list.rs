//! The sessions that somebody has: seen, and ended together.

use actix_web::{delete, get};
use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::access::{SignInMethod, operations as op};
use klankbord_domain::policy::Place;
use klankbord_persistence::access::{Session as Kept, sessions};
use klankbord_persistence::{Failure, Tx};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::web::page::{Paging, page};
use crate::web::{Answer, Call, Problem};

/// A session of yours, without its tokens.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionSummary {
    /// Its id.
    id: Uuid,
    /// How it was opened.
    method: SignInMethod,
    /// Whether it is the one that you call with.
    current: bool,
    /// Whether a second factor was shown in it.
    second_factor: bool,
    /// When it was opened.
    created_at: DateTime<Utc>,
    /// When it was renewed last.
    refreshed_at: DateTime<Utc>,
    /// When it ends by itself.
    expires_at: DateTime<Utc>,
}

page!(
    /// A page of your sessions.
    SessionSummaryPage of SessionSummary
);

fn view(kept: &Kept, current: Option<Uuid>) -> SessionSummary {
    SessionSummary {
        id: kept.id,
        method: kept.method,
        current: current == Some(kept.id),
        second_factor: kept.raised_at.is_some(),
        created_at: kept.created_at,
        refreshed_at: kept.refreshed_at,
        expires_at: kept.expires_at,
    }
}

/// List your sessions
///
/// Where you are signed in. What you don't know, end it.
#[utoipa::path(operation_id = "listSessions", tag = "Sign in", params(Paging),
    responses((status = 200, description = "A page", body = SessionSummaryPage)))]
#[get("/sessions")]
pub(super) async fn list_sessions(call: Call<op::ListSessions>) -> Result<Answer, Problem> {
    let (_, request) = call.listing::<Paging>()?;
    let page = sessions::list(call.reader(), (call.account()?, call.now), &request).await?;
    call.page(page.map(|kept| view(&kept, call.caller().session)))
}

/// Read a session of yours
#[utoipa::path(operation_id = "getSession", tag = "Sign in",
    responses((status = 200, description = "The session", body = SessionSummary)))]
#[get("/sessions/{sessionId}")]
pub(super) async fn get_session(call: Call<op::GetSession>) -> Result<Answer, Problem> {
    let account = call.account()?;
    let found = sessions::find(call.reader(), call.id("sessionId")?, call.now).await?;
    let found = found.filter(|found| found.account_id == account).ok_or(Refusal::Hidden)?;
    Ok(Answer::plain(&view(&found, call.caller().session)))
}

/// Sign out everywhere else
///
/// Ends all your sessions but this one.
#[utoipa::path(operation_id = "deleteOtherSessions", tag = "Sign in",
    responses((status = 204, description = "Ended")))]
#[delete("/me/sessions")]
pub(super) async fn delete_other_sessions(call: Call<op::DeleteOtherSessions>) -> Result<Answer, Problem> {
    call.command(call.account()?, |tx, account| end_others(tx, *account).boxed()).await
}

async fn end_others(tx: &Tx, account: Uuid) -> Result<Answer, Failure> {
    tx.authorise(&Place::installation()).await?;
    sessions::end_all(tx, account, tx.caller().session).await?;
    Ok(Answer::nothing())
}
