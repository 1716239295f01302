//! Accepting an invitation with the link that came by mail. What it gives, it
//! gives on the word of who sent it: as far as that reaches now.

use actix_web::post;
use futures_util::FutureExt as _;
use klankbord_domain::access::{Role, check_holder, granting, operations as op};
use klankbord_domain::participants::Participant;
use klankbord_domain::policy::{self, Caller, Operation as _};
use klankbord_domain::{Fault, Refusal};
use klankbord_persistence::access::{
    Account, Method, NewAccount, NewGrant, NewSession, RoleInvitation, Session as Kept, accounts, grants, rights,
    role_invitations, sessions,
};
use klankbord_persistence::participants::participant;
use klankbord_persistence::{Failure, Stored, Tx};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::inviting::{self, Invited};
use super::session::{Session, new_session, signed_in};
use super::{notice, secret};
use crate::web::{Answer, Call, Problem};

/// What somebody says of themselves who has no account yet.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoleInvitationAcceptance {
    /// The name to go by. Needed where there is no account with the address.
    #[schema(min_length = 1, max_length = 100, example = "Nieuwe dossierhouder")]
    display_name: Option<String>,
    /// The language to be addressed in (BCP 47); that of the invitation when it isn't said.
    #[schema(min_length = 2, max_length = 35, example = "nl")]
    language: Option<String>,
    /// A password to sign in with later. Not where there is an account already.
    #[schema(format = Password, min_length = 12, max_length = 200)]
    password: Option<String>,
}

struct Accepting {
    token: String,
    said: RoleInvitationAcceptance,
    password_hash: Option<String>,
    account: Uuid,
    session: NewSession,
    origin: String,
}

/// Accept an invitation
///
/// The link's token is the bearer token of this call. It works once, and signs
/// in. Where there is an account with the address, it gets the role, and keeps its
/// name, language and password; else an account is made. What the sender of the
/// invitation may not give any more is not given (409).
#[utoipa::path(operation_id = "acceptRoleInvitation", tag = "Sign in", request_body = RoleInvitationAcceptance,
    responses((status = 201, description = "Accepted, and signed in", body = Session), (status = 429, description = "Too many tries")),
    extensions(("x-secret" = json!(true))))]
#[post("/role-invitation-acceptances")]
pub(super) async fn accept_role_invitation(call: Call<op::AcceptRoleInvitation>) -> Result<Answer, Problem> {
    let mut said: RoleInvitationAcceptance = call.body()?;
    let (token, origin) = (call.link_token().to_owned(), call.origin_hash());
    let counted = call.app.tries.code(&origin, call.now)?;
    let refused = || Problem::new("access.unauthenticated");
    // Before the work that hashing is, which not everybody may ask for.
    let found = role_invitations::by_token(call.reader(), &token, call.now).await?.ok_or_else(refused)?;
    counted.undone();
    let address = found.email_address.ok_or_else(refused)?;
    let known = accounts::find_by_email(call.reader(), &address).await?;
    if known.as_ref().is_some_and(|account| account.disabled) {
        return Err(refused());
    }
    check(&said, &found.language, known.as_ref())?;
    let password_hash = match said.password.take() {
        Some(given) => {
            let own = said.display_name.iter().cloned().chain([address]).collect();
            Some(call.app.passwords.accept(given, own).await?)
        }
        None => None,
    };
    let refresh = secret::token()?;
    let account = call.app.ids.next(call.now);
    let session = new_session(&call, account, refresh.clone(), (Method::Invitation, false));
    let accepting = Accepting { token, said, password_hash, account, session, origin };
    let kept = call.write(accepting, |tx, accepting| accept(tx, accepting).boxed()).await?;
    signed_in(&call, &kept.ok_or_else(refused)?, refresh)
}

