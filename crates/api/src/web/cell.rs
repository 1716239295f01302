//! Counts of people on the wire.

use klankbord_domain::{Cell as Protected, Why};
use serde::Serialize;
use utoipa::ToSchema;

/// How many people: a figure, or why there is none. Exactly one of the two.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Cell {
    /// How many.
    #[schema(minimum = 0, example = 12)]
    pub figure: Option<i64>,
    /// Why the figure isn't shown.
    pub suppressed: Option<Why>,
}

impl From<Protected> for Cell {
    fn from(cell: Protected) -> Self {
        match cell {
            Protected::Shown(figure) => Self { figure: Some(figure), suppressed: None },
            Protected::Suppressed(why) => Self { figure: None, suppressed: Some(why) },
        }
    }
}
