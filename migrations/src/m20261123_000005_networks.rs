//! Networks and the organisations that take part in them.

use sea_orm_migration::prelude::*;

use crate::tables::{self, flag, id, id_or_none, index, link, number, number_or_none, text, text_or_none};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let indexes = vec![
            index("ix_networks_created", "networks", &["created_at", "id"]),
            index("ix_networks_host", "networks", &["host_id"]),
            index("ix_networks_programme", "networks", &["programme_id"]),
            index("ix_networks_parent", "networks", &["parent_id"]),
            index("ix_network_partners_organisation", "network_partners", &["organisation_id"]),
        ];
        tables::create(manager, vec![networks(), network_partners()], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop(manager, &["networks", "network_partners"]).await
    }
}

/// Whether a network is in a council's room never changes, so that it can stand
/// in the row (`council`).
fn networks() -> TableCreateStatement {
    tables::versioned("networks")
        .col(id("host_id"))
        .col(id_or_none("programme_id"))
        .col(id_or_none("parent_id"))
        .col(id_or_none("pillar_id"))
        .col(text("kind"))
        .col(flag("council"))
        .col(flag("started"))
        .col(text("name"))
        .col(text("purpose"))
        .col(text_or_none("core_story"))
        .col(flag("plain_language_required"))
        .col(number_or_none("least_group"))
        .col(flag("publish_composition"))
        .col(text("targets"))
        .col(text("status"))
        .foreign_key(&mut link(("networks", "host_id"), "organisations"))
        .foreign_key(&mut link(("networks", "parent_id"), "networks"))
        .to_owned()
}

fn network_partners() -> TableCreateStatement {
    Table::create()
        .table("network_partners")
        .col(id("network_id"))
        .col(number("position"))
        .col(id("organisation_id"))
        .primary_key(Index::create().col("network_id").col("position"))
        .foreign_key(&mut link(("network_partners", "network_id"), "networks"))
        .foreign_key(&mut link(("network_partners", "organisation_id"), "organisations"))
        .to_owned()
}
