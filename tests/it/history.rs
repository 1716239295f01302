//! What happened with somebody, in one place.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::demo::{examples, executed};
use crate::support::Client;

/// Everything, so many on a page.
async fn whole(by: &Client, limit: usize) -> Vec<Value> {
    let mut path = format!("/v1/me/history?limit={limit}");
    let mut all = Vec::new();
    loop {
        let page = by.get(&path).await.expect(200);
        all.extend(page.items().iter().cloned());
        let Some(cursor) = page.body["nextCursor"].as_str() else { return all };
        path = format!("/v1/me/history?limit={limit}&cursor={cursor}");
    }
}

on_both! {
    /// Asked, answered, brought in, consented, claimed: of oneself alone, in order, and the
    /// same however it is paged.
    async fn what_happened_with_me_is_one_list(service) {
        service.running.app.load_demo().await.unwrap();
        let own = service.demo("participant").await;
        let answers = examples().into_iter().find(|one| one.operation == "createResponse").unwrap();
        assert_eq!(executed(&own, &answers).await, 201);
        let all = whole(&own, 100).await;
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        for one in &all {
            *kinds.entry(one["kind"].as_str().unwrap()).or_default() += 1;
        }
        for kind in ["asked", "answered", "brought", "consented", "claimed"] {
            assert!(kinds.get(kind).is_some_and(|count| *count > 0), "{kind}: {kinds:?}");
        }
        let instants: Vec<&str> = all.iter().map(|one| one["at"].as_str().unwrap()).collect();
        assert!(instants.is_sorted(), "{instants:?}");
        assert_eq!(whole(&own, 2).await, all);
        let claim = all.iter().find(|one| one["kind"] == "claimed").unwrap();
        assert_eq!((&claim["cents"], &claim["status"]), (&Value::from(1120), &Value::from("submitted")));
        // Nobody else's, whoever they are.
        let me: Vec<&Value> = all.iter().map(|one| &one["participantId"]).collect();
        for name in ["manager", "coordinator", "outsider", "chair"] {
            let theirs = whole(&service.demo(name).await, 100).await;
            assert!(theirs.iter().all(|one| !me.contains(&&one["participantId"])), "{name}");
        }
        assert!(whole(&service.demo("outsider").await, 100).await.is_empty());
        // What was paid says when.
        let officer = service.demo("expex-1").await;
        let paid = whole(&officer, 100).await;
        let paid = paid.iter().find(|one| one["kind"] == "claimed").unwrap();
        assert_eq!((&paid["status"], &paid["cents"]), (&Value::from("paid"), &Value::from(2500)));
        assert!(paid["paidOn"].is_string());
    }
}
