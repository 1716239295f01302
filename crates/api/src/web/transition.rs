//! Moves of every lifecycle on the wire.

use chrono::{DateTime, Utc};
use klankbord_domain::Refusal;
use klankbord_persistence::store::history::Transition as Kept;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A move to make.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TransitionCreate {
    /// The state to move to: one of the resource's `allowedTransitions`.
    #[schema(example = "active", min_length = 1, max_length = 40, pattern = "^[a-z_]+$")]
    pub to: String,
    /// Why. Some moves need it.
    #[schema(example = "De kerngroep is compleet.", min_length = 1, max_length = 2000)]
    pub reason: Option<String>,
}

impl TransitionCreate {
    /// The state that is asked for.
    ///
    /// # Errors
    /// 400 when this kind of thing has no such state.
    pub fn state<S: std::str::FromStr>(&self) -> Result<S, Refusal> {
        self.to.parse().map_err(|_| Refusal::invalid("/to", "transition.unknown"))
    }
}

/// A move that was made.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Transition {
    /// Its id.
    pub id: Uuid,
    /// The state it left.
    #[schema(example = "draft", max_length = 40)]
    pub from: String,
    /// The state it reached.
    #[schema(example = "active", max_length = 40)]
    pub to: String,
    /// Why, where it was said.
    #[schema(example = "De kerngroep is compleet.", max_length = 2000)]
    pub reason: Option<String>,
    /// The account or the client that made it, or the participant without an account by a
    /// one-time code; absent when the clock did.
    pub made_by: Option<Uuid>,
    /// When.
    pub made_at: DateTime<Utc>,
}

impl From<Kept> for Transition {
    fn from(kept: Kept) -> Self {
        let Kept { id, from, to, made_by, made_at, reason } = kept;
        Self { id, from, to, reason, made_by, made_at }
    }
}

crate::web::page::page!(
    /// A page of moves, the newest last.
    TransitionPage of Transition
);
