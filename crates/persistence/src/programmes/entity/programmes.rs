//! Programmes; what hangs in them and nowhere else stands as JSON.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "programmes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub host_id: Uuid,
    pub commissioner_id: Option<Uuid>,
    pub joint_controllers: String,
    pub name: String,
    pub summary: String,
    pub starts_on: Option<Date>,
    pub ends_on: Option<Date>,
    pub pillars: String,
    pub phases: String,
    pub milestones: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
