//! When people like to be reached, and what they need to take part.

use serde_json::json;

use crate::feedback::{invite, network};
use crate::networks::{holder, host};
use crate::participants::person;

on_both! {
    /// When somebody likes to be reached, and what they need, is for who reaches them.
    async fn times_and_needs_are_for_who_reaches_people(service) {
        let admin = service.admin().await;
        let (manager, here) = host(service, &admin, "hier").await;
        let panel = network(&manager, &here, "panel").await;
        let facilitator = holder(service, &admin, &manager, "facilitator", &panel).await;
        let mut new = person(&here, "Zon");
        (new["channel"], new["contactTimes"]) = (json!("phone"), json!(["evening", "weekend"]));
        new["accessNeeds"] = json!(["interpreter", "interpreter"]);
        let refused = manager.post("/v1/participants", new.clone()).await.expect(400);
        assert_eq!(refused.faults(), ["/accessNeeds/1 access_need.repeated"]);
        new["accessNeeds"] = json!(["interpreter", "sign_language"]);
        let id = manager.make("/v1/participants", new).await.id();
        let membership = invite(&manager, &panel, &id).await;
        manager.transition(&format!("/v1/memberships/{membership}"), json!({"to": "active"})).await.expect(201);
        let path = format!("/v1/participants/{id}");
        for by in [&manager, &facilitator] {
            let read = by.get(&path).await.expect(200).body;
            assert_eq!(read["contactTimes"], json!(["evening", "weekend"]));
            assert_eq!(read["accessNeeds"], json!(["interpreter", "sign_language"]));
        }
        let changed = json!({"channel": "internet", "accessNeeds": ["audio"]});
        manager.patch(&path, "*", changed).await.expect(200);
        let read = facilitator.get(&path).await.expect(200).body;
        assert_eq!((&read["contactTimes"], &read["accessNeeds"]), (&json!([]), &json!([])));
        let listed = manager.get("/v1/participants").await.expect(200);
        assert_eq!(listed.items()[0]["accessNeeds"], json!([]));
    }
}
