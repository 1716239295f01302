//! One-time codes of people without an account, and the sessions that they opened.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "code_sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub participant_id: Uuid,
    pub whose: String,
    pub address_lookup: String,
    pub code_hash: String,
    pub created_at: DateTimeUtc,
    pub code_expires_at: DateTimeUtc,
    pub opened_at: Option<DateTimeUtc>,
    pub expires_at: Option<DateTimeUtc>,
    pub ended_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
