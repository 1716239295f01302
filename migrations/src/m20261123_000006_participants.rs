//! Participants, how they can be reached (apart and sealed), and memberships.

use sea_orm_migration::prelude::*;

use crate::tables::{
    self, day_or_none, id, id_or_none, index, link, number_or_none, sealed_or_none, text, text_or_none, unique,
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
            index("ix_participants_organisation", "participants", &["organisation_id", "created_at", "id"]),
            index("ix_participants_account", "participants", &["account_id"]),
            unique("uq_participants_account", "participants", &["organisation_id", "account_id"]),
            index("ix_participant_contacts_email", "participant_contacts", &["email_lookup"]),
            index("ix_memberships_network", "memberships", &["network_id", "status", "created_at", "id"]),
            index("ix_memberships_member", "memberships", &["member_kind", "member_id", "status"]),
            unique("uq_memberships_live", "memberships", &["live_key"]),
        ];
        tables::create(manager, vec![participants(), participant_contacts(), memberships()], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop(manager, &["participants", "participant_contacts", "memberships"]).await
    }
}

fn participants() -> TableCreateStatement {
    tables::versioned("participants")
        .col(id("organisation_id"))
        .col(id_or_none("account_id"))
        .col(text("display_name"))
        .col(text("name_folded"))
        .col(text("channel"))
        .col(text("language"))
        .col(number_or_none("birth_year"))
        .col(number_or_none("birth_month"))
        .col(text_or_none("birth_band"))
        .col(day_or_none("birth_declared_on"))
        .col(text_or_none("municipality"))
        .col(text("expertise"))
        .foreign_key(&mut link(("participants", "organisation_id"), "organisations"))
        .foreign_key(&mut link(("participants", "account_id"), "accounts"))
        .to_owned()
}

fn participant_contacts() -> TableCreateStatement {
    Table::create()
        .table("participant_contacts")
        .col(ColumnDef::new("participant_id").uuid().not_null().primary_key())
        .col(sealed_or_none("name_sealed"))
        .col(sealed_or_none("email_sealed"))
        .col(text_or_none("email_lookup"))
        .col(sealed_or_none("phone_sealed"))
        .col(sealed_or_none("postal_sealed"))
        .foreign_key(&mut link(("participant_contacts", "participant_id"), "participants"))
        .to_owned()
}

fn memberships() -> TableCreateStatement {
    tables::versioned("memberships")
        .col(id("network_id"))
        .col(text("member_kind"))
        .col(id("member_id"))
        .col(text("perspective"))
        .col(text("role"))
        .col(text_or_none("ring"))
        .col(text_or_none("rung"))
        .col(text_or_none("seat"))
        .col(day_or_none("term_starts_on"))
        .col(day_or_none("term_ends_on"))
        .col(text("status"))
        .col(text_or_none("live_key"))
        .foreign_key(&mut link(("memberships", "network_id"), "networks"))
        .to_owned()
}
