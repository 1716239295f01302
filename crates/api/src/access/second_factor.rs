//! A second factor: codes from the person's own device (TOTP, RFC 6238).

use actix_web::{delete, post};
use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::access::operations as op;
use klankbord_domain::policy::{Operation, Place};
use klankbord_persistence::access::{second_factors, sessions};
use klankbord_persistence::{Failure, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{notice, totp};
use crate::mail::Template;
use crate::web::{Answer, Call, Problem};

/// The code that the device shows.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SecondFactorCode {
    /// Six digits. Each works once.
    #[schema(min_length = 6, max_length = 6, pattern = "^[0-9]{6}$", example = "287082")]
    code: String,
}

/// A new second factor. It is asked from the first code on.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SecondFactor {
    /// The secret for the device, to type (base32). Shown once.
    #[schema(max_length = 100, example = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]
    secret: String,
    /// The same, to scan. Shown once.
    #[schema(max_length = 500)]
    otpauth_uri: String,
}

/// That a code was right.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SecondFactorShown {
    /// When. From then on this session has a second factor.
    shown_at: DateTime<Utc>,
}

/// Start with a second factor
///
/// Gives the secret for an authenticator. Confirm it with the first code.
#[utoipa::path(operation_id = "createSecondFactor", tag = "Sign in",
    responses((status = 201, description = "Made", body = SecondFactor)), extensions(("x-secret" = json!(true))))]
#[post("/me/second-factor")]
pub(super) async fn create_second_factor(call: Call<op::CreateSecondFactor>) -> Result<Answer, Problem> {
    let mut secret = vec![0_u8; totp::SECRET];
    getrandom::fill(&mut secret).map_err(Problem::internal)?;
    call.command((call.account()?, secret), |tx, (account, secret)| start(tx, *account, secret).boxed()).await
}

async fn start(tx: &Tx, account: Uuid, secret: &[u8]) -> Result<Answer, Failure> {
    tx.authorise(&Place::installation()).await?;
    second_factors::start(tx, account, secret).await?;
    let made = SecondFactor { secret: totp::in_words(secret), otpauth_uri: totp::uri(secret, account) };
    Ok(Answer::made("/v1/me".to_owned(), &made))
}

/// Confirm a second factor
///
/// With the first code that the device shows. From then on it is asked when you
/// sign in with a password.
#[utoipa::path(operation_id = "createSecondFactorConfirmation", tag = "Sign in", request_body = SecondFactorCode,
    responses((status = 201, description = "Confirmed", body = SecondFactorShown),
        (status = 429, description = "Too many tries")))]
#[post("/me/second-factor/confirmations")]
pub(super) async fn create_second_factor_confirmation(
    call: Call<op::CreateSecondFactorConfirmation>,
) -> Result<Answer, Problem> {
    show(&call, false).await
}

/// Show a second factor in this session
///
/// For a session that was opened without it, by a one-time code.
#[utoipa::path(operation_id = "createSecondFactorCheck", tag = "Sign in", request_body = SecondFactorCode,
    responses((status = 201, description = "Shown", body = SecondFactorShown),
        (status = 429, description = "Too many tries")))]
#[post("/me/second-factor/checks")]
pub(super) async fn create_second_factor_check(call: Call<op::CreateSecondFactorCheck>) -> Result<Answer, Problem> {
    show(&call, true).await
}

struct Showing {
    account: Uuid,
    session: Option<Uuid>,
    step: i32,
    /// It was confirmed before.
    confirmed: bool,
}

async fn show<O: Operation>(call: &Call<O>, confirmed: bool) -> Result<Answer, Problem> {
    let SecondFactorCode { code } = call.body()?;
    let (account, session) = (call.account()?, call.caller().session);
    let factor = second_factors::find(call.reader(), account).await?;
    let factor = factor.filter(|factor| factor.confirmed == confirmed);
    let factor = factor.ok_or(Refusal::Conflict("second_factor.missing"))?;
    let counted = call.app.tries.of_account("second-factor", account, call.now)?;
    let step = totp::step_of(&factor.secret, &code, call.now);
    let step = step.ok_or_else(|| Refusal::invalid("/code", "second_factor.wrong"))?;
    let showing = Showing { account, session, step, confirmed };
    let answer = call.command(showing, |tx, showing| raise(tx, showing).boxed()).await?;
    counted.right();
    call.app.post.wake();
    Ok(answer)
}

async fn raise(tx: &Tx, showing: &Showing) -> Result<Answer, Failure> {
    let Showing { account, session, step, confirmed } = showing;
    tx.authorise(&Place::installation()).await?;
    if !second_factors::use_step(tx, *account, *step).await? {
        return Err(Refusal::invalid("/code", "second_factor.wrong").into());
    }
    second_factors::confirm(tx, *account).await?;
    if !confirmed {
        notice::send(tx, Template::SecondFactorChanged, *account).await?;
    }
    if let Some(session) = session {
        sessions::raise(tx, *session).await?;
    }
    Ok(Answer::made("/v1/me".to_owned(), &SecondFactorShown { shown_at: tx.now() }))
}

/// Stop using a second factor
///
/// Only in a session in which it was shown. Who lost it asks an admin.
#[utoipa::path(operation_id = "deleteSecondFactor", tag = "Sign in",
    responses((status = 204, description = "Removed")))]
#[delete("/me/second-factor")]
pub(super) async fn delete_second_factor(call: Call<op::DeleteSecondFactor>) -> Result<Answer, Problem> {
    let account = call.account()?;
    let factor = second_factors::find(call.reader(), account).await?;
    let raised = match call.caller().session {
        Some(session) => sessions::is_raised(call.reader(), session).await?,
        None => false,
    };
    if factor.is_some_and(|factor| factor.confirmed) && !raised {
        return Err(Problem::new("session.second_factor_needed"));
    }
    let answer = call.command(account, |tx, account| remove(tx, *account).boxed()).await?;
    call.app.post.wake();
    Ok(answer)
}

async fn remove(tx: &Tx, account: Uuid) -> Result<Answer, Failure> {
    tx.authorise(&Place::installation()).await?;
    take_away(tx, account).await?;
    Ok(Answer::nothing())
}

/// Removes a second factor, and tells whose it was when it was in use.
///
/// # Errors
/// When the database refuses.
pub(super) async fn take_away(tx: &Tx, account: Uuid) -> Result<(), Failure> {
    let used = second_factors::find(tx, account).await?.is_some_and(|factor| factor.confirmed);
    second_factors::remove(tx, account).await?;
    if used {
        notice::send(tx, Template::SecondFactorChanged, account).await?;
    }
    Ok(())
}
