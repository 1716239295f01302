//! Signing in and out.

use actix_web::{delete, post};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::access::{CodePurpose, operations as op};
use klankbord_persistence::access::{NewSession, Session as Kept, accounts, codes, sessions};
use klankbord_persistence::{Failure, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{password, secret};
use crate::web::{Answer, Call, Problem};

/// E-mail address and password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SessionCreate {
    /// The account's e-mail address.
    #[schema(format = Email, max_length = 254, example = "coordinator@demo.klankbord.example")]
    email_address: String,
    /// Its password.
    #[schema(format = Password, min_length = 1, max_length = 200, example = "een lange zin om te onthouden")]
    password: String,
}

/// A session: a token to call with, and one to renew it with.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// Its id.
    id: Uuid,
    /// Send it as `Authorization: Bearer …`.
    #[schema(max_length = 2000)]
    access_token: String,
    /// Until when the access token holds.
    access_token_expires_at: DateTime<Utc>,
    /// Renews the session, once; the answer brings the next one.
    #[schema(max_length = 200)]
    refresh_token: String,
    /// When the session ends by itself.
    expires_at: DateTime<Utc>,
}

/// Sign in
///
/// With an e-mail address and a password. An unknown address and a wrong
/// password are answered alike.
#[utoipa::path(operation_id = "createSession", tag = "Sign in", request_body = SessionCreate,
    responses((status = 201, description = "Signed in", body = Session)), extensions(("x-secret" = json!(true))))]
#[post("/sessions")]
pub(super) async fn create_session(call: Call<op::CreateSession>) -> Result<Answer, Problem> {
    let SessionCreate { email_address, password: given } = call.body()?;
    let account = accounts::find_by_email(call.reader(), &email_address).await?.filter(|found| !found.disabled);
    let known = account.as_ref().and_then(|found| found.password_hash.clone());
    let fits = password::verify(given, known).await?;
    let account = account.filter(|_| fits).ok_or_else(|| Problem::new("sign_in.refused"))?;
    let refresh = secret::token()?;
    let session = new_session(&call, account.id, refresh.clone());
    let kept = call.write(session, |tx, new| sessions::start(tx, new.clone()).boxed()).await?;
    signed_in(&call, &kept, refresh)
}

/// Sign in with a one-time code
///
/// The code is the bearer token of this call. It works once.
#[utoipa::path(operation_id = "redeemSignInCode", tag = "Sign in",
    responses((status = 201, description = "Signed in", body = Session)), extensions(("x-secret" = json!(true))))]
#[post("/code-sessions")]
pub(super) async fn redeem_sign_in_code(call: Call<op::RedeemSignInCode>) -> Result<Answer, Problem> {
    let refresh = secret::token()?;
    let code = call.link_token().to_owned();
    let session = new_session(&call, Uuid::nil(), refresh.clone());
    let kept = call.write((code, session), |tx, input| redeem_code(tx, input).boxed()).await?;
    let kept = kept.ok_or_else(|| Problem::new("access.unauthenticated"))?;
    signed_in(&call, &kept, refresh)
}

async fn redeem_code(tx: &Tx, (code, session): &(String, NewSession)) -> Result<Option<Kept>, Failure> {
    let Some(account_id) = codes::redeem(tx, CodePurpose::SignIn, code).await? else {
        tx.touches(None, "session", session.id);
        return Ok(None);
    };
    sessions::start(tx, NewSession { account_id, ..session.clone() }).await.map(Some)
}

/// Renew a session
///
/// The refresh token is the bearer token of this call. It works once; one that
/// comes a second time ends the session, for somebody has a copy (RFC 9700).
#[utoipa::path(operation_id = "refreshSession", tag = "Sign in",
    responses((status = 201, description = "Renewed", body = Session)), extensions(("x-secret" = json!(true))))]
#[post("/session-refreshes")]
pub(super) async fn refresh_session(call: Call<op::RefreshSession>) -> Result<Answer, Problem> {
    let next = secret::token()?;
    let tokens = (call.link_token().to_owned(), next.clone(), call.app.ids.next(call.now));
    let kept = call.write(tokens, |tx, input| rotate(tx, input).boxed()).await?;
    // Not inside the command: that a copied token ended the session must stay written.
    let kept = kept.ok_or_else(|| Problem::new("access.unauthenticated"))?;
    signed_in(&call, &kept, next)
}

async fn rotate(tx: &Tx, (presented, next, unknown): &(String, String, Uuid)) -> Result<Option<Kept>, Failure> {
    let rotated = sessions::rotate(tx, presented, next).await?;
    if rotated.is_none() {
        tx.touches(None, "session", *unknown);
    }
    Ok(rotated)
}

/// Sign out
///
/// Ends a session of your own; its tokens hold no longer from the next call on.
#[utoipa::path(operation_id = "deleteSession", tag = "Sign in",
    responses((status = 204, description = "Signed out")))]
#[delete("/sessions/{sessionId}")]
pub(super) async fn delete_session(call: Call<op::DeleteSession>) -> Result<Answer, Problem> {
    let ids = (call.id("sessionId")?, call.account()?);
    call.command(ids, |tx, ids| end(tx, *ids).boxed()).await
}

async fn end(tx: &Tx, (session, account): (Uuid, Uuid)) -> Result<Answer, Failure> {
    if !sessions::of_account(tx, session, account).await? {
        return Err(Refusal::Hidden.into());
    }
    sessions::end(tx, session).await?;
    Ok(Answer::nothing())
}

fn new_session<O: klankbord_domain::policy::Operation>(call: &Call<O>, account: Uuid, refresh: String) -> NewSession {
    let expires_at = call.now + TimeDelta::days(call.app.config.sign_in.session_days);
    NewSession { id: call.app.ids.next(call.now), account_id: account, refresh_token: refresh, expires_at }
}

fn signed_in<O: klankbord_domain::policy::Operation>(
    call: &Call<O>,
    kept: &Kept,
    refresh_token: String,
) -> Result<Answer, Problem> {
    let life = TimeDelta::minutes(call.app.config.sign_in.access_token_minutes);
    let access_token_expires_at = (call.now + life).min(kept.expires_at);
    let ids = (kept.account_id, kept.id, call.app.ids.next(call.now));
    let access_token = call.app.tokens.issue(ids, call.now, access_token_expires_at).map_err(Problem::internal)?;
    let location = format!("/v1/sessions/{}", kept.id);
    let expires_at = kept.expires_at;
    Ok(Answer::made(
        location,
        &Session { id: kept.id, access_token, access_token_expires_at, refresh_token, expires_at },
    ))
}
