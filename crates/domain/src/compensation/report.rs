//! What each perspective gets for the same work, trained and untrained told
//! apart, and where that is unequal.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::RateUnit;
use crate::networks::Perspective;

/// Work that was claimed and not turned down: one line at a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkDone {
    /// Whose.
    pub person: Uuid,
    /// From which perspective.
    pub perspective: Perspective,
    /// Whether as somebody trained.
    pub trained: bool,
    /// What was counted.
    pub unit: RateUnit,
    /// How much: minutes, meetings, kilometres.
    pub quantity: i64,
    /// What it came to. Cents.
    pub cents: i64,
}

/// What one group got for one kind of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportRow {
    /// For what.
    pub unit: RateUnit,
    /// The perspective.
    pub perspective: Perspective,
    /// Whether they were trained.
    pub trained: bool,
    /// How many people, how much work, and what it came to.
    pub figures: Figures,
}

/// The figures of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// How many people.
    pub persons: i64,
    /// How much: minutes, meetings, kilometres.
    pub quantity: i64,
    /// What it came to. Cents.
    pub cents: i64,
    /// What one of it gave on average: an hour, a meeting, a kilometre. Cents.
    pub unit_cents: i64,
}

/// The same work, given unequally.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// For what.
    pub unit: RateUnit,
    /// Who got the least for one.
    pub least: (Perspective, bool),
    /// Who got the most for one.
    pub most: (Perspective, bool),
    /// By how much that differs for one. Cents.
    pub cents: i64,
}

/// The rows of who did something, by unit, perspective and training, and of each
/// unit the widest gap between them. For who keeps claims alone: between two periods
/// one person's pay could be computed.
pub fn report(work: &[WorkDone]) -> (Vec<ReportRow>, Vec<Gap>) {
    let mut groups: BTreeMap<(RateUnit, Perspective, bool), Vec<&WorkDone>> = BTreeMap::new();
    for one in work {
        groups.entry((one.unit, one.perspective, one.trained)).or_default().push(one);
    }
    let rows: Vec<ReportRow> = groups
        .into_iter()
        .map(|((unit, perspective, trained), done)| {
            let figures = figures_of(unit, &done);
            ReportRow { unit, perspective, trained, figures }
        })
        .collect();
    let gaps = RateUnit::ALL.iter().filter_map(|unit| gap_of(*unit, &rows)).collect();
    (rows, gaps)
}

fn figures_of(unit: RateUnit, done: &[&WorkDone]) -> Figures {
    let persons: BTreeSet<Uuid> = done.iter().map(|one| one.person).collect();
    let quantity: i64 = done.iter().map(|one| one.quantity).sum();
    let cents: i64 = done.iter().map(|one| one.cents).sum();
    let ones = match unit {
        RateUnit::Hour => 60,
        RateUnit::Meeting | RateUnit::Kilometre => 1,
    };
    let unit_cents = if quantity == 0 { 0 } else { (cents * ones + quantity / 2) / quantity };
    Figures { persons: i64::try_from(persons.len()).unwrap_or(i64::MAX), quantity, cents, unit_cents }
}

fn gap_of(unit: RateUnit, rows: &[ReportRow]) -> Option<Gap> {
    let shown = rows.iter().filter(|row| row.unit == unit);
    let shown: Vec<_> = shown.map(|row| (row.figures.unit_cents, (row.perspective, row.trained))).collect();
    let least = shown.iter().min_by_key(|(cents, _)| *cents)?;
    let most = shown.iter().max_by_key(|(cents, _)| *cents)?;
    let cents = most.0 - least.0;
    (cents > 0).then_some(Gap { unit, least: least.1, most: most.1, cents })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(person: u128, perspective: Perspective, trained: bool, cents: i64) -> WorkDone {
        WorkDone { person: Uuid::from_u128(person), perspective, trained, unit: RateUnit::Hour, quantity: 120, cents }
    }

    #[test]
    fn unequal_pay_for_the_same_work_shows() {
        let work = [
            done(1, Perspective::YoungPerson, true, 2000),
            done(2, Perspective::YoungPerson, true, 2000),
            done(3, Perspective::Parent, false, 1100),
        ];
        let (rows, gaps) = report(&work);
        let shown: Vec<_> = rows.iter().map(|row| (row.perspective, row.trained, row.figures)).collect();
        assert_eq!(shown[0].0, Perspective::YoungPerson);
        assert_eq!(shown[0].2, Figures { persons: 2, quantity: 240, cents: 4000, unit_cents: 1000 });
        assert_eq!(shown[1].2.unit_cents, 550);
        let most = (Perspective::YoungPerson, true);
        let least = (Perspective::Parent, false);
        assert_eq!(gaps, vec![Gap { unit: RateUnit::Hour, least, most, cents: 450 }]);
        let equal = [done(1, Perspective::YoungPerson, true, 2000), done(2, Perspective::Parent, true, 2000)];
        assert_eq!(report(&equal).1, Vec::new());
    }
}
