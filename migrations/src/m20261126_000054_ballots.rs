//! Anonymous answers: three tables in which nothing leads from who answered to what was
//! answered. No links to other tables, no instants, no number that counts: on `SQLite` rows
//! stand by their random key. The order in which pages and transactions still know them goes
//! when they are mixed.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::tables::{self, id, id_or_none, index, instant, instant_or_none, link, number, table, text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const BALLOTS: [&str; 3] = ["open_ballots", "ballot_receipts", "sealed_ballots"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let heard = ColumnDef::new("heard_by_others").boolean().not_null().default(false).to_owned();
        for column in [heard, instant_or_none("rewritten_at"), instant_or_none("sealed_at")] {
            manager.alter_table(Table::alter().table("consultations").add_column(column).to_owned()).await?;
        }
        for table in [open_ballots(), ballot_receipts(), sealed_ballots()] {
            unordered(manager, &table).await?;
        }
        let indexes = vec![index(
            "ix_ballot_code_batches_consultation",
            "ballot_code_batches",
            &["consultation_id", "made_at", "id"],
        )];
        tables::create(manager, vec![ballot_code_batches()], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop(manager, &["ballot_code_batches"]).await?;
        tables::drop(manager, &BALLOTS).await?;
        for name in ["sealed_at", "rewritten_at", "heard_by_others"] {
            manager.alter_table(Table::alter().table("consultations").drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}

/// Makes a table whose rows have no number that counts them.
async fn unordered(manager: &SchemaManager<'_>, table: &TableCreateStatement) -> Result<(), DbErr> {
    if manager.get_database_backend() != DbBackend::Sqlite {
        return manager.create_table(table.clone()).await;
    }
    let sql = format!("{} WITHOUT ROWID", table.to_string(SqliteQueryBuilder));
    manager.get_connection().execute_unprepared(&sql).await.map(drop)
}

fn sealed(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).binary().not_null().to_owned()
}

/// Answers on their way, under the consultation's own key.
fn open_ballots() -> TableCreateStatement {
    Table::create()
        .table("open_ballots")
        .col(id("consultation_id"))
        .col(id("id"))
        .col(sealed("content"))
        .primary_key(Index::create().col("consultation_id").col("id"))
        .to_owned()
}

/// That somebody answered: a keyed hash that leads to nobody without the consultation's key.
fn ballot_receipts() -> TableCreateStatement {
    Table::create()
        .table("ballot_receipts")
        .col(id("consultation_id"))
        .col(text("receipt"))
        .primary_key(Index::create().col("consultation_id").col("receipt"))
        .to_owned()
}

/// Answers once they are sealed: what was chosen (`part` is nil), and apart from it what
/// was written (`part` is the question).
fn sealed_ballots() -> TableCreateStatement {
    Table::create()
        .table("sealed_ballots")
        .col(id("consultation_id"))
        .col(id("part"))
        .col(id("id"))
        .col(sealed("content"))
        .primary_key(Index::create().col("consultation_id").col("part").col("id"))
        .to_owned()
}

/// How many printed codes were made, for which source; never which.
fn ballot_code_batches() -> TableCreateStatement {
    table("ballot_code_batches")
        .col(id("consultation_id"))
        .col(id_or_none("source_id"))
        .col(number("codes"))
        .col(instant("made_at"))
        .col(id_or_none("made_by"))
        .foreign_key(&mut link(("ballot_code_batches", "consultation_id"), "consultations"))
        .foreign_key(&mut link(("ballot_code_batches", "source_id"), "organisations"))
        .foreign_key(&mut link(("ballot_code_batches", "made_by"), "accounts"))
        .to_owned()
}
