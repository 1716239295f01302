//! Lists in pages: one keyset mechanism over (sort key, id).

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _, Order, Value};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
};
use uuid::Uuid;

use super::failure::Failure;
use super::tx::Source;

/// By what a list can be sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortKey {
    /// When a thing was made.
    #[default]
    CreatedAt,
    /// When its content changed last.
    UpdatedAt,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sort {
    /// The key.
    pub key: SortKey,
    /// Newest first.
    pub descending: bool,
}

/// Which page of a list is asked.
#[derive(Debug, Clone, Default)]
pub struct PageRequest {
    /// The most items, 1 to 100.
    pub limit: u64,
    /// The order.
    pub sort: Sort,
    /// The last item of the page before: its sort key and id.
    pub after: Option<(DateTime<Utc>, Uuid)>,
    /// Whether to count everything.
    pub count: bool,
    /// Only what changed at this instant or later.
    pub updated_since: Option<DateTime<Utc>>,
}

/// One page.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where the next page starts; none on the last.
    pub next: Option<(DateTime<Utc>, Uuid)>,
    /// How many there are in all, when asked.
    pub total: Option<u64>,
}

impl<T> Page<T> {
    /// The same page of other things.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(change).collect(), next: self.next, total: self.total }
    }

    /// The same page of other things, unless one can't be made.
    ///
    /// # Errors
    /// The first that the change gives.
    pub fn try_map<U>(self, change: impl FnMut(T) -> Result<U, Failure>) -> Result<Page<U>, Failure> {
        let items = self.items.into_iter().map(change).collect::<Result<_, _>>()?;
        Ok(Page { items, next: self.next, total: self.total })
    }
}

/// The columns that a table is paged by, and how to read them from a row.
pub(crate) struct Keyset<E: EntityTrait> {
    pub(crate) id: E::Column,
    pub(crate) created_at: E::Column,
    pub(crate) updated_at: E::Column,
    pub(crate) read: fn(&E::Model, SortKey) -> (DateTime<Utc>, Uuid),
}

/// Fetches one page of a filtered selection.
pub(crate) async fn fetch_page<E>(
    source: &impl Source,
    selection: Select<E>,
    keyset: Keyset<E>,
    request: &PageRequest,
) -> Result<Page<E::Model>, Failure>
where
    E: EntityTrait,
    E::Model: Sync,
{
    let selection = match request.updated_since {
        Some(since) => selection.filter(keyset.updated_at.gte(since)),
        None => selection,
    };
    let total = if request.count { Some(selection.clone().count(source.beneath()).await?) } else { None };
    let key = match request.sort.key {
        SortKey::CreatedAt => keyset.created_at,
        SortKey::UpdatedAt => keyset.updated_at,
    };
    let mut selection = selection;
    if let Some((at, id)) = request.after {
        let here = Expr::tuple([Expr::col(key.as_column_ref()), Expr::col(keyset.id.as_column_ref())]);
        let last = Expr::tuple([Expr::val(Value::from(at)), Expr::val(Value::from(id))]);
        selection = selection.filter(if request.sort.descending { here.lt(last) } else { here.gt(last) });
    }
    let order = if request.sort.descending { Order::Desc } else { Order::Asc };
    let selection = selection.order_by(key, order.clone()).order_by(keyset.id, order);
    let mut items = selection.limit(request.limit + 1).all(source.beneath()).await?;
    let whole = usize::try_from(request.limit).unwrap_or(usize::MAX);
    let more = items.len() > whole;
    items.truncate(whole);
    let next = if more { items.last().map(|row| (keyset.read)(row, request.sort.key)) } else { None };
    Ok(Page { items, next, total })
}

/// Implements a table's keyset from its columns `id`, `created_at`, `updated_at`; or,
/// where things are made and never changed, from `id` and the one instant named.
macro_rules! keyset {
    ($entity:path, $column:ident as $field:ident) => {{
        use $entity as table;
        $crate::store::Keyset::<table::Entity> {
            id: table::Column::Id,
            created_at: table::Column::$column,
            updated_at: table::Column::$column,
            read: |row, _| (row.$field, row.id),
        }
    }};
    ($entity:path) => {{
        use $entity as table;
        $crate::store::Keyset::<table::Entity> {
            id: table::Column::Id,
            created_at: table::Column::CreatedAt,
            updated_at: table::Column::UpdatedAt,
            read: |row, key| match key {
                $crate::store::SortKey::CreatedAt => (row.created_at, row.id),
                $crate::store::SortKey::UpdatedAt => (row.updated_at, row.id),
            },
        }
    }};
}
pub(crate) use keyset;
