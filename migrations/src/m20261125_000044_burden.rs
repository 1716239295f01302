//! Burden: how often people may be asked, and where that was overridden.

use sea_orm_migration::prelude::*;

use crate::tables::{self, id, id_or_none, index, instant, link, number_or_none, table, text_or_none};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["participants", "networks"] {
            let ceiling = number_or_none("ask_ceiling");
            manager.alter_table(Table::alter().table(table).add_column(ceiling).to_owned()).await?;
        }
        let indexes = vec![
            index("ix_burden_overrides_consultation", "burden_overrides", &["consultation_id", "made_at", "id"]),
            index("ix_invitations_participant_at", "invitations", &["participant_id", "invited_at"]),
        ];
        tables::create(manager, vec![burden_overrides()], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop(manager, &["burden_overrides"]).await?;
        manager.drop_index(Index::drop().name("ix_invitations_participant_at").table("invitations").to_owned()).await?;
        for table in ["networks", "participants"] {
            manager.alter_table(Table::alter().table(table).drop_column("ask_ceiling").to_owned()).await?;
        }
        Ok(())
    }
}

fn burden_overrides() -> TableCreateStatement {
    table("burden_overrides")
        .col(id("consultation_id"))
        .col(id_or_none("membership_id"))
        .col(text_or_none("reason"))
        .col(id_or_none("made_by"))
        .col(instant("made_at"))
        .foreign_key(&mut link(("burden_overrides", "consultation_id"), "consultations"))
        .foreign_key(&mut link(("burden_overrides", "membership_id"), "memberships"))
        .foreign_key(&mut link(("burden_overrides", "made_by"), "accounts"))
        .to_owned()
}
