//! Who comes by a one-time code, and what is theirs.

use serde_json::json;

use super::tenant::{Founder, Person};
use crate::feedback::invite;
use crate::support::own_data;

impl Founder<'_> {
    /// Somebody without an account, who comes by a one-time code and said yes to this network:
    /// `kind@by-code` is theirs.
    pub async fn comes_by_code(&mut self, panel: &str) {
        let person = self.registered("Met een code", None, 1970).await;
        let membership = invite(self.tenant.by("coordinator"), panel, &person).await;
        let session = own_data::session(self.service, &person).await;
        let client = self.service.bearer(session.body["accessToken"].as_str().unwrap());
        client.transition(&format!("/v1/memberships/{membership}"), json!({"to": "active"})).await.expect(201);
        self.tenant.people.insert("by-code", Person { client, account: String::new() });
        let open = &mut self.tenant.open;
        open.keep("participant@by-code", person);
        open.keep("membership@by-code", membership);
        open.keep("session@by-code", session.id());
    }
}
