//! Machines: clients with their credentials, tokens, and kiosks.

mod clients;
mod kiosks;
mod oauth;
mod reach;

use reqwest::Method;
use serde_json::{Value, json};

use crate::feedback::grant;
use crate::support::wire::reply;
use crate::support::{Client, Reply, Service};

/// An organisation with a manager, and a client of it.
pub struct House {
    pub admin: Client,
    pub manager: Client,
    pub organisation: String,
    pub client: String,
}

impl House {
    /// One whose client has these scopes.
    pub async fn with(service: &Service, scopes: Value) -> Self {
        let admin = service.admin().await;
        let organisation = service.organisation(&admin, "municipality", "Hier").await;
        let (manager, id) = service.account(&admin, "manager").await;
        grant(&admin, &id, "manager", &organisation).await;
        let new = json!({"organisationId": organisation, "name": "Koppeling", "scopes": scopes});
        let client = manager.make("/v1/clients", new).await.id();
        Self { admin, manager, organisation, client }
    }

    pub fn path(&self) -> String {
        format!("/v1/clients/{}", self.client)
    }

    /// A new credential of its client: id and secret.
    pub async fn credential(&self, body: Value) -> (String, String) {
        let made = self.manager.make(&format!("{}/credentials", self.path()), body).await;
        (made.id(), made.body["secret"].as_str().unwrap().to_owned())
    }

    /// A caller with an API key of its client.
    pub async fn keyed(&self, service: &Service) -> Client {
        service.bearer(&self.credential(json!({"kind": "api_key"})).await.1)
    }

    /// A token for its client, bought with this secret.
    pub async fn token(&self, service: &Service, secret: &str, scope: Option<&str>) -> Reply {
        let mut form = vec![("grant_type", "client_credentials")];
        form.extend(scope.map(|scope| ("scope", scope)));
        reply(form_of(service, &form).basic_auth(&self.client, Some(secret))).await
    }
}

/// A request for a token with these fields.
pub fn form_of(service: &Service, fields: &[(&str, &str)]) -> reqwest::RequestBuilder {
    let body = fields.iter().map(|(name, value)| format!("{name}={}", value.replace(' ', "+").replace(':', "%3A")));
    service
        .nobody()
        .request(Method::POST, "/oauth/token")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(body.collect::<Vec<_>>().join("&"))
}
