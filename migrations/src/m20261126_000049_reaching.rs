//! When people like to be reached, and what they need to take part.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Lists of words, as JSON: empty where nothing was said.
const COLUMNS: [&str; 2] = ["contact_times", "access_needs"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in COLUMNS {
            let column = ColumnDef::new(name).text().not_null().default("[]").to_owned();
            manager.alter_table(Table::alter().table("participants").add_column(column).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in COLUMNS {
            manager.alter_table(Table::alter().table("participants").drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}
