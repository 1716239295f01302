//! Claims.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "claims")]
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
    pub account_id: Option<Uuid>,
    pub council: bool,
    pub perspective: String,
    pub trained: bool,
    pub basis: String,
    pub status: String,
    pub entered_by: Option<Uuid>,
    pub submitted_by: Option<Uuid>,
    pub submitted_on: Option<Date>,
    pub due_on: Option<Date>,
    pub paid_on: Option<Date>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
