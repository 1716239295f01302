//! The things of a place, by what they are for.

use std::collections::BTreeMap;

/// The things of a place, by kind; `kind@operation` where one needs another.
#[derive(Debug, Default, Clone)]
pub struct Things(BTreeMap<String, String>);

impl Things {
    pub fn keep(&mut self, kind: &str, id: impl Into<String>) {
        self.0.insert(kind.to_owned(), id.into());
    }

    /// The same for several operations.
    pub fn keep_for(&mut self, kind: &str, rows: &[&str], id: &str) {
        for row in rows {
            self.keep(&format!("{kind}@{row}"), id);
        }
    }

    /// The thing of this kind for a row: its operation, or operation and variant.
    pub fn of(&self, kind: &str, row: &str) -> Option<&str> {
        let operation = row.split('/').next().unwrap();
        let names = [format!("{kind}@{row}"), format!("{kind}@{operation}"), kind.to_owned()];
        names.iter().find_map(|name| self.0.get(name)).map(String::as_str)
    }

    pub fn of_kind<'a>(&'a self, kinds: &'a [&str]) -> impl Iterator<Item = &'a String> {
        let kind = |name: &str| name.split('@').next().unwrap().to_owned();
        self.0.iter().filter(move |(name, _)| kinds.contains(&kind(name).as_str())).map(|(_, id)| id)
    }

    pub fn all(&self) -> impl Iterator<Item = &String> {
        self.0.values()
    }

    /// All kinds that there are.
    pub fn kinds(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(|name| name.split('@').next().unwrap())
    }
}
