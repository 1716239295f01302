//! Accounts: people who sign in.

use actix_web::post;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt as _;
use klankbord_domain::access::{AccountStatus, CodePurpose, check_holder, operations as op};
use klankbord_domain::policy::{Caller, Place};
use klankbord_domain::{Refusal, lifecycle};
use klankbord_persistence::access::{Account as Kept, NewAccount, accounts, codes};
use klankbord_persistence::{Failure, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::secret;
use crate::web::{Answer, Call, Problem};

/// An account to make.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccountCreate {
    /// Its e-mail address.
    #[schema(format = Email, max_length = 254, example = "nieuw@demo.klankbord.example")]
    email_address: String,
    /// The name it goes by.
    #[schema(min_length = 1, max_length = 100, example = "Nieuwe dossierhouder")]
    display_name: String,
    /// The language it likes (BCP 47); Dutch when it isn't said.
    #[schema(min_length = 2, max_length = 35, example = "nl")]
    language: Option<String>,
    /// Its password. Without one the answer holds a one-time code to hand over.
    #[schema(format = Password, min_length = 12, max_length = 200)]
    password: Option<String>,
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// Its id.
    id: Uuid,
    /// Its e-mail address: for who made it, in the answer to that, and for the person.
    #[schema(format = Email, max_length = 254, example = "nieuw@demo.klankbord.example")]
    email_address: Option<String>,
    /// The name it goes by.
    #[schema(max_length = 100, example = "Nieuwe dossierhouder")]
    display_name: String,
    /// The language it likes (BCP 47).
    #[schema(max_length = 35, example = "nl")]
    language: String,
    /// Whether it can be used.
    status: AccountStatus,
    /// The states that you may move it to.
    #[schema(max_items = 10, example = json!(["disabled"]))]
    allowed_transitions: Vec<&'static str>,
    /// A one-time code to sign in with, where no password was given. Shown once.
    #[schema(max_length = 100, example = "k7m2x-p9qdr-3hvtn-8wcyz-4bgfj")]
    sign_in_code: Option<String>,
    /// Until when the code holds.
    sign_in_code_expires_at: Option<DateTime<Utc>>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// The version and digest of this representation, for `If-Match`.
    #[schema(max_length = 100)]
    etag: Option<String>,
}

impl Account {
    /// An account as this caller sees it: the address is the person's own.
    pub(super) fn seen_by(caller: &Caller, kept: Kept) -> Self {
        let own = caller.account == Some(kept.id);
        let roles = Place::installation().roles_of(caller);
        Self {
            id: kept.id,
            status: kept.status(),
            allowed_transitions: lifecycle::open_codes(kept.status(), roles),
            email_address: own.then_some(kept.email_address),
            display_name: kept.display_name,
            language: kept.language,
            sign_in_code: None,
            sign_in_code_expires_at: None,
            created_at: kept.created_at,
            etag: None,
        }
    }
}

struct Making {
    new: NewAccount,
    code: Option<(String, DateTime<Utc>)>,
}

/// Make an account
///
/// For somebody who will hold a role. Participants without an account are
/// reached by phone or in person.
#[utoipa::path(operation_id = "createAccount", tag = "Roles", request_body = AccountCreate,
    responses((status = 201, description = "Made", body = Account)), extensions(("x-secret" = json!(true))))]
#[post("/accounts")]
pub(super) async fn create_account(call: Call<op::CreateAccount>) -> Result<Answer, Problem> {
    call.authorise(&Place::installation())?;
    let AccountCreate { email_address, display_name, language, password: given } = call.body()?;
    let language = language.unwrap_or_else(|| "nl".to_owned());
    Refusal::unless_clean(check_holder(&display_name, &language))?;
    let password_hash = match given {
        Some(given) => Some(call.app.passwords.accept(given, vec![display_name.clone(), email_address.clone()]).await?),
        None => None,
    };
    let code = match password_hash {
        Some(_) => None,
        None => Some((secret::code()?, call.now + TimeDelta::minutes(call.app.config.sign_in.code_minutes))),
    };
    let id = call.app.ids.next(call.now);
    let new = NewAccount { id, email_address, display_name, password_hash, language };
    call.command(Making { new, code }, |tx, making| make(tx, making).boxed()).await
}

async fn make(tx: &Tx, Making { new, code }: &Making) -> Result<Answer, Failure> {
    tx.authorise(&Place::installation()).await?;
    let account = accounts::insert(tx, new.clone()).await?;
    if let Some((code, until)) = code {
        codes::keep(tx, (CodePurpose::SignIn, account.id), code, *until).await?;
    }
    let (sign_in_code, sign_in_code_expires_at) = code.clone().unzip();
    let (location, version) = (format!("/v1/accounts/{}", account.id), account.version);
    let email_address = Some(account.email_address.clone());
    let made = Account::seen_by(tx.caller(), account);
    Ok(Answer::created(location, version, &Account { email_address, sign_in_code, sign_in_code_expires_at, ..made }))
}
