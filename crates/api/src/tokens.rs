//! Access tokens: ES256 JWTs that say who, never what they may (RFC 9068). They
//! are read as strictly as RFC 8725 asks: one algorithm, one key, one type, and
//! no header or claim that we don't write ourselves.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use klankbord_domain::access::ClientScope;
use klankbord_persistence::KeyFolder;
use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use p256::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, EncodePublicKey as _, LineEnding};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::config::Config;

/// Tokens are for this service alone.
pub(crate) const AUDIENCE: &str = "klankbord";
/// Access tokens by their type: nothing else is taken for one (RFC 9068 §2.1).
const TYPE: &str = "at+jwt";
/// How far clocks may stand apart.
const LEEWAY: TimeDelta = TimeDelta::seconds(5);
/// No token of ours is longer; a longer one isn't read.
const LONGEST: usize = 2000;

/// What a header may hold: a key or an address of one (`jwk`, `jku`, `x5u`), or
/// `crit`, makes it unreadable.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    alg: String,
    typ: String,
    kid: Option<String>,
}

/// A person's token. A field that isn't here, or comes twice, makes it
/// unreadable, so that it can't be taken for a client's.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SessionClaims {
    iss: String,
    aud: String,
    sub: Uuid,
    sid: Uuid,
    jti: Uuid,
    iat: i64,
    exp: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
}

/// A client's token.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClientClaims {
    iss: String,
    aud: String,
    sub: Uuid,
    client_id: Uuid,
    /// The credential that bought it: with that, it ends.
    cred: Uuid,
    scope: String,
    jti: Uuid,
    iat: i64,
    exp: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
}

/// What a good token says of its bearer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Said {
    /// A person: account and session; without an account, participant and session.
    Session(Uuid, Uuid),
    /// A client: its id, the credential, and the scopes that it asked for.
    Client(Uuid, Uuid, Vec<ClientScope>),
}

/// What a client's token is to say.
#[derive(Debug)]
pub(crate) struct ClientGrant<'a> {
    /// The client.
    pub(crate) client: Uuid,
    /// The credential that buys it.
    pub(crate) credential: Uuid,
    /// The scopes that it reaches.
    pub(crate) scopes: &'a [ClientScope],
    /// The token's own id.
    pub(crate) id: Uuid,
}

/// Makes and checks access tokens.
pub(crate) struct Tokens {
    signing: EncodingKey,
    checking: DecodingKey,
    issuer: String,
    kid: String,
    jwk: Value,
}

impl Tokens {
    pub(crate) fn load(folder: &KeyFolder, config: &Config) -> std::io::Result<Self> {
        // One provider for the whole process; a second call changes nothing.
        let _known = jsonwebtoken::crypto::rust_crypto::DEFAULT_PROVIDER.install_default();
        let pem = folder.kept("signing.pem", || {
            let mut bytes = zeroize::Zeroizing::new([0_u8; 32]);
            let secret = loop {
                getrandom::fill(&mut bytes[..]).map_err(std::io::Error::other)?;
                // One in 2^32 draws is no key of the curve.
                if let Ok(secret) = p256::SecretKey::from_slice(&bytes[..]) {
                    break secret;
                }
            };
            let pem = secret.to_pkcs8_pem(LineEnding::LF).map_err(std::io::Error::other)?;
            Ok(zeroize::Zeroizing::new(pem.as_bytes().to_vec()))
        })?;
        let text = std::str::from_utf8(&pem).map_err(std::io::Error::other)?;
        let secret = p256::SecretKey::from_pkcs8_pem(text).map_err(std::io::Error::other)?;
        let public = secret.public_key().to_public_key_pem(LineEnding::LF).map_err(std::io::Error::other)?;
        let (kid, jwk) = published(&secret.public_key());
        Ok(Self {
            signing: EncodingKey::from_ec_pem(&pem).map_err(std::io::Error::other)?,
            checking: DecodingKey::from_ec_pem(public.as_bytes()).map_err(std::io::Error::other)?,
            issuer: config.server.public_url.clone(),
            kid,
            jwk,
        })
    }

    /// Who issues the tokens: how the outside reaches this service.
    pub(crate) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The keys that tokens are signed with, for who checks them elsewhere (RFC 7517).
    pub(crate) fn key_set(&self) -> Value {
        json!({ "keys": [self.jwk] })
    }

