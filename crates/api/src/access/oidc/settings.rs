//! What is configured of other issuers: whose tokens count here, and for whom.

use std::collections::BTreeMap;

use actix_web::http::Uri;
use jsonwebtoken::Algorithm;
use serde::{Deserialize, Deserializer};
use validator::Validate;

/// The issuers whose access tokens count here, and how their keys are kept.
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct Oidc {
    /// The issuers, each under a short name of the operator's own.
    #[serde(default)]
    pub issuers: BTreeMap<String, Issuer>,
    /// Seconds between two times that an issuer is asked for its keys because of
    /// one that isn't among them, or because it didn't answer.
    #[validate(range(min = 1, max = 3600))]
    pub refetch_seconds: i64,
    /// How long keys are kept at least, whatever the issuer says. Seconds.
    #[validate(range(min = 1, max = 86400))]
    pub keys_least_seconds: i64,
    /// How long at most: a key that was withdrawn holds no longer. Seconds.
    #[validate(range(min = 1, max = 86400))]
    pub keys_most_seconds: i64,
    /// How long the last good keys go on while the issuer doesn't answer. Seconds.
    #[validate(range(min = 0, max = 604_800))]
    pub keys_stale_seconds: i64,
    /// How long an issuer may take to answer. Seconds.
    #[validate(range(min = 1, max = 60))]
    pub timeout_seconds: u64,
}

/// One issuer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// Its identifier, exactly as its tokens name it in `iss`.
    pub issuer: String,
    /// How people know it.
    #[serde(default)]
    pub display_name: String,
    /// What stands in `aud` of a token for this service; one of these.
    #[serde(deserialize_with = "words")]
    pub audiences: Vec<String>,
    /// The clients that may ask for tokens: `azp`, or `client_id`.
    #[serde(deserialize_with = "words")]
    pub authorised_parties: Vec<String>,
    /// Who gets an account's rights at first sight.
    #[serde(default)]
    pub link: LinkRule,
    /// How it may sign.
    #[serde(default = "usual_algorithms", deserialize_with = "words")]
    pub algorithms: Vec<Algorithm>,
    /// Of which `typ` its access tokens may be; never ID tokens.
    #[serde(default = "usual_types", deserialize_with = "words")]
    pub types: Vec<TokenType>,
    /// How far clocks may stand apart. Seconds.
    #[serde(default = "usual_leeway")]
    pub leeway_seconds: i64,
    /// Values of `acr` that say that a second factor was shown.
    #[serde(default, deserialize_with = "words")]
    pub second_factor_acr: Vec<String>,
    /// Values in `amr` that say so.
    #[serde(default, deserialize_with = "words")]
    pub second_factor_amr: Vec<String>,
    /// The claim that names the participant for whom somebody acts.
    #[serde(default = "usual_represents")]
    pub represents_claim: String,
    /// The public client with which `/docs` signs in; none: it doesn't.
    #[serde(default)]
    pub docs_client_id: Option<String>,
    /// The scopes that it asks for.
    #[serde(default = "usual_scopes", deserialize_with = "words")]
    pub docs_scopes: Vec<String>,
}

/// What happens when somebody is seen for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkRule {
    /// Nothing: only who was linked before comes in.
    #[default]
    Never,
    /// They get the account with the address that the issuer has verified, when
    /// that is linked to nobody yet.
    ByVerifiedEmail,
    /// The same, and where no account has that address, one is made.
    Create,
}

/// The `typ` in the header of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum TokenType {
    /// RFC 9068.
    #[serde(rename = "at+jwt")]
    AccessToken,
    /// Whatever JWT: Keycloak and Entra write this over access tokens and ID
    /// tokens alike, which are then told apart by what is in them.
    #[serde(rename = "JWT")]
    Jwt,
}

fn usual_algorithms() -> Vec<Algorithm> {
    vec![Algorithm::ES256, Algorithm::RS256]
}

fn usual_types() -> Vec<TokenType> {
    vec![TokenType::AccessToken]
}

fn usual_leeway() -> i64 {
    5
}

fn usual_represents() -> String {
    "represents".to_owned()
}

