//! How values of the domain stand in columns, and come back.

use std::str::FromStr;

use chrono::{DateTime, SubsecRound as _, Utc};
use klankbord_domain::Texts;
use klankbord_domain::text::{MadeBy, Text};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::failure::Failure;

/// One language variant as it stands in a column.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TextVariantRow {
    language: String,
    value: String,
    made_by: MadeBy,
    #[serde(default)]
    stale: bool,
}

impl From<&Text> for TextVariantRow {
    fn from(text: &Text) -> Self {
        let Text { language, value, made_by, stale } = text.clone();
        Self { language, value, made_by, stale }
    }
}

/// The variants of a text as rows of a JSON column.
pub fn texts_to_column(texts: &Texts) -> Vec<TextVariantRow> {
    texts.variants().iter().map(TextVariantRow::from).collect()
}

/// A text from the rows of a JSON column.
///
/// # Errors
/// When the rows are no text.
pub fn texts_from_column(rows: Vec<TextVariantRow>) -> Result<Texts, Failure> {
    let variants = rows
        .into_iter()
        .map(|row| Text { language: row.language, value: row.value, made_by: row.made_by, stale: row.stale })
        .collect();
    Texts::new(variants).map_err(|faults| Failure::unreadable("text", "variants", format!("{faults:?}")))
}

/// Something small as JSON in a text column.
pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::Broken(format!("not writable as JSON: {error}")))
}

/// Something small from JSON in a text column.
pub(crate) fn from_json<T: DeserializeOwned>(place: (&str, &str), json: &str) -> Result<T, Failure> {
    serde_json::from_str(json).map_err(|error| Failure::unreadable(place.0, place.1, error))
}

/// A word of a vocabulary, or anything else that parses, from a text column.
pub(crate) fn parse<T: FromStr>(place: (&str, &str), code: &str) -> Result<T, Failure>
where
    T::Err: std::fmt::Display,
{
    code.parse().map_err(|error| Failure::unreadable(place.0, place.1, error))
}

/// The same, for a column that may be empty.
pub(crate) fn optional<T, U>(
    value: Option<T>,
    read: impl FnOnce(T) -> Result<U, Failure>,
) -> Result<Option<U>, Failure> {
    value.map(read).transpose()
}

/// An instant as both databases keep it: whole microseconds.
pub(crate) fn instant(at: DateTime<Utc>) -> DateTime<Utc> {
    at.trunc_subsecs(6)
}
