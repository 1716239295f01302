//! What the documentation names is there.

use std::path::Path;

use super::root;

/// Every file of the repository, by its path.
fn names() -> Vec<String> {
    let (mut found, mut waiting) = (Vec::new(), vec![root()]);
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(&folder).unwrap().flatten() {
            let path = entry.path();
            let skipped = [".git", "target", "node_modules"].contains(&entry.file_name().to_str().unwrap_or_default());
            if path.is_dir() && !skipped {
                waiting.push(path);
            } else if path.is_file() {
                found.push(format!("/{}", path.strip_prefix(root()).unwrap().display()));
            }
        }
    }
    found
}

/// The documentation: each page's path and text.
fn pages() -> Vec<(String, String)> {
    let is_page = |name: &String| Path::new(name).extension().is_some_and(|ending| ending == "md");
    let all = names().into_iter().filter(|name| is_page(name) && !name.starts_with("/openapi/lint/"));
    let read = all.map(|name| (name.clone(), std::fs::read_to_string(root().join(&name[1..])).unwrap()));
    read.collect()
}

#[test]
fn links_lead_somewhere() {
    let mut count = 0;
    for (name, text) in pages() {
        let folder = root().join(Path::new(&name[1..]).parent().unwrap());
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = link.split('#').next().unwrap();
            if link.contains("://") || link.starts_with("mailto:") || path.is_empty() {
                continue;
            }
            count += 1;
            assert!(folder.join(path).exists(), "{name} leads to {link}");
        }
    }
    assert!(count > 20, "the search has lost its way: {count}");
}

/// A file that is named in the text, whole or by the end of its path.
#[test]
fn named_files_are_there() {
    let names = names();
    let mut count = 0;
    for (page, text) in pages().into_iter().filter(|(page, _)| !page.contains("CHANGELOG")) {
        let part_of_name = |one: char| one.is_ascii_alphanumeric() || "_./-".contains(one);
        for word in text.split(|one: char| !part_of_name(one)) {
            let word = word.trim_matches(['.', '/']);
            let is_file = [".rs", ".sh", ".yaml", ".toml", ".md"].iter().any(|ending| word.ends_with(ending));
            // The operator's own, and what a service serves.
            let elsewhere = word == "klankbord.toml" || word.contains("openapi.yaml");
            if !is_file || elsewhere {
                continue;
            }
            count += 1;
            let end = format!("/{}", word.trim_start_matches("../"));
            assert!(names.iter().any(|name| name.ends_with(&end)), "{page} names {word}");
        }
    }
    assert!(count > 40, "the search has lost its way: {count}");
}
