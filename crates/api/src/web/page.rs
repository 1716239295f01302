//! Lists: `limit`, `cursor`, `count`, `sort`, `updatedSince`, and the cursor
//! that carries them on.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use klankbord_domain::Fault;
use klankbord_persistence::Keys;
use klankbord_persistence::store::{PageRequest, Sort, SortKey};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::problem::Problem;

/// The order of a list.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub enum SortBy {
    /// Oldest first.
    #[serde(rename = "createdAt")]
    CreatedAt,
    /// Newest first.
    #[serde(rename = "-createdAt")]
    CreatedAtDescending,
    /// Changed longest ago first.
    #[serde(rename = "updatedAt")]
    UpdatedAt,
    /// Changed last first.
    #[serde(rename = "-updatedAt")]
    UpdatedAtDescending,
}

/// Where in a list, and how much of it.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct Paging {
    /// The most items on a page.
    #[param(minimum = 1, maximum = 100, default = 20)]
    pub limit: Option<i32>,
    /// Where the page before ended: its `nextCursor`. It carries that list's
    /// filters and order; give no others beside it.
    #[param(min_length = 1, max_length = 2000)]
    pub cursor: Option<String>,
    /// Whether to count the whole list, in `total`.
    pub count: Option<bool>,
}

/// The order of a list, and how recent its items are.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct Ordering {
    /// The order.
    #[param(inline)]
    pub sort: Option<SortBy>,
    /// Only what changed at this instant or later.
    pub updated_since: Option<DateTime<Utc>>,
}

/// What a cursor carries.
#[derive(Debug, Serialize, Deserialize)]
struct Cursor {
    operation: String,
    /// The path's ids: a list under one thing is not a list under another.
    path: BTreeMap<String, String>,
    /// The keyed digest of a search's body: a search for one thing is not a search for another.
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    query: BTreeMap<String, Value>,
    at: DateTime<Utc>,
    id: Uuid,
}

const STAMP: usize = 32;
/// What a cursor doesn't fix.
const LOOSE: [&str; 3] = ["cursor", "limit", "count"];

/// Which list is asked for: a cursor of one is no cursor of another.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) operation: &'static str,
    pub(crate) path: BTreeMap<String, String>,
    /// The keyed digest of the body, where the operation takes one.
    pub(crate) body: Option<String>,
}

/// A list's query: what was asked, with what its cursor carries put in.
#[derive(Debug, Clone)]
pub(crate) struct Listing {
    pub(crate) asked: Asked,
    pub(crate) query: BTreeMap<String, Value>,
    pub(crate) after: Option<(DateTime<Utc>, Uuid)>,
}

impl Listing {
    /// Opens the cursor, when there is one.
    pub(crate) fn read(keys: &Keys, asked: Asked, query: BTreeMap<String, Value>) -> Result<Self, Problem> {
        let Some(Value::String(text)) = query.get("cursor") else {
            return Ok(Self { asked, query, after: None });
        };
        let malformed = || Problem::invalid(vec![Fault::query("cursor", "cursor.malformed")]);
        let same = |cursor: &Cursor| {
            cursor.operation == asked.operation && cursor.path == asked.path && cursor.body == asked.body
        };
        let cursor = open(keys, text).filter(same).ok_or_else(malformed)?;
        let given = query.iter().filter(|(name, _)| !LOOSE.contains(&name.as_str()));
        if given.clone().any(|(name, value)| cursor.query.get(name) != Some(value)) {
            return Err(malformed());
        }
        let mut whole = cursor.query;
        whole.extend(query.into_iter().filter(|(name, _)| LOOSE.contains(&name.as_str())));
        Ok(Self { asked, query: whole, after: Some((cursor.at, cursor.id)) })
    }

    /// The cursor of the page that starts after this item.
    pub(crate) fn cursor_after(&self, keys: &Keys, (at, id): (DateTime<Utc>, Uuid)) -> String {
        let fixed = self.query.iter().filter(|(name, _)| !LOOSE.contains(&name.as_str()));
        let query = fixed.map(|(name, value)| (name.clone(), value.clone())).collect();
        let Asked { operation, path, body } = self.asked.clone();
        let cursor = Cursor { operation: operation.to_owned(), path, body, query, at, id };
        let text = serde_json::to_vec(&cursor).unwrap_or_default();
        let mut stamped = keys.stamp("cursor", &text).into_bytes();
        stamped.truncate(STAMP);
        stamped.extend(text);
        URL_SAFE_NO_PAD.encode(stamped)
    }

    /// The page that is asked for.
    pub(crate) fn request(&self) -> PageRequest {
        let ordering: Ordering = self.decode().unwrap_or_default();
        let paging: Paging = self.decode().unwrap_or_default();
        let sort = match ordering.sort {
            None | Some(SortBy::CreatedAt) => Sort { key: SortKey::CreatedAt, descending: false },
            Some(SortBy::CreatedAtDescending) => Sort { key: SortKey::CreatedAt, descending: true },
            Some(SortBy::UpdatedAt) => Sort { key: SortKey::UpdatedAt, descending: false },
            Some(SortBy::UpdatedAtDescending) => Sort { key: SortKey::UpdatedAt, descending: true },
        };
        let limit = paging.limit.and_then(|limit| u64::try_from(limit).ok()).unwrap_or(20).clamp(1, 100);
        let count = paging.count.unwrap_or(false);
        PageRequest { limit, sort, after: self.after, count, updated_since: ordering.updated_since }
    }

    /// The query as a value of the operation's own.
    pub(crate) fn decode<T: serde::de::DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        let fields = self.query.iter().map(|(name, value)| (name.clone(), value.clone()));
        serde_json::from_value(Value::Object(fields.collect()))
    }
}

fn open(keys: &Keys, text: &str) -> Option<Cursor> {
    let stamped = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (stamp, text) = stamped.split_at_checked(STAMP)?;
    let sound = keys.stamp("cursor", text).as_bytes().get(..STAMP) == Some(stamp);
    sound.then(|| serde_json::from_slice(text).ok()).flatten()
}

/// Declares a page of a resource: a schema of its own, so that clients get one.
macro_rules! page {
    ($(#[$meta:meta])* $name:ident of $item:ty) => {
        $(#[$meta])*
        #[derive(Debug, serde::Serialize, utoipa::ToSchema)]
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            /// The items.
            #[schema(max_items = 100)]
            pub items: Vec<$item>,
            /// Where the next page starts; absent on the last.
            #[schema(max_length = 2000)]
            pub next_cursor: Option<String>,
            /// How many there are in all, when `count=true` asked for it.
            #[schema(minimum = 0, maximum = 9007199254740991_i64)]
            pub total: Option<i64>,
        }
    };
}
pub(crate) use page;
