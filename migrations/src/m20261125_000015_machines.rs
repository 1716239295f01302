//! Machines: clients of an organisation with their credentials, and kiosks of a
//! consultation.

use sea_orm_migration::prelude::*;

use crate::tables::{
    self, day_or_none, id, id_or_none, index, instant, instant_or_none, link, text, unique, versioned,
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
            index("ix_clients_organisation", "clients", &["organisation_id", "created_at", "id"]),
            index("ix_client_credentials_client", "client_credentials", &["client_id", "created_at", "id"]),
            unique("uq_client_credentials_secret", "client_credentials", &["secret_hash"]),
            index("ix_kiosks_consultation", "kiosks", &["consultation_id", "created_at", "id"]),
            unique("uq_kiosks_secret", "kiosks", &["secret_hash"]),
        ];
        tables::create(manager, vec![clients(), credentials(), kiosks()], indexes).await?;
        let recorder = ColumnDef::new("recorded_by_client").uuid().null().to_owned();
        manager.alter_table(Table::alter().table("feedback").add_column(recorder).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("feedback").drop_column("recorded_by_client").to_owned()).await?;
        tables::drop(manager, &["clients", "client_credentials", "kiosks"]).await
    }
}

fn clients() -> TableCreateStatement {
    versioned("clients")
        .col(id("organisation_id"))
        .col(text("name"))
        .col(text("scopes"))
        .col(text("status"))
        .foreign_key(&mut link(("clients", "organisation_id"), "organisations"))
        .to_owned()
}

fn credentials() -> TableCreateStatement {
    tables::table("client_credentials")
        .col(id("client_id"))
        .col(text("kind"))
        .col(text("secret_hash"))
        .col(text("hint"))
        .col(instant("created_at"))
        .col(id_or_none("made_by"))
        .col(instant_or_none("expires_at"))
        .col(instant_or_none("revoked_at"))
        .col(day_or_none("last_used_on"))
        .foreign_key(&mut link(("client_credentials", "client_id"), "clients"))
        .to_owned()
}

fn kiosks() -> TableCreateStatement {
    tables::table("kiosks")
        .col(id("consultation_id"))
        .col(text("name"))
        .col(text("secret_hash"))
        .col(text("hint"))
        .col(instant("created_at"))
        .col(id_or_none("made_by"))
        .col(instant("expires_at"))
        .col(instant_or_none("revoked_at"))
        .foreign_key(&mut link(("kiosks", "consultation_id"), "consultations"))
        .to_owned()
}
