//! How somebody is asked: until when, how often they were reminded, and who tried to call
//! or visit them.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consultation_asks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub consultation_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub participant_id: Uuid,
    pub stratum: String,
    pub answer_due_on: Option<Date>,
    pub remind_on: Option<Date>,
    pub reminders: i32,
    pub reminded_on: Option<Date>,
    pub due: bool,
    pub attempts: i32,
    pub outcome: Option<String>,
    pub tried_on: Option<Date>,
    pub note: Option<String>,
    pub done_on: Option<Date>,
    pub turn_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
