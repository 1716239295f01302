//! What the compiler can't hold: sizes, names, directions, words, the data map,
//! and that the schema goes up, down and up again.

mod codes;
mod links;
mod schema;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every file under a folder of the repository that ends so, with its text.
pub fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut waiting = vec![root().join(folder)];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(&folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() && path.file_name().is_none_or(|name| name != "target") {
                waiting.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                let name = path.strip_prefix(root()).unwrap().display().to_string();
                found.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "{folder}");
    found
}

/// All the code.
fn code() -> Vec<(String, String)> {
    ["crates", "migrations", "tests"].iter().flat_map(|folder| files(folder, ".rs")).collect()
}

#[test]
fn files_are_short() {
    let long: Vec<_> = code().into_iter().map(|(name, text)| (name, text.lines().count())).collect();
    let long: Vec<_> = long.into_iter().filter(|(_, lines)| *lines > 400).collect();
    assert!(long.is_empty(), "over 400 lines: {long:?}");
}

/// A room that takes anything tells nothing.
#[test]
fn rooms_have_names() {
    let vague = ["util", "utils", "helper", "helpers", "common", "manager", "misc", "lib2"];
    let parts = |name: &str| name.split('/').map(|part| part.trim_end_matches(".rs").to_owned()).collect::<Vec<_>>();
    let found: Vec<_> = code().into_iter().map(|(name, _)| name).collect();
    let found: Vec<_> =
        found.iter().filter(|name| parts(name).iter().any(|part| vague.contains(&part.as_str()))).collect();
    assert!(found.is_empty(), "{found:?}");
}

/// The same rooms in all three crates.
#[test]
fn a_room_has_one_name_in_every_crate() {
    let rooms = |of: &str| {
        let entries = std::fs::read_dir(root().join(format!("crates/{of}/src"))).unwrap().flatten();
        let folders = entries.filter(|entry| entry.path().is_dir());
        folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect::<Vec<_>>()
    };
    let domain = rooms("domain");
    let stray = |of: &str, own: &[&str]| -> Vec<String> {
        rooms(of).into_iter().filter(|room| !domain.contains(room) && !own.contains(&room.as_str())).collect()
    };
    assert_eq!(stray("persistence", &["demo", "store"]), Vec::<String>::new());
    assert_eq!(stray("api", &["web", "demo", "mail"]), Vec::<String>::new());
}

/// Rows never leave persistence, and so are never written as JSON.
#[test]
fn rows_carry_no_serde() {
    for (name, text) in files("crates/persistence/src", ".rs").iter().filter(|(name, _)| name.contains("/entity/")) {
        for word in ["serde", "Serialize", "Deserialize", "pub use ", "ToSchema"] {
            assert!(!text.contains(word), "{name}: {word}");
        }
    }
}

fn dependencies(manifest: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join(manifest)).unwrap();
    let manifest: toml::Table = toml::from_str(&text).unwrap();
    manifest["dependencies"].as_table().unwrap().keys().cloned().collect()
}

/// domain ← persistence ← api; migrations depend on none; only persistence knows SQL.
#[test]
fn crates_lean_one_way() {
    let pure = ["chrono", "chrono-tz", "serde", "thiserror", "utoipa", "uuid"];
    let strangers: Vec<_> =
        dependencies("crates/domain/Cargo.toml").into_iter().filter(|one| !pure.contains(&one.as_str())).collect();
    assert!(strangers.is_empty(), "domain is pure, and has {strangers:?}");
    let leans = |of: &str, on: &str| {
        dependencies(&format!("{of}/Cargo.toml")).iter().any(|one| one == on || one.starts_with(&format!("{on}-")))
    };
    assert!(!leans("crates/persistence", "klankbord-api") && !leans("crates/persistence", "actix"));
    assert!(!leans("crates/api", "sea-orm") && !leans("crates/api", "klankbord-migrations"));
    assert!(!leans("crates/api", "sqlx"));
    assert!(!leans("migrations", "klankbord"));
    for (name, text) in files("crates/api/src", ".rs") {
        assert!(!text.contains("sea_orm"), "{name} names sea_orm");
    }
    for (name, text) in files("crates/domain/src", ".rs") {
        for word in ["Utc::now", "now_v7", "new_v4", "std::env", "std::fs", "std::net", "async fn"] {
            assert!(!text.contains(word), "{name}: {word}");
        }
    }
}

/// Two schemas with one name would publish only one of them.
#[test]
fn schemas_have_names_of_their_own() {
    let mut seen: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, text) in files("crates", ".rs") {
        let mut published = false;
        for line in text.lines().map(str::trim) {
            let derives = line.starts_with("#[derive(") && line.contains("ToSchema");
            let declares = ["page!(", "crate::web::page::page!(", "patch_of!(", "vocabulary! {"].contains(&line);
            published = derives || declares || (published && !line.is_empty() && line != ");");
            if !published || line.starts_with("#[") || line.starts_with("//") || derives || declares {
                continue;
            }
            let words =
                line.trim_start_matches("pub(crate) ").trim_start_matches("pub(super) ").trim_start_matches("pub ");
            let words = words.trim_start_matches("struct ").trim_start_matches("enum ");
            let schema: String = words.chars().take_while(char::is_ascii_alphanumeric).collect();
            if schema.starts_with(|first: char| first.is_ascii_uppercase()) {
                seen.entry(schema).or_default().push(name.clone());
                published = false;
            }
        }
    }
    assert!(seen.len() > 80, "the search has lost its way: {}", seen.len());
    seen.retain(|_, places| places.len() > 1);
    assert!(seen.is_empty(), "{seen:#?}");
}
