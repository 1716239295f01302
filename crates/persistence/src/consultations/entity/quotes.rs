//! Quotes of what people wrote.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quotes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub consultation_id: Uuid,
    pub response_id: Option<Uuid>,
    pub open_answer_id: Option<Uuid>,
    pub question_id: Uuid,
    pub written_by: Uuid,
    pub text: String,
    pub paraphrased: bool,
    pub status: String,
    pub checked_by: Option<Uuid>,
    pub checked_on: Option<Date>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
