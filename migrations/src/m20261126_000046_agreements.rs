//! Agreements, and who promises in them.

use sea_orm_migration::prelude::*;

use crate::tables::{
    self, day_or_none, flag, id, id_or_none, index, link, number, number_or_none, table, text, text_or_none, unique,
    versioned,
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
            index("ix_agreements_network", "agreements", &["network_id", "created_at", "id"]),
            index("ix_agreements_membership", "agreements", &["membership_id"]),
            index("ix_agreements_participant", "agreements", &["participant_id", "status"]),
            unique("uq_agreements_live", "agreements", &["live_key"]),
            index("ix_agreement_parties_agreement", "agreement_parties", &["agreement_id", "position"]),
            index("ix_agreement_parties_party", "agreement_parties", &["kind", "party_id"]),
        ];
        tables::create(manager, vec![agreements(), parties()], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop(manager, &["agreements", "agreement_parties"]).await
    }
}

/// `live_key` holds that a membership has one agreement that is proposed, and one that
/// holds.
fn agreements() -> TableCreateStatement {
    versioned("agreements")
        .col(id("membership_id"))
        .col(id("network_id"))
        .col(id("organisation_id"))
        .col(id("participant_id"))
        .col(flag("council"))
        .col(text("perspective"))
        .col(number("agreement_version"))
        .col(id_or_none("replaces_id"))
        .col(text("role"))
        .col(ColumnDef::new("starts_on").date().not_null())
        .col(day_or_none("ends_on"))
        .col(number_or_none("expected_minutes"))
        .col(id_or_none("rate_id"))
        .col(text_or_none("training"))
        .col(id_or_none("contact_id"))
        .col(number_or_none("answer_days"))
        .col(text("status"))
        .col(text_or_none("live_key"))
        .foreign_key(&mut link(("agreements", "membership_id"), "memberships"))
        .foreign_key(&mut link(("agreements", "network_id"), "networks"))
        .foreign_key(&mut link(("agreements", "organisation_id"), "organisations"))
        .foreign_key(&mut link(("agreements", "replaces_id"), "agreements"))
        .foreign_key(&mut link(("agreements", "rate_id"), "compensation_rates"))
        .foreign_key(&mut link(("agreements", "contact_id"), "accounts"))
        .to_owned()
}

fn parties() -> TableCreateStatement {
    table("agreement_parties")
        .col(id("agreement_id"))
        .col(number("position"))
        .col(text("kind"))
        .col(id("party_id"))
        .col(day_or_none("accepted_on"))
        .col(text_or_none("channel"))
        .col(id_or_none("accepted_by"))
        .foreign_key(&mut link(("agreement_parties", "agreement_id"), "agreements"))
        .foreign_key(&mut link(("agreement_parties", "accepted_by"), "accounts"))
        .to_owned()
}
