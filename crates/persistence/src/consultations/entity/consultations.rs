//! Consultations.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consultations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub organisation_id: Uuid,
    pub programme_id: Option<Uuid>,
    pub council: bool,
    pub minors: bool,
    pub title: String,
    pub goal: Option<String>,
    pub limits: Option<String>,
    pub rung: Option<String>,
    pub mode: String,
    pub perspectives: String,
    pub municipalities: String,
    pub questions: String,
    pub closes_on: Option<Date>,
    pub report_back_due_on: Option<Date>,
    pub report_back_due_reason: Option<String>,
    pub status: String,
    pub opened_at: Option<DateTimeUtc>,
    pub closed_at: Option<DateTimeUtc>,
    pub concluded_at: Option<DateTimeUtc>,
    pub heard_by_others: bool,
    pub rewritten_at: Option<DateTimeUtc>,
    pub sealed_at: Option<DateTimeUtc>,
    pub recruitment: String,
    pub answer_days: Option<i32>,
    pub client_experience_year: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
