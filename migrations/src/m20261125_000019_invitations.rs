//! Invitations to a role, or to be who one was registered as.

use sea_orm_migration::prelude::*;

use crate::tables::{
    self, id, id_or_none, index, instant, instant_or_none, link, sealed_or_none, text, text_or_none, unique,
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
            unique("uq_role_invitations_token", "role_invitations", &["token_hash"]),
            unique("uq_role_invitations_live", "role_invitations", &["live_key"]),
            index("ix_role_invitations_scope", "role_invitations", &["scope_kind", "scope_id", "created_at"]),
            index("ix_role_invitations_sender", "role_invitations", &["invited_by", "created_at"]),
        ];
        tables::create(manager, vec![role_invitations()], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop(manager, &["role_invitations"]).await
    }
}

fn role_invitations() -> TableCreateStatement {
    tables::table("role_invitations")
        .col(text("role"))
        .col(text("scope_kind"))
        .col(id_or_none("scope_id"))
        .col(id_or_none("organisation_id"))
        .col(text_or_none("email_lookup"))
        .col(sealed_or_none("email_sealed"))
        .col(text("language"))
        .col(text("reason"))
        .col(text("token_hash"))
        .col(text_or_none("live_key"))
        .col(id("invited_by"))
        .col(instant("created_at"))
        .col(instant("updated_at"))
        .col(instant("expires_at"))
        .col(instant_or_none("accepted_at"))
        .col(id_or_none("account_id"))
        .col(instant_or_none("withdrawn_at"))
        .col(id_or_none("withdrawn_by"))
        .foreign_key(&mut link(("role_invitations", "invited_by"), "accounts"))
        .foreign_key(&mut link(("role_invitations", "account_id"), "accounts"))
        .to_owned()
}
