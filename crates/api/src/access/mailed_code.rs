//! Asking for a one-time code by mail.

use actix_web::post;
use futures_util::FutureExt as _;
use klankbord_domain::access::{CodePurpose, operations as op};
use klankbord_domain::policy::Place;
use klankbord_persistence::store::mails;
use klankbord_persistence::{Failure, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::mail;
use crate::web::{Answer, Call, Problem};

/// Who asks for a code, and what for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignInCodeCreate {
    /// The account's e-mail address; for one's own data that of the person, or of who represents
    /// them.
    #[schema(format = Email, max_length = 254, example = "coordinator@demo.klankbord.example")]
    email_address: String,
    /// To sign in, unless it says otherwise.
    purpose: Option<CodePurpose>,
}

/// A request that was taken in. It says nothing of whether there is an account.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignInCodeRequest {
    /// What the code will be for.
    purpose: CodePurpose,
    /// How long it will hold once the mail has gone, in minutes.
    #[schema(minimum = 1, maximum = 1440, example = 15)]
    holds_for_minutes: i64,
}

/// Ask for a one-time code by mail
///
/// A link goes to the address, if there is an account with it. Its token is
/// redeemed at `POST /code-sessions`, or, to set a new password, at
/// `POST /password-resets`. With `own_data` it goes to a verified address of people who
/// have no account, a link for each of them; its token is redeemed at
/// `POST /own-data-sessions`. The answer is the same for every address.
#[utoipa::path(operation_id = "requestSignInCode", tag = "Sign in", request_body = SignInCodeCreate,
    responses((status = 202, description = "Taken in", body = SignInCodeRequest), (status = 429, description = "Too many tries")))]
#[post("/sign-in-codes")]
pub(super) async fn request_sign_in_code(call: Call<op::RequestSignInCode>) -> Result<Answer, Problem> {
    let SignInCodeCreate { email_address, purpose } = call.body()?;
    let purpose = purpose.unwrap_or(CodePurpose::SignIn);
    let holds_for_minutes = match purpose {
        CodePurpose::SignIn | CodePurpose::OwnData => call.app.config.sign_in.mailed_code_minutes,
        CodePurpose::PasswordReset => call.app.config.sign_in.reset_minutes,
    };
    let asked = call.app.store.keys().secret_lookup("mailed", &email_address.trim().to_lowercase());
    call.app.tries.mailed(&asked, &call.origin_hash(), call.now)?;
    let answer = SignInCodeRequest { purpose, holds_for_minutes };
    let answer =
        call.command((email_address, answer), |tx, (address, answer)| take_in(tx, address, answer).boxed()).await?;
    call.app.post.wake();
    Ok(answer)
}

/// Whose address it is, is looked up when the mail goes out: here nothing
/// depends on it, not even the time that it takes.
async fn take_in(tx: &Tx, address: &str, answer: &SignInCodeRequest) -> Result<Answer, Failure> {
    tx.authorise(&Place::installation()).await?;
    let id = mails::queue(tx, mail::with_code(answer.purpose, address, tx.now())).await?;
    tx.touches(None, "mail", id);
    Ok(Answer::accepted(answer))
}
