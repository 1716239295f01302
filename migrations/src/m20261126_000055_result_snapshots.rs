//! Results: by what they are broken down, and as they stood when they were fixed.

use sea_orm_migration::prelude::*;

use crate::tables::{self, id, id_or_none, index, instant, link, table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let list = |name: &'static str| ColumnDef::new(name).text().not_null().default("[]").to_owned();
        let interim = ColumnDef::new("interim_results").boolean().not_null().default(false).to_owned();
        for column in [list("breakdowns"), list("crossings"), interim, id_or_none("builds_on_id")] {
            manager.alter_table(Table::alter().table("consultations").add_column(column).to_owned()).await?;
        }
        let told = list("characteristics");
        manager.alter_table(Table::alter().table("responses").add_column(told).to_owned()).await?;
        let of = index("ix_result_snapshots_consultation", "result_snapshots", &["consultation_id", "taken_at", "id"]);
        tables::create(manager, vec![result_snapshots()], vec![of]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop(manager, &["result_snapshots"]).await?;
        manager.alter_table(Table::alter().table("responses").drop_column("characteristics").to_owned()).await?;
        for name in ["builds_on_id", "interim_results", "crossings", "breakdowns"] {
            manager.alter_table(Table::alter().table("consultations").drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}

/// What was counted at an instant, small counts too: sealed.
fn result_snapshots() -> TableCreateStatement {
    table("result_snapshots")
        .col(id("consultation_id"))
        .col(instant("taken_at"))
        .col(ColumnDef::new("content").binary().not_null())
        .foreign_key(&mut link(("result_snapshots", "consultation_id"), "consultations"))
        .to_owned()
}
