//! What people ask of their own data: requests, exports, and rows that can be cut
//! loose from a person who was erased.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::tables::{
    self, day_or_none, id, id_or_none, index, instant, instant_or_none, link, table, text, text_or_none, unique,
    versioned,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Tables of which a row stays, and says no longer whose it was: what was counted is
/// counted, and leads to nobody.
const LOOSE: [&str; 3] = ["invitations", "responses", "supports"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let erased = instant_or_none("erased_at");
        manager.alter_table(Table::alter().table("participants").add_column(erased).to_owned()).await?;
        let removed = text_or_none("removed");
        manager.alter_table(Table::alter().table("feedback").add_column(removed).to_owned()).await?;
        cut_loose(manager).await?;
        let indexes = vec![
            index("ix_data_requests_organisation", "data_requests", &["organisation_id", "created_at", "id"]),
            index("ix_data_requests_participant", "data_requests", &["participant_id", "created_at", "id"]),
            index("ix_data_requests_account", "data_requests", &["account_id", "created_at", "id"]),
            index("ix_data_exports_request", "data_exports", &["data_request_id"]),
        ];
        tables::create(manager, vec![data_requests(), data_exports()], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop(manager, &["data_requests", "data_exports"]).await?;
        tie_again(manager).await?;
        manager.alter_table(Table::alter().table("feedback").drop_column("removed").to_owned()).await?;
        manager.alter_table(Table::alter().table("participants").drop_column("erased_at").to_owned()).await
    }
}

fn data_requests() -> TableCreateStatement {
    versioned("data_requests")
        .col(id_or_none("organisation_id"))
        .col(id_or_none("participant_id"))
        .col(id_or_none("account_id"))
        .col(text("kind"))
        .col(text("status"))
        .col(text("asked_by"))
        .col(text("channel"))
        .col(id_or_none("requested_by"))
        .col(text_or_none("details"))
        .col(text_or_none("identity_check"))
        .col(ColumnDef::new("received_on").date().not_null())
        .col(ColumnDef::new("due_on").date().not_null())
        .col(day_or_none("decided_on"))
        .foreign_key(&mut link(("data_requests", "organisation_id"), "organisations"))
        .foreign_key(&mut link(("data_requests", "participant_id"), "participants"))
        .foreign_key(&mut link(("data_requests", "account_id"), "accounts"))
        .foreign_key(&mut link(("data_requests", "requested_by"), "accounts"))
        .to_owned()
}

/// `used_at`: it was read, once.
fn data_exports() -> TableCreateStatement {
    table("data_exports")
        .col(id("data_request_id"))
        .col(id("account_id"))
        .col(instant("created_at"))
        .col(instant("expires_at"))
        .col(instant_or_none("used_at"))
        .foreign_key(&mut link(("data_exports", "data_request_id"), "data_requests"))
        .foreign_key(&mut link(("data_exports", "account_id"), "accounts"))
        .to_owned()
}

/// The link to the participant goes. `SQLite` can't drop one: the table is made anew.
async fn cut_loose(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        for table in LOOSE {
            let sql = format!("ALTER TABLE {table} DROP CONSTRAINT fk_{table}_participant_id");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        return Ok(());
    }
    rebuild(manager, false).await
}

async fn tie_again(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        for table in LOOSE {
            // Rows of people who were erased lead to nobody: they can't be held to it.
            let sql = format!(
                "ALTER TABLE {table} ADD CONSTRAINT fk_{table}_participant_id FOREIGN KEY (participant_id) \
                 REFERENCES participants (id) ON DELETE RESTRICT NOT VALID"
            );
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        return Ok(());
    }
    rebuild(manager, true).await
}

async fn rebuild(manager: &SchemaManager<'_>, tied: bool) -> Result<(), DbErr> {
    let old = |name: &str| format!("{name}_before");
    for (name, columns, made) in [
        ("invitations", "consultation_id, participant_id, channel, invited_at", invitations(tied)),
        ("responses", "id, consultation_id, participant_id, channel, entered_by, answers, created_at", responses(tied)),
        ("supports", "id, feedback_id, participant_id, created_at", supports(tied)),
    ] {
        let known = if tied { " WHERE participant_id IN (SELECT id FROM participants)" } else { "" };
        manager.rename_table(Table::rename().table(name, Alias::new(old(name))).to_owned()).await?;
        manager.create_table(made).await?;
        let copy = format!("INSERT INTO {name} ({columns}) SELECT {columns} FROM {}{known}", old(name));
        manager.get_connection().execute_unprepared(&copy).await?;
        manager.drop_table(Table::drop().table(Alias::new(old(name))).to_owned()).await?;
    }
    for made in [
        index("ix_invitations_participant", "invitations", &["participant_id"]),
        index("ix_invitations_participant_at", "invitations", &["participant_id", "invited_at"]),
        unique("uq_responses_person", "responses", &["consultation_id", "participant_id"]),
        index("ix_responses_participant", "responses", &["participant_id"]),
        unique("uq_supports_person", "supports", &["feedback_id", "participant_id"]),
        index("ix_supports_participant", "supports", &["participant_id", "created_at", "id"]),
    ] {
        manager.create_index(made).await?;
    }
    Ok(())
}

fn tied_to_person(mut made: TableCreateStatement, name: &'static str, tied: bool) -> TableCreateStatement {
    if tied {
        made.foreign_key(&mut link((name, "participant_id"), "participants"));
    }
    made
}

fn invitations(tied: bool) -> TableCreateStatement {
    let made = Table::create()
        .table("invitations")
        .col(id("consultation_id"))
        .col(id("participant_id"))
        .col(text("channel"))
        .col(instant("invited_at"))
        .primary_key(Index::create().col("consultation_id").col("participant_id"))
        .foreign_key(&mut link(("invitations", "consultation_id"), "consultations"))
        .to_owned();
    tied_to_person(made, "invitations", tied)
}

fn responses(tied: bool) -> TableCreateStatement {
    let made = table("responses")
        .col(id("consultation_id"))
        .col(id("participant_id"))
        .col(text("channel"))
        .col(id_or_none("entered_by"))
        .col(text("answers"))
        .col(instant("created_at"))
        .foreign_key(&mut link(("responses", "consultation_id"), "consultations"))
        .foreign_key(&mut link(("responses", "entered_by"), "accounts"))
        .to_owned();
    tied_to_person(made, "responses", tied)
}

fn supports(tied: bool) -> TableCreateStatement {
    let made = table("supports")
        .col(id("feedback_id"))
        .col(id("participant_id"))
        .col(instant("created_at"))
        .foreign_key(&mut link(("supports", "feedback_id"), "feedback"))
        .to_owned();
    tied_to_person(made, "supports", tied)
}
