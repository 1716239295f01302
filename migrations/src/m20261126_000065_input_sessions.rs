//! Input sessions, and what was said in them.

use sea_orm_migration::prelude::*;

use crate::tables::{self, id, id_or_none, index, link, text, text_or_none, versioned};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sessions = versioned("input_sessions")
            .col(id("consultation_id"))
            .col(text("title"))
            .col(text("method"))
            .col(ColumnDef::new("held_on").date().not_null())
            .col(text_or_none("place"))
            .col(text("attendance"))
            .foreign_key(&mut link(("input_sessions", "consultation_id"), "consultations"))
            .to_owned();
        let notes = versioned("session_notes")
            .col(id("session_id"))
            .col(id_or_none("question_id"))
            .col(text("text"))
            .col(text("language"))
            .foreign_key(&mut link(("session_notes", "session_id"), "input_sessions"))
            .to_owned();
        let indexes = vec![
            index("ix_input_sessions_of", "input_sessions", &["consultation_id", "created_at", "id"]),
            index("ix_session_notes_of", "session_notes", &["session_id", "created_at", "id"]),
        ];
        tables::create(manager, vec![sessions, notes], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop(manager, &["input_sessions", "session_notes"]).await
    }
}
