//! What people bring themselves.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "feedback")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub organisation_id: Uuid,
    pub addressee_kind: String,
    pub addressee_id: Uuid,
    pub author_kind: String,
    pub author_id: Uuid,
    pub recorded_by: Option<Uuid>,
    pub channel: String,
    pub kind: String,
    pub title: String,
    pub body: String,
    pub status: String,
    pub received_at: Option<DateTimeUtc>,
    pub answer_due_on: Option<Date>,
    pub merged_into_id: Option<Uuid>,
    pub outcome: Option<String>,
    pub recorded_by_client: Option<Uuid>,
    pub removed: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
