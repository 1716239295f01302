//! Legal representatives.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "legal_representatives")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub participant_id: Uuid,
    pub kind: String,
    pub name_sealed: Vec<u8>,
    pub account_id: Option<Uuid>,
    pub starts_on: Date,
    pub ends_on: Option<Date>,
    pub evidence_document: String,
    pub evidence_seen_on: Date,
    pub evidence_seen_by: Uuid,
    pub recorded_by: Uuid,
    pub status: String,
    pub live_key: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
