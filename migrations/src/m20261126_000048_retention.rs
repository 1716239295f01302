//! Who no longer takes part, was told that what is kept of them goes, and when it does.

use sea_orm_migration::prelude::*;

use crate::tables::{self, id, index, instant, link, table, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let indexes = vec![
            unique("uq_retention_notices_participant", "retention_notices", &["participant_id"]),
            index("ix_retention_notices_organisation", "retention_notices", &["organisation_id", "created_at", "id"]),
            index("ix_retention_notices_day", "retention_notices", &["erase_on"]),
            index("ix_participants_updated", "participants", &["updated_at"]),
        ];
        tables::create(manager, vec![notices()], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("ix_participants_updated").table("participants").to_owned()).await?;
        tables::drop(manager, &["retention_notices"]).await
    }
}

fn notices() -> TableCreateStatement {
    table("retention_notices")
        .col(id("participant_id"))
        .col(id("organisation_id"))
        .col(ColumnDef::new("erase_on").date().not_null())
        .col(instant("created_at"))
        .foreign_key(&mut link(("retention_notices", "participant_id"), "participants"))
        .foreign_key(&mut link(("retention_notices", "organisation_id"), "organisations"))
        .to_owned()
}
