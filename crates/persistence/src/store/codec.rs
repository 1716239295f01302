//! How values of the domain stand in columns, and come back.

use std::str::FromStr;

use klankbord_domain::Texts;
use klankbord_domain::text::{MadeBy, Text};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::failure::Failure;

/// One language variant as it stands in a column.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct TextRow {
    language: String,
    value: String,
    made_by: MadeBy,
    #[serde(default)]
    stale: bool,
}

/// A text as rows, for a JSON column or a part of one.
pub(crate) fn text_rows(texts: &Texts) -> Vec<TextRow> {
    let row = |text: &Text| {
        let Text { language, value, made_by, stale } = text.clone();
        TextRow { language, value, made_by, stale }
    };
    texts.variants().iter().map(row).collect()
}

/// A text from rows.
pub(crate) fn texts_of(place: (&str, &str), rows: Vec<TextRow>) -> Result<Texts, Failure> {
    let variant = |row: TextRow| {
        let TextRow { language, value, made_by, stale } = row;
        Text { language, value, made_by, stale }
    };
    let variants = rows.into_iter().map(variant).collect();
    Texts::new(variants).map_err(|faults| Failure::unreadable(place.0, place.1, format!("{faults:?}")))
}

/// A text as a column of its own.
pub(crate) fn write_texts(texts: &Texts) -> Result<String, Failure> {
    to_json(&text_rows(texts))
}

/// A text from a column of its own.
pub(crate) fn read_texts(place: (&str, &str), json: &str) -> Result<Texts, Failure> {
    texts_of(place, from_json(place, json)?)
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
