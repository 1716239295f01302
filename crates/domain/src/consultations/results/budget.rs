//! Budgets that don't pay for everything.
//!
//! There how many people chose each option says more than elsewhere: with what each costs and how many answered, it
//! says what they left over together. So nothing is told by channel or group, and the whole only where it tells
//! nothing of few people, and those who could have paid more aren't few.

use super::{Counted, HIDDEN, Protected, sum};
use crate::cells::{Cell, ChoicesEach, Why, protect_overlapping};

impl Counted<'_> {
    /// Every option's count, or none.
    pub(super) fn tight(&self) -> Protected {
        let margins = self.margins();
        let answered = sum(&self.tally.answered);
        let each = ChoicesEach { least: 1, most: i64::MAX };
        let unanswered = if self.may_be_left_open() { self.who_answered().1 } else { self.none_open() };
        let cells = protect_overlapping(&margins, answered, each, self.minimum);
        let shown = cells.iter().all(|cell| cell.figure().is_some()) && unanswered.figure().is_some();
        let holds = self.weighed.is_some_and(|weighed| weighed.holds(self.minimum));
        let why = match unanswered {
            base @ Cell::Suppressed(Why::Base) => base,
            Cell::Shown(_) | Cell::Suppressed(_) => HIDDEN,
        };
        let counts = if shown && holds { cells } else { vec![why; margins.len()] };
        let channels = vec![vec![why; self.people.len()]; margins.len()];
        self.unless_nobody(Protected { counts, unanswered, channels })
    }
}
