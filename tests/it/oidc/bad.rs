//! Tokens of another issuer that must not hold: each bent in one way, and signed
//! by the issuer's own key where nothing else is said.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use klankbord_api::config::TokenType;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use p256::pkcs8::{EncodePublicKey as _, LineEnding};
use serde_json::{Value, json};
use sha2::Sha256;

use super::issuer::Issuer;
use super::{claims, signed, trusting, with, with_issuer};
use crate::audit::database::Below;
use crate::support::{On, Service};

fn text(head: &Value, claims: &Value) -> String {
    format!("{}.{}", URL_SAFE_NO_PAD.encode(head.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()))
}

/// Signed by a key that the issuer never had.
fn forged(head: &Value, claims: &Value) -> String {
    let text = text(head, claims);
    let signature: Signature = SigningKey::from_slice(&[7; 32]).unwrap().sign(text.as_bytes());
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

/// Signed with HS256, with the issuer's public key for a secret.
async fn confused(issuer: &Issuer, head: &Value, claims: &Value) -> String {
    let key = issuer.state().await["keys"][0].clone();
    let part = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap()).unwrap();
    let point = [&[4][..], &part("x"), &part("y")].concat();
    let pem = p256::PublicKey::from_sec1_bytes(&point).unwrap().to_public_key_pem(LineEnding::LF).unwrap();
    let text = text(&with(head, json!({"alg": "HS256"})), claims);
    let mut mac = Hmac::<Sha256>::new_from_slice(pem.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

/// What is bent in the header: its name, and the changes.
fn heads() -> Vec<(&'static str, Value)> {
    vec![
        ("typ JWT", json!({"typ": "JWT"})),
        ("typ id_token+jwt", json!({"typ": "id_token+jwt"})),
        ("no typ", json!({"typ": null})),
        ("unknown kid", json!({"kid": "key-9"})),
        ("no kid", json!({"kid": null})),
        ("key of another kind", json!({"kid": "key-2", "alg": "RS256", "typ": "rt+jwt"})),
        ("an algorithm that isn't allowed", json!({"kid": "key-2", "alg": "RS512"})),
    ]
}

/// What is bent in the claims.
fn bodies(now: i64) -> Vec<(&'static str, Value)> {
    vec![
        ("another aud", json!({"aud": "somebody-else"})),
        ("no aud", json!({"aud": null})),
        ("aud of the client", json!({"aud": "app"})),
        ("another azp", json!({"azp": "stranger", "client_id": null})),
        ("another client_id", json!({"client_id": "stranger"})),
        ("azp and client_id that differ", json!({"azp": "stranger"})),
        ("no client", json!({"client_id": null})),
        ("no iss", json!({"iss": null})),
        ("no exp", json!({"exp": null})),
        ("over", json!({"exp": now - 5, "iat": now - 600})),
        ("exp before iat", json!({"exp": now - 1})),
        ("nbf in the future", json!({"nbf": now + 6})),
        ("iat in the future", json!({"iat": now + 6})),
        ("no iat", json!({"iat": null})),
        ("no sub", json!({"sub": null})),
        ("empty sub", json!({"sub": ""})),
        ("sub that is too long", json!({"sub": "x".repeat(256)})),
        ("bound to a key", json!({"cnf": {"jkt": "x"}})),
        ("exp in words", json!({"exp": "later"})),
    ]
}

/// What no issuer that is trusted has signed, or not so.
async fn strangers(issuer: &Issuer, head: &Value, good: &Value) -> Vec<(&'static str, String)> {
    let head = &with(head, json!({"alg": "ES256"}));
    let whole = issuer.sign(head, good).await;
    let none = text(&with(head, json!({"alg": "none"})), good);
    let signature = whole.rsplit_once('.').unwrap().1;
    let twice = good.to_string().replacen('{', "{\"sub\":\"admin\",", 1);
    let twice = format!("{}.{}", URL_SAFE_NO_PAD.encode(head.to_string()), URL_SAFE_NO_PAD.encode(twice));
    let point = SigningKey::from_slice(&[7; 32]).unwrap().verifying_key().to_encoded_point(false);
    let jwk = json!({"kty": "EC", "crv": "P-256", "x": URL_SAFE_NO_PAD.encode(point.x().unwrap()),
        "y": URL_SAFE_NO_PAD.encode(point.y().unwrap())});
    vec![
        ("alg none", format!("{none}.")),
        ("alg none, signed", format!("{none}.{signature}")),
        ("HS256 with the public key", confused(issuer, head, good).await),
        ("another key", forged(head, good)),
        ("another key, with itself in the header", forged(&with(head, json!({"jwk": jwk})), good)),
        ("jku", forged(&with(head, json!({"jku": format!("{}/jwks", issuer.address)})), good)),
        ("crit", forged(&with(head, json!({"crit": ["exp"]})), good)),
        ("an issuer that isn't trusted", forged(head, &with(good, json!({"iss": "https://evil.example"})))),
        (
            "a trusted name in other letters",
            issuer.sign(head, &with(good, json!({"iss": issuer.address.to_uppercase()}))).await,
        ),
        ("a claim twice", format!("{twice}.{signature}")),
        ("no signature", whole.rsplit_once('.').unwrap().0.to_owned()),
        ("a part too many", format!("{whole}.e30")),
        ("claims that are no object", forged(head, &json!([]))),
        ("huge", issuer.sign(head, &with(good, json!({"more": "x".repeat(20_000)}))).await),
    ]
}

async fn refused(service: &Service, bad: &[(&str, String)]) {
    for (name, token) in bad {
        for path in ["/v1/me", "/v1/information-pages"] {
            let answer = service.bearer(token).get(path).await;
            assert_eq!(
                (answer.status, answer.header("www-authenticate").as_str()),
                (401, "Bearer"),
                "{name}: {}",
                answer.text
            );
        }
    }
}

with_issuer! {
    /// Forty, all refused, and nobody is linked by them.
    async fn bad_tokens_from_elsewhere_are_refused(service, issuer) {
        let admin = service.admin().await;
        service.account(&admin, "anna").await;
        let good = claims(service, issuer, "anna");
        let now = good["iat"].as_i64().unwrap();
        let head = json!({"typ": "at+jwt", "kid": "key-1"});
        let mut bad = strangers(issuer, &head, &good).await;
        for (name, changes) in heads() {
            bad.push((name, issuer.sign(&with(&head, changes), &good).await));
        }
        for (name, changes) in bodies(now) {
            bad.push((name, issuer.sign(&head, &with(&good, changes)).await));
        }
        assert!(bad.len() >= 40, "{}", bad.len());
        eprintln!("{} bad tokens of another issuer, and what a sign-in gives beside the good one", bad.len());
        refused(service, &bad).await;
        let edges = [json!({}), json!({"exp": now + 30}), json!({"nbf": now + 5}), json!({"iat": now + 5}),
            json!({"exp": now - 4, "iat": now - 600}), json!({"aud": ["klankbord", "other"]}), json!({"azp": "app"}),
            json!({"client_id": null, "appid": "docs"})];
        // Nobody was linked by what is bad; what isn't bent holds, to the last second.
        assert_eq!(Below::of(service).await.number("SELECT COUNT(*) FROM external_identities").await, 0);
        for changes in edges {
            signed(service, issuer, &with(&good, changes.clone())).await.get("/v1/me").await.expect(200);
        }
        // What a whole sign-in gives that isn't the access token, or through another client.
        issuer.knows("anna", json!({"email": "anna@demo.klankbord.example", "email_verified": true})).await;
        let tokens = issuer.sign_in("anna", ("app", "http://127.0.0.1/app")).await;
        let strange = issuer.sign_in("anna", ("stranger", "http://127.0.0.1/stranger")).await;
        let of = |tokens: &Value, kind: &str| tokens[kind].as_str().unwrap().to_owned();
        let bad = [("ID token", of(&tokens, "id_token")), ("of a client that isn't known", of(&strange, "access_token"))];
        super::sign_in::arrive(service, &bad.last().unwrap().1);
        refused(service, &bad).await;
        service.bearer(tokens["access_token"].as_str().unwrap()).get("/v1/me").await.expect(200);
    }
}

/// Where the issuer writes `JWT` over all its tokens, ID tokens are still told apart.
async fn by_what_is_in_them(on: On) {
    let both = |config: &mut klankbord_api::Config| {
        let types = vec![TokenType::AccessToken, TokenType::Jwt];
        config.oidc.issuers.values_mut().for_each(|one| one.types.clone_from(&types));
    };
    let Some((service, issuer)) = trusting(on, both).await else { return };
    let admin = service.admin().await;
    service.account(&admin, "anna").await;
    let good = with(&claims(&service, &issuer, "anna"), json!({"azp": "app", "client_id": null}));
    let head = json!({"typ": "JWT", "kid": "key-1"});
    for changes in [
        json!({}),
        json!({"typ": "Bearer"}),
        json!({"typ": "Bearer", "nonce": "n"}),
        json!({"scope": null, "scp": "klankbord"}),
    ] {
        let token = issuer.sign(&head, &with(&good, changes.clone())).await;
        assert_eq!(service.bearer(&token).get("/v1/me").await.status, 200, "{changes}");
    }
    let mut bad = Vec::new();
    for (name, changes) in [
        ("Keycloak's ID token", json!({"typ": "ID"})),
        ("Keycloak's refresh token", json!({"typ": "Refresh"})),
        ("a nonce", json!({"nonce": "n"})),
        ("at_hash", json!({"at_hash": "x"})),
        ("no scope", json!({"scope": null})),
        ("for the client too", json!({"aud": ["klankbord", "app"]})),
    ] {
        bad.push((name, issuer.sign(&head, &with(&good, changes)).await));
    }
    let tokens = issuer.sign_in("anna", ("app", "http://127.0.0.1/app")).await;
    let id_token = tokens["id_token"].as_str().unwrap().to_owned();
    super::sign_in::arrive(&service, &id_token);
    bad.push(("a real ID token", id_token));
    refused(&service, &bad).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn id_tokens_are_told_apart_on_sqlite() {
    by_what_is_in_them(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn id_tokens_are_told_apart_on_postgres() {
    by_what_is_in_them(On::Postgres).await;
}
