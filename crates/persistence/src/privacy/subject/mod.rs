//! Everything that is kept of one person, found by the data map; read out for them,
//! counted for them, and erased.

mod erase;
mod export;
mod rows;
mod ways;

pub use erase::{Done, ErasedPart, erase, plan};
pub use export::{Exported, ExportedColumn, ExportedTable, export};

use uuid::Uuid;

/// What is for the person alone: what they brought and answered.
pub const CONFIDENTIAL: [&str; 3] = ["responses", "feedback", "supports"];

/// Whose data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// The participants that they are.
    pub participants: Vec<Uuid>,
    /// The account, where it is asked of all that is theirs.
    pub account: Option<Uuid>,
    /// The accounts that the participants have: in rows about the person they lead to them,
    /// also where the account itself stays.
    pub own: Vec<Uuid>,
    /// What stands in councils' rooms stays out of what is shown.
    pub outside_rooms: bool,
}
