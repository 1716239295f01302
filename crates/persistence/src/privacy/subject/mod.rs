//! Everything that is kept of one person, found by the data map; read out for them,
//! counted for them, and erased.

mod erase;
mod export;
mod rows;
mod ways;

pub use erase::{Done, ErasedPart, erase, plan};
pub use export::{Exported, ExportedColumn, ExportedTable, export};

use klankbord_domain::policy::{Roles, Standing};
use uuid::Uuid;

/// What is for the person alone: what they brought and answered, why they did what, and by
/// whom they were approached: the organisation that registered them may be the one that asked.
const CONFIDENTIAL: &[&str] = &[
    "responses",
    "codings",
    "quotes",
    "feedback",
    "supports",
    "transition_reasons",
    "experience_approaches",
    "experience_offers",
];
/// What a representative isn't given either: help that was offered without asking them.
const NOT_FOR_REPRESENTATIVES: &[&str] =
    &["responses", "codings", "quotes", "feedback", "supports", "transition_reasons", "consents"];

/// The tables that aren't for somebody who stands so towards the person.
pub fn left_out(roles: Roles) -> &'static [&'static str] {
    if roles.has(Standing::Representative) {
        NOT_FOR_REPRESENTATIVES
    } else if roles.has(Standing::Participant) {
        &[]
    } else {
        CONFIDENTIAL
    }
}

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
