//! Rates, claims and their lines.

use sea_orm_migration::prelude::*;

use crate::tables::{
    self, day_or_none, flag, id, id_or_none, index, link, number, table, text, text_or_none, versioned,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let indexes = vec![
            index("ix_compensation_rates_organisation", "compensation_rates", &["organisation_id", "created_at", "id"]),
            index("ix_compensation_rates_network", "compensation_rates", &["network_id"]),
            index("ix_claims_organisation", "claims", &["organisation_id", "created_at", "id"]),
            index("ix_claims_network", "claims", &["network_id", "created_at", "id"]),
            index("ix_claims_participant", "claims", &["participant_id", "created_at", "id"]),
            index("ix_claims_membership", "claims", &["membership_id"]),
            index("ix_claim_lines_claim", "claim_lines", &["claim_id", "position"]),
        ];
        tables::create(manager, vec![compensation_rates(), claims(), claim_lines()], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop(manager, &["compensation_rates", "claims", "claim_lines"]).await
    }
}

fn cents(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().not_null().to_owned()
}

fn cents_or_none(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().null().to_owned()
}

fn day(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).date().not_null().to_owned()
}

fn compensation_rates() -> TableCreateStatement {
    versioned("compensation_rates")
        .col(id("organisation_id"))
        .col(id_or_none("network_id"))
        .col(text("name"))
        .col(text("unit"))
        .col(text("basis"))
        .col(cents("cents"))
        .col(text("perspectives"))
        .col(text_or_none("training"))
        .col(day("starts_on"))
        .col(day_or_none("ends_on"))
        .col(number("days_to_payment"))
        .col(text_or_none("reason"))
        .foreign_key(&mut link(("compensation_rates", "organisation_id"), "organisations"))
        .foreign_key(&mut link(("compensation_rates", "network_id"), "networks"))
        .to_owned()
}

fn claims() -> TableCreateStatement {
    versioned("claims")
        .col(id("membership_id"))
        .col(id("network_id"))
        .col(id("organisation_id"))
        .col(id("participant_id"))
        .col(id_or_none("account_id"))
        .col(flag("council"))
        .col(text("perspective"))
        .col(flag("trained"))
        .col(text("basis"))
        .col(text("status"))
        .col(id_or_none("entered_by"))
        .col(id_or_none("submitted_by"))
        .col(day_or_none("submitted_on"))
        .col(day_or_none("due_on"))
        .col(day_or_none("paid_on"))
        .foreign_key(&mut link(("claims", "membership_id"), "memberships"))
        .foreign_key(&mut link(("claims", "network_id"), "networks"))
        .foreign_key(&mut link(("claims", "organisation_id"), "organisations"))
        .foreign_key(&mut link(("claims", "participant_id"), "participants"))
        .foreign_key(&mut link(("claims", "account_id"), "accounts"))
        .foreign_key(&mut link(("claims", "entered_by"), "accounts"))
        .foreign_key(&mut link(("claims", "submitted_by"), "accounts"))
        .to_owned()
}

fn claim_lines() -> TableCreateStatement {
    table("claim_lines")
        .col(id("claim_id"))
        .col(number("position"))
        .col(text("kind"))
        .col(day("happened_on"))
        .col(cents_or_none("quantity"))
        .col(id_or_none("rate_id"))
        .col(cents_or_none("rate_cents"))
        .col(cents("cents"))
        .col(text_or_none("description"))
        .col(flag("proven"))
        .foreign_key(&mut link(("claim_lines", "claim_id"), "claims"))
        .foreign_key(&mut link(("claim_lines", "rate_id"), "compensation_rates"))
        .to_owned()
}
