//! Themes, what facilitators coded to them, what was counted of them, and quotes.

use sea_orm_migration::prelude::*;

use crate::tables::{
    self, day_or_none, flag, id, id_or_none, index, instant, link, table, text, text_or_none, unique, versioned,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let themes = versioned("themes")
            .col(id("consultation_id"))
            .col(text("label"))
            .col(text_or_none("description"))
            .foreign_key(&mut link(("themes", "consultation_id"), "consultations"))
            .to_owned();
        let results = table("theme_results")
            .col(id("consultation_id"))
            .col(instant("finished_at"))
            .col(id("finished_by"))
            .col(ColumnDef::new("content").binary().not_null())
            .foreign_key(&mut link(("theme_results", "consultation_id"), "consultations"))
            .to_owned();
        let indexes = vec![
            index("ix_themes_of", "themes", &["consultation_id", "created_at", "id"]),
            index("ix_codings_of", "codings", &["consultation_id", "created_at", "id"]),
            unique("uq_codings_piece", "codings", &["coded_by", "piece"]),
            index("ix_codings_response", "codings", &["response_id"]),
            index("ix_codings_session_note", "codings", &["session_note_id"]),
            unique("uq_theme_results_consultation", "theme_results", &["consultation_id"]),
            index("ix_theme_results_finished_by", "theme_results", &["finished_by"]),
            index("ix_quotes_of", "quotes", &["consultation_id", "created_at", "id"]),
            index("ix_quotes_response", "quotes", &["response_id"]),
            index("ix_quotes_written_by", "quotes", &["written_by"]),
            index("ix_quotes_checked_by", "quotes", &["checked_by"]),
        ];
        tables::create(manager, vec![themes, codings(), results, quotes()], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop(manager, &["themes", "codings", "theme_results", "quotes"]).await
    }
}

/// To answers no key leads: erasure gives those of somebody another id, and what is sealed goes by none.
fn codings() -> TableCreateStatement {
    versioned("codings")
        .col(id("consultation_id"))
        .col(id("coded_by"))
        .col(id_or_none("response_id"))
        .col(id_or_none("open_answer_id"))
        .col(id_or_none("session_note_id"))
        .col(id_or_none("question_id"))
        .col(text("piece"))
        .col(text("theme_ids"))
        .foreign_key(&mut link(("codings", "consultation_id"), "consultations"))
        .foreign_key(&mut link(("codings", "session_note_id"), "session_notes"))
        .to_owned()
}

fn quotes() -> TableCreateStatement {
    versioned("quotes")
        .col(id("consultation_id"))
        .col(id_or_none("response_id"))
        .col(id_or_none("open_answer_id"))
        .col(id("question_id"))
        .col(id("written_by"))
        .col(text("text"))
        .col(flag("paraphrased"))
        .col(text("status"))
        .col(id_or_none("checked_by"))
        .col(day_or_none("checked_on"))
        .foreign_key(&mut link(("quotes", "consultation_id"), "consultations"))
        .to_owned()
}
