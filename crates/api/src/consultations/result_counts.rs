//! What was counted of a question, row by row, on the wire: of everybody, and of a group.

use chrono::NaiveDate;
use klankbord_domain::consultations::{Period, Stance};
use klankbord_domain::participants::Channel;
use klankbord_domain::{Cell as Protected, Why};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::web::cell::Cell;
use crate::web::text::TextVariant;

/// How many people by one channel.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChannelCount {
    /// The channel.
    pub(super) channel: Channel,
    /// How many.
    pub(super) count: Cell,
}

/// Declares a row of what could be answered, of everybody and of a group: what tells it from the others, and
/// how many answered so.
macro_rules! counted {
    (
        $(#[doc = $about:literal])* $whole:ident $({ $($(#[$($only_about:tt)*])* $only:ident: $only_type:ty,)* })?,
        $(#[doc = $group_about:literal])* $group:ident
        { $($(#[$($field_about:tt)*])* $field:ident: $type:ty,)* }
    ) => {
        $(#[doc = $about])*
        #[derive(Debug, Serialize, ToSchema)]
        #[serde(rename_all = "camelCase")]
        pub struct $whole {
            $($(#[$($field_about)*])* pub(super) $field: $type,)*
            $($($(#[$($only_about)*])* pub(super) $only: $only_type,)*)?
            /// How many people.
            pub(super) count: Cell,
            /// Which part of those who answered, in tenths of a percent; where both figures stand.
            #[schema(minimum = 0, maximum = 1000, example = 375)]
            pub(super) share_tenths: Option<i64>,
            /// The same by channel.
            #[schema(max_items = 10)]
            pub(super) channels: Vec<ChannelCount>,
        }

        $(#[doc = $group_about])*
        #[derive(Debug, Serialize, ToSchema)]
        #[serde(rename_all = "camelCase")]
        pub struct $group {
            $($(#[$($field_about)*])* pub(super) $field: $type,)*
            /// How many of them.
            pub(super) count: Cell,
            /// Which part of those of them who answered, in tenths of a percent; where both figures stand.
            #[schema(minimum = 0, maximum = 1000, example = 375)]
            pub(super) share_tenths: Option<i64>,
        }
    };
}

/// What an option got in all: a figure, or why there is none.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"figure": 31}))]
pub struct OptionTotal {
    /// How many points or dots.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    figure: Option<i64>,
    /// Why no figure stands here.
    suppressed: Option<Why>,
}

impl From<Protected> for OptionTotal {
    fn from(cell: Protected) -> Self {
        let Cell { figure, suppressed } = cell.into();
        Self { figure, suppressed }
    }
}

counted! {
    /// How many people chose an option; of options in order, how many put it first, and of dots, how many gave it any.
    OptionCount {
        /// What people read.
        #[schema(max_items = 20)]
        label: Vec<TextVariant>,
        /// What it got in all. Of options in order its points: for the first place as many as there are places,
        /// for each next one less. Of dots how many.
        total: Option<OptionTotal>,
    },
    /// How many people of a group chose an option.
    GroupOptionCount {
        /// The option.
        option_id: Uuid,
    }
}

counted! {
    /// How many people gave a value on a scale.
    ScaleCount,
    /// How many people of a group gave a value on a scale.
    GroupScaleCount {
        /// The value.
        #[schema(minimum = -1000, maximum = 1000, example = 4)]
        value: i32,
    }
}

counted! {
    /// How many people gave a number in a band.
    BandCount,
    /// How many people of a group gave a number in a band.
    GroupBandCount {
        /// The lowest number of the band.
        #[schema(minimum = -1_000_000_000, maximum = 1_000_000_000, example = 5)]
        least: i32,
        /// The highest number of the band.
        #[schema(minimum = -1_000_000_000, maximum = 1_000_000_000, example = 14)]
        most: i32,
    }
}

counted! {
    /// How many people gave a day in a period.
    PeriodCount,
    /// How many people of a group gave a day in a period.
    GroupPeriodCount {
        /// Whether it is a year or a month.
        period: Period,
        /// Its first day.
        starts_on: NaiveDate,
    }
}

counted! {
    /// How many people said so to a statement.
    StanceCount,
    /// How many people of a group said so to a statement.
    GroupStanceCount {
        /// What they said.
        stance: Stance,
    }
}
