//! Which themes a facilitator put on what.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "codings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub consultation_id: Uuid,
    pub coded_by: Uuid,
    pub response_id: Option<Uuid>,
    pub open_answer_id: Option<Uuid>,
    pub session_note_id: Option<Uuid>,
    pub question_id: Option<Uuid>,
    pub piece: String,
    pub theme_ids: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
