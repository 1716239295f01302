//! People who sign in elsewhere: access tokens of issuers that the operator
//! trusts. A token says who, never what they may; that stands in this database.

mod fetch;
mod keys;
pub(crate) mod linking;
pub mod settings;
mod token;

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, Utc};

use self::fetch::Fetcher;
pub(crate) use self::keys::Endpoints;
use self::keys::{Ring, Source, Unreachable};
use self::settings::{Issuer, Oidc};
pub(crate) use self::token::Said;
use crate::web::Problem;

/// The trusted issuers, with what is known of their keys. A start asks none.
pub(crate) struct Issuers {
    settings: Oidc,
    fetcher: Fetcher,
    rings: HashMap<String, Ring>,
}

impl Issuers {
    pub(crate) fn of(settings: &Oidc) -> Self {
        let rings = settings.issuers.values().map(|one| (one.issuer.clone(), Ring::new())).collect();
        let fetcher = Fetcher::new(Duration::from_secs(settings.timeout_seconds));
        Self { settings: settings.clone(), fetcher, rings }
    }

    /// The issuer with this identifier, when it is trusted.
    pub(crate) fn find(&self, issuer: &str) -> Option<&Issuer> {
        self.settings.issuers.values().find(|one| one.issuer == issuer)
    }

    fn source<'a>(&'a self, issuer: &'a Issuer, now: DateTime<Utc>) -> Source<'a> {
        Source { fetcher: &self.fetcher, settings: &self.settings, issuer, now: now.timestamp() }
    }

    /// What a token of one of them says, when it is good now.
    ///
    /// # Errors
    /// 503 when its issuer can't be asked for its keys, and none are kept.
    pub(crate) async fn check(&self, token: &str, now: DateTime<Utc>) -> Result<Option<Said>, Problem> {
        if token.len() > token::LONGEST || self.rings.is_empty() {
            return Ok(None);
        }
        let trusted = token::issuer_of(token).and_then(|named| self.find(&named));
        let Some((issuer, ring)) = trusted.and_then(|one| Some((one, self.rings.get(&one.issuer)?))) else {
            return Ok(None);
        };
        let Some(way) = token::way(token, issuer) else { return Ok(None) };
        let key = ring.key(&way.key, &self.source(issuer, now)).await;
        let key = key.map_err(|Unreachable| Problem::new("server.unavailable"))?;
        Ok(key.and_then(|key| token::said(token, issuer, (&way, &key), now.timestamp())))
    }

    /// The issuer with which people sign in at `/docs`, its public client, and
    /// where they do; none where none is configured, or it can't be asked.
    pub(crate) async fn for_docs(&self, now: DateTime<Utc>) -> Option<(&Issuer, &str, Endpoints)> {
        let mut all = self.settings.issuers.values();
        let (issuer, client) = all.find_map(|one| Some((one, one.docs_client_id.as_deref()?)))?;
        let endpoints = self.rings.get(&issuer.issuer)?.endpoints(&self.source(issuer, now)).await.ok()??;
        Some((issuer, client, endpoints))
    }
}
