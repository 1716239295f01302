//! Consultations.

use sea_orm::entity::prelude::*;

#[expect(clippy::struct_excessive_bools, reason = "a row has the columns that its table has")]
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
    pub report_back_first_due_on: Option<Date>,
    pub closing_round_of: Option<Uuid>,
    pub status: String,
    pub opened_at: Option<DateTimeUtc>,
    pub closed_at: Option<DateTimeUtc>,
    pub concluded_at: Option<DateTimeUtc>,
    pub heard_by_others: bool,
    pub one_answer_by: String,
    pub entries_until_on: Option<Date>,
    pub rewritten_at: Option<DateTimeUtc>,
    pub sealed_at: Option<DateTimeUtc>,
    pub breakdowns: String,
    pub crossings: String,
    pub interim_results: bool,
    pub builds_on_id: Option<Uuid>,
    pub recruitment: String,
    pub answer_days: Option<i32>,
    pub client_experience_year: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
