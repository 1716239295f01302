//! Counts of people on the wire.

use klankbord_domain::{Cell as Domain, Why};
use serde::Serialize;
use utoipa::ToSchema;

/// A count of people: a figure, or why there is none.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"figure": 12}))]
pub struct Cell {
    /// How many people.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub figure: Option<i64>,
    /// Why no figure stands here.
    pub suppressed: Option<Why>,
}

impl From<Domain> for Cell {
    fn from(cell: Domain) -> Self {
        match cell {
            Domain::Shown(figure) => Self { figure: Some(figure), suppressed: None },
            Domain::Suppressed(why) => Self { figure: None, suppressed: Some(why) },
        }
    }
}
