//! Mails that wait or were sent, and what a one-time code is for.

use sea_orm_migration::prelude::*;

use crate::tables::{
    self, id_or_none, index, instant, instant_or_none, link, number, sealed_or_none, text, text_or_none,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let purpose = ColumnDef::new("purpose").text().not_null().default("sign_in").to_owned();
        manager.alter_table(Table::alter().table("sign_in_codes").add_column(purpose).to_owned()).await?;
        let indexes = vec![
            index("ix_mails_waiting", "mails", &["sent_at", "failed_at", "next_at", "id"]),
            index("ix_sign_in_codes_account", "sign_in_codes", &["account_id", "used_at", "expires_at"]),
        ];
        tables::create(manager, vec![mails()], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop(manager, &["mails"]).await?;
        manager.drop_index(Index::drop().name("ix_sign_in_codes_account").table("sign_in_codes").to_owned()).await?;
        manager.alter_table(Table::alter().table("sign_in_codes").drop_column("purpose").to_owned()).await
    }
}

fn mails() -> TableCreateStatement {
    tables::table("mails")
        .col(id_or_none("organisation_id"))
        .col(id_or_none("account_id"))
        .col(text("template"))
        .col(text("language"))
        .col(sealed_or_none("address"))
        .col(sealed_or_none("payload"))
        .col(instant("created_at"))
        .col(instant_or_none("good_until"))
        .col(instant_or_none("claimed_until"))
        .col(number("attempts"))
        .col(instant("next_at"))
        .col(instant_or_none("sent_at"))
        .col(instant_or_none("failed_at"))
        .col(text_or_none("last_error"))
        .foreign_key(&mut link(("mails", "account_id"), "accounts"))
        .to_owned()
}
