//! The demo's accounts: who they are, and how one calls as them.

use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt as _;
use klankbord_domain::access::Role;
use klankbord_persistence::access::{Method, NewAccount, NewGrant, NewSession, accounts, grants, sessions};
use klankbord_persistence::{Failure, Tx};
use uuid::Uuid;

use super::DemoError;
use crate::access::secret;
use crate::app::App;
use crate::web::Problem;
use crate::web::document::demo_id;

/// How long a demo token holds. Hours.
const TOKEN_HOURS: i64 = 8;
/// Who makes all the others.
pub(super) const ADMIN: &str = "admin";

/// The e-mail address of a demo account; its domain can't exist (RFC 2606).
pub(super) fn address_of(name: &str) -> String {
    format!("{name}@demo.klankbord.example")
}

/// The name of a demo account: that of the role it shows, for the main ones.
#[derive(Debug, Clone)]
pub struct DemoRole(String);

impl FromStr for DemoRole {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let sound = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if sound { Ok(Self(name.to_owned())) } else { Err("a name has letters, digits and hyphens only".to_owned()) }
    }
}

impl App {
    /// A bearer token for a demo account, good for eight hours.
    ///
    /// # Errors
    /// When the demo has nobody by that name here.
    pub async fn demo_token(&self, DemoRole(name): &DemoRole) -> Result<String, DemoError> {
        let life = TimeDelta::hours(TOKEN_HOURS);
        let called = self.demo_session(name, self.now(), life).await?;
        called.map(|(_, token)| token).ok_or_else(|| DemoError::Nobody(name.clone()))
    }

    /// A session of a demo account, with an access token that holds as long, and
    /// from this instant on; none where nobody has that name.
    pub(super) async fn demo_session(
        &self,
        name: &str,
        from: DateTime<Utc>,
        life: TimeDelta,
    ) -> Result<Option<(Uuid, String)>, DemoError> {
        let Some(account) = accounts::find_by_email(self.store.reader(), &address_of(name)).await? else {
            return Ok(None);
        };
        let now = self.now();
        let expires_at = now + life;
        // Nobody gets to know the refresh token: the session is over with its access token.
        let refresh_token = secret::token()?;
        let (id, account_id, method, raised) = (self.ids.next(now), account.id, Method::Code, false);
        let new = NewSession { id, account_id, refresh_token, expires_at, method, raised };
        let act = self.act_of_clock("signInDemo");
        let session = self.store.write(act, new, |tx, new| sessions::start(tx, new.clone()).boxed()).await?;
        let ids = (account.id, session.id, self.ids.next(now));
        let token = self.tokens.issue(ids, from, expires_at).map_err(Problem::internal)?;
        Ok(Some((session.id, token)))
    }

    /// Makes the demo's admin, as the first start makes an installation's; from
    /// there on everybody else is made by a request.
    pub(super) async fn demo_admin(&self) -> Result<(), DemoError> {
        let address = address_of(ADMIN);
        if accounts::find_by_email(self.store.reader(), &address).await?.is_some() {
            return Ok(());
        }
        let id = demo_id("account", 1).and_then(|id| id.parse().ok()).unwrap_or_default();
        let new = NewAccount {
            id,
            email_address: address,
            display_name: "Beheerder (demo)".to_owned(),
            password_hash: None,
            language: "nl".to_owned(),
        };
        Ok(self.store.write(self.act_of_clock("firstStart"), new, |tx, new| make_admin(tx, new).boxed()).await?)
    }
}

async fn make_admin(tx: &Tx, new: &NewAccount) -> Result<(), Failure> {
    let account = accounts::insert(tx, new.clone()).await?;
    let reason = Some("beheerder van de demo".to_owned());
    let grant = NewGrant { account_id: account.id, role: Role::Admin, scope_id: None, organisation_id: None, reason };
    grants::insert(tx, grant).await?;
    Ok(())
}
