//! An account made on the machine itself, by whoever runs the installation: for
//! the first managers, and for an admin who lost the way in.

use chrono::TimeDelta;
use futures_util::FutureExt as _;
use klankbord_domain::access::{CodePurpose, Role, ScopeKind};
use klankbord_persistence::access::{NewAccount, NewGrant, accounts, codes, grants};
use klankbord_persistence::organisations::organisation;
use klankbord_persistence::{Failure, Tx};
use uuid::Uuid;

use super::secret;
use crate::app::App;
use crate::web::{Problem, messages};

/// What the command line was asked to make.
#[derive(Debug, Clone)]
pub(crate) struct NewByHand {
    /// The e-mail address.
    pub(crate) email: String,
    /// The name it goes by.
    pub(crate) name: String,
    /// The role it holds from the start.
    pub(crate) role: Option<Role>,
    /// The organisation in which it holds the role.
    pub(crate) organisation: Option<Uuid>,
}

/// Why no account was made, for people at a terminal.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unmade {
    /// The options don't fit together.
    #[error("{0}")]
    Options(&'static str),
    /// The database or a rule said no.
    #[error("{}", messages::problem(.0.code(), true).1)]
    Refused(#[from] Problem),
    /// The database can't be used.
    #[error("{0}")]
    Failed(Failure),
}

impl From<Failure> for Unmade {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => Self::Refused(refusal.into()),
            failure => Self::Failed(failure),
        }
    }
}

impl NewByHand {
    fn check(&self) -> Result<(), Unmade> {
        let refuse = |what| Err(Unmade::Options(what));
        let named = (1..=100).contains(&self.name.trim().chars().count());
        let addressed = (3..=254).contains(&self.email.len()) && self.email.trim().contains('@');
        match (self.role.map(Role::scope), self.organisation) {
            _ if !addressed => refuse("--email is not an e-mail address"),
            _ if !named => refuse("--name has 1 to 100 characters"),
            (None | Some(ScopeKind::Installation), None) | (Some(ScopeKind::Organisation), Some(_)) => Ok(()),
            (None | Some(ScopeKind::Installation), Some(_)) => refuse("--organisation goes with a role in one"),
            (Some(ScopeKind::Organisation), None) => refuse("this role needs --organisation"),
            (Some(ScopeKind::Network | ScopeKind::Participant), _) => refuse("this role is not given by hand"),
        }
    }
}

impl App {
    /// Makes an account, with its role, and gives the one-time code to sign in
    /// with; it is never logged.
    ///
    /// # Errors
    /// When the options don't fit together, or the database refuses.
    pub(crate) async fn account_by_hand(&self, new: NewByHand) -> Result<String, Unmade> {
        new.check()?;
        if let Some(id) = new.organisation {
            let found = organisation::find(self.store.reader(), id).await?;
            found.ok_or(Unmade::Options("--organisation: there is none with this id"))?;
        }
        let code = secret::code()?;
        let life = TimeDelta::minutes(self.config.sign_in.code_minutes);
        let act = self.act_of_terminal("createAccountByHand");
        let input = (new, code.clone(), life);
        self.store.write(act, input, |tx, (new, code, life)| make(tx, new, code, *life).boxed()).await?;
        Ok(code)
    }
}

async fn make(tx: &Tx, new: &NewByHand, code: &str, life: TimeDelta) -> Result<(), Failure> {
    let account = NewAccount {
        id: tx.new_id(),
        email_address: new.email.trim().to_owned(),
        display_name: new.name.trim().to_owned(),
        password_hash: None,
        language: "nl".to_owned(),
    };
    let account_id = accounts::insert(tx, account).await?.id;
    if let Some(role) = new.role {
        let (scope_id, reason) = (new.organisation, Some("op de server gegeven".to_owned()));
        grants::insert(tx, NewGrant { account_id, role, scope_id, organisation_id: scope_id, reason }).await?;
    }
    codes::keep(tx, (CodePurpose::SignIn, account_id), code, tx.now() + life).await
}