/// What is wrong with what was said, for an address with this account, or none.
/// A password would set that of the account: a link that lasts for days is no
/// link to do that with.
fn check(said: &RoleInvitationAcceptance, language: &str, known: Option<&Account>) -> Result<(), Refusal> {
    if known.is_some() {
        let stray = said.password.as_ref().map(|_| Fault::body("/password", "role_invitation.has_account"));
        return Refusal::unless_clean(stray.into_iter().collect());
    }
    let Some(name) = &said.display_name else { return Err(Refusal::invalid("/displayName", "value.required")) };
    Refusal::unless_clean(check_holder(name, said.language.as_deref().unwrap_or(language)))
}

/// The session; none when the token opens nothing any more: of two calls with
/// one token, one does it.
async fn accept(tx: &Tx, accepting: &Accepting) -> Result<Option<Kept>, Failure> {
    let Accepting { token, session, origin, .. } = accepting;
    let found = role_invitations::by_token_to_change(tx, token).await?;
    let account = match &found {
        Some(found) => account_for(tx, found, accepting).await?,
        None => None,
    };
    let (Some(found), Some(account_id)) = (found, account) else {
        tx.touches(None, "session", session.id);
        return Ok(None);
    };
    give(tx, &found, account_id).await?;
    role_invitations::accepted(tx, &found, account_id).await?;
    notice::signs_in_from(tx, account_id, origin).await?;
    sessions::start(tx, NewSession { account_id, ..session.clone() }).await.map(Some)
}

/// The account with the address, made where there is none; none where it was
/// switched off.
async fn account_for(tx: &Tx, found: &RoleInvitation, accepting: &Accepting) -> Result<Option<Uuid>, Failure> {
    let Some(email_address) = found.email_address.clone() else { return Ok(None) };
    let Accepting { said, password_hash, account: id, .. } = accepting;
    if let Some(account) = accounts::find_by_email(tx, &email_address).await? {
        // Made since the call was looked at: its password stays, too.
        if password_hash.is_some() {
            return Err(Refusal::invalid("/password", "role_invitation.has_account").into());
        }
        return Ok((!account.disabled).then_some(account.id));
    }
    check(said, &found.language, None)?;
    let language = said.language.clone().unwrap_or_else(|| found.language.clone());
    let (display_name, password_hash) = (said.display_name.clone().unwrap_or_default(), password_hash.clone());
    let new = NewAccount { id: *id, email_address, display_name, password_hash, language };
    Ok(Some(accounts::insert(tx, new).await?.id))
}

/// Gives what was promised, on the word of who sent the invitation.
async fn give(tx: &Tx, found: &RoleInvitation, account_id: Uuid) -> Result<(), Failure> {
    let withdrawn = || Refusal::Conflict("role_invitation.inviter_may_not");
    let scope = (found.scope_kind, found.scope_id);
    let sender = rights::of_account(tx, found.invited_by).await?.ok_or_else(withdrawn)?;
    inviting::lock(tx, scope).await?;
    let invited = Invited::find(tx, scope, &sender).await?.ok_or_else(withdrawn)?;
    may_still(&invited, found.role, &sender).map_err(|_| withdrawn())?;
    granting::not_to_oneself(&sender, account_id)?;
    invited.is_to_give()?;
    tx.in_room(invited.place().room());
    match invited {
        Invited::Person(person, ..) => link(tx, &person, account_id).await,
        Invited::Role(_) => {
            let (role, scope_id, organisation_id) = (found.role, found.scope_id, found.organisation_id);
            let new = NewGrant { account_id, role, scope_id, organisation_id, reason: Some(found.reason.clone()) };
            grants::insert_by(tx, new, Some(found.invited_by)).await.map(drop)
        }
    }
}

/// Whether the sender could send it now.
fn may_still(invited: &Invited, role: Role, sender: &Caller) -> Result<(), Refusal> {
    policy::authorise(&op::CreateRoleInvitation::RULE, sender, invited.place())?;
    invited.may_invite(role)
}

async fn link(tx: &Tx, person: &Stored<Participant>, account: Uuid) -> Result<(), Failure> {
    let contact = participant::contact(tx, person.value.id).await?;
    let linked = Participant { account_id: Some(account), ..person.value.clone() };
    participant::save(tx, person.with(linked), contact.as_ref()).await.map(drop)
}
