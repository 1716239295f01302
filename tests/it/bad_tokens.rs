//! Tokens that must not hold: each bent in one way, all refused, and nothing
//! changed (RFC 8725, RFC 9068).

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use p256::pkcs8::{DecodePrivateKey as _, EncodePublicKey as _, LineEnding};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::machines::House;
use crate::support::Service;
use crate::support::wire::reply;

/// A token as it is made up: the service's own key, or another.
pub struct Forge {
    own: SigningKey,
    other: SigningKey,
    head: Value,
    claims: Value,
}

fn encoded(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

/// A part of a token, read.
pub fn read(token: &str, at: usize) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(at).unwrap()).unwrap()).unwrap()
}

/// The object with one field changed, or taken away.
fn with(object: &Value, name: &str, value: Value) -> String {
    let mut object = object.clone();
    if value.is_null() {
        object.as_object_mut().unwrap().remove(name);
    } else {
        object[name] = value;
    }
    object.to_string()
}

impl Forge {
    pub fn of(service: &Service, good: &str) -> Self {
        let pem = std::fs::read_to_string(service.folder().join("keys/signing.pem")).unwrap();
        let other = SigningKey::from_slice(&[7; 32]).unwrap();
        Self { own: SigningKey::from_pkcs8_pem(&pem).unwrap(), other, head: read(good, 0), claims: read(good, 1) }
    }

    fn signed(key: &SigningKey, head: &str, claims: &str) -> String {
        let text = format!("{}.{}", encoded(head), encoded(claims));
        let signature: Signature = key.sign(text.as_bytes());
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }

    /// Signed by the service's key, with another header.
    fn headed(&self, name: &str, value: Value) -> String {
        Self::signed(&self.own, &with(&self.head, name, value), &self.claims.to_string())
    }

    /// Signed by the service's key, with another claim.
    pub fn claiming(&self, name: &str, value: Value) -> String {
        Self::signed(&self.own, &self.head.to_string(), &with(&self.claims, name, value))
    }

    pub fn later(&self, name: &str, seconds: i64) -> Value {
        json!(self.claims[name].as_i64().unwrap() + seconds)
    }

    fn public_pem(&self) -> String {
        p256::PublicKey::from(self.own.verifying_key()).to_public_key_pem(LineEnding::LF).unwrap()
    }

    /// The signature of HS256, with the public key for a secret.
    fn confused(&self) -> String {
        let text =
            format!("{}.{}", encoded(&with(&self.head, "alg", json!("HS256"))), encoded(&self.claims.to_string()));
        let mut mac = Hmac::<Sha256>::new_from_slice(self.public_pem().as_bytes()).unwrap();
        mac.update(text.as_bytes());
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
    }

    /// Headers that name another key, or another way to check.
    fn heads(&self) -> Vec<(&'static str, String)> {
        let point = self.other.verifying_key().to_encoded_point(false);
        let jwk = json!({"kty": "EC", "crv": "P-256", "x": URL_SAFE_NO_PAD.encode(point.x().unwrap()),
            "y": URL_SAFE_NO_PAD.encode(point.y().unwrap())});
        let claims = self.claims.to_string();
        let (none, good) =
            (with(&self.head, "alg", json!("none")), Self::signed(&self.own, &self.head.to_string(), &claims));
        let unsigned = good.rsplit_once('.').unwrap().0.to_owned();
        let twice = self.head.to_string().replacen('{', "{\"alg\":\"none\",", 1);
        vec![
            ("alg none", format!("{}.{}.", encoded(&none), encoded(&claims))),
            ("alg none, signed", Self::signed(&self.own, &none, &claims)),
            ("alg HS256 with the public key", self.confused()),
            ("alg in other letters", self.headed("alg", json!("es256"))),
            ("alg ES384", self.headed("alg", json!("ES384"))),
            ("alg EdDSA", self.headed("alg", json!("EdDSA"))),
            ("no alg", self.headed("alg", Value::Null)),
            ("alg twice", Self::signed(&self.own, &twice, &claims)),
            ("another key", Self::signed(&self.other, &self.head.to_string(), &claims)),
            ("jwk of another key", Self::signed(&self.other, &with(&self.head, "jwk", jwk), &claims)),
            ("jwk", self.headed("jwk", json!({}))),
            ("jku", self.headed("jku", json!("https://evil.example/jwks.json"))),
            ("x5u", self.headed("x5u", json!("https://evil.example/chain.pem"))),
            ("unknown crit", self.headed("crit", json!(["exp"]))),
            ("kid as a path", self.headed("kid", json!("../../../../dev/null"))),
            ("kid as SQL", self.headed("kid", json!("x' UNION SELECT 'key' --"))),
            ("unknown kid", self.headed("kid", json!("another"))),
            ("typ JWT", self.headed("typ", json!("JWT"))),
            ("typ rt+jwt", self.headed("typ", json!("rt+jwt"))),
            ("no typ", self.headed("typ", Value::Null)),
            ("empty signature", format!("{unsigned}.")),
            ("no signature", unsigned),
            ("extra segment", format!("{good}.e30")),
            ("padded", format!("{good}=")),
            ("huge", self.headed("kid", json!("x".repeat(4000)))),
            ("huge and unreadable", "x".repeat(6000)),
        ]
    }

