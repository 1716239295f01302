//! One mechanism for every lifecycle: a table of moves, and two questions to it.

use crate::policy::{Roles, Standing};
use crate::refusal::Refusal;

/// Whether a move asks for its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It may have one.
    Optional,
    /// It must have one.
    Required,
}

/// One legal step from a state to another.
#[derive(Debug)]
pub struct Move<S: 'static> {
    /// The state it leaves.
    pub from: S,
    /// The state it reaches.
    pub to: S,
    /// Who may make it. Empty: only the clock.
    pub by: &'static [Standing],
    /// Whether it needs a reason.
    pub reason: Reason,
}

/// A vocabulary of states with its table of moves.
pub trait Lifecycle: Copy + Eq + std::fmt::Debug + 'static {
    /// The whole table; what is not in it can't happen.
    const MOVES: &'static [Move<Self>];

    /// The stable code of the state.
    fn code(self) -> &'static str;
}

/// The states that these roles may move to from here.
pub fn open_to<S: Lifecycle>(from: S, roles: Roles) -> Vec<S> {
    let mine = S::MOVES.iter().filter(|step| step.from == from && roles.has_any(step.by));
    let mut reachable: Vec<S> = Vec::new();
    for step in mine {
        if !reachable.contains(&step.to) {
            reachable.push(step.to);
        }
    }
    reachable
}

/// The codes of [`open_to`].
pub fn open_codes<S: Lifecycle>(from: S, roles: Roles) -> Vec<&'static str> {
    open_to(from, roles).into_iter().map(S::code).collect()
}

/// Checks a move against the table: that it exists, that these roles may make
/// it, and that it has the reason it needs.
///
/// # Errors
/// [`Refusal::IllegalMove`] with the legal ones (409), [`Refusal::Forbidden`]
/// (403), or [`Refusal::Invalid`] at `/reason` (400).
pub fn take<S: Lifecycle>(from: S, to: S, roles: Roles, reason: Option<&str>) -> Result<S, Refusal> {
    let found: Vec<_> = S::MOVES.iter().filter(|step| step.from == from && step.to == to).collect();
    if found.is_empty() {
        return Err(Refusal::IllegalMove { allowed: open_codes(from, roles) });
    }
    let Some(step) = found.into_iter().find(|step| roles.has_any(step.by)) else {
        return Err(Refusal::Forbidden);
    };
    if step.reason == Reason::Required && reason.is_none_or(|text| text.trim().is_empty()) {
        return Err(Refusal::invalid("/reason", "reason.required"));
    }
    Ok(step.to)
}
