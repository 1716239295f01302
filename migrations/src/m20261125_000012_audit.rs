//! The audit trail's links, its heads, and the checkpoints that retention leaves.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::tables::{self, id, id_or_none, index, instant, text, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: &[&str] = &["audit_links", "audit_waiting", "audit_heads", "audit_checkpoints"];

/// New columns of the audit rows.
const COLUMNS: &[&str] = &["acting_for", "room_id"];

/// Tables that retention cuts, with what says that a row of theirs (`OLD`) is
/// at or under a checkpoint.
const CUT: &[(&str, &str)] = &[
    ("audit_rows", UNDER_BY_ROW),
    ("audit_subjects", UNDER_BY_SUBJECT),
    (
        "audit_links",
        "SELECT 1 FROM audit_checkpoints c WHERE c.organisation_id = OLD.organisation_id AND OLD.seq <= c.seq",
    ),
];
const UNDER_BY_ROW: &str = "SELECT 1 FROM audit_links l JOIN audit_checkpoints c \
    ON c.organisation_id = l.organisation_id AND l.seq <= c.seq WHERE l.audit_id = OLD.id";
const UNDER_BY_SUBJECT: &str = "SELECT 1 FROM audit_links l JOIN audit_checkpoints c \
    ON c.organisation_id = l.organisation_id AND l.seq <= c.seq WHERE l.audit_id = OLD.audit_id";

/// Tables that were insert-only without exception before.
const BEFORE: &[&str] = &["audit_rows", "audit_subjects"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let indexes = vec![
            unique("uq_audit_links_row", "audit_links", &["audit_id"]),
            index("ix_audit_at", "audit_rows", &["at", "id"]),
            index("ix_audit_room", "audit_rows", &["room_id", "at", "id"]),
        ];
        for column in COLUMNS {
            let added = Table::alter().table("audit_rows").add_column(id_or_none(column)).to_owned();
            manager.alter_table(added).await?;
        }
        tables::create(manager, made(), indexes).await?;
        let all = "INSERT INTO audit_waiting (audit_id) SELECT id FROM audit_rows";
        manager.get_connection().execute_unprepared(all).await?;
        protect(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        for statement in unprotect(manager.get_database_backend()) {
            connection.execute_unprepared(&statement).await?;
        }
        tables::drop(manager, TABLES).await?;
        for name in ["ix_audit_at", "ix_audit_room"] {
            manager.drop_index(Index::drop().name(name).table("audit_rows").to_owned()).await?;
        }
        for column in COLUMNS {
            let dropped = Table::alter().table("audit_rows").drop_column(*column).to_owned();
            manager.alter_table(dropped).await?;
        }
        Ok(())
    }
}

fn sequence(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().not_null().to_owned()
}

fn made() -> Vec<TableCreateStatement> {
    let links = Table::create()
        .table("audit_links")
        .col(id("organisation_id"))
        .col(sequence("seq"))
        .col(id("audit_id"))
        .col(text("prev"))
        .col(text("hash"))
        .primary_key(Index::create().col("organisation_id").col("seq"))
        .to_owned();
    let waiting = Table::create()
        .table("audit_waiting")
        .col(ColumnDef::new("audit_id").uuid().not_null().primary_key())
        .foreign_key(&mut tables::link(("audit_waiting", "audit_id"), "audit_rows"))
        .to_owned();
    let heads = Table::create()
        .table("audit_heads")
        .col(id("organisation_id"))
        .col(sequence("seq"))
        .col(text("hash"))
        .col(instant("made_at"))
        .primary_key(Index::create().col("organisation_id").col("seq"))
        .to_owned();
    let checkpoints = Table::create()
        .table("audit_checkpoints")
        .col(id("organisation_id"))
        .col(sequence("seq"))
        .col(text("hash"))
        .col(instant("made_at"))
        .col(text("mac"))
        .primary_key(Index::create().col("organisation_id").col("seq"))
        .to_owned();
    vec![links, waiting, heads, checkpoints]
}

/// Nothing of the trail changes; what is at or under a checkpoint can go.
async fn protect(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let postgres = manager.get_database_backend() == DbBackend::Postgres;
    let mut statements = Vec::new();
    for table in BEFORE {
        statements.push(if postgres {
            format!("DROP TRIGGER {table}_insert_only ON {table}")
        } else {
            format!("DROP TRIGGER {table}_no_DELETE")
        });
    }
    for (table, under) in CUT {
        if postgres {
            statements.push(format!(
                "CREATE FUNCTION klankbord_cut_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                 IF EXISTS ({under}) THEN RETURN OLD; END IF; \
                 RAISE EXCEPTION 'the audit trail is insert-only'; END $$"
            ));
            statements.push(format!(
                "CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} \
                 FOR EACH ROW EXECUTE FUNCTION klankbord_cut_{table}()"
            ));
        } else {
            statements.push(format!(
                "CREATE TRIGGER {table}_no_DELETE BEFORE DELETE ON {table} WHEN NOT EXISTS ({under}) \
                 BEGIN SELECT RAISE(ABORT, 'the audit trail is insert-only'); END"
            ));
        }
    }
    statements.extend(fixed(postgres));
    for statement in statements {
        connection.execute_unprepared(&statement).await?;
    }
    Ok(())
}

/// The triggers against changes, and against taking a checkpoint away.
fn fixed(postgres: bool) -> Vec<String> {
    let mut all: Vec<(&str, &str)> = vec![("audit_checkpoints", "DELETE")];
    all.extend(["audit_checkpoints", "audit_links"].map(|table| (table, "UPDATE")));
    if postgres {
        all.extend(BEFORE.iter().map(|table| (*table, "UPDATE")));
    }
    let one = |(table, act): &(&str, &str)| {
        if postgres {
            let name = act.to_lowercase();
            format!(
                "CREATE TRIGGER {table}_no_{name} BEFORE {act} ON {table} \
                 FOR EACH ROW EXECUTE FUNCTION klankbord_insert_only()"
            )
        } else {
            format!(
                "CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table} \
                 BEGIN SELECT RAISE(ABORT, 'the audit trail is insert-only'); END"
            )
        }
    };
    all.iter().map(one).collect()
}

/// The triggers as the first step made them.
fn unprotect(backend: DbBackend) -> Vec<String> {
    let mut statements = Vec::new();
    if backend == DbBackend::Postgres {
        for (table, _) in CUT {
            statements.push(format!("DROP TRIGGER {table}_no_delete ON {table}"));
            statements.push(format!("DROP FUNCTION klankbord_cut_{table}()"));
        }
    }
    for table in BEFORE {
        if backend == DbBackend::Postgres {
            statements.push(format!("DROP TRIGGER {table}_no_update ON {table}"));
            statements.push(format!(
                "CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE ON {table} \
                 FOR EACH ROW EXECUTE FUNCTION klankbord_insert_only()"
            ));
        } else {
            statements.push(format!("DROP TRIGGER {table}_no_DELETE"));
            statements.push(format!(
                "CREATE TRIGGER {table}_no_DELETE BEFORE DELETE ON {table} \
                 BEGIN SELECT RAISE(ABORT, 'the audit trail is insert-only'); END"
            ));
        }
    }
    statements
}
