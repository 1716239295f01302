//! Recruitment: campaigns, how people were reached, codes, and who answered.

use sea_orm_migration::prelude::*;

use crate::tables::{
    self, day_or_none, flag, id, id_or_none, index, instant, link, number, number_or_none, table, text, unique,
    versioned,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: [&str; 4] =
    ["recruitment_campaigns", "recruitment_batches", "recruitment_codes", "recruitment_candidates"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let indexes = vec![
            index("ix_recruitment_campaigns_network", "recruitment_campaigns", &["network_id", "created_at", "id"]),
            index("ix_recruitment_batches_campaign", "recruitment_batches", &["campaign_id", "created_at", "id"]),
            unique("uq_recruitment_codes_hash", "recruitment_codes", &["code_hash"]),
            index("ix_recruitment_codes_batch", "recruitment_codes", &["batch_id"]),
            index("ix_recruitment_candidates_batch", "recruitment_candidates", &["batch_id"]),
            unique("uq_recruitment_candidates_membership", "recruitment_candidates", &["membership_id"]),
        ];
        tables::create(manager, vec![campaigns(), batches(), codes(), candidates()], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop(manager, &TABLES).await
    }
}

fn campaigns() -> TableCreateStatement {
    versioned("recruitment_campaigns")
        .col(id("network_id"))
        .col(id("organisation_id"))
        .col(flag("council"))
        .col(text("name"))
        .col(text("perspective"))
        .col(number_or_none("target"))
        .col(text("sources"))
        .col(ColumnDef::new("starts_on").date().not_null())
        .col(day_or_none("ends_on"))
        .col(text("status"))
        .foreign_key(&mut link(("recruitment_campaigns", "network_id"), "networks"))
        .foreign_key(&mut link(("recruitment_campaigns", "organisation_id"), "organisations"))
        .to_owned()
}

fn batches() -> TableCreateStatement {
    table("recruitment_batches")
        .col(id("campaign_id"))
        .col(id_or_none("source_id"))
        .col(text("channel"))
        .col(number("reached"))
        .col(flag("coded"))
        .col(id_or_none("made_by"))
        .col(instant("created_at"))
        .foreign_key(&mut link(("recruitment_batches", "campaign_id"), "recruitment_campaigns"))
        .foreign_key(&mut link(("recruitment_batches", "source_id"), "organisations"))
        .foreign_key(&mut link(("recruitment_batches", "made_by"), "accounts"))
        .to_owned()
}

/// Which code somebody had isn't kept beside them: only that it was used, and on which day.
fn codes() -> TableCreateStatement {
    table("recruitment_codes")
        .col(id("batch_id"))
        .col(text("code_hash"))
        .col(day_or_none("used_on"))
        .foreign_key(&mut link(("recruitment_codes", "batch_id"), "recruitment_batches"))
        .to_owned()
}

fn candidates() -> TableCreateStatement {
    table("recruitment_candidates")
        .col(id("batch_id"))
        .col(id_or_none("membership_id"))
        .col(text("answer"))
        .col(ColumnDef::new("came_on").date().not_null())
        .foreign_key(&mut link(("recruitment_candidates", "batch_id"), "recruitment_batches"))
        .foreign_key(&mut link(("recruitment_candidates", "membership_id"), "memberships"))
        .to_owned()
}
