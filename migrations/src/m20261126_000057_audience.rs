//! How people come to be asked: samples that are drawn, links for whoever has one,
//! personal deadlines, reminders, and calls and visits.

use sea_orm_migration::prelude::*;

use crate::tables::{
    self, day_or_none, flag, id, id_or_none, index, instant, instant_or_none, link, number, number_or_none, table,
    text, text_or_none, unique,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: [&str; 5] =
    ["consultation_samples", "sample_members", "consultation_asks", "deadline_extensions", "consultation_links"];

/// Who was asked before stands on the lists from now on; no clock reminds them, and they
/// have no deadline of their own.
const THOSE_ASKED: &str = "INSERT INTO consultation_asks \
     (consultation_id, participant_id, stratum, reminders, due, attempts, turn_at) \
     SELECT consultation_id, participant_id, '{}', 0, FALSE, 0, invited_at FROM invitations";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let recruitment = ColumnDef::new("recruitment").text().not_null().default("audience").to_owned();
        for column in [recruitment, number_or_none("answer_days"), number_or_none("client_experience_year")] {
            manager.alter_table(Table::alter().table("consultations").add_column(column).to_owned()).await?;
        }
        let indexes = vec![
            index(
                "ix_consultation_samples_consultation",
                "consultation_samples",
                &["consultation_id", "drawn_at", "id"],
            ),
            index("ix_sample_members_participant", "sample_members", &["participant_id"]),
            index("ix_consultation_asks_participant", "consultation_asks", &["participant_id"]),
            index("ix_consultation_asks_remind", "consultation_asks", &["remind_on"]),
            index("ix_consultation_asks_turn", "consultation_asks", &["consultation_id", "turn_at", "participant_id"]),
            index("ix_deadline_extensions_consultation", "deadline_extensions", &["consultation_id", "made_at", "id"]),
            index("ix_consultation_links_consultation", "consultation_links", &["consultation_id", "created_at", "id"]),
            unique("uq_consultation_links_secret", "consultation_links", &["secret_hash"]),
        ];
        tables::create(manager, vec![samples(), members(), asks(), extensions(), links()], indexes).await?;
        manager.get_connection().execute_unprepared(THOSE_ASKED).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop(manager, &TABLES).await?;
        for name in ["client_experience_year", "answer_days", "recruitment"] {
            manager.alter_table(Table::alter().table("consultations").drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}

/// How a sample was drawn, and from how many; of those who were left out the numbers alone.
fn samples() -> TableCreateStatement {
    table("consultation_samples")
        .col(id("consultation_id"))
        .col(text("divided_by"))
        .col(text("allocation"))
        .col(number_or_none("size"))
        .col(text("seed"))
        .col(flag("seed_given"))
        .col(text("strata"))
        .col(number("frame"))
        .col(number("objections"))
        .col(number("without_consent"))
        .col(number("burdened"))
        .col(number("draws"))
        .col(instant("drawn_at"))
        .col(id_or_none("drawn_by"))
        .foreign_key(&mut link(("consultation_samples", "consultation_id"), "consultations"))
        .foreign_key(&mut link(("consultation_samples", "drawn_by"), "accounts"))
        .to_owned()
}

/// Who was drawn, in which draw. No link to the person here and below: of who is erased an id
/// stays that leads to nobody.
fn members() -> TableCreateStatement {
    Table::create()
        .table("sample_members")
        .col(id("sample_id"))
        .col(id("participant_id"))
        .col(text("stratum"))
        .col(number("draw"))
        .primary_key(Index::create().col("sample_id").col("participant_id"))
        .foreign_key(&mut link(("sample_members", "sample_id"), "consultation_samples"))
        .to_owned()
}

/// How somebody is asked. Nothing here is written when they answer.
fn asks() -> TableCreateStatement {
    Table::create()
        .table("consultation_asks")
        .col(id("consultation_id"))
        .col(id("participant_id"))
        .col(text("stratum"))
        .col(day_or_none("answer_due_on"))
        .col(day_or_none("remind_on"))
        .col(number("reminders"))
        .col(day_or_none("reminded_on"))
        .col(flag("due"))
        .col(number("attempts"))
        .col(text_or_none("outcome"))
        .col(day_or_none("tried_on"))
        .col(text_or_none("note"))
        .col(day_or_none("done_on"))
        .col(instant("turn_at"))
        .primary_key(Index::create().col("consultation_id").col("participant_id"))
        .foreign_key(&mut link(("consultation_asks", "consultation_id"), "consultations"))
        .to_owned()
}

/// Who got longer to answer, and why.
fn extensions() -> TableCreateStatement {
    table("deadline_extensions")
        .col(id("consultation_id"))
        .col(id("participant_id"))
        .col(day_or_none("had_until"))
        .col(ColumnDef::new("answer_due_on").date().not_null())
        .col(text_or_none("reason"))
        .col(id_or_none("made_by"))
        .col(instant("made_at"))
        .foreign_key(&mut link(("deadline_extensions", "consultation_id"), "consultations"))
        .foreign_key(&mut link(("deadline_extensions", "made_by"), "accounts"))
        .to_owned()
}

/// Links for whoever has one; the secret by its keyed hash alone.
fn links() -> TableCreateStatement {
    table("consultation_links")
        .col(id("consultation_id"))
        .col(text("name"))
        .col(text("secret_hash"))
        .col(text("hint"))
        .col(instant("created_at"))
        .col(id_or_none("made_by"))
        .col(instant_or_none("revoked_at"))
        .foreign_key(&mut link(("consultation_links", "consultation_id"), "consultations"))
        .to_owned()
}
