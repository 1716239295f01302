//! What organisations ask.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "experience_requests")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub organisation_id: Uuid,
    pub network_id: Option<Uuid>,
    pub title: String,
    pub purpose: String,
    pub themes: String,
    pub forms: String,
    pub starts_on: Option<Date>,
    pub ends_on: Option<Date>,
    pub minutes_per_month: Option<i32>,
    pub compensation: Option<String>,
    pub places: String,
    pub municipality: Option<String>,
    pub answer_due_on: Option<Date>,
    pub status: String,
    pub reach: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
