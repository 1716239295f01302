//! Participants.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "participants")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub organisation_id: Uuid,
    pub account_id: Option<Uuid>,
    pub display_name: String,
    pub name_folded: String,
    pub channel: String,
    pub language: String,
    pub birth_year: Option<i32>,
    pub birth_month: Option<i32>,
    pub birth_band: Option<String>,
    pub birth_declared_on: Option<Date>,
    pub municipality: Option<String>,
    pub expertise: String,
    pub ask_ceiling: Option<i32>,
    pub turned_16_on: Option<Date>,
    pub turned_18_on: Option<Date>,
    pub turned_21_on: Option<Date>,
    pub erased_at: Option<DateTimeUtc>,
    pub contact_times: String,
    pub access_needs: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
