//! An issuer's keys: found by discovery, kept for a time, asked for again when a
//! token names one that isn't among them; one question at a time.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;

use super::fetch::{Fetched, Fetcher};
use super::settings::{Issuer, Oidc};

/// No issuer signs with more at a time.
const MOST_KEYS: usize = 100;
/// A shorter RSA modulus proves nothing (NIST SP 800-131A). Bytes.
const LEAST_RSA: usize = 256;

/// A key, and how tokens may be signed with it.
#[derive(Clone)]
pub(super) struct Key {
    pub(super) decoding: DecodingKey,
    algorithms: Vec<Algorithm>,
}

impl Key {
    pub(super) fn takes(&self, algorithm: Algorithm) -> bool {
        self.algorithms.contains(&algorithm)
    }
}

/// What an issuer says of itself (`OpenID` Connect Discovery 1.0 §3).
#[derive(Debug, Clone, Deserialize)]
struct Metadata {
    issuer: String,
    jwks_uri: String,
    #[serde(default)]
    authorization_endpoint: String,
    #[serde(default)]
    token_endpoint: String,
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Value>,
}

/// Where people sign in at an issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoints {
    pub(crate) authorization: String,
    pub(crate) token: String,
}

/// That an issuer can't be asked, and nothing of it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unreachable;

/// What is known of an issuer, and until when. Instants in seconds.
struct Known {
    keys: HashMap<String, Key>,
    endpoints: Option<Endpoints>,
    fresh_until: i64,
    good_until: i64,
}

/// The keys of one issuer.
pub(super) struct Ring {
    known: RwLock<Arc<Known>>,
    /// When it was asked last; held by who asks.
    asked: Mutex<Option<i64>>,
}

impl Ring {
    pub(super) fn new() -> Self {
        let (fresh_until, good_until) = (i64::MIN, i64::MIN);
        let known = Known { keys: HashMap::new(), endpoints: None, fresh_until, good_until };
        Self { known: RwLock::new(Arc::new(known)), asked: Mutex::new(None) }
    }

    fn known(&self) -> Arc<Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The key that a token names; none when the issuer has no such key.
    ///
    /// # Errors
    /// When nothing is known of the issuer, and it can't be asked.
    pub(super) async fn key(&self, id: &str, source: &Source<'_>) -> Result<Option<Key>, Unreachable> {
        let fits = |known: &Known| known.fresh_until > source.now && known.keys.contains_key(id);
        let known = self.known_or(fits, source).await?;
        Ok(known.keys.get(id).cloned())
    }

    /// Where people sign in at the issuer; none when it doesn't say.
    ///
    /// # Errors
    /// When nothing is known of the issuer, and it can't be asked.
    pub(super) async fn endpoints(&self, source: &Source<'_>) -> Result<Option<Endpoints>, Unreachable> {
        let known = self.known_or(|known| known.fresh_until > source.now, source).await?;
        Ok(known.endpoints.clone())
    }

    /// What is known, when it fits; else asked for, unless that was a moment ago.
    async fn known_or(&self, fits: impl Fn(&Known) -> bool, source: &Source<'_>) -> Result<Arc<Known>, Unreachable> {
        let known = self.known();
        if fits(&known) {
            return Ok(known);
        }
        let mut asked = self.asked.lock().await;
        // Somebody may have asked while we waited for our turn.
        let known = self.known();
        if fits(&known) {
            return Ok(known);
        }
        let (now, settings) = (source.now, source.settings);
        let again = asked.is_none_or(|at| !(at..at + settings.refetch_seconds).contains(&now));
        if again {
            *asked = Some(now);
            match source.ask().await {
                Ok(found) => *self.known.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(found),
                Err(cause) => tracing::warn!(issuer = source.issuer.issuer, cause, "an issuer could not be asked"),
            }
        }
        let known = self.known();
        if known.good_until > now { Ok(known) } else { Err(Unreachable) }
    }
}

/// Where keys come from, and what holds for keeping them.
pub(super) struct Source<'a> {
    pub(super) fetcher: &'a Fetcher,
    pub(super) settings: &'a Oidc,
    pub(super) issuer: &'a Issuer,
    /// Seconds.
    pub(super) now: i64,
}

impl Source<'_> {
    async fn ask(&self) -> Result<Known, String> {
        let at = format!("{}/.well-known/openid-configuration", self.issuer.issuer.trim_end_matches('/'));
        let Fetched { value: metadata, .. } = self.fetcher.get::<Metadata>(&at).await?;
        if metadata.issuer != self.issuer.issuer {
            return Err(format!("{at} is of another issuer"));
        }
        let Fetched { value: set, max_age } = self.fetcher.get::<KeySet>(&metadata.jwks_uri).await?;
        let keys: HashMap<_, _> = set.keys.into_iter().take(MOST_KEYS).filter_map(usable).collect();
        if keys.is_empty() {
            return Err(format!("{} has no key to check tokens with", metadata.jwks_uri));
        }
        let Oidc { keys_least_seconds, keys_most_seconds, keys_stale_seconds, .. } = *self.settings;
        let kept = max_age.unwrap_or(keys_most_seconds).max(keys_least_seconds).min(keys_most_seconds);
        let fresh_until = self.now + kept;
        let (authorization, token) = (metadata.authorization_endpoint, metadata.token_endpoint);
        let told = !authorization.is_empty() && !token.is_empty();
        let endpoints = told.then_some(Endpoints { authorization, token });
        Ok(Known { keys, endpoints, fresh_until, good_until: fresh_until + keys_stale_seconds })
    }
}

/// A key that signatures can be checked with, by its id. What is for something
/// else, too short, or unknown to us, is passed over.
fn usable(one: Value) -> Option<(String, Key)> {
    let jwk: Jwk = serde_json::from_value(one).ok()?;
    let id = jwk.common.key_id.clone()?;
    let signs = jwk.common.public_key_use.as_ref().is_none_or(|kind| *kind == PublicKeyUse::Signature);
    let verifies = jwk.common.key_operations.as_ref().is_none_or(|all| all.contains(&KeyOperations::Verify));
    if !signs || !verifies {
        return None;
    }
    let mut algorithms = match &jwk.algorithm {
        AlgorithmParameters::RSA(key) if URL_SAFE_NO_PAD.decode(&key.n).ok()?.len() >= LEAST_RSA => {
            use Algorithm::{PS256, PS384, PS512, RS256, RS384, RS512};
            vec![RS256, RS384, RS512, PS256, PS384, PS512]
        }
        AlgorithmParameters::EllipticCurve(key) => match key.curve {
            EllipticCurve::P256 => vec![Algorithm::ES256],
            EllipticCurve::P384 => vec![Algorithm::ES384],
            _ => return None,
        },
        AlgorithmParameters::OctetKeyPair(_) => vec![Algorithm::EdDSA],
        _ => return None,
    };
    if let Some(only) = jwk.common.key_algorithm {
        let only: Algorithm = only.to_string().parse().ok()?;
        algorithms.retain(|one| *one == only);
    }
    let decoding = DecodingKey::from_jwk(&jwk).ok()?;
    (!algorithms.is_empty()).then_some((id, Key { decoding, algorithms }))
}
