//! Matrices: each row is a single choice of its own, but who leaves one open mostly leaves all of them open.
//!
//! So how many left a row open may not be what hides a small count in it: another row could tell. It is shown, or
//! nothing of the row is. And where anybody left a row open, it isn't told by channel or group: rows that are told by
//! different groups would tell of those who left both open by which pair of groups they are.

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
        let nothing = |why: Cell| (vec![why; rows.len()], vec![vec![why; self.people.len()]; rows.len()]);
        let (counts, channels) = match unanswered {
            Cell::Shown(open) => {
                let Table { rows: counts, cells, .. } = protect_table(&rows, self.minimum);
                let (_, hidden) = nothing(HIDDEN);
                (counts, if open == 0 { cells } else { hidden })
            }
            base @ Cell::Suppressed(Why::Base) => nothing(base),
            Cell::Suppressed(_) => nothing(HIDDEN),
        };
        self.unless_nobody(Protected { counts, unanswered, channels })
    }
}
