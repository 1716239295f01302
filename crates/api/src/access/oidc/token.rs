//! An access token of another issuer, read as strictly as RFC 8725 and RFC 9068
//! ask, and never an ID token.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, Validation};
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::keys::Key;
use super::settings::{Issuer, TokenType};

/// A longer token isn't read.
pub(super) const LONGEST: usize = 16_000;
/// A longer subject isn't one (`OpenID` Connect Core 1.0 §2).
const LONGEST_SUBJECT: usize = 255;
/// A key, or where one is, has no place in a header; nor what changes how it is read.
const UNREADABLE: [&str; 8] = ["jwk", "jku", "x5u", "x5c", "crit", "b64", "enc", "zip"];
/// What an ID token has and an access token doesn't.
const OF_ID_TOKENS: [&str; 3] = ["at_hash", "c_hash", "s_hash"];

#[derive(Debug, Deserialize)]
struct Head {
    alg: String,
    typ: String,
    kid: String,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// What a header says of how to check the token.
pub(super) struct Way {
    pub(super) algorithm: Algorithm,
    pub(super) key: String,
    kind: TokenType,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

#[derive(Debug, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    azp: Option<String>,
    client_id: Option<String>,
    appid: Option<String>,
    typ: Option<String>,
    acr: Option<Value>,
    amr: Option<Value>,
    email: Option<String>,
    email_verified: Option<Value>,
    name: Option<String>,
    locale: Option<String>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// What a good token says of its bearer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    /// Who issued it.
    pub(crate) issuer: String,
    /// Who it is, at that issuer.
    pub(crate) subject: String,
    /// Their address, where the issuer has verified it.
    pub(crate) verified_email: Option<String>,
    /// Their name.
    pub(crate) name: Option<String>,
    /// The language that they like.
    pub(crate) locale: Option<String>,
    /// They showed a second factor there.
    pub(crate) raised: bool,
    /// For whom they act, where the token says that they do; nil for what names nobody.
    pub(crate) represents: Option<Uuid>,
}

fn part(token: &str, at: usize) -> Option<Vec<u8>> {
    let parts: Vec<&str> = token.split('.').collect();
    let [_, _, signature] = parts.as_slice() else { return None };
    if signature.is_empty() {
        return None;
    }
    URL_SAFE_NO_PAD.decode(parts.get(at)?).ok()
}

/// Who a token says issued it, before anything is checked.
pub(super) fn issuer_of(token: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Named {
        iss: String,
    }
    let named: Named = serde_json::from_slice(&part(token, 1)?).ok()?;
    Some(named.iss)
}

/// How this issuer's token is to be checked; none where it may not be so.
pub(super) fn way(token: &str, issuer: &Issuer) -> Option<Way> {
    let head: Head = serde_json::from_slice(&part(token, 0)?).ok()?;
    if UNREADABLE.iter().any(|name| head.rest.contains_key(*name)) {
        return None;
    }
    let algorithm: Algorithm = head.alg.parse().ok()?;
    let short = head.typ.to_ascii_lowercase();
    let kind = match short.strip_prefix("application/").unwrap_or(&short) {
        "at+jwt" => TokenType::AccessToken,
        "jwt" => TokenType::Jwt,
        _ => return None,
    };
    let allowed = issuer.algorithms.contains(&algorithm) && issuer.types.contains(&kind);
    allowed.then_some(Way { algorithm, key: head.kid, kind })
}

/// What the token says, when it is good at this instant.
pub(super) fn said(token: &str, issuer: &Issuer, (way, key): (&Way, &Key), now: i64) -> Option<Said> {
    if !key.takes(way.algorithm) {
        return None;
    }
    let mut validation = Validation::new(way.algorithm);
    validation.set_issuer(&[&issuer.issuer]);
    validation.set_audience(&issuer.audiences);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    // Time comes in as a value: it is held against our own clock below.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    let claims = jsonwebtoken::decode::<Claims>(token, &key.decoding, &validation).ok()?.claims;
    let good = claims.is_now(now, issuer.leeway_seconds)
        && claims.is_of_a_party(issuer)
        && claims.is_no_id_token(way.kind)
        // Bound to a key that its bearer has to prove: not to be taken without.
        && !claims.rest.contains_key("cnf")
        && (1..=LONGEST_SUBJECT).contains(&claims.sub.len());
    good.then(|| claims.into_said(issuer))
}

impl Claims {
    fn is_now(&self, now: i64, leeway: i64) -> bool {
        let begun = self.iat <= now + leeway && self.nbf.is_none_or(|nbf| nbf <= now + leeway);
        begun && self.iat < self.exp && now < self.exp.saturating_add(leeway)
    }

    fn parties(&self) -> impl Iterator<Item = &String> {
        [&self.azp, &self.client_id, &self.appid].into_iter().flatten()
    }

    /// Every client that it names is one that may ask for tokens; one at least.
    fn is_of_a_party(&self, issuer: &Issuer) -> bool {
        let known = |party: &String| issuer.authorised_parties.contains(party);
        self.parties().next().is_some() && self.parties().all(known)
    }

    /// Where the header doesn't tell them apart: an ID token is for the client, and
    /// has no scope; Keycloak says of each token what it is.
    fn is_no_id_token(&self, kind: TokenType) -> bool {
        if kind == TokenType::AccessToken {
            return true;
        }
        let says_bearer = self.typ.as_deref().map(|typ| typ.eq_ignore_ascii_case("bearer"));
        let nonce = self.rest.contains_key("nonce") && says_bearer != Some(true);
        let for_client = self.parties().any(|party| self.is_for(party));
        let scoped = ["scope", "scp"].iter().any(|name| self.rest.contains_key(*name));
        says_bearer != Some(false)
            && scoped
            && !nonce
            && !for_client
            && !OF_ID_TOKENS.iter().any(|name| self.rest.contains_key(*name))
    }

    fn is_for(&self, audience: &str) -> bool {
        match &self.aud {
            Audience::One(one) => one == audience,
            Audience::Several(all) => all.iter().any(|one| one == audience),
        }
    }

    fn is_raised(&self, issuer: &Issuer) -> bool {
        let listed =
            |list: &[String], value: &Value| value.as_str().is_some_and(|said| list.iter().any(|one| one == said));
        let level = self.acr.as_ref().is_some_and(|value| listed(&issuer.second_factor_acr, value));
        let mut means = self.amr.as_ref().and_then(Value::as_array).into_iter().flatten();
        level || means.any(|value| listed(&issuer.second_factor_amr, value))
    }

    fn into_said(self, issuer: &Issuer) -> Said {
        let raised = self.is_raised(issuer);
        let verified = self.email_verified == Some(Value::Bool(true));
        let represents = self.rest.get(&issuer.represents_claim).map(represented);
        Said {
            issuer: self.iss,
            subject: self.sub,
            verified_email: self.email.filter(|_| verified),
            name: self.name,
            locale: self.locale,
            raised,
            represents,
        }
    }
}

/// The participant in the claim: as it stands, or as `sub` of an object
/// (NL GOV Assurance profile for `OpenID` Connect). Whatever names nobody isn't
/// passed over: its bearer acts for somebody, and we don't know for whom.
fn represented(claim: &Value) -> Uuid {
    let text = claim.as_str().or_else(|| claim.get("sub")?.as_str());
    text.and_then(|text| text.parse().ok()).unwrap_or_default()
}
