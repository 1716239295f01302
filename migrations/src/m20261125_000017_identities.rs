//! Identities at other issuers: who signs in elsewhere, linked to an account.

use sea_orm_migration::prelude::*;

use crate::tables::{self, id, instant, link, text, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = "external_identities";
        let indexes = vec![
            unique("uq_external_identities_subject", table, &["subject_hash"]),
            unique("uq_external_identities_account", table, &["account_id"]),
        ];
        tables::create(manager, vec![external_identities()], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop(manager, &["external_identities"]).await
    }
}

fn external_identities() -> TableCreateStatement {
    tables::table("external_identities")
        .col(id("account_id"))
        .col(text("issuer"))
        .col(text("subject_hash"))
        .col(instant("linked_at"))
        .foreign_key(&mut link(("external_identities", "account_id"), "accounts"))
        .to_owned()
}
