//! Coding: themes, what they are put on, how many people said them, and people's words.

pub mod coded;
mod piece;
pub mod quote;
pub mod theme;
pub mod theme_results;
pub mod words;

use chrono::{DateTime, NaiveTime, Utc};

use crate::store::Tx;

/// The day of the command, as the instant at which it began: of what is said about answers that lead to nobody
/// no finer time is kept.
fn of_the_day(tx: &Tx) -> DateTime<Utc> {
    tx.now().date_naive().and_time(NaiveTime::MIN).and_utc()
}
