//! The library of questions that are asked again.

use sea_orm_migration::prelude::*;

use crate::tables::{self, flag, id, id_or_none, index, link, text, text_or_none, unique, versioned};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let questions = versioned("library_questions")
            .col(id("organisation_id"))
            .col(text("name"))
            .col(text_or_none("guidance"))
            .col(text_or_none("source"))
            .col(id_or_none("replaces_id"))
            .col(flag("shared"))
            .col(id("question_id"))
            .col(text("kind"))
            .col(text("question"))
            .col(text("status"))
            .foreign_key(&mut link(("library_questions", "organisation_id"), "organisations"))
            .foreign_key(&mut link(("library_questions", "replaces_id"), "library_questions"))
            .to_owned();
        let indexes = vec![
            index("ix_library_questions_of", "library_questions", &["organisation_id", "created_at", "id"]),
            index("ix_library_questions_shared", "library_questions", &["shared", "created_at", "id"]),
            unique("uq_library_questions_question", "library_questions", &["question_id"]),
            index("ix_library_questions_replaces", "library_questions", &["replaces_id"]),
        ];
        tables::create(manager, vec![questions], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop(manager, &["library_questions"]).await
    }
}
