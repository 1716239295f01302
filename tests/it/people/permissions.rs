//! What may I do here: what is told is what holds.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::json;

use crate::consultations::world::World;
use crate::contract::operation;
use crate::support::{Client, Reply};

async fn told(client: &Client, on: &str) -> Reply {
    client.get(&format!("/v1/me/permissions?on={on}")).await
}

/// Asks everything that can be read of the thing, and holds it against what is told.
async fn holds(client: &Client, on: &str) -> usize {
    let told = told(client, on).await.expect(200);
    let told: BTreeSet<&str> =
        told.body["operations"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
    let (collection, id) = on.split_once('/').unwrap();
    let reads = operation::all().into_iter().filter(|one| {
        one.method == Method::GET
            && one.template.starts_with(&format!("/{collection}/{{"))
            && one.template.matches('{').count() == 1
    });
    let mut asked = 0;
    for one in reads {
        let rest = one.template.split_once('}').unwrap().1;
        let status = client.get(&format!("/v1/{collection}/{id}{rest}")).await.status;
        // A conflict comes after the question who asks.
        let let_in = matches!(status, 200 | 409);
        assert_eq!(let_in, told.contains(one.id.as_str()), "{} {on}: {status}", one.id);
        asked += 1;
    }
    asked
}

on_both! {
    /// For each who looks at each kind of thing, the reads that are told work, and
    /// no other.
    async fn what_one_may_do_is_told(service) {
        let world = World::of(service).await;
        let round = world.opened().await.replace("/v1/", "");
        let network = format!("networks/{}", world.network);
        let organisation = format!("organisations/{}", world.organisation);
        let person = format!("participants/{}", world.anna_id);
        let mut asked = 0;
        for client in [&world.manager, &world.officer, &world.coordinator, &world.facilitator, &world.anna] {
            for on in [&round, &network, &organisation] {
                asked += holds(client, on).await;
            }
        }
        for client in [&world.manager, &world.coordinator, &world.anna] {
            asked += holds(client, &person).await;
        }
        assert!(asked > 50, "{asked}");
        let coordinator = told(&world.coordinator, &network).await.expect(200).body;
        assert_eq!(coordinator["roles"], json!(["coordinator"]));
        let operations = coordinator["operations"].as_array().unwrap();
        assert!(operations.contains(&json!("updateNetwork")) && operations.contains(&json!("createMembership")));
        let anna = told(&world.anna, &network).await.expect(200).body;
        assert!(!anna["operations"].as_array().unwrap().contains(&json!("updateNetwork")));
        assert_eq!(told(&world.anna, &person).await.expect(200).body["roles"], json!(["member", "participant"]));
    }

    /// What one may not know of is as unknown as anything.
    async fn what_is_hidden_stays_so(service) {
        let world = World::of(service).await;
        let draft = world.prepared().await.replace("/v1/", "");
        let nowhere = "0197c000-0000-7000-8000-00060000dead";
        for on in [&draft, &format!("participants/{}", world.others[0]), &format!("consultations/{nowhere}"),
            &format!("participants/{nowhere}"), &format!("memberships/{nowhere}"), &format!("feedback/{nowhere}"),
            &format!("programmes/{nowhere}")] {
            told(&world.anna, on).await.expect(404);
        }
        let plain = told(&world.anna, "networks/------------------------------------").await.expect(404);
        assert_eq!(plain.code(), "resource.not_found");
        told(&world.anna, "accounts/0197c000-0000-7000-8000-001100000001").await.expect(400);
        let large = world.anna.get("/v1/me/permissions").await.expect(200).body;
        assert_eq!((large.get("on"), &large["roles"]), (None, &json!(["member", "participant"])));
        let operations = large["operations"].as_array().unwrap();
        assert!(operations.contains(&json!("createFeedback")) && !operations.contains(&json!("createNetwork")));
        let manager = world.manager.get("/v1/me/permissions").await.expect(200).body;
        assert!(manager["operations"].as_array().unwrap().contains(&json!("createNetwork")));
        service.nobody().get(&format!("/v1/me/permissions?on={draft}")).await.expect(401);
    }
}