fn usual_scopes() -> Vec<String> {
    vec!["openid".to_owned()]
}

/// A list, or one text with commas or spaces between: the environment has no lists.
fn words<'de, T: serde::de::DeserializeOwned, D: Deserializer<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        List(Vec<String>),
        Text(String),
    }
    let written = match Written::deserialize(from)? {
        Written::List(list) => list,
        Written::Text(text) => text.split([',', ' ']).filter(|word| !word.is_empty()).map(str::to_owned).collect(),
    };
    let read = |word: String| serde_json::from_value(word.into()).map_err(serde::de::Error::custom);
    written.into_iter().map(read).collect()
}

impl Oidc {
    /// What is wrong, by the issuer's short name; none when all is well. `own` is
    /// this service's own address, under which it issues its own tokens.
    pub fn fault(&self, own: &str) -> Option<(String, &'static str)> {
        let name = |name: &str, why| Some((name.to_owned(), why));
        if self.keys_least_seconds > self.keys_most_seconds {
            return name("keys_least_seconds", "more than oidc.keys_most_seconds");
        }
        for (short, issuer) in &self.issuers {
            let twice = self.issuers.values().filter(|other| other.issuer == issuer.issuer).count() > 1;
            let why = if twice { Some("another one has the same issuer") } else { issuer.fault(own) };
            if let Some(why) = why {
                return name(&format!("issuers.{short}"), why);
            }
        }
        None
    }

    /// Every key with what holds for it.
    pub(crate) fn to_lines(&self) -> Vec<String> {
        let Self { issuers, refetch_seconds, keys_least_seconds, keys_most_seconds, .. } = self;
        let mut lines = vec![
            format!("oidc.refetch_seconds = {refetch_seconds}"),
            format!("oidc.keys_least_seconds = {keys_least_seconds}"),
            format!("oidc.keys_most_seconds = {keys_most_seconds}"),
            format!("oidc.keys_stale_seconds = {}", self.keys_stale_seconds),
            format!("oidc.timeout_seconds = {}", self.timeout_seconds),
        ];
        for (name, one) in issuers {
            let said = [
                ("issuer", one.issuer.clone()),
                ("display_name", one.display_name.clone()),
                ("audiences", format!("{:?}", one.audiences)),
                ("authorised_parties", format!("{:?}", one.authorised_parties)),
                ("link", format!("{:?}", one.link)),
                ("algorithms", format!("{:?}", one.algorithms)),
                ("types", format!("{:?}", one.types)),
                ("leeway_seconds", one.leeway_seconds.to_string()),
                ("second_factor_acr", format!("{:?}", one.second_factor_acr)),
                ("second_factor_amr", format!("{:?}", one.second_factor_amr)),
                ("represents_claim", one.represents_claim.clone()),
                ("docs_client_id", one.docs_client_id.clone().unwrap_or_default()),
                ("docs_scopes", format!("{:?}", one.docs_scopes)),
            ];
            lines.extend(said.map(|(key, value)| format!("oidc.issuers.{name}.{key} = {value}")));
        }
        lines
    }
}

impl Issuer {
    fn fault(&self, own: &str) -> Option<&'static str> {
        let blank = |list: &[String]| list.is_empty() || list.iter().any(|word| word.trim().is_empty());
        let shared = self.audiences.iter().any(|one| self.authorised_parties.contains(one));
        let secret = |one: &Algorithm| matches!(one, Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512);
        match () {
            () if !is_secure(&self.issuer) => Some("issuer: neither https nor this machine"),
            () if self.issuer.contains(['?', '#']) => Some("issuer: a query or a fragment"),
            () if self.issuer == own => Some("issuer: that of this service itself"),
            () if blank(&self.audiences) => Some("audiences: needed"),
            () if blank(&self.authorised_parties) => Some("authorised_parties: needed"),
            // An ID token names the client as its audience.
            () if shared => Some("audiences: a client's own id, so that its ID tokens would fit"),
            () if self.algorithms.is_empty() => Some("algorithms: needed"),
            () if self.algorithms.iter().any(secret) => Some("algorithms: a shared secret proves nothing"),
            () if self.types.is_empty() => Some("types: needed"),
            () if !(0..=300).contains(&self.leeway_seconds) => Some("leeway_seconds: 0 to 300"),
            () if self.represents_claim.is_empty() => Some("represents_claim: needed"),
            () => None,
        }
    }

    /// How people know it: by its name, else by its identifier.
    pub fn shown(&self) -> &str {
        if self.display_name.is_empty() { &self.issuer } else { &self.display_name }
    }
}

