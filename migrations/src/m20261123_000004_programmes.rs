//! Programmes, their partners and their documents.

use sea_orm_migration::prelude::*;

use crate::tables::{self, day_or_none, id, id_or_none, index, link, number, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let indexes = vec![
            index("ix_programmes_created", "programmes", &["created_at", "id"]),
            index("ix_programmes_host", "programmes", &["host_id"]),
            index("ix_programme_partners_organisation", "programme_partners", &["organisation_id"]),
            index("ix_programme_documents_programme", "programme_documents", &["programme_id", "created_at", "id"]),
        ];
        tables::create(manager, vec![programmes(), partners(), documents()], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop(manager, &["programmes", "programme_partners", "programme_documents"]).await
    }
}

fn programmes() -> TableCreateStatement {
    tables::versioned("programmes")
        .col(id("host_id"))
        .col(id_or_none("commissioner_id"))
        .col(text("joint_controllers"))
        .col(text("name"))
        .col(text("summary"))
        .col(day_or_none("starts_on"))
        .col(day_or_none("ends_on"))
        .col(text("pillars"))
        .col(text("phases"))
        .col(text("milestones"))
        .foreign_key(&mut link(("programmes", "host_id"), "organisations"))
        .foreign_key(&mut link(("programmes", "commissioner_id"), "organisations"))
        .to_owned()
}

fn partners() -> TableCreateStatement {
    Table::create()
        .table("programme_partners")
        .col(id("programme_id"))
        .col(number("position"))
        .col(id("organisation_id"))
        .primary_key(Index::create().col("programme_id").col("position"))
        .foreign_key(&mut link(("programme_partners", "programme_id"), "programmes"))
        .foreign_key(&mut link(("programme_partners", "organisation_id"), "organisations"))
        .to_owned()
}

fn documents() -> TableCreateStatement {
    tables::versioned("programme_documents")
        .col(id("programme_id"))
        .col(text("kind"))
        .col(text("title"))
        .col(text("versions"))
        .foreign_key(&mut link(("programme_documents", "programme_id"), "programmes"))
        .to_owned()
}
