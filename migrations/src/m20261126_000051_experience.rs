//! The experience directory: what people can bring, what organisations ask, before whom it
//! was put, and who said yes.

use sea_orm_migration::prelude::*;

use crate::tables::{
    self, day_or_none, flag, id, id_or_none, index, instant, link, number_or_none, table, text, text_or_none, unique,
    versioned,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: [&str; 4] = ["experience_profiles", "experience_requests", "experience_approaches", "experience_offers"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let indexes = vec![
            index("ix_experience_profiles_approachable", "experience_profiles", &["organisation_id", "approachable"]),
            index("ix_experience_requests_of", "experience_requests", &["organisation_id", "created_at", "id"]),
            index("ix_experience_requests_network", "experience_requests", &["network_id"]),
            unique("uq_experience_approaches_once", "experience_approaches", &["request_id", "participant_id"]),
            index("ix_experience_approaches_person", "experience_approaches", &["participant_id", "created_at", "id"]),
            index("ix_experience_offers_request", "experience_offers", &["request_id", "created_at", "id"]),
            unique("uq_experience_offers_approach", "experience_offers", &["approach_id"]),
            index("ix_experience_offers_person", "experience_offers", &["participant_id"]),
        ];
        tables::create(manager, vec![profiles(), requests(), approaches(), offers()], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables::drop(manager, &TABLES).await
    }
}

/// A row is known by the participant whose it is.
fn profiles() -> TableCreateStatement {
    versioned("experience_profiles")
        .col(id("organisation_id"))
        .col(text("themes"))
        .col(text_or_none("own_words"))
        .col(text("forms"))
        .col(text("day_parts"))
        .col(number_or_none("minutes_per_month"))
        .col(text("places"))
        .col(text("municipalities"))
        .col(text("trainings"))
        .col(flag("approachable"))
        .col(day_or_none("approachable_since_on"))
        .foreign_key(&mut link(("experience_profiles", "id"), "participants"))
        .foreign_key(&mut link(("experience_profiles", "organisation_id"), "organisations"))
        .to_owned()
}

fn requests() -> TableCreateStatement {
    versioned("experience_requests")
        .col(id("organisation_id"))
        .col(id_or_none("network_id"))
        .col(text("title"))
        .col(text("purpose"))
        .col(text("themes"))
        .col(text("forms"))
        .col(day_or_none("starts_on"))
        .col(day_or_none("ends_on"))
        .col(number_or_none("minutes_per_month"))
        .col(text_or_none("compensation"))
        .col(text("places"))
        .col(text_or_none("municipality"))
        .col(day_or_none("answer_due_on"))
        .col(text("status"))
        .col(text_or_none("reach"))
        .foreign_key(&mut link(("experience_requests", "organisation_id"), "organisations"))
        .foreign_key(&mut link(("experience_requests", "network_id"), "networks"))
        .to_owned()
}

fn approaches() -> TableCreateStatement {
    versioned("experience_approaches")
        .col(id("request_id"))
        .col(id("participant_id"))
        .col(text("status"))
        .foreign_key(&mut link(("experience_approaches", "request_id"), "experience_requests"))
        .foreign_key(&mut link(("experience_approaches", "participant_id"), "participants"))
        .to_owned()
}

/// A row of its own, so that what whoever asks reads holds nobody but who said yes.
fn offers() -> TableCreateStatement {
    table("experience_offers")
        .col(id("request_id"))
        .col(id("approach_id"))
        .col(id("participant_id"))
        .col(text("shared"))
        .col(instant("created_at"))
        .foreign_key(&mut link(("experience_offers", "request_id"), "experience_requests"))
        .foreign_key(&mut link(("experience_offers", "approach_id"), "experience_approaches"))
        .foreign_key(&mut link(("experience_offers", "participant_id"), "participants"))
        .to_owned()
}
