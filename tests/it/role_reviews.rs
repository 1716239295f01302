//! The review of roles: everybody who holds one, on one list, for the managers.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::Client;
use crate::support::wire::reply;

async fn grant(granter: &Client, account: &str, role: &str, scope: &str) -> String {
    let body = json!({"accountId": account, "role": role, "scopeId": scope, "reason": "Zo is het afgesproken."});
    granter.make("/v1/grants", body).await.id()
}

fn roles(page: &Value) -> Vec<(&str, &str)> {
    let items = page["items"].as_array().unwrap().iter();
    items.map(|item| (item["displayName"].as_str().unwrap(), item["role"].as_str().unwrap())).collect()
}

on_both! {
    /// Who, what, where, by whom, why, since when, and the day of the last sign-in;
    /// also in the networks, and on demand what was withdrawn.
    async fn managers_review_every_role(service) {
        let admin = service.admin().await;
        let here = service.organisation(&admin, "municipality", "Hier").await;
        let there = service.organisation(&admin, "care_provider", "Daar").await;
        let (manager, manager_id) = service.account(&admin, "manager").await;
        let (officer, officer_id) = service.account(&admin, "officer").await;
        let (_, coordinator_id) = service.account(&admin, "coordinator").await;
        let (other, other_id) = service.account(&admin, "other").await;
        grant(&admin, &manager_id, "manager", &here).await;
        grant(&admin, &other_id, "manager", &there).await;
        let granted = grant(&manager, &officer_id, "officer", &here).await;
        let network = json!({"hostId": here, "kind": "learning_network", "name": [{"language": "nl", "value": "Leernetwerk"}],
            "purpose": [{"language": "nl", "value": "Leren van elkaar."}]});
        let network = manager.make("/v1/networks", network).await.id();
        let coordinates = grant(&manager, &coordinator_id, "coordinator", &network).await;

        let path = format!("/v1/organisations/{here}/role-reviews");
        let page = manager.get(&path).await.expect(200).body;
        assert_eq!(roles(&page), [("manager", "manager"), ("officer", "officer"), ("coordinator", "coordinator")]);
        assert_eq!(page["items"][2], json!({"id": coordinates, "accountId": coordinator_id, "displayName": "coordinator",
            "role": "coordinator", "scopeKind": "network", "scopeId": network, "scopeName": "Leernetwerk",
            "grantedBy": manager_id, "reason": "Zo is het afgesproken.", "createdAt": "2026-11-23T09:00:00Z",
            "lastSignedInOn": "2026-11-23"}));
        assert_eq!(page["items"][1]["scopeName"], "Hier");
        let first = manager.get(&format!("{path}?limit=2")).await.expect(200).body;
        let cursor = first["nextCursor"].as_str().unwrap();
        let second = manager.get(&format!("{path}?limit=2&cursor={cursor}")).await.expect(200).body;
        assert_eq!((first["items"].as_array().unwrap().len(), roles(&second)), (2, vec![("coordinator", "coordinator")]));

        let table = reply(manager.request(Method::GET, &path).header("Accept", "text/csv")).await.expect(200);
        let lines: Vec<&str> = table.text.lines().collect();
        assert!(lines[0].starts_with("id,accountId,displayName,role,"));
        assert_eq!(lines.len(), 4);
        assert_eq!(lines[3], format!("{coordinates},{coordinator_id},coordinator,coordinator,network,{network},\
            Leernetwerk,{manager_id},Zo is het afgesproken.,2026-11-23T09:00:00Z,,,2026-11-23"));

        manager.delete(&format!("/v1/grants/{granted}")).await.expect(204);
        assert_eq!(roles(&manager.get(&path).await.expect(200).body).len(), 2);
        let since = manager.get(&format!("{path}?since=2026-11-23")).await.expect(200).body;
        assert_eq!(since["items"][1]["withdrawnAt"], "2026-11-23T09:00:00Z");
        assert_eq!(since["items"][1]["withdrawnBy"], json!(manager_id));
        assert_eq!(roles(&manager.get(&format!("{path}?since=2026-11-24")).await.expect(200).body).len(), 2);

        for outsider in [&officer, &other, &admin] {
            outsider.get(&path).await.expect(403);
        }
        service.nobody().get(&path).await.expect(401);
        manager.get("/v1/organisations/0197c000-0000-7000-8000-00010000dead/role-reviews").await.expect(404);
    }
}
