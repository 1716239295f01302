//! Networks.

use sea_orm::entity::prelude::*;

#[expect(clippy::struct_excessive_bools, reason = "a row has the columns that its table has")]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "networks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub host_id: Uuid,
    pub programme_id: Option<Uuid>,
    pub parent_id: Option<Uuid>,
    pub pillar_id: Option<Uuid>,
    pub kind: String,
    pub council: bool,
    pub started: bool,
    pub name: String,
    pub purpose: String,
    pub core_story: Option<String>,
    pub plain_language_required: bool,
    pub least_group: Option<i32>,
    pub ask_ceiling: Option<i32>,
    pub publish_composition: bool,
    pub targets: String,
    pub seats: String,
    pub term_years: Option<i32>,
    pub most_terms: Option<i32>,
    pub status: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
