//! What people hear back, in depth: themes, the versions of what was published, whom to
//! tell and who was told, warnings before the day, and closing rounds.

use sea_orm_migration::prelude::*;

use crate::tables::{
    self, day_or_none, flag, id, id_or_none, index, instant, link, number, table, text, text_or_none, unique,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: [&str; 4] = ["report_back_versions", "report_back_tellings", "telling_attempts", "report_back_warnings"];

/// What was published up to now is the first version of itself.
const THOSE_PUBLISHED: &str = "INSERT INTO report_back_versions \
     (id, report_back_id, edition, heard, themes, points, reason, published_at) \
     SELECT id, id, 1, heard, themes, points, NULL, published_at FROM report_backs WHERE status = 'published'";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let themes = ColumnDef::new("themes").text().not_null().default("[]").to_owned();
        let edition = ColumnDef::new("edition").integer().not_null().default(1).to_owned();
        for column in [themes, edition] {
            manager.alter_table(Table::alter().table("report_backs").add_column(column).to_owned()).await?;
        }
        for column in [day_or_none("report_back_first_due_on"), id_or_none("closing_round_of")] {
            manager.alter_table(Table::alter().table("consultations").add_column(column).to_owned()).await?;
        }
        let indexes = vec![
            unique("uq_consultations_closing_round", "consultations", &["closing_round_of"]),
            unique("uq_report_back_versions_edition", "report_back_versions", &["report_back_id", "edition"]),
            index(
                "ix_report_back_versions_published",
                "report_back_versions",
                &["report_back_id", "published_at", "id"],
            ),
            unique(
                "uq_report_back_tellings_person",
                "report_back_tellings",
                &["report_back_id", "edition", "participant_id"],
            ),
            index(
                "ix_report_back_tellings_consultation",
                "report_back_tellings",
                &["consultation_id", "turn_at", "id"],
            ),
            index("ix_report_back_tellings_participant", "report_back_tellings", &["participant_id"]),
            index("ix_telling_attempts_telling", "telling_attempts", &["telling_id", "created_at", "id"]),
            unique("uq_report_back_warnings_day", "report_back_warnings", &["consultation_id", "kind", "due_on"]),
        ];
        tables::create(manager, vec![versions(), tellings(), attempts(), warnings()], indexes).await?;
        manager.get_connection().execute_unprepared(THOSE_PUBLISHED).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop(manager, &TABLES).await?;
        manager
            .drop_index(Index::drop().name("uq_consultations_closing_round").table("consultations").to_owned())
            .await?;
        for name in ["closing_round_of", "report_back_first_due_on"] {
            manager.alter_table(Table::alter().table("consultations").drop_column(name).to_owned()).await?;
        }
        for name in ["edition", "themes"] {
            manager.alter_table(Table::alter().table("report_backs").drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}

/// What was published, version by version: none ever changes.
fn versions() -> TableCreateStatement {
    table("report_back_versions")
        .col(id("report_back_id"))
        .col(number("edition"))
        .col(text("heard"))
        .col(text("themes"))
        .col(text("points"))
        .col(text_or_none("reason"))
        .col(instant("published_at"))
        .foreign_key(&mut link(("report_back_versions", "report_back_id"), "report_backs"))
        .to_owned()
}

/// Whom to tell: everybody who was invited, whether or not they answered. After an erasure
/// `participant_id` stands for nobody: no link holds it.
fn tellings() -> TableCreateStatement {
    table("report_back_tellings")
        .col(id("report_back_id"))
        .col(number("edition"))
        .col(id("consultation_id"))
        .col(id("participant_id"))
        .col(text("channel"))
        .col(id_or_none("mail_id"))
        .col(flag("superseded"))
        .col(day_or_none("told_on"))
        .col(instant("published_at"))
        .col(instant("turn_at"))
        .foreign_key(&mut link(("report_back_tellings", "report_back_id"), "report_backs"))
        .foreign_key(&mut link(("report_back_tellings", "consultation_id"), "consultations"))
        .to_owned()
}

fn attempts() -> TableCreateStatement {
    table("telling_attempts")
        .col(id("telling_id"))
        .col(text("channel"))
        .col(text("outcome"))
        .col(ColumnDef::new("happened_on").date().not_null())
        .col(text_or_none("note"))
        .col(id_or_none("noted_by"))
        .col(instant("created_at"))
        .foreign_key(&mut link(("telling_attempts", "telling_id"), "report_back_tellings"))
        .foreign_key(&mut link(("telling_attempts", "noted_by"), "accounts"))
        .to_owned()
}

/// That the organisation was warned about a day; once for each day that was promised.
fn warnings() -> TableCreateStatement {
    table("report_back_warnings")
        .col(id("consultation_id"))
        .col(text("kind"))
        .col(ColumnDef::new("due_on").date().not_null())
        .col(instant("warned_at"))
        .foreign_key(&mut link(("report_back_warnings", "consultation_id"), "consultations"))
        .to_owned()
}
