//! People who sign in elsewhere: a real issuer process, with real keys, and a
//! whole sign-in by code and PKCE.

mod acting;
mod bad;
mod docs;
mod issuer;
mod keys;
mod sign_in;

use klankbord_api::Config;
use klankbord_api::app::Clock as _;
use klankbord_api::config::LinkRule;
use serde_json::{Value, json};

use self::issuer::{AUDIENCE, Issuer};
use crate::support::{Client, On, Service};

/// Declares a test on a service that trusts an issuer of its own, on both
/// databases; left out without Node.js.
macro_rules! with_issuer {
    ($($(#[$doc:meta])* async fn $name:ident($service:ident, $issuer:ident) $body:block)+) => {$(
        $(#[$doc])*
        async fn $name($service: &$crate::support::Service, $issuer: &$crate::oidc::issuer::Issuer) $body

        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                if let Some((service, issuer)) = $crate::oidc::trusting($crate::support::On::Sqlite, |_| ()).await {
                    super::$name(&service, &issuer).await;
                }
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some((service, issuer)) = $crate::oidc::trusting($crate::support::On::Postgres, |_| ()).await {
                    super::$name(&service, &issuer).await;
                }
            }
        }
    )+};
}
use with_issuer;

/// What is configured of an issuer at this address.
pub fn settings(address: &str) -> klankbord_api::config::Issuer {
    serde_json::from_value(json!({
        "issuer": address, "display_name": "De gemeente", "audiences": [AUDIENCE], "authorised_parties": "app, docs",
        "link": "by_verified_email", "second_factor_acr": ["urn:test:two"], "second_factor_amr": ["mfa"],
        "docs_client_id": "docs", "docs_scopes": "openid klankbord",
    }))
    .unwrap()
}

/// A service that trusts an issuer, by the clock of which it goes.
pub async fn trusting(on: On, otherwise: impl FnOnce(&mut Config)) -> Option<(Service, Issuer)> {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let public = format!("http://127.0.0.1:{port}");
    let issuer = Issuer::start(&format!("{public}/docs/oauth2-redirect.html"))?;
    let service = Service::start_with(on, |config| {
        config.server.port = port;
        config.server.public_url = public;
        config.oidc.keys_most_seconds = 300;
        config.oidc.issuers.insert("test".to_owned(), settings(&issuer.address));
        otherwise(config);
    })
    .await?;
    let theirs = issuer.state().await["now"].as_i64().unwrap();
    service.clock.advance(chrono::TimeDelta::seconds(theirs - service.clock.now().timestamp()));
    Some((service, issuer))
}

/// The rule by which people are linked.
fn linking(rule: LinkRule) -> impl FnOnce(&mut Config) {
    move |config| config.oidc.issuers.values_mut().for_each(|issuer| issuer.link = rule)
}

/// Claims of a token for this person that the service takes, now.
pub fn claims(service: &Service, issuer: &Issuer, name: &str) -> Value {
    let now = service.clock.now().timestamp();
    json!({"iss": issuer.address, "sub": name, "aud": AUDIENCE, "client_id": "app", "scope": "klankbord", "jti": "1",
        "iat": now, "exp": now + 600, "email": format!("{name}@demo.klankbord.example"), "email_verified": true})
}

/// The object with these fields in place of its own; null takes one away.
#[expect(clippy::needless_pass_by_value, reason = "what is changed is written where it is passed")]
pub fn with(object: &Value, changes: Value) -> Value {
    let mut object = object.clone();
    for (name, value) in changes.as_object().unwrap() {
        let fields = object.as_object_mut().unwrap();
        if value.is_null() {
            fields.remove(name);
        } else {
            fields.insert(name.clone(), value.clone());
        }
    }
    object
}

/// A caller with a token of these claims, signed by the issuer's own key.
pub async fn signed(service: &Service, issuer: &Issuer, claims: &Value) -> Client {
    service.bearer(&issuer.sign(&json!({"typ": "at+jwt", "kid": "key-1"}), claims).await)
}
