//! Rows that carry a version: loading, locking and saving them.

use chrono::{DateTime, Utc};
use klankbord_domain::Refusal;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, ModelTrait, PrimaryKeyTrait, QueryFilter as _,
    QuerySelect as _,
};
use uuid::Uuid;

use super::failure::Failure;
use super::tx::{Source, Tx};

/// A value of the domain as it is stored: with its version and its instants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored<T> {
    /// The value.
    pub value: T,
    /// Counts the changes of its content, from 1.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When its content changed last.
    pub updated_at: DateTime<Utc>,
}

impl<T> Stored<T> {
    /// The same row with another value, for saving.
    pub fn with<U>(&self, value: U) -> Stored<U> {
        Stored { value, version: self.version, created_at: self.created_at, updated_at: self.updated_at }
    }
}

/// One row by its id.
pub(crate) async fn one<E>(source: &impl Source, id: Uuid) -> Result<Option<E::Model>, Failure>
where
    E: EntityTrait,
    <E::PrimaryKey as PrimaryKeyTrait>::ValueType: From<Uuid>,
{
    Ok(E::find_by_id(id).one(source.beneath()).await?)
}

/// One row by its id, locked until the command ends (`PostgreSQL`; `SQLite` has
/// one writer at a time).
pub(crate) async fn locked<E>(tx: &Tx, id: Uuid) -> Result<Option<E::Model>, Failure>
where
    E: EntityTrait,
    <E::PrimaryKey as PrimaryKeyTrait>::ValueType: From<Uuid>,
{
    Ok(E::find_by_id(id).lock_exclusive().one(tx.beneath()).await?)
}

/// Inserts a row as it stands.
pub(crate) async fn insert<M, A>(tx: &Tx, row: M) -> Result<(), Failure>
where
    M: ModelTrait + IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = M::Entity> + Send,
{
    <M::Entity as EntityTrait>::insert(row.into_active_model()).exec_without_returning(tx.beneath()).await?;
    Ok(())
}

/// Inserts many rows, a thousand at a time.
pub(crate) async fn insert_all<M, A>(tx: &Tx, rows: Vec<M>) -> Result<(), Failure>
where
    M: ModelTrait + IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = M::Entity> + Send,
{
    let mut rows: Vec<A> = rows.into_iter().map(IntoActiveModel::into_active_model).collect();
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(500));
        <M::Entity as EntityTrait>::insert_many(rows).exec_without_returning(tx.beneath()).await?;
        rows = rest;
    }
    Ok(())
}

/// Overwrites a row, every column, provided that it still has the version that
/// was read. The row comes with its new version set; `columns` are its id's and
/// its version's.
pub(crate) async fn save<M, A>(tx: &Tx, row: M, columns: [ColumnOf<M>; 2], read_version: i64) -> Result<(), Failure>
where
    M: ModelTrait + IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = M::Entity> + Send,
{
    let [id, version] = columns;
    let key = row.get(id);
    let active = row.into_active_model().reset_all();
    let update = <M::Entity as EntityTrait>::update_many().set(active);
    let done = update.filter(id.eq(key)).filter(version.eq(read_version)).exec(tx.beneath()).await?;
    if done.rows_affected == 0 { Err(Refusal::Stale.into()) } else { Ok(()) }
}

type ColumnOf<M> = <<M as ModelTrait>::Entity as EntityTrait>::Column;
