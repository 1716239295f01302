//! People who sign in: where from, and with which second factor.

use sea_orm_migration::prelude::*;

use crate::tables::{self, id, index, instant, instant_or_none, link, number_or_none, text, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// The columns that came to tables of before.
fn added() -> Vec<(&'static str, ColumnDef)> {
    let version = ColumnDef::new("version").big_integer().not_null().default(1).to_owned();
    let method = ColumnDef::new("method").text().not_null().default("code").to_owned();
    vec![("accounts", version), ("sessions", method), ("sessions", instant_or_none("raised_at"))]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in added() {
            manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        let indexes = vec![
            unique("uq_used_refresh_tokens_hash", "used_refresh_tokens", &["token_hash"]),
            index("ix_used_refresh_tokens_session", "used_refresh_tokens", &["session_id"]),
            unique("uq_sign_in_origins", "sign_in_origins", &["account_id", "origin_hash"]),
            unique("uq_second_factors_account", "second_factors", &["account_id"]),
            index("ix_sessions_account", "sessions", &["account_id", "ended_at"]),
        ];
        let made = vec![used_refresh_tokens(), sign_in_origins(), second_factors()];
        tables::create(manager, made, indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let made = ["used_refresh_tokens", "sign_in_origins", "second_factors"];
        tables::drop(manager, &made).await?;
        manager.drop_index(Index::drop().name("ix_sessions_account").table("sessions").to_owned()).await?;
        for (table, column) in added() {
            let name = column.get_column_name();
            manager.alter_table(Table::alter().table(table).drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}

fn used_refresh_tokens() -> TableCreateStatement {
    tables::table("used_refresh_tokens")
        .col(id("session_id"))
        .col(text("token_hash"))
        .col(instant("used_at"))
        .foreign_key(&mut link(("used_refresh_tokens", "session_id"), "sessions"))
        .to_owned()
}

fn sign_in_origins() -> TableCreateStatement {
    tables::table("sign_in_origins")
        .col(id("account_id"))
        .col(text("origin_hash"))
        .col(instant("last_at"))
        .foreign_key(&mut link(("sign_in_origins", "account_id"), "accounts"))
        .to_owned()
}

fn second_factors() -> TableCreateStatement {
    tables::table("second_factors")
        .col(id("account_id"))
        .col(ColumnDef::new("secret_sealed").binary().not_null())
        .col(instant("created_at"))
        .col(instant_or_none("confirmed_at"))
        .col(number_or_none("last_step"))
        .foreign_key(&mut link(("second_factors", "account_id"), "accounts"))
        .to_owned()
}
