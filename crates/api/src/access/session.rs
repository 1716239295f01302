//! Signing in and out.

use actix_web::{delete, post};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::access::{CodePurpose, operations as op};
use klankbord_domain::policy::Operation;
use klankbord_persistence::access::{
    Method, NewSession, SecondFactor, Session as Kept, accounts, codes, origins, second_factors, sessions,
};
use klankbord_persistence::{Failure, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::tries::Try;
use super::{notice, own_data_session, secret, totp};
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
    /// The code that the second factor shows, for an account that has one.
    #[schema(min_length = 6, max_length = 6, pattern = "^[0-9]{6}$")]
    second_factor_code: Option<String>,
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
    /// Renews the session; the answer brings the next one.
    #[schema(max_length = 200)]
    refresh_token: String,
    /// When the session ends by itself.
    expires_at: DateTime<Utc>,
}

/// Sign in
///
/// With an e-mail address and a password. An unknown address and a wrong
/// password are answered alike. An account with a second factor asks for its
/// code, once the password is right. Tries are limited.
#[utoipa::path(operation_id = "createSession", tag = "Sign in", request_body = SessionCreate,
    responses((status = 201, description = "Signed in", body = Session), (status = 429, description = "Too many tries")),
    extensions(("x-secret" = json!(true))))]
#[post("/sessions")]
pub(super) async fn create_session(call: Call<op::CreateSession>) -> Result<Answer, Problem> {
    let SessionCreate { email_address, password, second_factor_code } = call.body()?;
    let account = accounts::find_by_email(call.reader(), &email_address).await?.filter(|found| !found.disabled);
    let origin = call.origin_hash();
    // The same is asked of the database for an unknown address.
    let id = account.as_ref().map_or_else(Uuid::nil, |found| found.id);
    let known = origins::is_known(call.reader(), id, &origin, call.now).await?;
    let address = call.app.store.keys().secret_lookup("tries", &email_address.trim().to_lowercase());
    let counted = call.app.tries.sign_in((&address, &origin), known, call.now)?;
    let hash = account.as_ref().and_then(|found| found.password_hash.clone());
    let verified = match call.app.passwords.verify(password.clone(), hash).await {
        Ok(verified) => verified,
        Err(busy) => {
            counted.undone();
            return Err(busy);
        }
    };
    let account = account.filter(|_| verified.fits).ok_or_else(|| Problem::new("sign_in.refused"))?;
    counted.right();
    let rehashed = if verified.outdated { Some(call.app.passwords.hash_anew(password).await?) } else { None };
    let factor = second_factors::find(call.reader(), account.id).await?.filter(|factor| factor.confirmed);
    let shown = match factor {
        Some(factor) => Some(shown(&call, account.id, (&factor, second_factor_code.as_deref()))?),
        None => None,
    };
    let refresh = secret::token()?;
    let (step, counted) = shown.unzip();
    let session = new_session(&call, account.id, refresh.clone(), (Method::Password, step.is_some()));
    let opening = Opening { session, origin, rehashed, step };
    let kept = call.write(opening, |tx, opening| open(tx, opening).boxed()).await?;
    let kept = kept.ok_or_else(|| Problem::new("sign_in.second_factor_required"))?;
    if let Some(counted) = counted {
        counted.right();
    }
    signed_in(&call, &kept, refresh)
}

/// The time step of the code that was shown beside the password.
fn shown<O: Operation>(
    call: &Call<O>,
    account: Uuid,
    (factor, code): (&SecondFactor, Option<&str>),
) -> Result<(i32, Try), Problem> {
    let required = || Problem::new("sign_in.second_factor_required");
    let code = code.ok_or_else(required)?;
    let counted = call.app.tries.of_account("second-factor", account, call.now)?;
    let step = totp::step_of(&factor.secret, code, call.now).ok_or_else(required)?;
    Ok((step, counted))
}

struct Opening {
    session: NewSession,
    origin: String,
    rehashed: Option<String>,
    step: Option<i32>,
}

/// Opens the session; none when the code of the second factor was used before.
async fn open(tx: &Tx, opening: &Opening) -> Result<Option<Kept>, Failure> {
    let Opening { session, origin, rehashed, step } = opening;
    let account = session.account_id;
    if let Some(step) = step
        && !second_factors::use_step(tx, account, *step).await?
    {
        tx.touches(None, "session", session.id);
        return Ok(None);
    }
    if let Some(hash) = rehashed {
        accounts::set_password(tx, account, hash).await?;
    }
    notice::signs_in_from(tx, account, origin).await?;
    sessions::start(tx, session.clone()).await.map(Some)
}

