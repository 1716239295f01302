//! What people said to it.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consents")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub participant_id: Uuid,
    pub organisation_id: Uuid,
    pub consent_text_id: Uuid,
    pub purpose: String,
    pub text_version: i32,
    pub answer: String,
    pub giver: String,
    pub representative_id: Option<Uuid>,
    pub channel: String,
    pub happened_on: Date,
    pub reason: Option<String>,
    pub recorded_by: Option<Uuid>,
    pub status: String,
    pub withdrawn_on: Option<Date>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
