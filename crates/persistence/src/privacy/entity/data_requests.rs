//! What people ask of their own data.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "data_requests")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub organisation_id: Option<Uuid>,
    pub participant_id: Option<Uuid>,
    pub account_id: Option<Uuid>,
    pub kind: String,
    pub status: String,
    pub asked_by: String,
    pub channel: String,
    pub requested_by: Option<Uuid>,
    pub details: Option<String>,
    pub identity_check: Option<String>,
    pub received_on: Date,
    pub due_on: Date,
    pub decided_on: Option<Date>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
