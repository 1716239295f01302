//! Access tokens: ES256 JWTs that say who, never what they may (RFC 9068).

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use klankbord_persistence::KeyFolder;
use p256::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, EncodePublicKey as _, LineEnding};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::config::Config;

/// Tokens are for this service alone.
const AUDIENCE: &str = "klankbord";
/// How far clocks may stand apart.
const LEEWAY: TimeDelta = TimeDelta::seconds(5);

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    sid: Uuid,
    jti: Uuid,
    iat: i64,
    exp: i64,
}

/// Makes and checks access tokens.
pub(crate) struct Tokens {
    signing: EncodingKey,
    checking: DecodingKey,
    issuer: String,
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
        Ok(Self {
            signing: EncodingKey::from_ec_pem(&pem).map_err(std::io::Error::other)?,
            checking: DecodingKey::from_ec_pem(public.as_bytes()).map_err(std::io::Error::other)?,
            issuer: config.server.public_url.clone(),
        })
    }

    /// A token for a session, good until `expires_at`.
    pub(crate) fn issue(
        &self,
        (account, session, id): (Uuid, Uuid, Uuid),
        now: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: AUDIENCE.to_owned(),
            sub: account,
            sid: session,
            jti: id,
            iat: now.timestamp(),
            exp: expires_at.timestamp(),
        };
        let header = Header { typ: Some("at+jwt".to_owned()), ..Header::new(Algorithm::ES256) };
        jsonwebtoken::encode(&header, &claims, &self.signing)
    }

    /// The session that a token belongs to, when it is good now.
    pub(crate) fn check(&self, token: &str, now: DateTime<Utc>) -> Option<Uuid> {
        let mut rules = Validation::new(Algorithm::ES256);
        rules.set_issuer(&[&self.issuer]);
        rules.set_audience(&[AUDIENCE]);
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The expiry is held against our own clock, below.
        rules.validate_exp = false;
        let token = jsonwebtoken::decode::<Claims>(token, &self.checking, &rules).ok()?;
        let typed = token.header.typ.as_deref() == Some("at+jwt");
        let expires = DateTime::from_timestamp(token.claims.exp, 0)?;
        (typed && now < expires + LEEWAY).then_some(token.claims.sid)
    }
}
