//! How people are invited: the link that came by mail, when they were reminded, their turn.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "membership_invitations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub membership_id: Uuid,
    pub text: Option<String>,
    pub expected_time: Option<String>,
    pub invited_at: DateTimeUtc,
    pub reminded_at: Option<DateTimeUtc>,
    pub reminders: i32,
    pub remind_at: Option<DateTimeUtc>,
    pub due: bool,
    pub turn_at: DateTimeUtc,
    pub mail_id: Option<Uuid>,
    pub contact_of: Option<String>,
    pub token_hash: Option<String>,
    pub expires_at: Option<DateTimeUtc>,
    pub answer: Option<String>,
    pub answered_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
