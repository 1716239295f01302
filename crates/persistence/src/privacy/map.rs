//! The data map: of every column whose it is, what, for which purpose, on which
//! ground, for how long, and what erasure does with it. A test holds it against the
//! schema. Register, export, dry run and erasure are all read from it.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::store::Failure;

const MAP: &str = include_str!("../../../../data_map.toml");

/// The whole map.
#[derive(Debug, Deserialize)]
pub struct DataMap {
    /// What each purpose is.
    pub purpose: BTreeMap<String, String>,
    /// What each ground is.
    pub ground: BTreeMap<String, String>,
    /// How long each term is.
    pub retention: BTreeMap<String, String>,
    /// What each act of erasure does.
    pub erase: BTreeMap<String, String>,
    /// The tables.
    pub table: BTreeMap<String, Table>,
}

/// A table.
#[derive(Debug, Deserialize)]
pub struct Table {
    /// What stands in it.
    pub about: String,
    /// How its rows lead to the participant whom they are about.
    #[serde(default)]
    pub(crate) participant: Vec<Lead>,
    /// How its rows lead to the account that they are about.
    #[serde(default)]
    pub(crate) account: Vec<Lead>,
    /// By what a row can stand in a council's room.
    #[serde(default)]
    pub(crate) room: Vec<Lead>,
    /// Its columns.
    pub columns: BTreeMap<String, Column>,
}

/// One way from a row to whom it is about.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Lead {
    /// The column holds the id.
    Column(String),
    /// The column stands in another table, whose rows lead on.
    Through(Through),
}

/// A way through another table, or one that only some rows have.
#[derive(Debug, Deserialize)]
pub(crate) struct Through {
    /// The column.
    pub(crate) by: String,
    /// The other table; none: the column holds the id.
    pub(crate) of: Option<String>,
    /// The other table's column; none: its id.
    pub(crate) at: Option<String>,
    /// Only rows with these values.
    #[serde(default)]
    pub(crate) only: BTreeMap<String, String>,
    /// Only rows in which this column holds the person's own account.
    pub(crate) own: Option<String>,
}

/// A column.
#[derive(Debug, Deserialize)]
pub struct Column {
    /// Whose data it is.
    pub subject: Subject,
    /// What it is.
    pub what: String,
    /// For which purpose, where it is somebody's.
    pub purpose: Option<String>,
    /// On which ground.
    pub ground: Option<String>,
    /// For how long.
    pub retention: Option<String>,
    /// What erasure does with it.
    pub erase: Option<Erasure>,
    /// Why exports leave it out.
    pub withheld: Option<String>,
}

/// Whose a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// Nobody's.
    None,
    /// An organisation's.
    Organisation,
    /// Of somebody who signs in.
    Account,
    /// Of somebody who takes part.
    Participant,
    /// Of whoever the row is about.
    Person,
}

impl Subject {
    /// The word for it in the map.
    pub const fn code(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Organisation => "organisation",
            Self::Account => "account",
            Self::Participant => "participant",
            Self::Person => "person",
        }
    }
}

/// What erasure does with a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Erasure {
    /// The row goes.
    DeleteRow,
    /// It stays.
    Keep,
    /// Says that its author removed it.
    Mark,
    /// Is emptied.
    Null,
    /// The text is replaced.
    Replace,
    /// What was written goes, what was chosen stays.
    StripText,
    /// Leads to nobody any more.
    Unlink,
}

impl Erasure {
    /// The word for it in the map.
    pub const fn code(self) -> &'static str {
        match self {
            Self::DeleteRow => "delete_row",
            Self::Keep => "keep",
            Self::Mark => "mark",
            Self::Null => "null",
            Self::Replace => "replace",
            Self::StripText => "strip_text",
            Self::Unlink => "unlink",
        }
    }
}

impl DataMap {
    /// The map as it stands in the repository.
    ///
    /// # Errors
    /// When it can't be read, which a test finds.
    pub fn read() -> Result<&'static Self, Failure> {
        static READ: OnceLock<Result<DataMap, String>> = OnceLock::new();
        let read = READ.get_or_init(|| toml::from_str(MAP).map_err(|error| error.to_string()));
        read.as_ref().map_err(|error| Failure::Broken(format!("the data map: {error}")))
    }

    /// A table of it.
    pub(crate) fn table(&self, name: &str) -> Result<&Table, Failure> {
        self.table.get(name).ok_or_else(|| Failure::Broken(format!("{name} isn't in the data map")))
    }
}

impl Table {
    /// Whether a person's own rows of it are audit: kept whole, and never changed.
    pub(crate) fn is_trail(&self) -> bool {
        self.columns.values().all(|column| {
            column.erase.is_none_or(|act| act == Erasure::Keep)
                && column.retention.as_deref().is_none_or(|term| term == "audit")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whose data a table holds, its rows lead to; and a row goes whole or stays.
    #[test]
    fn every_row_about_somebody_leads_to_them() {
        let map = DataMap::read().unwrap();
        for (name, table) in &map.table {
            for (subject, leads) in [(Subject::Participant, &table.participant), (Subject::Account, &table.account)] {
                let of = table.columns.values().filter(|column| column.subject == subject);
                let acts: Vec<Erasure> = of.filter_map(|column| column.erase).collect();
                if subject == Subject::Participant {
                    assert!(acts.is_empty() || !leads.is_empty(), "{name}: whose are its rows?");
                }
                let goes = acts.iter().filter(|act| **act == Erasure::DeleteRow).count();
                assert!(goes == 0 || goes == acts.len() || subject == Subject::Account, "{name}: goes, and stays");
            }
            for lead in table.participant.iter().chain(&table.account).chain(&table.room) {
                let (by, of, at) = match lead {
                    Lead::Column(by) => (by, None, None),
                    Lead::Through(way) => (&way.by, way.of.as_ref(), way.at.as_ref()),
                };
                assert!(table.columns.contains_key(by), "{name}.{by}");
                if let Some(of) = of {
                    let at = at.map_or("id", String::as_str);
                    assert!(map.table[of].columns.contains_key(at), "{of}.{at}");
                }
            }
        }
    }
}
