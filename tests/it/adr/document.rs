//! The document as a whole: version, servers, contact, tags, references.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{DOCUMENT, none, operations, visit};

/// `/core/doc-openapi`, `/core/semver`, `/core/changelog`, `/core/doc-openapi-contact`.
#[test]
fn it_says_what_it_is() {
    let text = |pointer: &str| DOCUMENT.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    assert!(text("/openapi").starts_with("3.1"), "{}", text("/openapi"));
    let numbers: Vec<_> = text("/info/version").split('.').map(str::parse::<u32>).collect();
    assert!(numbers.len() == 3 && numbers.iter().all(Result::is_ok), "{}", text("/info/version"));
    let changes = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../CHANGELOG.md")).unwrap();
    assert!(changes.contains(text("/info/version")), "CHANGELOG.md has no entry for {}", text("/info/version"));
    for member in ["name", "email", "url"] {
        assert!(!text(&format!("/info/contact/{member}")).is_empty(), "{member}");
    }
    assert!(text("/info/description").contains("Nederlands") && !text("/info/title").is_empty());
}

/// `/core/uri-version`, `/core/transport/tls`, and the rule on servers in preparation.
#[test]
fn its_servers_are_versioned_and_safe() {
    let urls: Vec<_> = DOCUMENT["servers"].as_array().unwrap().iter().map(|one| one["url"].as_str().unwrap()).collect();
    assert!(urls.iter().all(|url| url.ends_with("/v1")), "{urls:?}");
    let (whole, relative): (Vec<&str>, Vec<&str>) = urls.into_iter().partition(|url| !url.starts_with('/'));
    assert!(!whole.is_empty() && relative.len() <= 1);
    assert!(whole.iter().all(|url| url.starts_with("https://")));
}

/// Tags: few, unique, described, used; each operation has exactly one.
#[test]
fn its_tags_are_few_and_used() {
    let tags = DOCUMENT["tags"].as_array().unwrap();
    let names: BTreeSet<_> = tags.iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), tags.len(), "a tag is declared twice");
    assert!(tags.iter().all(|tag| tag["description"].as_str().is_some_and(|about| about.len() > 10)));
    let mut used = BTreeSet::new();
    let mut faults = Vec::new();
    for (path, method, operation) in operations() {
        match operation["tags"].as_array().map(Vec::as_slice) {
            Some([tag]) if names.contains(tag.as_str().unwrap()) => drop(used.insert(tag.as_str().unwrap())),
            other => faults.push(format!("{method} {path}: {other:?}")),
        }
    }
    none(&faults);
    assert_eq!(used, names, "tags that nothing carries");
}

/// Every reference leads somewhere, and every component is referred to.
#[test]
fn its_references_lead_somewhere() {
    let mut targets = BTreeSet::new();
    visit(&DOCUMENT, "", &mut |_, value| {
        if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
            targets.insert(reference.trim_start_matches('#').to_owned());
        }
        let mapping = value.pointer("/discriminator/mapping").and_then(Value::as_object);
        let mapped = mapping.into_iter().flat_map(|mapping| mapping.values());
        targets.extend(mapped.filter_map(Value::as_str).map(|path| path.trim_start_matches('#').to_owned()));
    });
    let lost: Vec<_> = targets.iter().filter(|target| DOCUMENT.pointer(target).is_none()).cloned().collect();
    none(&lost);
    let mut unused = Vec::new();
    for (kind, components) in DOCUMENT["components"].as_object().unwrap() {
        if kind == "securitySchemes" {
            continue;
        }
        let names = components.as_object().unwrap().keys().map(|name| format!("/components/{kind}/{name}"));
        unused.extend(names.filter(|name| !targets.contains(name)));
    }
    none(&unused);
}

on_both! {
    /// `/core/publish-openapi`: without a token, for every origin, the same in YAML.
    async fn it_is_published(service) {
        let nobody = service.nobody();
        let json = nobody.get("/v1/openapi.json").await.expect(200);
        let yaml = nobody.get("/v1/openapi.yaml").await.expect(200);
        let from_yaml: Value = serde_yaml_ng::from_str(&yaml.text).unwrap();
        assert_eq!(from_yaml, json.body);
        assert_eq!(json.body["paths"], DOCUMENT["paths"]);
        // As it is committed, but for where this installation gives tokens.
        let mut components = DOCUMENT["components"].clone();
        components["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]["tokenUrl"] = "/oauth/token".into();
        assert!(json.body["components"] == components);
        for reply in [json, yaml] {
            assert_eq!(reply.header("access-control-allow-origin"), "*");
            crate::contract::probe::holds("the document", &reply, false);
        }
    }
}
