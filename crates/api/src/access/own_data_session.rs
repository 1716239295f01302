//! Sessions of people without an account: to their own data, by a one-time code, and for a
//! short while.

use actix_web::post;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::access::operations as op;
use klankbord_domain::calendar::day_of;
use klankbord_domain::participants::ContactOf;
use klankbord_persistence::participants::code_session::{self, CodeSession};
use klankbord_persistence::{Failure, Tx};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::web::{Answer, Call, Problem};

/// A session to the data of one person. It isn't renewed: another code opens the next one.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OwnDataSession {
    /// Its id.
    #[schema(example = json!("0197c000-0000-7000-8000-001700000001"))]
    id: Uuid,
    /// Whose data it opens.
    participant_id: Uuid,
    /// As whom: as the person, or as who represents them.
    opened_as: ContactOf,
    /// Send it as `Authorization: Bearer …`.
    #[schema(max_length = 2000)]
    access_token: String,
    /// Until when the access token holds: when the session ends.
    access_token_expires_at: DateTime<Utc>,
}

/// See your own data without an account
///
/// The code from the mail is the bearer token of this call. It works once, and opens the data
/// of one person for a quarter of an hour, unless the installation says otherwise. Who
/// represents somebody is let in as that, and comes as far as representatives do. The session
/// ends at once when the address changes, an account is linked, the person is erased, or
/// what a representative is to them ends.
#[utoipa::path(operation_id = "createOwnDataSession", tag = "Sign in",
    responses((status = 201, description = "Opened", body = OwnDataSession), (status = 429, description = "Too many tries")),
    extensions(("x-secret" = json!(true))))]
#[post("/own-data-sessions")]
pub(super) async fn create_own_data_session(call: Call<op::CreateOwnDataSession>) -> Result<Answer, Problem> {
    let refused = || Problem::new("access.unauthenticated");
    let counted = call.app.tries.code(&call.origin_hash(), call.now)?;
    let code = call.link_token().to_owned();
    let today = day_of(call.now, call.app.config.time.zone);
    if !code_session::is_good(call.reader(), &code, (call.now, today)).await? {
        return Err(refused());
    }
    counted.undone();
    let until = call.now + TimeDelta::minutes(call.app.config.sign_in.own_data_minutes);
    let unknown = call.app.ids.next(call.now);
    let opened = call.write((code, until, today, unknown), |tx, input| open(tx, input).boxed()).await?;
    let CodeSession { id, participant_id, whose, expires_at } = opened.ok_or_else(refused)?;
    let ids = (participant_id, id, call.app.ids.next(call.now));
    let access_token = call.app.tokens.issue(ids, call.now, expires_at).map_err(Problem::internal)?;
    let made =
        OwnDataSession { id, participant_id, opened_as: whose, access_token, access_token_expires_at: expires_at };
    Ok(Answer::made(format!("/v1/sessions/{id}"), &made))
}

async fn open(
    tx: &Tx,
    (code, until, today, unknown): &(String, DateTime<Utc>, NaiveDate, Uuid),
) -> Result<Option<CodeSession>, Failure> {
    let opened = code_session::open(tx, code, (*until, *today)).await?;
    if opened.is_none() {
        tx.touches(None, code_session::SESSION, *unknown);
    }
    Ok(opened)
}

/// Ends the caller's own session, and no other.
///
/// # Errors
/// 404 for another one.
pub(super) async fn end(tx: &Tx, session: Uuid) -> Result<Answer, Failure> {
    if tx.caller().session != Some(session) {
        return Err(Refusal::Hidden.into());
    }
    code_session::end(tx, session).await?;
    Ok(Answer::nothing())
}
