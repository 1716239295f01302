//! What people can bring; each row is known by its participant.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "experience_profiles")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub organisation_id: Uuid,
    pub themes: String,
    pub own_words: Option<String>,
    pub forms: String,
    pub day_parts: String,
    pub minutes_per_month: Option<i32>,
    pub places: String,
    pub municipalities: String,
    pub trainings: String,
    pub approachable: bool,
    pub approachable_since_on: Option<Date>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