    /// Claims that don't fit, in a token that the service's own key signed.
    fn bodies(&self, others: &str) -> Vec<(&'static str, String)> {
        let claims = self.claims.to_string();
        let twice = claims.replacen('{', &format!("{{\"sub\":\"{others}\","), 1);
        let mine = self.claims["sub"].clone();
        vec![
            ("no aud", self.claiming("aud", Value::Null)),
            ("another aud", self.claiming("aud", json!("somebody-else"))),
            ("aud among others", self.claiming("aud", json!(["klankbord", "somebody-else"]))),
            ("no iss", self.claiming("iss", Value::Null)),
            ("another iss", self.claiming("iss", json!("https://evil.example"))),
            ("no exp", self.claiming("exp", Value::Null)),
            ("exp past the leeway", self.claiming("exp", self.later("iat", -6))),
            ("exp before iat", self.claiming("iat", self.later("exp", 1))),
            ("nbf in the future", self.claiming("nbf", self.later("iat", 60))),
            ("iat in the future", self.claiming("iat", self.later("iat", 60))),
            ("no iat", self.claiming("iat", Value::Null)),
            ("a claim twice", Self::signed(&self.own, &self.head.to_string(), &twice)),
            ("sub of another with one's own sid", self.claiming("sub", json!(others))),
            ("no sub", self.claiming("sub", Value::Null)),
            ("no sid", self.claiming("sid", Value::Null)),
            ("sid that nobody has", self.claiming("sid", json!(others))),
            ("a person's with a client's claim", self.claiming("client_id", mine)),
            ("claims that are no object", Self::signed(&self.own, &self.head.to_string(), "[]")),
        ]
    }
}

/// What isn't one of our access tokens at all, or was bought by a client.
async fn strangers(service: &Service, house: &House) -> Vec<(&'static str, String)> {
    let (id, secret) = house.credential(json!({"kind": "client_secret"})).await;
    let key = house.credential(json!({"kind": "api_key"})).await.1;
    let bought = house.token(service, &secret, None).await.expect(200);
    let good = bought.body["access_token"].as_str().unwrap().to_owned();
    service.bearer(&good).get("/v1/networks").await.expect(200);
    let forge = Forge::of(service, &good);
    let (last, bent) = (key.chars().last().unwrap(), &key[..key.len() - 1]);
    vec![
        ("api key with a bad checksum", format!("{bent}{}", if last == 'a' { 'b' } else { 'a' })),
        ("api key that nobody made", "kb_0000000000000000000000000000000000000000".to_owned()),
        ("client secret", secret),
        ("client's with another sub", forge.claiming("sub", json!(id))),
        ("client's of another client", forge.claiming("client_id", json!(id))),
        ("client's with another credential", forge.claiming("cred", json!(house.client))),
        ("client's without scope", forge.claiming("scope", Value::Null)),
        ("client's with a session", forge.claiming("sid", json!(id))),
        ("client's by another key", Forge::signed(&forge.other, &forge.head.to_string(), &forge.claims.to_string())),
        ("nothing", String::new()),
    ]
}

