//! What every command leaves behind: histories, the audit trail, the outbox,
//! kept answers, tombstones.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::tables::{
    self, id, id_or_none, index, instant, instant_or_none, number, sealed_or_none, text, text_or_none,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: &[&str] =
    &["transitions", "transition_reasons", "audit_rows", "audit_subjects", "outbox", "kept_answers", "tombstones"];

/// Tables whose rows never change (`PostgreSQL`; `SQLite` has its own wording).
const INSERT_ONLY: &[&str] = &["audit_rows", "audit_subjects"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let made = [histories(), audit(), work()].concat();
        let indexes = vec![
            index("ix_transitions_object", "transitions", &["object_kind", "object_id", "made_at", "id"]),
            index("ix_audit_organisation", "audit_rows", &["organisation_id", "at", "id"]),
            index("ix_audit_subject", "audit_subjects", &["participant_id"]),
            index("ix_outbox_waiting", "outbox", &["done_at", "happened_at", "id"]),
            index("ix_kept_answers_age", "kept_answers", &["kept_at"]),
        ];
        tables::create(manager, made, indexes).await?;
        protect(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop(manager, TABLES).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            manager.get_connection().execute_unprepared("DROP FUNCTION klankbord_insert_only()").await?;
        }
        Ok(())
    }
}

fn histories() -> Vec<TableCreateStatement> {
    let transitions = tables::table("transitions")
        .col(text("object_kind"))
        .col(id("object_id"))
        .col(text("from_status"))
        .col(text("to_status"))
        .col(id_or_none("made_by"))
        .col(instant("made_at"))
        .to_owned();
    let reasons = Table::create()
        .table("transition_reasons")
        .col(ColumnDef::new("transition_id").uuid().not_null().primary_key())
        .col(text("reason"))
        .foreign_key(&mut tables::link(("transition_reasons", "transition_id"), "transitions"))
        .to_owned();
    let tombstones = tables::table("tombstones")
        .col(text("object_kind"))
        .col(id("organisation_id"))
        .col(instant("deleted_at"))
        .to_owned();
    vec![transitions, reasons, tombstones]
}

fn audit() -> Vec<TableCreateStatement> {
    let rows = tables::table("audit_rows")
        .col(id_or_none("organisation_id"))
        .col(text("action"))
        .col(text("object_kind"))
        .col(id("object_id"))
        .col(text("result"))
        .col(text("origin"))
        .col(id_or_none("actor_id"))
        .col(text("request_id"))
        .col(instant("at"))
        .col(text("mac"))
        .to_owned();
    let subjects = Table::create()
        .table("audit_subjects")
        .col(id("audit_id"))
        .col(id("participant_id"))
        .primary_key(Index::create().col("audit_id").col("participant_id"))
        .foreign_key(&mut tables::link(("audit_subjects", "audit_id"), "audit_rows"))
        .to_owned();
    vec![rows, subjects]
}

fn work() -> Vec<TableCreateStatement> {
    let outbox = tables::table("outbox")
        .col(id_or_none("organisation_id"))
        .col(text("kind"))
        .col(text("object_kind"))
        .col(id("object_id"))
        .col(instant("happened_at"))
        .col(instant_or_none("claimed_until"))
        .col(number("attempts"))
        .col(instant_or_none("done_at"))
        .to_owned();
    let kept = Table::create()
        .table("kept_answers")
        .col(ColumnDef::new("id").text().not_null().primary_key())
        .col(id_or_none("account_id"))
        .col(text("operation"))
        .col(text("request_digest"))
        .col(number("status"))
        .col(text_or_none("location"))
        .col(text_or_none("etag"))
        .col(sealed_or_none("body"))
        .col(instant("kept_at"))
        .to_owned();
    vec![outbox, kept]
}

async fn protect(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    if manager.get_database_backend() == DbBackend::Postgres {
        let refuse = "CREATE FUNCTION klankbord_insert_only() RETURNS trigger LANGUAGE plpgsql AS \
                      $$ BEGIN RAISE EXCEPTION 'the audit trail is insert-only'; END $$";
        connection.execute_unprepared(refuse).await?;
        for table in INSERT_ONLY {
            let trigger = format!(
                "CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE ON {table} \
                 FOR EACH ROW EXECUTE FUNCTION klankbord_insert_only()"
            );
            connection.execute_unprepared(&trigger).await?;
        }
        return Ok(());
    }
    for table in INSERT_ONLY {
        for act in ["UPDATE", "DELETE"] {
            let trigger = format!(
                "CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table} \
                 BEGIN SELECT RAISE(ABORT, 'the audit trail is insert-only'); END"
            );
            connection.execute_unprepared(&trigger).await?;
        }
    }
    Ok(())
}
