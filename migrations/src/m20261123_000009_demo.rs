//! How far each of the demo's files was loaded.

use sea_orm_migration::prelude::*;

use crate::tables::{self, instant, instant_or_none, number, text, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let loads = tables::table("demo_loads")
            .col(text("file"))
            .col(text("digest"))
            .col(ColumnDef::new("day_zero").date().not_null())
            .col(number("steps_done"))
            .col(instant("started_at"))
            .col(instant_or_none("finished_at"))
            .to_owned();
        tables::create(manager, vec![loads], vec![unique("uq_demo_loads_file", "demo_loads", &["file"])]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop(manager, &["demo_loads"]).await
    }
}
