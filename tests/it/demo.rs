//! The demo: it loads, once, and the document's examples run on it.

use std::collections::{BTreeMap, HashMap};

use klankbord_api::web::document;
use reqwest::Method;
use serde_json::Value;

use crate::support::wire::reply;
use crate::support::{Client, Service};

/// Who tries an example, until somebody may.
pub const ROLES: [&str; 9] =
    ["admin", "manager", "officer", "coordinator", "facilitator", "participant", "member", "participant-3", "chair"];

/// Operations that need a secret or a session of one's own.
pub const OWN: [&str; 23] = [
    "acceptRoleInvitation",
    "createCodedResponse",
    "createCodedResponseWithdrawal",
    "createContactConfirmation",
    "createMembershipAnswer",
    "createOpenResponse",
    "createOpenResponseWithdrawal",
    "createOwnDataSession",
    "getCodedConsultation",
    "getCodedMedium",
    "createRecruitmentAnswer",
    "createSecondFactorCheck",
    "createSecondFactorConfirmation",
    "createSession",
    "deleteSession",
    "getMembershipInvitation",
    "getOpenConsultation",
    "getOpenMedium",
    "getSession",
    "createDataExportReading",
    "redeemSignInCode",
    "refreshSession",
    "resetPassword",
];

/// An operation as Swagger UI sends it when nothing is changed.
pub struct Example {
    pub operation: String,
    pub method: Method,
    pub path: String,
    body: Option<Value>,
}

impl Example {
    /// What is read comes before what is made, changed, moved and deleted.
    fn turn(&self) -> u8 {
        match (self.method.as_str(), self.path.ends_with("/transitions")) {
            ("GET", _) => 0,
            ("POST", false) => 1,
            ("PATCH", _) => 2,
            ("POST", true) => 3,
            _ => 4,
        }
    }
}

/// Every operation of the document, with its own examples.
pub fn examples() -> Vec<Example> {
    let document = document::build();
    let mut found = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let mut path = format!("/v1{path}");
            for parameter in operation["parameters"].as_array().unwrap().iter().filter(|one| one["in"] == "path") {
                let name = format!("{{{}}}", parameter["name"].as_str().unwrap());
                path = path.replace(&name, parameter["example"].as_str().unwrap());
            }
            let media = operation.pointer("/requestBody/content").and_then(Value::as_object);
            let body = media.map(|media| media.values().next().unwrap()["example"].clone());
            let operation = operation["operationId"].as_str().unwrap().to_owned();
            let method = method.to_uppercase().parse().unwrap();
            found.push(Example { operation, method, path, body });
        }
    }
    found.retain(|example| !OWN.contains(&example.operation.as_str()));
    found.sort_by_key(Example::turn);
    found
}

pub async fn executed(caller: &Client, example: &Example) -> u16 {
    let request = caller.request(example.method.clone(), &example.path).header("If-Match", "*");
    let request = match &example.body {
        Some(body) => request.json(body),
        None => request,
    };
    reply(request).await.status
}

/// How many there are of everything that the admin can count.
async fn counts(service: &Service) -> BTreeMap<&'static str, Value> {
    let admin = service.demo("admin").await;
    let mut counts = BTreeMap::new();
    for list in ["organisations", "regions", "information-pages", "programmes", "networks"] {
        let page = admin.get(&format!("/v1/{list}?count=true&limit=1")).await.expect(200);
        counts.insert(list, page.body["total"].clone());
    }
    counts
}

on_both! {
    /// Loaded, and loaded again without a change; then every example of the
    /// document is carried out as it stands there, by somebody who may.
    async fn the_demo_loads_once_and_the_examples_run_on_it(service) {
        let begun = std::time::Instant::now();
        let steps = service.running.app.load_demo().await.unwrap();
        eprintln!("{steps} steps in {:.1} s on {:?}", begun.elapsed().as_secs_f64(), service.on);
        assert!(steps > 1000);
        let before = counts(service).await;
        assert_eq!(service.running.app.load_demo().await.unwrap(), 0);
        assert_eq!(counts(service).await, before);

        let mut callers = HashMap::new();
        for role in ROLES {
            callers.insert(role, service.demo(role).await);
        }
        let mut refused = Vec::new();
        for example in examples() {
            let mut answers = Vec::new();
            for role in ROLES {
                let status = executed(&callers[role], &example).await;
                answers.push(format!("{role} {status}"));
                if status < 300 {
                    answers.clear();
                    break;
                }
            }
            if !answers.is_empty() {
                refused.push(format!("{} {}: {}", example.operation, example.path, answers.join(", ")));
            }
        }
        assert!(refused.is_empty(), "{refused:#?}");
    }

    /// A database with somebody's organisations isn't the demo's.
    async fn somebodys_database_is_left_alone(service) {
        let admin = service.admin().await;
        service.organisation(&admin, "school", "Een echte school").await;
        let refused = service.running.app.load_demo().await.unwrap_err().to_string();
        assert!(refused.contains("a database of its own"), "{refused}");
        assert_eq!(admin.get("/v1/organisations?count=true").await.body["total"], 1);
    }
}
