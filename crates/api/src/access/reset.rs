//! Setting a new password with a link that came by mail.

use actix_web::post;
use futures_util::FutureExt as _;
use klankbord_domain::access::{CodePurpose, operations as op};
use klankbord_persistence::access::{accounts, codes, sessions};
use klankbord_persistence::{Failure, Tx};
use serde::Deserialize;
use utoipa::ToSchema;

use super::notice;
use crate::mail::Template;
use crate::web::{Answer, Call, Problem};

/// A new password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PasswordReset {
    /// The new password.
    #[schema(format = Password, min_length = 12, max_length = 200, example = "paarse olifanten dansen zacht")]
    password: String,
}

/// Set a new password with a link
///
/// The link's token is the bearer token of this call. It works once. All
/// sessions of the account end, and all its other codes are used up.
#[utoipa::path(operation_id = "resetPassword", tag = "Sign in", request_body = PasswordReset,
    responses((status = 204, description = "Set"), (status = 429, description = "Too many tries")))]
#[post("/password-resets")]
pub(super) async fn reset_password(call: Call<op::ResetPassword>) -> Result<Answer, Problem> {
    let PasswordReset { password: given } = call.body()?;
    let token = call.link_token().to_owned();
    let refused = || Problem::new("access.unauthenticated");
    // Before the work that hashing is, which not everybody may ask for.
    let owner = codes::owner(call.reader(), CodePurpose::PasswordReset, &token, call.now).await?;
    let account = accounts::find(call.reader(), owner.ok_or_else(refused)?).await?.ok_or_else(refused)?;
    let own = vec![account.display_name, account.email_address];
    let hash = call.app.passwords.accept(given, own).await?;
    let done = call.write((token, hash), |tx, (token, hash)| reset(tx, token, hash).boxed()).await?;
    if !done {
        return Err(refused());
    }
    call.app.post.wake();
    Ok(Answer::nothing())
}

/// Whether it was done: of two calls with one token, one does it.
async fn reset(tx: &Tx, token: &str, hash: &str) -> Result<bool, Failure> {
    let Some(account) = codes::redeem(tx, CodePurpose::PasswordReset, token).await? else {
        tx.touches(None, "password_reset", tx.new_id());
        return Ok(false);
    };
    accounts::set_password(tx, account, hash).await?;
    sessions::end_all(tx, account, None).await?;
    codes::use_up_all(tx, account).await?;
    notice::send(tx, Template::PasswordChanged, account).await?;
    Ok(true)
}
