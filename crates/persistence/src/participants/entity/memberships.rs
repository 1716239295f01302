//! Memberships.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "memberships")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub network_id: Uuid,
    pub member_kind: String,
    pub member_id: Uuid,
    pub perspective: String,
    pub role: String,
    pub ring: Option<String>,
    pub rung: Option<String>,
    pub seat: Option<String>,
    pub term_starts_on: Option<Date>,
    pub term_ends_on: Option<Date>,
    pub status: String,
    pub account_id: Option<Uuid>,
    pub live_key: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
