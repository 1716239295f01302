//! Agreements.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agreements")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub membership_id: Uuid,
    pub network_id: Uuid,
    pub organisation_id: Uuid,
    pub participant_id: Uuid,
    pub council: bool,
    pub perspective: String,
    pub agreement_version: i32,
    pub replaces_id: Option<Uuid>,
    pub role: String,
    pub starts_on: Date,
    pub ends_on: Option<Date>,
    pub expected_minutes: Option<i32>,
    pub rate_id: Option<Uuid>,
    pub training: Option<String>,
    pub contact_id: Option<Uuid>,
    pub answer_days: Option<i32>,
    pub status: String,
    pub live_key: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