/// Whether nobody on the way can change what is said there: https, or this machine.
pub(super) fn is_secure(address: &str) -> bool {
    let Ok(uri) = address.parse::<Uri>() else { return false };
    let host = uri.host().unwrap_or_default();
    let own = host == "localhost" || host == "[::1]" || host.starts_with("127.");
    match uri.scheme_str() {
        Some("https") => !host.is_empty(),
        Some("http") => own,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const OWN: &str = "https://klankbord.example";

    fn oidc(changes: &Value) -> Result<Oidc, serde_json::Error> {
        let mut issuer = json!({"issuer": "https://login.example/realms/care", "audiences": ["klankbord"],
            "authorised_parties": "app, portal"});
        for (name, value) in changes.as_object().unwrap() {
            issuer[name] = value.clone();
        }
        serde_json::from_value(json!({"issuers": {"one": issuer}, "refetch_seconds": 30, "keys_least_seconds": 60,
            "keys_most_seconds": 3600, "keys_stale_seconds": 86400, "timeout_seconds": 5}))
    }

    /// What is left out is strict.
    #[test]
    fn what_is_not_said_is_the_strict_way() {
        let read = oidc(&json!({})).unwrap();
        assert_eq!(read.fault(OWN), None);
        let one = &read.issuers["one"];
        assert_eq!(one.authorised_parties, ["app", "portal"]);
        assert_eq!((one.link, &one.types[..]), (LinkRule::Never, &[TokenType::AccessToken][..]));
        assert_eq!(one.algorithms, [Algorithm::ES256, Algorithm::RS256]);
        assert!(one.second_factor_acr.is_empty() && one.docs_client_id.is_none());
        assert_eq!((one.shown(), one.represents_claim.as_str()), ("https://login.example/realms/care", "represents"));
        assert!(read.to_lines().iter().any(|line| line == "oidc.issuers.one.audiences = [\"klankbord\"]"));
    }

    #[test]
    fn what_would_let_others_in_is_refused() {
        for (changes, sound) in [
            (json!({"issuer": "http://127.0.0.1:9090"}), true),
            (json!({"issuer": "http://localhost/realms/care"}), true),
            (json!({"issuer": "http://login.example"}), false),
            (json!({"issuer": "login.example"}), false),
            (json!({"issuer": "https://login.example/?realm=care"}), false),
            (json!({"issuer": OWN}), false),
            (json!({"audiences": []}), false),
            (json!({"audiences": "klankbord app"}), false),
            (json!({"authorised_parties": ""}), false),
            (json!({"authorised_parties": [" "]}), false),
            (json!({"algorithms": "PS256 EdDSA"}), true),
            (json!({"algorithms": ["HS256"]}), false),
            (json!({"algorithms": []}), false),
            (json!({"types": "at+jwt JWT"}), true),
            (json!({"types": []}), false),
            (json!({"leeway_seconds": 301}), false),
            (json!({"represents_claim": ""}), false),
        ] {
            assert_eq!(oidc(&changes).unwrap().fault(OWN).is_none(), sound, "{changes}");
        }
        for changes in [
            json!({"algorithms": "none"}),
            json!({"types": "id_token"}),
            json!({"link": "always"}),
            json!({"colour": 1}),
        ] {
            assert!(oidc(&changes).is_err(), "{changes}");
        }
        let mut twice = oidc(&json!({})).unwrap();
        twice.issuers.insert("two".to_owned(), twice.issuers["one"].clone());
        assert!(twice.fault(OWN).is_some_and(|(name, _)| name.starts_with("issuers.")));
    }
}
