//! Whom to tell of a report-back, and who was told.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_back_tellings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub report_back_id: Uuid,
    pub edition: i32,
    pub consultation_id: Uuid,
    pub participant_id: Uuid,
    pub channel: String,
    pub mail_id: Option<Uuid>,
    pub superseded: bool,
    pub told_on: Option<Date>,
    pub published_at: DateTimeUtc,
    pub turn_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
