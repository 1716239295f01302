//! Legal representatives: who acts by law for a participant.

use sea_orm_migration::prelude::*;

use crate::tables::{self, day_or_none, id, id_or_none, index, link, text, text_or_none, unique, versioned};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = "legal_representatives";
        let indexes = vec![
            index("ix_legal_representatives_participant", table, &["participant_id", "created_at", "id"]),
            index("ix_legal_representatives_account", table, &["account_id", "participant_id"]),
            unique("uq_legal_representatives_live", table, &["live_key"]),
        ];
        tables::create(manager, vec![legal_representatives()], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop(manager, &["legal_representatives"]).await
    }
}

fn legal_representatives() -> TableCreateStatement {
    let day = |name: &'static str| ColumnDef::new(name).date().not_null().to_owned();
    versioned("legal_representatives")
        .col(id("participant_id"))
        .col(text("kind"))
        .col(ColumnDef::new("name_sealed").binary().not_null())
        .col(id_or_none("account_id"))
        .col(day("starts_on"))
        .col(day_or_none("ends_on"))
        .col(text("evidence_document"))
        .col(day("evidence_seen_on"))
        .col(id("evidence_seen_by"))
        .col(id("recorded_by"))
        .col(text("status"))
        .col(text_or_none("live_key"))
        .foreign_key(&mut link(("legal_representatives", "participant_id"), "participants"))
        .foreign_key(&mut link(("legal_representatives", "account_id"), "accounts"))
        .foreign_key(&mut link(("legal_representatives", "evidence_seen_by"), "accounts"))
        .foreign_key(&mut link(("legal_representatives", "recorded_by"), "accounts"))
        .to_owned()
}
