//! Seats of a network, how long a term is, and how many somebody can have.

use sea_orm_migration::prelude::*;

use crate::tables::number_or_none;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let seats = ColumnDef::new("seats").text().not_null().default("[]").to_owned();
        for column in [seats, number_or_none("term_years"), number_or_none("most_terms")] {
            manager.alter_table(Table::alter().table("networks").add_column(column).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["most_terms", "term_years", "seats"] {
            manager.alter_table(Table::alter().table("networks").drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}
