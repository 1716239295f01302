//! With which account a person takes part: an account that was linked to them
//! later says nothing in a council's room before its chair knows.

use sea_orm_migration::prelude::*;

use crate::tables::id_or_none;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Who takes part already does so with the account that they have.
const FILL: &str = "UPDATE memberships SET account_id =
  (SELECT p.account_id FROM participants p WHERE p.id = memberships.member_id)
  WHERE member_kind = 'participant'";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let account = id_or_none("account_id");
        manager.alter_table(Table::alter().table("memberships").add_column(account).to_owned()).await?;
        manager.get_connection().execute_unprepared(FILL).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("memberships").drop_column("account_id").to_owned()).await
    }
}
