//! Matrices: each row is a single choice of its own, but who leaves one open mostly leaves all of them open.
//!
//! So how many left a row open may not be what hides a small count in it: another row could tell. It is shown, or
//! nothing of the row is.

use super::{Counted, HIDDEN, Protected};
use crate::cells::{Cell, Table, Why, protect_table};

impl Counted<'_> {
    /// One answer each, and who answered known; or nothing.
    pub(super) fn one_of_several(&self) -> Protected {
        if !self.may_be_left_open() {
            return self.exclusive();
        }
        let unanswered = self.who_answered().1;
        let rows = self.rows();
        if let Cell::Suppressed(why) = unanswered {
            let hidden = if why == Why::Base { unanswered } else { HIDDEN };
            let channels = vec![vec![hidden; self.people.len()]; rows.len()];
            return Protected { counts: vec![hidden; rows.len()], unanswered, channels };
        }
        let Table { rows: counts, cells, .. } = protect_table(&rows, self.minimum);
        let known = self.answered_per_channel();
        let channels = if known { cells } else { vec![vec![HIDDEN; self.people.len()]; counts.len()] };
        self.unless_nobody(Protected { counts, unanswered, channels })
    }
}
