//! Pictures and sound of consultations; what they are apart from what is listed of them.

use sea_orm_migration::prelude::*;

use crate::tables::{self, id, id_or_none, index, instant, link, number, table, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let media = table("consultation_media")
            .col(id("consultation_id"))
            .col(id_or_none("question_id"))
            .col(id_or_none("option_id"))
            .col(text("form"))
            .col(text("alternative"))
            .col(number("size"))
            .col(instant("created_at"))
            .foreign_key(&mut link(("consultation_media", "consultation_id"), "consultations"))
            .to_owned();
        let contents = table("medium_contents")
            .col(ColumnDef::new("content").binary().not_null())
            .foreign_key(&mut link(("medium_contents", "id"), "consultation_media"))
            .to_owned();
        let of = index("ix_consultation_media_of", "consultation_media", &["consultation_id"]);
        tables::create(manager, vec![media, contents], vec![of]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop(manager, &["consultation_media", "medium_contents"]).await
    }
}
