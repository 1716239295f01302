//! People who sign in: passwords, second factors, sessions, and what becomes of
//! those who guess.

mod accounts;
pub mod factors;
mod passwords;
mod permissions;
mod sessions;

use serde_json::{Value, json};

use crate::support::{Client, Service};

/// A password that nobody guesses.
pub const GOOD: &str = "een lange zin om te onthouden";

/// What signing in asks.
pub fn sign_in(name: &str, password: &str) -> Value {
    json!({"emailAddress": format!("{name}@demo.klankbord.example"), "password": password})
}

/// A new account with a password; gives its id.
pub async fn with_password(admin: &Client, name: &str) -> String {
    let mut new = sign_in(name, GOOD);
    new["displayName"] = json!(name);
    admin.make("/v1/accounts", new).await.id()
}

/// Signs in with the password.
pub async fn signed_in(service: &Service, name: &str) -> Client {
    let session = service.nobody().post("/v1/sessions", sign_in(name, GOOD)).await.expect(201);
    service.bearer(session.body["accessToken"].as_str().unwrap())
}
