//! The catalogue of problems and faults: code, status, and words in Dutch and
//! English. The page `/docs/problems` is made from it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

#[derive(Debug, Deserialize)]
struct Catalogue {
    problem: BTreeMap<String, Words>,
    fault: BTreeMap<String, Line>,
}

#[derive(Debug, Deserialize)]
struct Words {
    status: u16,
    title: Line,
    detail: Line,
}

#[derive(Debug, Deserialize)]
struct Line {
    nl: String,
    en: String,
}

impl Line {
    fn read(&self, english: bool) -> &str {
        if english { &self.en } else { &self.nl }
    }
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let empty = || Catalogue { problem: BTreeMap::new(), fault: BTreeMap::new() };
    // A test holds that the file is sound, so that this never gives the empty one.
    toml::from_str(include_str!("messages.toml")).unwrap_or_else(|_| empty())
});

/// The status of a problem; an unknown one is a conflict, as every code of the
/// domain without an entry of its own is.
pub fn status(code: &str) -> u16 {
    CATALOGUE.problem.get(code).map_or(409, |words| words.status)
}

/// Title and detail of a problem.
pub fn problem(code: &str, english: bool) -> (&'static str, &'static str) {
    let known = CATALOGUE.problem.get(code).or_else(|| CATALOGUE.problem.get("resource.conflict"));
    known.map_or(("", ""), |words| (words.title.read(english), words.detail.read(english)))
}

/// The words for one fault.
pub fn fault(code: &str, english: bool) -> &'static str {
    let known = CATALOGUE.fault.get(code).or_else(|| CATALOGUE.fault.get("value.invalid"));
    known.map_or("", |line| line.read(english))
}

/// The code of the problem that a bare status stands for.
pub fn code_of_status(status: u16) -> &'static str {
    match status {
        401 => "access.unauthenticated",
        403 => "access.forbidden",
        404 => "route.not_found",
        405 => "request.method_not_allowed",
        406 => "request.not_acceptable",
        408 => "request.timeout",
        413 => "request.too_large",
        415 => "request.unsupported_media_type",
        429 => "request.rate_limited",
        503 => "server.unavailable",
        400..=499 => "request.invalid",
        _ => "server.error",
    }
}

/// Every problem's code with its status, title and detail in Dutch and English.
pub fn every_problem() -> impl Iterator<Item = (&'static str, u16, [(&'static str, &'static str); 2])> {
    CATALOGUE.problem.iter().map(|(code, words)| {
        let read = |english| (words.title.read(english), words.detail.read(english));
        (code.as_str(), words.status, [read(false), read(true)])
    })
}

/// Every fault's code with its words in Dutch and English.
pub fn every_fault() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    CATALOGUE.fault.iter().map(|(code, line)| (code.as_str(), line.nl.as_str(), line.en.as_str()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_catalogue_can_be_read() {
        assert!(toml::from_str::<super::Catalogue>(include_str!("messages.toml")).is_ok());
    }
}
