//! Feedback, who supports it, and what is officially answered.

use sea_orm_migration::prelude::*;

use crate::tables::{
    self, day_or_none, id, id_or_none, index, instant, instant_or_none, link, text, text_or_none, unique,
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
            index("ix_feedback_organisation", "feedback", &["organisation_id", "created_at", "id"]),
            index("ix_feedback_addressee", "feedback", &["addressee_kind", "addressee_id", "created_at", "id"]),
            index("ix_feedback_author", "feedback", &["author_kind", "author_id"]),
            index("ix_feedback_recorder", "feedback", &["recorded_by"]),
            unique("uq_supports_person", "supports", &["feedback_id", "participant_id"]),
            index("ix_supports_participant", "supports", &["participant_id", "created_at", "id"]),
            index("ix_official_responses_feedback", "official_responses", &["feedback_id", "made_at", "id"]),
        ];
        tables::create(manager, vec![feedback(), supports(), official_responses()], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop(manager, &["feedback", "supports", "official_responses"]).await
    }
}

fn feedback() -> TableCreateStatement {
    tables::versioned("feedback")
        .col(id("organisation_id"))
        .col(text("addressee_kind"))
        .col(id("addressee_id"))
        .col(text("author_kind"))
        .col(id("author_id"))
        .col(id_or_none("recorded_by"))
        .col(text("channel"))
        .col(text("kind"))
        .col(text("title"))
        .col(text("body"))
        .col(text("status"))
        .col(instant_or_none("received_at"))
        .col(day_or_none("answer_due_on"))
        .col(id_or_none("merged_into_id"))
        .col(text_or_none("outcome"))
        .foreign_key(&mut link(("feedback", "organisation_id"), "organisations"))
        .foreign_key(&mut link(("feedback", "recorded_by"), "accounts"))
        .foreign_key(&mut link(("feedback", "merged_into_id"), "feedback"))
        .to_owned()
}

fn supports() -> TableCreateStatement {
    tables::table("supports")
        .col(id("feedback_id"))
        .col(id("participant_id"))
        .col(instant("created_at"))
        .foreign_key(&mut link(("supports", "feedback_id"), "feedback"))
        .foreign_key(&mut link(("supports", "participant_id"), "participants"))
        .to_owned()
}

fn official_responses() -> TableCreateStatement {
    tables::table("official_responses")
        .col(id("feedback_id"))
        .col(text("text"))
        .col(text_or_none("reasons"))
        .col(id_or_none("made_by"))
        .col(instant("made_at"))
        .foreign_key(&mut link(("official_responses", "feedback_id"), "feedback"))
        .to_owned()
}
