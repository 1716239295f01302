//! Every code has words, and no words are without a code.

use std::collections::{BTreeMap, BTreeSet};

use klankbord_api::web::messages;

use super::files;

/// The codes in a text: quoted, two words of small letters with a dot between.
fn codes(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').skip(1).step_by(2).filter(|quoted| {
        let small = |word: &str| !word.is_empty() && word.chars().all(|one| one.is_ascii_lowercase() || one == '_');
        quoted.split_once('.').is_some_and(|(one, other)| small(one) && small(other))
    })
}

/// The code of a crate, without its tests and comments: a text per line.
fn lines(of: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (name, text) in files(&format!("crates/{of}/src"), ".rs") {
        if name.ends_with("tests.rs") {
            continue;
        }
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap().to_owned();
        let kept = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        found.extend(kept.map(|line| (name.clone(), line.to_owned())));
    }
    found
}

fn problems() -> BTreeSet<String> {
    messages::every_problem().map(|(code, ..)| code.to_owned()).collect()
}

fn faults() -> BTreeSet<String> {
    messages::every_fault().map(|(code, ..)| code.to_owned()).collect()
}

/// The domain has no codes but those of faults and refusals. Elsewhere there are
/// events, columns and files, too: there only what stands beside a refusal counts.
#[test]
fn every_code_has_words() {
    let (problems, faults) = (problems(), faults());
    let mut used: BTreeMap<String, String> = BTreeMap::new();
    for (name, line) in lines("domain") {
        used.extend(codes(&line).map(|code| (code.to_owned(), name.clone())));
    }
    for (name, line) in lines("persistence").into_iter().chain(lines("api")) {
        let refuses =
            ["Fault", "Refusal", "Conflict(", "Problem::", "fault(", "push("].iter().any(|word| line.contains(word));
        if refuses {
            used.extend(codes(&line).map(|code| (code.to_owned(), name.clone())));
        }
        if line.trim_start().starts_with("(\"uq_") {
            used.extend(codes(&line).last().map(|code| (code.to_owned(), name.clone())));
        }
    }
    let wordless: Vec<_> =
        used.iter().filter(|(code, _)| !problems.contains(*code) && !faults.contains(*code)).collect();
    assert!(used.len() > 100 && wordless.is_empty(), "{} codes; without words: {wordless:#?}", used.len());
}

/// A conflict is a problem of its own; its words stand there, with status 409.
#[test]
fn conflicts_are_problems_and_faults_are_not() {
    let (problems, faults) = (problems(), faults());
    assert!(problems.is_disjoint(&faults), "{:?}", problems.intersection(&faults).collect::<Vec<_>>());
    let known: BTreeMap<_, _> = messages::every_problem().map(|(code, status, _)| (code, status)).collect();
    for of in ["domain", "persistence", "api"] {
        let whole = lines(of).into_iter().map(|(_, line)| line.trim().to_owned()).collect::<Vec<_>>().join("\n");
        for part in whole.split("Conflict(").skip(1) {
            let Some(code) = part.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next()) else {
                continue;
            };
            assert_eq!(known.get(code), Some(&409), "{code}");
        }
    }
}

#[test]
fn no_words_are_without_a_code() {
    let mut used = BTreeSet::new();
    for of in ["domain", "persistence", "api"] {
        for (_, line) in lines(of) {
            used.extend(codes(&line).map(str::to_owned));
        }
    }
    let idle: Vec<_> = problems().into_iter().chain(faults()).filter(|code| !used.contains(code)).collect();
    assert!(idle.is_empty(), "{idle:?}");
}

/// Short and plain, in both languages; no value, no name of ours.
#[test]
fn words_are_short_and_whole() {
    for (code, status, said) in messages::every_problem() {
        assert!((400..600).contains(&status), "{code}");
        for (title, detail) in said {
            assert!((3..=60).contains(&title.chars().count()) && !title.ends_with('.'), "{code}: {title}");
            assert!((3..=120).contains(&detail.chars().count()) && detail.ends_with('.'), "{code}: {detail}");
        }
    }
    for (code, dutch, english) in messages::every_fault() {
        for words in [dutch, english] {
            assert!((3..=120).contains(&words.chars().count()) && words.ends_with('.'), "{code}: {words}");
        }
    }
}
