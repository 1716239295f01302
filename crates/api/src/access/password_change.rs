//! Setting one's own password.

use actix_web::post;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt as _;
use klankbord_domain::access::operations as op;
use klankbord_domain::policy::Place;
use klankbord_domain::{Fault, Refusal};
use klankbord_persistence::access::{Account, Method, accounts, second_factors, sessions};
use klankbord_persistence::{Failure, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::notice;
use crate::mail::Template;
use crate::web::{Answer, Call, Problem};

/// How long after signing in with a one-time code a password may be set. Minutes.
const RECENT: i64 = 15;

/// A new password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PasswordChangeCreate {
    /// The present password. Not asked within 15 minutes of signing in with a one-time code.
    #[schema(format = Password, min_length = 1, max_length = 200)]
    current_password: Option<String>,
    /// The new one: at least 12 characters, nothing common, nothing that leaked elsewhere.
    #[schema(format = Password, min_length = 12, max_length = 200, example = "paarse olifanten dansen zacht")]
    password: String,
}

/// A password that was set.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PasswordChange {
    /// When.
    changed_at: DateTime<Utc>,
}

/// Set your password
///
/// All your other sessions end, and a mail tells that it was changed.
#[utoipa::path(operation_id = "createPasswordChange", tag = "Sign in", request_body = PasswordChangeCreate,
    responses((status = 201, description = "Set", body = PasswordChange), (status = 429, description = "Too many tries")))]
#[post("/me/password-changes")]
pub(super) async fn create_password_change(call: Call<op::CreatePasswordChange>) -> Result<Answer, Problem> {
    let PasswordChangeCreate { current_password, password } = call.body()?;
    let account = accounts::find(call.reader(), call.account()?).await?;
    let account = account.ok_or_else(|| Problem::new("access.unauthenticated"))?;
    may_set(&call, &account, current_password).await?;
    let own = vec![account.display_name.clone(), account.email_address.clone()];
    let hash = call.app.passwords.accept(password, own).await?;
    let answer = call.command((account.id, hash), |tx, (account, hash)| set(tx, *account, hash).boxed()).await?;
    call.app.post.wake();
    Ok(answer)
}

/// Whether it is the person who asks: by the present password, or by a one-time
/// code a moment ago; and by the second factor where there is one.
async fn may_set(
    call: &Call<op::CreatePasswordChange>,
    account: &Account,
    current: Option<String>,
) -> Result<(), Problem> {
    let session = match call.caller().session {
        Some(id) => sessions::find(call.reader(), id, call.now).await?,
        None => None,
    };
    let session = session.ok_or_else(|| Problem::new("session.not_recent"))?;
    let factor = second_factors::find(call.reader(), account.id).await?;
    if factor.is_some_and(|factor| factor.confirmed) && session.raised_at.is_none() {
        return Err(Problem::new("session.second_factor_needed"));
    }
    let recent = session.method == Method::Code && call.now < session.created_at + TimeDelta::minutes(RECENT);
    if recent {
        return Ok(());
    }
    let Some(hash) = account.password_hash.clone() else { return Err(Problem::new("session.not_recent")) };
    let fault = |code| Problem::from(Refusal::Invalid(vec![Fault::body("/currentPassword", code)]));
    let current = current.ok_or_else(|| fault("value.required"))?;
    let counted = call.app.tries.of_account("password", account.id, call.now)?;
    if !call.app.passwords.verify(current, Some(hash)).await?.fits {
        return Err(fault("password.wrong"));
    }
    counted.right();
    Ok(())
}

async fn set(tx: &Tx, account: Uuid, hash: &str) -> Result<Answer, Failure> {
    tx.authorise(&Place::installation()).await?;
    accounts::set_password(tx, account, hash).await?;
    sessions::end_all(tx, account, tx.caller().session).await?;
    notice::send(tx, Template::PasswordChanged, account).await?;
    Ok(Answer::made("/v1/me".to_owned(), &PasswordChange { changed_at: tx.now() }))
}
