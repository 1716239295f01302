//! A code opens what is one person's own, and nothing else. The matrix says it for every
//! operation; here is what it can't ask.

use serde_json::{Value, json};

use super::reached;
use crate::consultations::world::{World, bare, go};
use crate::feedback::invite;
use crate::support::own_data;

const NOBODY: &str = "0197c000-0000-7000-8000-00070000dead";

on_both! {
    /// A brother in the same organisation is as unknown as somebody who isn't there.
    async fn a_brother_is_a_stranger(service) {
        let world = World::of(service).await;
        let address = "samen@people.example";
        let sister = reached(&world.officer, &world.organisation, address, json!({})).await;
        let brother = reached(&world.officer, &world.organisation, address, json!({})).await;
        let his = own_data::by_code(service, &brother).await;
        let own = own_data::by_code(service, &sister).await;
        let membership = invite(&world.coordinator, &world.network, &brother).await;
        let asked = his.make("/v1/me/data-requests", json!({"kind": "export"})).await.id();
        let text = crate::privacy::asked(&world.officer, &world.organisation, "quotes").await;
        let said = json!({"consentTextId": text, "answer": "given", "channel": "internet"});
        let consent = his.make(&format!("/v1/participants/{brother}/consents"), said.clone()).await.id();
        for (list, id) in [
            ("participants", &brother), ("memberships", &membership), ("data-requests", &asked), ("consents", &consent),
        ] {
            his.get(&format!("/v1/{list}/{id}")).await.expect(200);
            let [foreign, unknown] = [id.as_str(), NOBODY].map(|id| format!("/v1/{list}/{id}"));
            let (foreign, unknown) = (own.get(&foreign).await.expect(404), own.get(&unknown).await.expect(404));
            assert_eq!(bare(&foreign), bare(&unknown));
        }
        for (list, body) in [
            ("consents", said), ("data-requests", json!({"kind": "erasure", "channel": "internet"})),
        ] {
            own.post(&format!("/v1/participants/{brother}/{list}"), body).await.expect(404);
        }
        for path in ["consents", "consent-states", "data-requests", "audit-entries"] {
            his.get(&format!("/v1/participants/{brother}/{path}")).await.expect(200);
            own.get(&format!("/v1/participants/{brother}/{path}")).await.expect(404);
        }
        go(&own, &format!("/v1/memberships/{membership}"), "active").await.expect(404);
        go(&own, &format!("/v1/data-requests/{asked}"), "carried_out").await.expect(404);
        let mine = own.get("/v1/me/data-requests").await.expect(200);
        assert_eq!(mine.body["items"], json!([]));
        for list in ["/v1/me/tasks", "/v1/me/history"] {
            assert!(!own.get(list).await.expect(200).text.contains(&brother), "{list}");
        }
    }

    /// What isn't one's own is closed, the same for every thing; acting for somebody too.
    async fn the_rest_is_closed(service) {
        let world = World::of(service).await;
        let person = reached(&world.officer, &world.organisation, "iris@people.example", json!({})).await;
        let own = own_data::by_code(service, &person).await;
        let organisation = &world.organisation;
        for path in [
            "/v1/me".to_owned(), "/v1/me/permissions".to_owned(), "/v1/sessions".to_owned(), "/v1/grants".to_owned(),
            "/v1/me/allowance".to_owned(), "/v1/participants".to_owned(), "/v1/networks".to_owned(),
            "/v1/feedback".to_owned(), "/v1/organisations".to_owned(), "/v1/consultations".to_owned(),
            format!("/v1/organisations/{organisation}/data-requests"), format!("/v1/networks/{}", world.network),
            format!("/v1/networks/{}/memberships", world.network),
            format!("/v1/participants/{person}/legal-representatives"),
        ] {
            own.get(&path).await.expect(403);
        }
        for (path, body) in [
            ("/v1/me/second-factor".to_owned(), json!({})), ("/v1/me/password-changes".to_owned(), json!({"password": "een hele lange zin"})),
            ("/v1/participants/_search".to_owned(), json!({"organisationId": organisation, "displayName": "Zon"})),
            (format!("/v1/participants/{person}/contact-verifications"), json!({"kind": "email_address"})),
        ] {
            own.post(&path, body).await.expect(403);
        }
        own.patch(&format!("/v1/participants/{person}"), "*", json!({"displayName": "Ander"})).await.expect(403);
        own.get("/v1/information-pages").await.expect(200);
        own.get("/v1/register").await.expect(200);
        for whom in [&person, &world.anna_id] {
            own.acting_for(whom).get(&format!("/v1/participants/{whom}")).await.expect(403);
        }
        // Its token is none of another kind, and nobody else's.
        own.post("/v1/session-refreshes", json!(null)).await.expect(401);
        own.post("/v1/own-data-sessions", json!(null)).await.expect(401);
        world.anna.get(&format!("/v1/participants/{person}")).await.expect(404);
    }

    /// A council knows its people by their account: by a code nobody comes into its room,
    /// and what stands there isn't in what is exported.
    async fn a_code_opens_no_room(service) {
        let world = World::of(service).await;
        let person = reached(&world.officer, &world.organisation, "iris@people.example", json!({})).await;
        let room = crate::consultations::world::network(&world.manager, &world.organisation, json!({"kind": "client_council"})).await;
        let first = json!({"accountId": chair_of(service, &world).await, "role": "chair", "scopeId": room, "reason": "Eerste voorzitter."});
        world.manager.make("/v1/grants", first).await;
        let chair = crate::consultations::world::sign_in(service, "voorzitter").await;
        let membership = invite(&chair, &room, &person).await;
        let own = own_data::by_code(service, &person).await;
        own.get(&format!("/v1/memberships/{membership}")).await.expect(404);
        go(&own, &format!("/v1/memberships/{membership}"), "active").await.expect(404);
        let tasks: Value = own.get("/v1/me/tasks").await.expect(200).body;
        assert!(!tasks.to_string().contains(&membership), "{tasks}");
        let path = format!("/v1/data-requests/{}", own.make("/v1/me/data-requests", json!({"kind": "export"})).await.id());
        go(&own, &path, "carried_out").await.expect(201);
        let link = own.make(&format!("{path}/exports"), json!(null)).await.id();
        let whole = own.post(&format!("/v1/data-exports/{link}/readings"), json!(null)).await.expect(201);
        assert!(!whole.text.contains(&membership) && whole.text.contains(&person));
    }
}

/// The account of who chairs a council.
async fn chair_of(service: &crate::support::Service, world: &World) -> String {
    crate::consultations::world::account(service, &world.admin, "voorzitter").await.1
}
