//! Lines of claims.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "claim_lines")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub claim_id: Uuid,
    pub position: i32,
    pub kind: String,
    pub happened_on: Date,
    pub quantity: Option<i64>,
    pub rate_id: Option<Uuid>,
    pub rate_cents: Option<i64>,
    pub cents: i64,
    pub description: Option<String>,
    pub proven: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
