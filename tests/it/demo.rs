//! The demo: it loads, once, and the document's examples stand on it.

use std::collections::BTreeMap;

use klankbord_api::web::document;
use serde_json::Value;

use crate::support::Service;

/// Every path of the document that is read by an id.
fn reads() -> Vec<(String, String)> {
    let document = document::build();
    let mut found = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        let Some(read) = operations.get("get").filter(|_| path.contains('{')) else { continue };
        let mut filled = format!("/v1{path}");
        for parameter in read["parameters"].as_array().unwrap() {
            if parameter["in"] == "path" {
                let name = format!("{{{}}}", parameter["name"].as_str().unwrap());
                filled = filled.replace(&name, parameter["example"].as_str().unwrap());
            }
        }
        found.push((read["operationId"].as_str().unwrap().to_owned(), filled));
    }
    found
}

/// How many there are of everything that can be listed by the admin and the public.
async fn counts(service: &Service) -> BTreeMap<&'static str, Value> {
    let admin = service.demo("admin").await;
    let mut counts = BTreeMap::new();
    for list in ["organisations", "regions", "information-pages"] {
        let page = admin.get(&format!("/v1/{list}?count=true&limit=1")).await.expect(200);
        counts.insert(list, page.body["total"].clone());
    }
    counts
}

on_both! {
    /// Loaded, and loaded again without a change.
    async fn the_demo_loads_once(service) {
        let begun = std::time::Instant::now();
        let steps = service.running.app.load_demo().await.unwrap();
        println!("{steps} steps in {:.1} s on {:?}", begun.elapsed().as_secs_f64(), service.on);
        assert!(steps > 0);
        let before = counts(service).await;
        assert_eq!(service.running.app.load_demo().await.unwrap(), 0);
        assert_eq!(counts(service).await, before);
    }

    /// What the document shows as an example of a path can be read.
    async fn every_example_of_a_path_answers(service) {
        service.running.app.load_demo().await.unwrap();
        let mut refused = Vec::new();
        for (operation, path) in reads() {
            let mut answers = Vec::new();
            for role in ["admin", "manager", "coordinator", "facilitator", "participant"] {
                let status = service.demo(role).await.get(&path).await.status;
                answers.push((role, status));
                if status == 200 {
                    break;
                }
            }
            if answers.last().is_none_or(|(_, status)| *status != 200) {
                refused.push((operation, path, answers));
            }
        }
        assert!(refused.is_empty(), "{refused:#?}");
    }

    /// A database with somebody's organisations isn't the demo's.
    async fn somebodys_database_is_left_alone(service) {
        let admin = service.admin().await;
        service.organisation(&admin, "school", "Een echte school").await;
        let refused = service.running.app.load_demo().await.unwrap_err().to_string();
        assert_eq!(refused, "the database holds other organisations than the demo's: give the demo a database of its own");
        assert_eq!(admin.get("/v1/organisations?count=true").await.body["total"], 1);
    }
}
