//! How people are invited to a network: the link that came by mail, when they were
//! reminded, and the calls and visits that were tried. A mail says in whose room it was
//! queued.

use sea_orm_migration::prelude::*;

use crate::tables::{
    self, flag, id, id_or_none, index, instant, instant_or_none, link, number, table, text, text_or_none, unique,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: [&str; 2] = ["membership_invitations", "contact_attempts"];

/// Who is invited at this moment stands on the lists from now on; no clock reminds them
/// of what was sent before there was one.
const THOSE_INVITED: &str = "INSERT INTO membership_invitations (id, membership_id, invited_at, reminders, due, turn_at) \
     SELECT id, id, created_at, 0, FALSE, created_at FROM memberships \
     WHERE status = 'invited' AND member_kind = 'participant'";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let indexes = vec![
            unique("uq_membership_invitations_membership", "membership_invitations", &["membership_id"]),
            unique("uq_membership_invitations_token", "membership_invitations", &["token_hash"]),
            index("ix_membership_invitations_remind", "membership_invitations", &["remind_at"]),
            index("ix_membership_invitations_turn", "membership_invitations", &["turn_at", "id"]),
            index("ix_contact_attempts_membership", "contact_attempts", &["membership_id", "created_at", "id"]),
        ];
        tables::create(manager, vec![invitations(), attempts()], indexes).await?;
        manager.get_connection().execute_unprepared(THOSE_INVITED).await?;
        let room = id_or_none("room_id");
        manager.alter_table(Table::alter().table("mails").add_column(room).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("mails").drop_column("room_id").to_owned()).await?;
        tables::drop(manager, &TABLES).await
    }
}

fn invitations() -> TableCreateStatement {
    table("membership_invitations")
        .col(id("membership_id"))
        .col(text_or_none("text"))
        .col(text_or_none("expected_time"))
        .col(instant("invited_at"))
        .col(instant_or_none("reminded_at"))
        .col(number("reminders"))
        .col(instant_or_none("remind_at"))
        .col(flag("due"))
        .col(instant("turn_at"))
        .col(id_or_none("mail_id"))
        .col(text_or_none("contact_of"))
        .col(text_or_none("token_hash"))
        .col(instant_or_none("expires_at"))
        .col(text_or_none("answer"))
        .col(instant_or_none("answered_at"))
        .foreign_key(&mut link(("membership_invitations", "membership_id"), "memberships"))
        .to_owned()
}

fn attempts() -> TableCreateStatement {
    table("contact_attempts")
        .col(id("membership_id"))
        .col(text("channel"))
        .col(text("outcome"))
        .col(ColumnDef::new("happened_on").date().not_null())
        .col(text_or_none("note"))
        .col(id_or_none("noted_by"))
        .col(instant("created_at"))
        .foreign_key(&mut link(("contact_attempts", "membership_id"), "memberships"))
        .foreign_key(&mut link(("contact_attempts", "noted_by"), "accounts"))
        .to_owned()
}
