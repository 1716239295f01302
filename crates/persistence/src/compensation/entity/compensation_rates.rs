//! Rates.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "compensation_rates")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub organisation_id: Uuid,
    pub network_id: Option<Uuid>,
    pub name: String,
    pub unit: String,
    pub basis: String,
    pub cents: i64,
    pub perspectives: String,
    pub training: Option<String>,
    pub starts_on: Date,
    pub ends_on: Option<Date>,
    pub days_to_payment: i32,
    pub reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
