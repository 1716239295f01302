//! Organisations, their external ids and regions, and information pages.

use sea_orm_migration::prelude::*;

use crate::tables::{self, flag, id, index, instant, link, number, number_or_none, text, text_or_none, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let made = vec![organisations(), external_ids(), regions(), organisation_regions(), information_pages()];
        let indexes = vec![
            index("ix_organisations_created", "organisations", &["created_at", "id"]),
            unique("uq_external_ids", "organisation_external_ids", &["scheme", "value"]),
            index("ix_external_ids_organisation", "organisation_external_ids", &["organisation_id"]),
            index("ix_organisation_regions_region", "organisation_regions", &["region_id"]),
            index("ix_information_pages_public", "information_pages", &["status", "created_at", "id"]),
            index("ix_information_pages_organisation", "information_pages", &["organisation_id"]),
        ];
        tables::create(manager, made, indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let made =
            ["organisations", "organisation_external_ids", "regions", "organisation_regions", "information_pages"];
        tables::drop(manager, &made).await
    }
}

fn organisations() -> TableCreateStatement {
    tables::versioned("organisations")
        .col(text("kind"))
        .col(text("name"))
        .col(flag("long_stay"))
        .col(flag("day_and_night_care"))
        .col(number_or_none("care_givers"))
        .col(text_or_none("website"))
        .to_owned()
}

fn external_ids() -> TableCreateStatement {
    Table::create()
        .table("organisation_external_ids")
        .col(id("organisation_id"))
        .col(number("position"))
        .col(text("scheme"))
        .col(text("value"))
        .primary_key(Index::create().col("organisation_id").col("position"))
        .foreign_key(&mut link(("organisation_external_ids", "organisation_id"), "organisations"))
        .to_owned()
}

fn regions() -> TableCreateStatement {
    tables::table("regions")
        .col(text("kind"))
        .col(text("name"))
        .col(instant("created_at"))
        .col(instant("updated_at"))
        .to_owned()
}

fn organisation_regions() -> TableCreateStatement {
    Table::create()
        .table("organisation_regions")
        .col(id("organisation_id"))
        .col(id("region_id"))
        .primary_key(Index::create().col("organisation_id").col("region_id"))
        .foreign_key(&mut link(("organisation_regions", "organisation_id"), "organisations"))
        .foreign_key(&mut link(("organisation_regions", "region_id"), "regions"))
        .to_owned()
}

fn information_pages() -> TableCreateStatement {
    tables::versioned("information_pages")
        .col(id("organisation_id"))
        .col(text("topic"))
        .col(text("municipalities"))
        .col(text("perspectives"))
        .col(text("title"))
        .col(text("body"))
        .col(text("links"))
        .col(text("status"))
        .foreign_key(&mut link(("information_pages", "organisation_id"), "organisations"))
        .to_owned()
}
