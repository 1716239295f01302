//! Mails that tell somebody what happened to their account, so that they notice
//! what they didn't do. Queued in the command's transaction: that they can't be
//! sent stops nothing.

use klankbord_persistence::access::{accounts, origins};
use klankbord_persistence::store::mails::{self, Values};
use klankbord_persistence::{Failure, Tx};
use uuid::Uuid;

use crate::mail::{self, Template};

/// Tells the account; not one that is switched off.
///
/// # Errors
/// When the database refuses.
pub(super) async fn send(tx: &Tx, template: Template, account: Uuid) -> Result<(), Failure> {
    let found = accounts::find(tx, account).await?;
    if let Some(account) = found.filter(|found| !found.disabled) {
        mails::queue(tx, mail::to_account(template, &account, Values::new())).await?;
    }
    Ok(())
}

/// Remembers where the account signs in from, and tells it when it never did
/// from there.
///
/// # Errors
/// When the database refuses.
pub(super) async fn signs_in_from(tx: &Tx, account: Uuid, origin: &str) -> Result<(), Failure> {
    if origins::remember(tx, account, origin).await? {
        send(tx, Template::NewSignInNotice, account).await?;
    }
    Ok(())
}
