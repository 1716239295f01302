//! Consents with their texts, ages that were proven, and whose a contact detail is.

use sea_orm_migration::prelude::*;

use crate::tables::{
    self, day_or_none, flag, id, id_or_none, index, link, number, text, text_or_none, unique, versioned,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TURNED: [&str; 3] = ["turned_16_on", "turned_18_on", "turned_21_on"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in TURNED {
            let column = day_or_none(column);
            manager.alter_table(Table::alter().table("participants").add_column(column).to_owned()).await?;
        }
        let participant = id_or_none("participant_id");
        manager.alter_table(Table::alter().table("mails").add_column(participant).to_owned()).await?;
        let whose = ColumnDef::new("whose").text().not_null().default("person").to_owned();
        for column in [whose, day_or_none("asked_own_on")] {
            manager.alter_table(Table::alter().table("participant_contacts").add_column(column).to_owned()).await?;
        }
        let indexes = vec![
            unique("uq_consent_texts_version", "consent_texts", &["organisation_id", "purpose", "text_version"]),
            index("ix_consents_participant", "consents", &["participant_id", "created_at", "id"]),
            index("ix_mails_participant", "mails", &["participant_id"]),
            index("ix_participant_contacts_whose", "participant_contacts", &["whose"]),
        ];
        tables::create(manager, vec![consent_texts(), consents()], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("ix_mails_participant").table("mails").to_owned()).await?;
        manager.alter_table(Table::alter().table("mails").drop_column("participant_id").to_owned()).await?;
        let index = Index::drop().name("ix_participant_contacts_whose").table("participant_contacts").to_owned();
        manager.drop_index(index).await?;
        tables::drop(manager, &["consent_texts", "consents"]).await?;
        for column in ["asked_own_on", "whose"] {
            manager.alter_table(Table::alter().table("participant_contacts").drop_column(column).to_owned()).await?;
        }
        for column in TURNED {
            manager.alter_table(Table::alter().table("participants").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}

fn consent_texts() -> TableCreateStatement {
    versioned("consent_texts")
        .col(id("organisation_id"))
        .col(text("purpose"))
        .col(number("text_version"))
        .col(text("bands"))
        .col(text("title"))
        .col(text("body"))
        .col(flag("asks_anew"))
        .col(text("status"))
        .foreign_key(&mut link(("consent_texts", "organisation_id"), "organisations"))
        .to_owned()
}

fn consents() -> TableCreateStatement {
    versioned("consents")
        .col(id("participant_id"))
        .col(id("organisation_id"))
        .col(id("consent_text_id"))
        .col(text("purpose"))
        .col(number("text_version"))
        .col(text("answer"))
        .col(text("giver"))
        .col(id_or_none("representative_id"))
        .col(text("channel"))
        .col(ColumnDef::new("happened_on").date().not_null())
        .col(text_or_none("reason"))
        .col(id_or_none("recorded_by"))
        .col(text("status"))
        .col(day_or_none("withdrawn_on"))
        .foreign_key(&mut link(("consents", "participant_id"), "participants"))
        .foreign_key(&mut link(("consents", "organisation_id"), "organisations"))
        .foreign_key(&mut link(("consents", "consent_text_id"), "consent_texts"))
        .foreign_key(&mut link(("consents", "representative_id"), "legal_representatives"))
        .foreign_key(&mut link(("consents", "recorded_by"), "accounts"))
        .to_owned()
}
