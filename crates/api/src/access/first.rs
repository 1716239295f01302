//! The first start: an admin account and a one-time code to sign in with.

use chrono::TimeDelta;
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::access::{CodePurpose, Role};
use klankbord_persistence::access::{NewAccount, NewGrant, accounts, codes, grants};
use klankbord_persistence::{Failure, Tx};

use super::secret;
use crate::app::App;
use crate::web::Problem;

/// The address of the first admin, until they change it.
const ADDRESS: &str = "admin@klankbord.invalid";

impl App {
    /// Makes the first admin account, when there is no account at all; gives the
    /// one-time code to sign in with. It is shown once and never logged.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn first_admin(&self) -> Result<Option<String>, Problem> {
        if accounts::any(self.store.reader()).await? {
            return Ok(None);
        }
        let code = secret::code()?;
        let life = TimeDelta::minutes(self.config.sign_in.code_minutes);
        let act = self.act_of_clock("firstStart");
        let making = self.store.write(act, (code.clone(), life), |tx, (code, life)| make(tx, code, *life).boxed());
        match making.await {
            // Of several replicas that start at once, one makes it.
            Err(Failure::Refused(Refusal::Conflict(_))) => Ok(None),
            made => Ok(made?.then_some(code)),
        }
    }
}

async fn make(tx: &Tx, code: &str, life: TimeDelta) -> Result<bool, Failure> {
    if accounts::any(tx).await? {
        tx.touches(None, "account", tx.new_id());
        return Ok(false);
    }
    let new = NewAccount {
        id: tx.new_id(),
        email_address: ADDRESS.to_owned(),
        display_name: "Beheerder".to_owned(),
        password_hash: None,
        language: "nl".to_owned(),
    };
    let account = accounts::insert(tx, new).await?;
    let reason = Some("eerste start".to_owned());
    let (account_id, role) = (account.id, Role::Admin);
    grants::insert(tx, NewGrant { account_id, role, scope_id: None, organisation_id: None, reason }).await?;
    codes::keep(tx, (CodePurpose::SignIn, account.id), code, tx.now() + life).await?;
    Ok(true)
}
