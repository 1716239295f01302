//! People who sign in, and organisations for them to work in.

use serde_json::json;

use super::{Client, Service};

impl Service {
    /// The admin of the first start.
    pub async fn admin(&self) -> Client {
        let code = self.running.app.first_admin().await.unwrap().expect("there was an account already");
        let session = self.bearer(&code).post("/v1/code-sessions", json!(null)).await.expect(201);
        self.bearer(session.body["accessToken"].as_str().unwrap())
    }

    /// A new account, made by the admin, signed in.
    pub async fn account(&self, admin: &Client, name: &str) -> (Client, String) {
        let new = json!({"emailAddress": format!("{name}@demo.klankbord.example"), "displayName": name});
        let account = admin.make("/v1/accounts", new).await;
        let code = account.body["signInCode"].as_str().unwrap();
        let session = self.bearer(code).post("/v1/code-sessions", json!(null)).await.expect(201);
        (self.bearer(session.body["accessToken"].as_str().unwrap()), account.id())
    }

    /// Somebody of the demo, signed in.
    pub async fn demo(&self, name: &str) -> Client {
        self.bearer(&self.running.app.demo_token(&name.parse().unwrap()).await.unwrap())
    }

    /// A new organisation.
    pub async fn organisation(&self, admin: &Client, kind: &str, name: &str) -> String {
        admin.make("/v1/organisations", json!({"kind": kind, "name": name})).await.id()
    }
}
