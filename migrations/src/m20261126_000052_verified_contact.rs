//! Contact details that were checked, and sessions that a one-time code at a verified
//! address opens for who has no account.

use sea_orm_migration::prelude::*;

use crate::tables::{
    self, day_or_none, id, id_or_none, index, instant, instant_or_none, link, table, text, text_or_none, unique,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: [&str; 2] = ["contact_verifications", "code_sessions"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let indexes = vec![
            index("ix_contact_verifications_participant", "contact_verifications", &["participant_id"]),
            unique("uq_contact_verifications_token", "contact_verifications", &["token_hash"]),
            index("ix_code_sessions_participant", "code_sessions", &["participant_id"]),
            unique("uq_code_sessions_code", "code_sessions", &["code_hash"]),
        ];
        tables::create(manager, vec![contact_verifications(), code_sessions()], indexes).await?;
        exports(manager, data_exports()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        exports(manager, data_exports_before()).await?;
        tables::drop(manager, &TABLES).await
    }
}

/// `value_lookup`: keyed hash of the detail that was checked, by which it shows that it
/// changed since.
fn contact_verifications() -> TableCreateStatement {
    table("contact_verifications")
        .col(id("participant_id"))
        .col(text("kind"))
        .col(text("method"))
        .col(text("whose"))
        .col(text("value_lookup"))
        .col(text_or_none("token_hash"))
        .col(id_or_none("recorded_by"))
        .col(instant("created_at"))
        .col(instant_or_none("expires_at"))
        .col(day_or_none("verified_on"))
        .foreign_key(&mut link(("contact_verifications", "participant_id"), "participants"))
        .foreign_key(&mut link(("contact_verifications", "recorded_by"), "accounts"))
        .to_owned()
}

/// A code that was mailed, and, once it is used, the session that it opened.
fn code_sessions() -> TableCreateStatement {
    table("code_sessions")
        .col(id("participant_id"))
        .col(text("whose"))
        .col(text("address_lookup"))
        .col(text("code_hash"))
        .col(instant("created_at"))
        .col(instant("code_expires_at"))
        .col(instant_or_none("opened_at"))
        .col(instant_or_none("expires_at"))
        .col(instant_or_none("ended_at"))
        .foreign_key(&mut link(("code_sessions", "participant_id"), "participants"))
        .to_owned()
}

/// The table is made anew: its links hold a quarter of an hour, and another one can be had.
async fn exports(manager: &SchemaManager<'_>, made: TableCreateStatement) -> Result<(), DbErr> {
    manager.drop_table(Table::drop().table("data_exports").to_owned()).await?;
    manager.create_table(made).await?;
    manager.create_index(index("ix_data_exports_request", "data_exports", &["data_request_id"])).await
}

/// For an account, or for one session of who has none.
fn data_exports() -> TableCreateStatement {
    data_exports_of(id_or_none("account_id")).col(id_or_none("code_session_id")).to_owned()
}

fn data_exports_before() -> TableCreateStatement {
    data_exports_of(id("account_id"))
}

fn data_exports_of(mut account: ColumnDef) -> TableCreateStatement {
    table("data_exports")
        .col(id("data_request_id"))
        .col(&mut account)
        .col(instant("created_at"))
        .col(instant("expires_at"))
        .col(instant_or_none("used_at"))
        .foreign_key(&mut link(("data_exports", "data_request_id"), "data_requests"))
        .foreign_key(&mut link(("data_exports", "account_id"), "accounts"))
        .to_owned()
}
