//! An export in words: what matters most, in Dutch or English.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use klankbord_persistence::Failure;
use klankbord_persistence::privacy::subject::ExportedTable;
use serde::Deserialize;

const WORDS: &str = include_str!("summary.toml");
/// How many rows of a table are told; the rest stands in the tables.
const ROWS: usize = 100;

#[derive(Debug, Deserialize)]
struct Words {
    part: Vec<Part>,
}

#[derive(Debug, Deserialize)]
struct Part {
    table: String,
    nl: String,
    en: String,
    columns: BTreeMap<String, Label>,
}

#[derive(Debug, Deserialize)]
struct Label {
    nl: String,
    en: String,
}

/// The summary of what is kept.
///
/// # Errors
/// When the words can't be read, which a test finds.
pub(super) fn of(tables: &[ExportedTable], at: DateTime<Utc>, english: bool) -> Result<String, Failure> {
    let words: Words = toml::from_str(WORDS).map_err(|error| Failure::Broken(format!("summary.toml: {error}")))?;
    let day = at.format("%d-%m-%Y");
    let (head, more, rest) = if english {
        (
            "This is kept of you, on",
            "and more",
            "Everything, column by column, stands in the tables below this summary.",
        )
    } else {
        (
            "Dit bewaren wij van jou, op",
            "en meer",
            "Alles, kolom voor kolom, staat in de tabellen onder deze samenvatting.",
        )
    };
    let mut text = format!("{head} {day}.\n");
    for part in &words.part {
        let Some(table) = tables.iter().find(|table| table.name == part.table) else { continue };
        let lines: Vec<String> = table.rows.iter().filter_map(|row| line(part, row, english)).collect();
        if lines.is_empty() {
            continue;
        }
        let title = if english { &part.en } else { &part.nl };
        let _written = write!(text, "\n{title}\n");
        for line in lines.iter().take(ROWS) {
            let _written = writeln!(text, "- {line}");
        }
        if lines.len() > ROWS {
            let _written = writeln!(text, "- … {more}: {}", lines.len() - ROWS);
        }
    }
    let _written = write!(text, "\n{rest}\n");
    Ok(text)
}

/// One row in words; none where nothing of it is told.
fn line(part: &Part, row: &[klankbord_persistence::privacy::subject::ExportedColumn], english: bool) -> Option<String> {
    let told = row.iter().filter_map(|column| {
        let label = part.columns.get(column.name)?;
        let value = column.value.as_deref().filter(|value| !value.is_empty() && *value != "[]")?;
        Some(format!("{}: {value}", if english { &label.en } else { &label.nl }))
    });
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| told.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use klankbord_persistence::privacy::map::DataMap;

    #[test]
    fn what_is_told_in_words_is_kept() {
        let words: Words = toml::from_str(WORDS).unwrap();
        let map = DataMap::read().unwrap();
        for part in &words.part {
            let table = map.table.get(&part.table).unwrap_or_else(|| panic!("{}", part.table));
            for column in part.columns.keys() {
                assert!(table.columns.contains_key(column), "{}.{column}", part.table);
            }
        }
    }
}
