//! What can be called at all: the routes in the code are the document's operations,
//! and few of them are open to everybody.

use std::collections::BTreeSet;

use klankbord_domain::policy::{self, Access};

use crate::contract::operation::{Opened, all};
use crate::tidy::{files, root};

/// The files that route what stands outside the contract: health, the document, its
/// page, and getting a token by OAuth.
const OUTSIDE: &[&str] = &[
    "crates/api/src/access/oauth.rs",
    "crates/api/src/web/envelope.rs",
    "crates/api/src/web/health.rs",
    "crates/api/src/web/swagger.rs",
];

/// Every route that the code declares: method and path.
fn declared() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (name, text) in files("crates/api/src", ".rs") {
        for line in text.lines().map(str::trim) {
            let attribute = line.strip_prefix("#[").and_then(|line| line.strip_suffix("\")]"));
            let Some((method, path)) = attribute.and_then(|line| line.split_once("(\"")) else {
                let routes =
                    ["web::resource(", ".route(", "web::scope(", "#[route("].iter().any(|word| line.contains(word));
                assert!(
                    !routes || OUTSIDE.contains(&name.as_str()) || line.contains("scope(\"/v1\")"),
                    "{name}: {line}"
                );
                continue;
            };
            if ["get", "post", "put", "patch", "delete", "head", "options"].contains(&method) {
                assert!(found.insert(format!("{} {path}", method.to_uppercase())), "{name}: {line} is there twice");
            }
        }
    }
    found
}

/// No route without an operation in the document, no operation without a route,
/// and neither without a row in the policy table.
#[test]
fn the_routes_are_the_documents_operations() {
    let documented: BTreeSet<String> = all().iter().map(|one| format!("{} {}", one.method, one.template)).collect();
    assert_eq!(declared(), documented);
    let named: BTreeSet<String> = all().into_iter().map(|one| one.id).collect();
    let rules: BTreeSet<String> = policy::table().map(|rule| rule.operation.to_owned()).collect();
    assert_eq!((rules.len(), policy::table().count()), (named.len(), named.len()));
    assert_eq!(rules, named);
}

/// The document, the policy table, the list with the reasons, and what integrators
/// read: all four say the same.
#[test]
fn few_operations_are_public_and_each_has_its_reason() {
    let listed: toml::Table = toml::from_str(include_str!("public.toml")).unwrap();
    assert!(listed.values().all(|reason| reason.as_str().is_some_and(|reason| reason.len() > 12)));
    let listed: BTreeSet<String> = listed.keys().cloned().collect();
    assert!(listed.len() <= 8);
    let documented = all().into_iter().filter(|one| one.opened == Opened::ToAll).map(|one| one.id);
    assert_eq!(documented.collect::<BTreeSet<_>>(), listed);
    let open = policy::table().filter(|rule| rule.access == Access::Public).map(|rule| rule.operation.to_owned());
    assert_eq!(open.collect::<BTreeSet<_>>(), listed);
    let contract = std::fs::read_to_string(root().join("docs/integrators.md")).unwrap();
    let told = contract.split("## Without a token").nth(1).unwrap().split("\n## ").next().unwrap();
    let told: BTreeSet<String> = told.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    assert_eq!(told, listed);
}
