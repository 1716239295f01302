//! Which key seals what is written now, for keys that can be rotated.

use sea_orm_migration::prelude::*;

use crate::tables::{self, number, number_or_none};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::create(manager, vec![sealing_keys()], Vec::new()).await?;
        // What was sealed before is under the first key.
        let first = "INSERT INTO sealing_keys (name, number) VALUES ('contact', 1)";
        manager.get_connection().execute_unprepared(first).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop(manager, &["sealing_keys"]).await
    }
}

fn sealing_keys() -> TableCreateStatement {
    Table::create()
        .table("sealing_keys")
        .col(ColumnDef::new("name").text().not_null().primary_key())
        .col(number("number"))
        .col(number_or_none("retiring"))
        .to_owned()
}
