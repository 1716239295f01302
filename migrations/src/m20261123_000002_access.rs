//! Accounts, one-time codes, sessions and granted roles.

use sea_orm_migration::prelude::*;

use crate::tables::{self, id, id_or_none, index, instant, instant_or_none, link, text, text_or_none, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let indexes = vec![
            unique("uq_accounts_email", "accounts", &["email_lookup"]),
            unique("uq_sign_in_codes_hash", "sign_in_codes", &["code_hash"]),
            unique("uq_sessions_refresh", "sessions", &["refresh_hash"]),
            index("ix_sessions_previous", "sessions", &["previous_hash"]),
            index("ix_grants_account", "grants", &["account_id", "withdrawn_at"]),
            index("ix_grants_scope", "grants", &["scope_kind", "scope_id"]),
            unique("uq_grants_live", "grants", &["live_key"]),
        ];
        tables::create(manager, vec![accounts(), sign_in_codes(), sessions(), grants()], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop(manager, &["accounts", "sign_in_codes", "sessions", "grants"]).await
    }
}

fn accounts() -> TableCreateStatement {
    tables::table("accounts")
        .col(text("email_lookup"))
        .col(ColumnDef::new("email_sealed").binary().not_null())
        .col(text("display_name"))
        .col(text_or_none("password_hash"))
        .col(text("language"))
        .col(instant("created_at"))
        .col(instant("updated_at"))
        .col(instant_or_none("disabled_at"))
        .to_owned()
}

fn sign_in_codes() -> TableCreateStatement {
    tables::table("sign_in_codes")
        .col(id("account_id"))
        .col(text("code_hash"))
        .col(instant("created_at"))
        .col(instant("expires_at"))
        .col(instant_or_none("used_at"))
        .foreign_key(&mut link(("sign_in_codes", "account_id"), "accounts"))
        .to_owned()
}

fn sessions() -> TableCreateStatement {
    tables::table("sessions")
        .col(id("account_id"))
        .col(text("refresh_hash"))
        .col(text_or_none("previous_hash"))
        .col(instant("created_at"))
        .col(instant("refreshed_at"))
        .col(instant("expires_at"))
        .col(instant_or_none("ended_at"))
        .foreign_key(&mut link(("sessions", "account_id"), "accounts"))
        .to_owned()
}

fn grants() -> TableCreateStatement {
    tables::table("grants")
        .col(id("account_id"))
        .col(text("role"))
        .col(text("scope_kind"))
        .col(id_or_none("scope_id"))
        .col(id_or_none("organisation_id"))
        .col(text_or_none("live_key"))
        .col(id_or_none("granted_by"))
        .col(instant("created_at"))
        .col(instant("updated_at"))
        .col(instant_or_none("withdrawn_at"))
        .col(id_or_none("withdrawn_by"))
        .col(text_or_none("reason"))
        .foreign_key(&mut link(("grants", "account_id"), "accounts"))
        .to_owned()
}
