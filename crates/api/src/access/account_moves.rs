//! An account: seen, switched off and on, helped when its second factor is lost.

use actix_web::{delete, get, post};
use futures_util::FutureExt as _;
use klankbord_domain::access::{AccountStatus, Role, granting, operations as op};
use klankbord_domain::policy::{Operation, Place};
use klankbord_domain::{Refusal, lifecycle};
use klankbord_persistence::access::{Account as Kept, accounts, grants, identities, sessions};
use klankbord_persistence::store::history;
use klankbord_persistence::{Failure, Tx};
use uuid::Uuid;

use super::account::Account;
use super::second_factor;
use crate::web::call::decided;
use crate::web::page::Paging;
use crate::web::transition::{Transition, TransitionCreate, TransitionPage};
use crate::web::{Answer, Call, Problem};

/// What histories call it.
const KIND: &str = "account";

/// The account that a query names, for the admin and for the person; that an
/// admin reads it is written down.
async fn read<O: Operation>(call: &Call<O>) -> Result<Kept, Problem> {
    let found = accounts::find(call.reader(), call.id("accountId")?).await?.ok_or(Refusal::Hidden)?;
    if call.caller().account == Some(found.id) {
        return Ok(found);
    }
    if !call.caller().is_admin() {
        return Err(Refusal::Hidden.into());
    }
    call.write(found.id, |tx, id| {
        tx.touches(None, KIND, *id);
        async { Ok(()) }.boxed()
    })
    .await?;
    Ok(found)
}

/// Read an account
///
/// For the admin and for the person. The e-mail address is for the person alone.
#[utoipa::path(operation_id = "getAccount", tag = "Roles",
    responses((status = 200, description = "The account", body = Account)))]
#[get("/accounts/{accountId}")]
pub(super) async fn get_account(call: Call<op::GetAccount>) -> Result<Answer, Problem> {
    let found = read(&call).await?;
    Ok(Answer::resource(found.version, &Account::seen_by(call.caller(), found)))
}

/// Switch an account off, or on again
///
/// What is switched off ends at the person's next call, with all sessions. The
/// last admin stays.
#[utoipa::path(operation_id = "createAccountTransition", tag = "Roles",
    request_body(content = TransitionCreate, example = json!({"to": "disabled", "reason": "Werkt hier niet meer."})),
    responses((status = 201, description = "Moved", body = Transition)))]
#[post("/accounts/{accountId}/transitions")]
pub(super) async fn create_account_transition(call: Call<op::CreateAccountTransition>) -> Result<Answer, Problem> {
    let input: (Uuid, TransitionCreate) = (call.id("accountId")?, call.body()?);
    call.command(input, |tx, (id, asked)| make_move(tx, *id, asked).boxed()).await
}

async fn make_move(tx: &Tx, id: Uuid, asked: &TransitionCreate) -> Result<Answer, Failure> {
    let found = accounts::find_to_change(tx, id).await?;
    if !tx.caller().is_admin() && tx.caller().account != Some(id) {
        return Err(Refusal::Hidden.into());
    }
    let found = found.ok_or(Refusal::Hidden)?;
    let roles = tx.authorise(&Place::installation()).await?.roles();
    let to: AccountStatus = asked.state()?;
    let from = found.status();
    let status = decided(tx, found.version, lifecycle::take(from, to, roles, asked.reason.as_deref()))?;
    if status == AccountStatus::Disabled {
        for grant in grants::held_as(tx, id, Role::Admin).await? {
            granting::may_withdraw(grant.role, grants::others(tx, &grant).await?)?;
        }
        sessions::end_all(tx, id, None).await?;
    }
    let saved = accounts::save(tx, &Kept { disabled: status == AccountStatus::Disabled, ..found }).await?;
    let steps = (from.code(), status.code());
    let made = history::record(tx, (KIND, id), steps, asked.reason.as_deref()).await?;
    let (location, version) = (format!("/v1/accounts/{id}/transitions"), saved.version);
    Ok(Answer::moved(location, &Transition::from(made), version, &Account::seen_by(tx.caller(), saved)))
}

/// List the moves of an account
#[utoipa::path(operation_id = "listAccountTransitions", tag = "Roles", params(Paging),
    responses((status = 200, description = "A page", body = TransitionPage)))]
#[get("/accounts/{accountId}/transitions")]
pub(super) async fn list_account_transitions(call: Call<op::ListAccountTransitions>) -> Result<Answer, Problem> {
    let found = read(&call).await?;
    let (_, request) = call.listing::<Paging>()?;
    let page = history::list(call.reader(), (KIND, found.id), &request).await?;
    call.page(page.map(Transition::from))
}

/// Remove somebody's lost second factor
///
/// All sessions of the account end, and a mail tells the person. Nobody removes
/// their own this way.
#[utoipa::path(operation_id = "deleteAccountSecondFactor", tag = "Roles",
    responses((status = 204, description = "Removed")))]
#[delete("/accounts/{accountId}/second-factor")]
pub(super) async fn delete_account_second_factor(call: Call<op::DeleteAccountSecondFactor>) -> Result<Answer, Problem> {
    let answer = call.command(call.id("accountId")?, |tx, id| remove_factor(tx, *id).boxed()).await?;
    call.app.post.wake();
    Ok(answer)
}

/// Unlink an account from another issuer
///
/// Whoever that issuer knows as its holder can't come in with it any more, unless
/// the issuer's rule links them anew.
#[utoipa::path(operation_id = "deleteAccountExternalIdentity", tag = "Roles",
    responses((status = 204, description = "Unlinked")))]
#[delete("/accounts/{accountId}/external-identity")]
pub(super) async fn delete_account_external_identity(
    call: Call<op::DeleteAccountExternalIdentity>,
) -> Result<Answer, Problem> {
    call.command(call.id("accountId")?, |tx, id| unlink(tx, *id).boxed()).await
}

async fn unlink(tx: &Tx, id: Uuid) -> Result<Answer, Failure> {
    if !tx.caller().is_admin() && tx.caller().account != Some(id) {
        return Err(Refusal::Hidden.into());
    }
    tx.authorise(&Place::installation()).await?;
    accounts::find(tx, id).await?.ok_or(Refusal::Hidden)?;
    if !identities::remove(tx, id).await? {
        tx.touches(None, KIND, id);
    }
    Ok(Answer::nothing())
}

async fn remove_factor(tx: &Tx, id: Uuid) -> Result<Answer, Failure> {
    if !tx.caller().is_admin() && tx.caller().account != Some(id) {
        return Err(Refusal::Hidden.into());
    }
    tx.authorise(&Place::installation()).await?;
    accounts::find(tx, id).await?.ok_or(Refusal::Hidden)?;
    if tx.caller().account == Some(id) {
        return Err(Refusal::Forbidden.into());
    }
    second_factor::take_away(tx, id).await?;
    sessions::end_all(tx, id, None).await?;
    Ok(Answer::nothing())
}