/// Sign in with a one-time code
///
/// The code is the bearer token of this call. It works once. An account with a
/// second factor shows it afterwards, in the session.
#[utoipa::path(operation_id = "redeemSignInCode", tag = "Sign in",
    responses((status = 201, description = "Signed in", body = Session), (status = 429, description = "Too many tries")),
    extensions(("x-secret" = json!(true))))]
#[post("/code-sessions")]
pub(super) async fn redeem_sign_in_code(call: Call<op::RedeemSignInCode>) -> Result<Answer, Problem> {
    let origin = call.origin_hash();
    let counted = call.app.tries.code(&origin, call.now)?;
    let refresh = secret::token()?;
    let code = call.link_token().to_owned();
    let session = new_session(&call, Uuid::nil(), refresh.clone(), (Method::Code, false));
    let kept = call.write((code, session, origin), |tx, input| redeem_code(tx, input).boxed()).await?;
    let kept = kept.ok_or_else(|| Problem::new("access.unauthenticated"))?;
    counted.undone();
    signed_in(&call, &kept, refresh)
}

async fn redeem_code(tx: &Tx, (code, session, origin): &(String, NewSession, String)) -> Result<Option<Kept>, Failure> {
    let Some(account_id) = codes::redeem(tx, CodePurpose::SignIn, code).await? else {
        tx.touches(None, "session", session.id);
        return Ok(None);
    };
    notice::signs_in_from(tx, account_id, origin).await?;
    sessions::start(tx, NewSession { account_id, ..session.clone() }).await.map(Some)
}

/// Renew a session
///
/// The refresh token is the bearer token of this call. Sent again within ten
/// seconds it is answered with the same next token, for an answer can get lost.
/// After that, or when an older one comes, the session ends: somebody has a copy
/// (RFC 9700).
#[utoipa::path(operation_id = "refreshSession", tag = "Sign in",
    responses((status = 201, description = "Renewed", body = Session)), extensions(("x-secret" = json!(true))))]
#[post("/session-refreshes")]
pub(super) async fn refresh_session(call: Call<op::RefreshSession>) -> Result<Answer, Problem> {
    let input = (call.link_token().to_owned(), call.app.ids.next(call.now));
    let renewed = call.write(input, |tx, input| rotate(tx, input).boxed()).await?;
    // Not inside the command: that a copied token ended the session must stay written.
    let (kept, next) = renewed.ok_or_else(|| Problem::new("access.unauthenticated"))?;
    signed_in(&call, &kept, next)
}

async fn rotate(tx: &Tx, (presented, unknown): &(String, Uuid)) -> Result<Option<(Kept, String)>, Failure> {
    let rotated = sessions::rotate(tx, presented).await?;
    if rotated.is_none() {
        tx.touches(None, "session", *unknown);
    }
    Ok(rotated)
}

/// Sign out
///
/// Ends a session of your own; its tokens hold no longer from the next call on. Without an
/// account, the one that a code opened.
#[utoipa::path(operation_id = "deleteSession", tag = "Sign in",
    responses((status = 204, description = "Signed out")))]
#[delete("/sessions/{sessionId}")]
pub(super) async fn delete_session(call: Call<op::DeleteSession>) -> Result<Answer, Problem> {
    if call.caller().by_code.is_some() {
        return call.command(call.id("sessionId")?, |tx, session| own_data_session::end(tx, *session).boxed()).await;
    }
    let ids = (call.id("sessionId")?, call.account()?);
    call.command(ids, |tx, ids| end(tx, *ids).boxed()).await
}

async fn end(tx: &Tx, (session, account): (Uuid, Uuid)) -> Result<Answer, Failure> {
    let found = sessions::find(tx, session, tx.now()).await?;
    found.filter(|found| found.account_id == account).ok_or(Refusal::Hidden)?;
    sessions::end(tx, session).await?;
    Ok(Answer::nothing())
}

/// A session that starts now.
pub(super) fn new_session<O: Operation>(
    call: &Call<O>,
    account_id: Uuid,
    refresh_token: String,
    (method, raised): (Method, bool),
) -> NewSession {
    let expires_at = call.now + TimeDelta::days(call.app.config.sign_in.session_days);
    NewSession { id: call.app.ids.next(call.now), account_id, refresh_token, expires_at, method, raised }
}

/// The answer to who signed in; a mail may wait that tells of it.
pub(super) fn signed_in<O: Operation>(call: &Call<O>, kept: &Kept, refresh_token: String) -> Result<Answer, Problem> {
    call.app.post.wake();
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
