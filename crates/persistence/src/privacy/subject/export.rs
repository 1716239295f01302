//! Everything that is kept of a person, in a form that can be read.

use sea_orm::Value;
use uuid::Uuid;

use super::Person;
use super::rows::{Cell, Found, Row, gather, keys, names_account, uuid_of};
use super::ways::As;
use crate::privacy::map::{Column, Subject};
use crate::store::{Failure, Source, UNDER_CONTACT_KEYS};

/// What is kept of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// Table by table.
    pub tables: Vec<ExportedTable>,
}

/// What is kept in one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedTable {
    /// The table.
    pub name: &'static str,
    /// What stands in it.
    pub about: &'static str,
    /// Row by row, column by column.
    pub rows: Vec<Vec<ExportedColumn>>,
}

/// What stands in one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedColumn {
    /// The column.
    pub name: &'static str,
    /// What it is.
    pub what: &'static str,
    /// Whether it is the person's data, or says what the row is about.
    pub personal: bool,
    /// What stands in it; none where it is empty.
    pub value: Option<String>,
    /// Why it isn't told, where it isn't.
    pub withheld: Option<&'static str>,
}

/// Reads everything that is kept of a person, but for these tables.
///
/// # Errors
/// When the database refuses, or a sealed value can't be opened.
pub async fn export(source: &impl Source, person: &Person, left_out: &[&str]) -> Result<Exported, Failure> {
    let mut tables: Vec<ExportedTable> = Vec::new();
    let all = gather(source, person).await?;
    for found in &all {
        if !theirs(found) || left_out.contains(&found.name) {
            continue;
        }
        // What is told of somebody as a participant isn't told again of their account.
        let told = |row: &&Row| {
            let before = all.iter().filter(|other| other.name == found.name && other.who != found.who && theirs(other));
            found.who == As::Account && before.flat_map(|other| &other.about).any(|other| keys(other).eq(keys(row)))
        };
        let mut rows = Vec::new();
        for row in found.about.iter().filter(|row| !told(row)) {
            rows.push(columns(source, found, row, person)?);
        }
        for row in found.made.iter().filter(|row| !told(row)) {
            rows.push(trace(found, row, person));
        }
        // Somebody's rows as a participant and with their account come under one head.
        let known: Option<&mut ExportedTable> =
            tables.iter_mut().find(|known: &&mut ExportedTable| known.name == found.name);
        match known {
            Some(known) => known.rows.extend(rows),
            None => tables.push(ExportedTable { name: found.name, about: &found.table.about, rows }),
        }
    }
    Ok(Exported { tables })
}

/// Whether the table holds data of theirs, as whom they are found.
fn theirs(found: &Found) -> bool {
    found.table.columns.values().any(|column| found.who.owns(column.subject))
}

/// A row that is about the person: whole, but for what is others'.
fn columns(source: &impl Source, found: &Found, row: &Row, person: &Person) -> Result<Vec<ExportedColumn>, Failure> {
    let mut told = Vec::new();
    for cell in &row.cells {
        let Some(column) = found.table.columns.get(cell.name) else { continue };
        let personal = found.who.owns(column.subject);
        if others(column.subject, found.who, cell, person) {
            continue;
        }
        told.push(cell_of(source, found, (row, cell), (column, personal))?);
    }
    Ok(told)
}

/// Whether a column says something about somebody else: their account.
fn others(subject: Subject, who: As, cell: &Cell, person: &Person) -> bool {
    let named = uuid_of(&cell.value);
    let account = named.is_some_and(|id| person.account == Some(id) || person.own.contains(&id));
    let names_one = names_account(cell.name);
    match (who, subject) {
        (_, Subject::None | Subject::Organisation | Subject::Person) | (As::Participant, Subject::Participant) => false,
        (As::Account, Subject::Account) => names_one && named.is_some() && !account,
        (As::Participant, Subject::Account) => !account,
        (As::Account, Subject::Participant) => true,
    }
}

/// A row that names the account, about others or about nobody: that it does, and which.
fn trace(found: &Found, row: &Row, person: &Person) -> Vec<ExportedColumn> {
    let own = |cell: &&Cell| cell.key || uuid_of(&cell.value).is_some_and(|id| person.account == Some(id));
    let cells = row.cells.iter().filter(own);
    let told = cells.filter_map(|cell| {
        let column = found.table.columns.get(cell.name)?;
        Some(ExportedColumn {
            name: cell.name,
            what: &column.what,
            personal: column.subject == Subject::Account,
            value: text(&cell.value),
            withheld: None,
        })
    });
    told.collect()
}

fn cell_of(
    source: &impl Source,
    found: &Found,
    (row, cell): (&Row, &Cell),
    (column, personal): (&'static Column, bool),
) -> Result<ExportedColumn, Failure> {
    let empty = text(&cell.value).is_none();
    let withheld = column.withheld.as_deref().filter(|_| !empty);
    let value = match &cell.value {
        _ if withheld.is_some() => None,
        Value::Bytes(Some(sealed)) => Some(opened(source, (found.name, row), cell.name, sealed)?),
        value => text(value),
    };
    Ok(ExportedColumn { name: cell.name, what: &column.what, personal, value, withheld })
}

/// A sealed value in clear.
fn opened(
    source: &impl Source,
    (table, row): (&'static str, &Row),
    column: &'static str,
    sealed: &[u8],
) -> Result<String, Failure> {
    let unknown = || Failure::Broken(format!("{table}.{column} is sealed, and nobody can open it"));
    let id = row.cells.iter().find(|cell| cell.key).and_then(|cell| uuid_of(&cell.value)).ok_or_else(unknown)?;
    if table == "mails" {
        return source.keys().open_mail(&format!("mails.{column}.{id}"), sealed);
    }
    let place = UNDER_CONTACT_KEYS.iter().find(|place| place.table == table).ok_or_else(unknown)?;
    let (_, name) = place.columns.iter().find(|(sealed, _)| *sealed == column).ok_or_else(unknown)?;
    source.keys().open_contact(&format!("{table}.{name}.{id}"), sealed)
}

/// A value in words; none where there is none.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Bool(value) => value.map(|value| value.to_string()),
        Value::Int(value) => value.map(|value| value.to_string()),
        Value::BigInt(value) => value.map(|value| value.to_string()),
        Value::String(value) => value.as_ref().map(ToString::to_string),
        Value::Uuid(value) => value.as_ref().map(Uuid::to_string),
        Value::ChronoDate(value) => value.as_ref().map(ToString::to_string),
        Value::ChronoDateTimeUtc(value) => {
            value.as_ref().map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
        }
        Value::Bytes(value) => value.as_ref().map(|_| String::new()),
        other => Some(format!("{other}")),
    }
}
