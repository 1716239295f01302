//! The golden file: for every row who is answered how, those alike together.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use klankbord_domain::policy;

use super::cells::{COLUMNS, Column, Row};
use crate::tidy::root;

/// Row, caller, column; and the letter there.
pub type Letters = BTreeMap<String, BTreeMap<String, BTreeMap<Column, char>>>;

const HEAD: &str = "\
# Who may do what: every operation, every caller, four kinds of things: those of
# one's own tenant, of its council's room, of another tenant, and none at all.
# What is called `foreign-…` belongs to the other tenant.
#
#   +  may         0  sees nothing of it    1  401    3  403    4  404
#   2  an id in the body or query is unknown (400)    x  something else is wrong (400)
#   -  says nothing here
#
# After a deliberate change: UPDATE_RIGHTS=1 cargo test -p klankbord-tests rights::matrix
";

fn path() -> PathBuf {
    root().join("tests/it/rights/matrix.txt")
}

/// As it is written.
pub fn written(rows: &[Row], letters: &Letters) -> String {
    let mut text = HEAD.to_owned();
    for row in rows {
        let rule = policy::rule(&row.operation.id).unwrap();
        writeln!(text, "\n{}  [{}]", row.name, rule.in_words()).unwrap();
        let mut alike: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (actor, cells) in &letters[&row.name] {
            let pattern = COLUMNS.iter().map(|column| cells.get(column).copied().unwrap_or('-')).collect();
            alike.entry(pattern).or_default().push(actor);
        }
        for (pattern, actors) in alike {
            writeln!(text, "  {pattern}  {}", actors.join(" ")).unwrap();
        }
    }
    text
}

/// What the file says.
pub fn read() -> (String, Letters) {
    let text = std::fs::read_to_string(path()).unwrap_or_default();
    let mut letters = Letters::new();
    let mut row = String::new();
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let Some((pattern, actors)) = line.strip_prefix("  ").and_then(|line| line.split_once("  ")) else {
            line.split_whitespace().next().unwrap().clone_into(&mut row);
            continue;
        };
        let cells = COLUMNS.iter().copied().zip(pattern.chars()).filter(|(_, letter)| *letter != '-');
        let cells: BTreeMap<Column, char> = cells.collect();
        for actor in actors.split(' ') {
            letters.entry(row.clone()).or_default().insert(actor.to_owned(), cells.clone());
        }
    }
    (text, letters)
}

pub fn write(text: &str) {
    std::fs::write(path(), text).unwrap();
}