on_both! {
    /// At least twenty; in the header or the query, for reading and for writing.
    async fn bad_tokens_are_refused_and_change_nothing(service) {
        let house = House::with(service, json!(["networks:read"])).await;
        let code = house.admin.make("/v1/accounts", json!({"emailAddress": "a@demo.klankbord.example",
            "displayName": "A"})).await.body["signInCode"].as_str().unwrap().to_owned();
        let link = house.admin.make("/v1/accounts", json!({"emailAddress": "b@demo.klankbord.example",
            "displayName": "B"})).await.body["signInCode"].as_str().unwrap().to_owned();
        let session = service.bearer(&code).post("/v1/code-sessions", Value::Null).await.expect(201);
        let good = session.body["accessToken"].as_str().unwrap();
        let me = service.bearer(good).get("/v1/me").await.expect(200).body["accountId"].as_str().unwrap().to_owned();
        crate::feedback::grant(&house.manager, &me, "manager", &house.organisation).await;
        let others = house.manager.get("/v1/me").await.body["accountId"].as_str().unwrap().to_owned();

        let forge = Forge::of(service, good);
        // What is forged holds as long as nothing is bent: without a kid, too.
        for sound in [forge.claiming("iat", forge.later("iat", 0)), forge.headed("kid", Value::Null),
            forge.claiming("nbf", forge.later("iat", 5)), forge.claiming("exp", forge.later("iat", 1))] {
            service.bearer(&sound).get("/v1/me").await.expect(200);
        }
        let mut bad = forge.heads();
        bad.extend(forge.bodies(&others));
        bad.extend(strangers(service, &house).await);
        bad.push(("refresh token", session.body["refreshToken"].as_str().unwrap().to_owned()));
        bad.push(("link token", link));
        let mut headers: Vec<_> = bad.iter().map(|(name, token)| (*name, format!("Bearer {token}"))).collect();
        headers.push(("Basic", format!("Basic {}", STANDARD.encode(format!("{me}:{good}")))));
        headers.push(("no scheme", good.to_owned()));
        headers.push(("another scheme", format!("Token {good}")));
        let names: BTreeSet<_> = headers.iter().map(|(name, _)| *name).collect();
        assert!(names.len() == headers.len() && names.len() >= 20);
        eprintln!("{} bad tokens", names.len());

        let nobody = service.nobody();
        let network = json!({"hostId": house.organisation, "kind": "panel",
            "name": [{"language": "nl", "value": "Panel"}], "purpose": [{"language": "nl", "value": "Meedenken"}]});
        for (name, header) in &headers {
            for (method, path, body) in [(Method::GET, "/v1/me", Value::Null), (Method::GET, "/v1/information-pages", Value::Null),
                (Method::POST, "/v1/networks", network.clone())] {
                let mut request = nobody.request(method.clone(), path).header("Authorization", header);
                if !body.is_null() {
                    request = request.json(&body);
                }
                let refused = reply(request).await;
                assert_eq!(refused.status, 401, "{name}: {method} {path}: {}", refused.text);
                assert_eq!(refused.header("www-authenticate"), "Bearer", "{name}");
            }
        }
        // A token in the query is none; beside one in the header it is a fault.
        nobody.get(&format!("/v1/me?access_token={good}")).await.expect(401);
        let beside = service.bearer(good).get(&format!("/v1/me?access_token={good}")).await.expect(400);
        assert_eq!(beside.faults(), ["access_token parameter.unknown"]);

        assert_eq!(house.manager.get("/v1/networks?count=true").await.expect(200).body["total"], 0);
        service.bearer(good).post("/v1/networks", network).await.expect(201);
    }
}
