//! How samples were drawn.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consultation_samples")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub consultation_id: Uuid,
    pub divided_by: String,
    pub allocation: String,
    pub size: Option<i32>,
    pub seed: String,
    pub seed_given: bool,
    pub strata: String,
    pub frame: i32,
    pub objections: i32,
    pub without_consent: i32,
    pub burdened: i32,
    pub draws: i32,
    pub drawn_at: DateTimeUtc,
    pub drawn_by: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
