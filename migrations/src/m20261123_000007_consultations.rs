//! Consultations, whom they asked, what was answered, and what people heard back.

use sea_orm_migration::prelude::*;

use crate::tables::{
    self, day_or_none, flag, id, id_or_none, index, instant, instant_or_none, link, number, text, text_or_none, unique,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let made = vec![consultations(), networks(), facilitators(), invitations(), responses(), report_backs()];
        let indexes = vec![
            index("ix_consultations_organisation", "consultations", &["organisation_id", "created_at", "id"]),
            index("ix_consultations_status", "consultations", &["status", "closes_on"]),
            index("ix_consultations_created", "consultations", &["created_at", "id"]),
            index("ix_consultation_networks_network", "consultation_networks", &["network_id"]),
            index("ix_consultation_facilitators_account", "consultation_facilitators", &["account_id"]),
            index("ix_invitations_participant", "invitations", &["participant_id"]),
            unique("uq_responses_person", "responses", &["consultation_id", "participant_id"]),
            index("ix_responses_participant", "responses", &["participant_id"]),
            index("ix_report_backs_consultation", "report_backs", &["consultation_id", "created_at", "id"]),
            unique("uq_report_backs_final", "report_backs", &["final_key"]),
        ];
        tables::create(manager, made, indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let made = [
            "consultations",
            "consultation_networks",
            "consultation_facilitators",
            "invitations",
            "responses",
            "report_backs",
        ];
        tables::drop(manager, &made).await
    }
}

/// `council`: a council asks on its own behalf, in its own room. `minors`:
/// there may be minors among those invited.
fn consultations() -> TableCreateStatement {
    tables::versioned("consultations")
        .col(id("organisation_id"))
        .col(id_or_none("programme_id"))
        .col(flag("council"))
        .col(flag("minors"))
        .col(text("title"))
        .col(text_or_none("goal"))
        .col(text_or_none("limits"))
        .col(text_or_none("rung"))
        .col(text("mode"))
        .col(text("perspectives"))
        .col(text("municipalities"))
        .col(text("questions"))
        .col(day_or_none("closes_on"))
        .col(day_or_none("report_back_due_on"))
        .col(text_or_none("report_back_due_reason"))
        .col(text("status"))
        .col(instant_or_none("opened_at"))
        .col(instant_or_none("closed_at"))
        .col(instant_or_none("concluded_at"))
        .foreign_key(&mut link(("consultations", "organisation_id"), "organisations"))
        .to_owned()
}

fn networks() -> TableCreateStatement {
    Table::create()
        .table("consultation_networks")
        .col(id("consultation_id"))
        .col(number("position"))
        .col(id("network_id"))
        .primary_key(Index::create().col("consultation_id").col("position"))
        .foreign_key(&mut link(("consultation_networks", "consultation_id"), "consultations"))
        .foreign_key(&mut link(("consultation_networks", "network_id"), "networks"))
        .to_owned()
}

fn facilitators() -> TableCreateStatement {
    Table::create()
        .table("consultation_facilitators")
        .col(id("consultation_id"))
        .col(number("position"))
        .col(id("account_id"))
        .primary_key(Index::create().col("consultation_id").col("position"))
        .foreign_key(&mut link(("consultation_facilitators", "consultation_id"), "consultations"))
        .foreign_key(&mut link(("consultation_facilitators", "account_id"), "accounts"))
        .to_owned()
}

fn invitations() -> TableCreateStatement {
    Table::create()
        .table("invitations")
        .col(id("consultation_id"))
        .col(id("participant_id"))
        .col(text("channel"))
        .col(instant("invited_at"))
        .primary_key(Index::create().col("consultation_id").col("participant_id"))
        .foreign_key(&mut link(("invitations", "consultation_id"), "consultations"))
        .foreign_key(&mut link(("invitations", "participant_id"), "participants"))
        .to_owned()
}

fn responses() -> TableCreateStatement {
    tables::table("responses")
        .col(id("consultation_id"))
        .col(id("participant_id"))
        .col(text("channel"))
        .col(id_or_none("entered_by"))
        .col(text("answers"))
        .col(instant("created_at"))
        .foreign_key(&mut link(("responses", "consultation_id"), "consultations"))
        .foreign_key(&mut link(("responses", "participant_id"), "participants"))
        .foreign_key(&mut link(("responses", "entered_by"), "accounts"))
        .to_owned()
}

/// `final_key` is the consultation's id on its final report-back, else empty:
/// there is one at most.
fn report_backs() -> TableCreateStatement {
    tables::versioned("report_backs")
        .col(id("consultation_id"))
        .col(text("kind"))
        .col(text("status"))
        .col(text("heard"))
        .col(text("points"))
        .col(instant_or_none("published_at"))
        .col(text_or_none("final_key"))
        .foreign_key(&mut link(("report_backs", "consultation_id"), "consultations"))
        .to_owned()
}