    /// A token for a session, good until `expires_at`.
    pub(crate) fn issue(
        &self,
        (account, session, id): (Uuid, Uuid, Uuid),
        now: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        self.sign(&SessionClaims {
            iss: self.issuer.clone(),
            aud: AUDIENCE.to_owned(),
            sub: account,
            sid: session,
            jti: id,
            iat: now.timestamp(),
            exp: expires_at.timestamp(),
            nbf: None,
        })
    }

    /// A token for a client, good until `expires_at`.
    pub(crate) fn issue_to_client(
        &self,
        grant: &ClientGrant<'_>,
        now: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        self.sign(&ClientClaims {
            iss: self.issuer.clone(),
            aud: AUDIENCE.to_owned(),
            sub: grant.client,
            client_id: grant.client,
            cred: grant.credential,
            scope: ClientScope::in_words(grant.scopes),
            jti: grant.id,
            iat: now.timestamp(),
            exp: expires_at.timestamp(),
            nbf: None,
        })
    }

    fn sign(&self, claims: &impl Serialize) -> Result<String, jsonwebtoken::errors::Error> {
        let typ = Some(TYPE.to_owned());
        let header = Header { typ, kid: Some(self.kid.clone()), ..Header::new(Algorithm::ES256) };
        jsonwebtoken::encode(&header, claims, &self.signing)
    }

    /// What a token says, when it is good now.
    pub(crate) fn check(&self, token: &str, now: DateTime<Utc>) -> Option<Said> {
        if token.len() > LONGEST {
            return None;
        }
        let (signed, signature) = token.rsplit_once('.')?;
        let (head, claims) = signed.split_once('.').filter(|(_, claims)| !claims.contains('.'))?;
        let head: Head = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(head).ok()?).ok()?;
        let ours = head.kid.as_ref().is_none_or(|kid| *kid == self.kid);
        if head.alg != "ES256" || head.typ != TYPE || !ours || signature.is_empty() {
            return None;
        }
        let verified = jsonwebtoken::crypto::verify(signature, signed.as_bytes(), &self.checking, Algorithm::ES256);
        if !verified.unwrap_or(false) {
            return None;
        }
        self.said(&URL_SAFE_NO_PAD.decode(claims).ok()?, now)
    }

    fn said(&self, claims: &[u8], now: DateTime<Utc>) -> Option<Said> {
        if let Ok(person) = serde_json::from_slice::<SessionClaims>(claims) {
            let SessionClaims { iss, aud, sub, sid, jti: _, iat, exp, nbf } = person;
            let good = self.is_for_us(&iss, &aud) && is_now((iat, exp, nbf), now);
            return good.then_some(Said::Session(sub, sid));
        }
        let client: ClientClaims = serde_json::from_slice(claims).ok()?;
        let ClientClaims { iss, aud, sub, client_id, cred, scope, jti: _, iat, exp, nbf } = client;
        let good = self.is_for_us(&iss, &aud) && is_now((iat, exp, nbf), now) && sub == client_id;
        let scopes = scope.split(' ').filter_map(|word| word.parse().ok()).collect();
        good.then_some(Said::Client(client_id, cred, scopes))
    }

    fn is_for_us(&self, issuer: &str, audience: &str) -> bool {
        issuer == self.issuer && audience == AUDIENCE
    }
}

/// Whether a token holds at this instant: made before, not over, not too early.
fn is_now((iat, exp, nbf): (i64, i64, Option<i64>), now: DateTime<Utc>) -> bool {
    let (now, leeway) = (now.timestamp(), LEEWAY.num_seconds());
    let begun = iat <= now + leeway && nbf.is_none_or(|nbf| nbf <= now + leeway);
    begun && iat < exp && now < exp.saturating_add(leeway)
}

/// The public key as others read it (RFC 7517), with its thumbprint (RFC 7638)
/// for a name.
fn published(key: &p256::PublicKey) -> (String, Value) {
    let point = key.to_encoded_point(false);
    let part = |bytes: Option<&p256::FieldBytes>| bytes.map(|bytes| URL_SAFE_NO_PAD.encode(bytes)).unwrap_or_default();
    let (x, y) = (part(point.x()), part(point.y()));
    let named = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
    let kid = URL_SAFE_NO_PAD.encode(Sha256::digest(named.as_bytes()));
    let jwk = json!({"kty": "EC", "crv": "P-256", "x": x, "y": y, "use": "sig", "alg": "ES256", "kid": kid});
    (kid, jwk)
}
