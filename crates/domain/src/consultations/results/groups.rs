//! The groups of people that a breakdown makes, and which of them may be told apart.
//!
//! Whoever can't be told apart is merged with others, until every merged group is nobody or enough
//! people, in each declared pair of characteristics too. From then on everything is counted by these *atoms*
//! alone: people within one could change places without any figure changing.

use std::collections::{BTreeMap, BTreeSet};

use crate::cells::{Cell, protect, rows_broken_down};
use crate::consultations::breakdown::{Characteristic, UNKNOWN};
use crate::consultations::tally::{Cut, Tally};

use super::HIDDEN;

/// In which region each municipality lies.
pub type Regions = BTreeMap<String, String>;

/// One value by which a group is told apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct GroupValue {
    /// The value: a code, an id, `unknown`.
    pub value: String,
    /// Municipalities of which one was too small: the value is their region.
    pub rolled_up: bool,
    /// The values that were taken together.
    pub(super) members: Vec<String>,
}

/// What one value of a characteristic gathers.
struct Group {
    value: GroupValue,
    columns: Vec<usize>,
    cell: Cell,
    atom: usize,
}

/// The groups by one characteristic.
pub(super) struct Dimension<'a> {
    cut: &'a Cut,
    groups: Vec<Group>,
}

/// How municipalities are taken together.
#[derive(Clone, Copy)]
pub(super) struct Rolling<'a> {
    /// Which regions stand for their municipalities.
    pub(super) rolled: &'a BTreeSet<String>,
    /// Where municipalities lie.
    pub(super) regions: &'a Regions,
}

/// The regions of the municipalities of which one holds fewer than the minimum.
pub(super) fn too_small<'a>(cut: &'a Cut, regions: &'a Regions, minimum: i64) -> impl Iterator<Item = String> + 'a {
    let people = |column: &usize| cut.tally.people.get(*column).copied().unwrap_or_default();
    let small = move |column: &usize| (1..minimum).contains(&people(column));
    let keys = cut.columns.iter().filter(move |(_, column)| small(column)).map(|(key, _)| key);
    keys.filter_map(|key| key.first()).filter_map(|value| regions.get(value)).cloned()
}

impl<'a> Dimension<'a> {
    /// The groups by one characteristic, with those that are too small merged; nothing where
    /// there are too few people in all.
    pub(super) fn of(cut: &'a Cut, rolling: Rolling<'_>, minimum: i64) -> Self {
        let mut groups: Vec<Group> = Vec::new();
        for (value, column) in ordered(cut) {
            let region = rolling.regions.get(value).filter(|region| rolling.rolled.contains(*region));
            let region = region.filter(|_| cut.by == [Characteristic::Municipality]);
            let name = region.unwrap_or(value);
            let rolled_up = region.is_some();
            let same = |group: &&mut Group| group.value.rolled_up == rolled_up && group.value.value == *name;
            if let Some(group) = groups.iter_mut().find(same) {
                group.value.members.push(value.clone());
                group.columns.push(column);
            } else {
                let value = GroupValue { value: name.clone(), rolled_up, members: vec![value.clone()] };
                groups.push(Group { value, columns: vec![column], cell: HIDDEN, atom: groups.len() });
            }
        }
        let people: Vec<i64> = groups.iter().map(|group| sum_of(&cut.tally.people, &group.columns)).collect();
        if people.iter().sum::<i64>() < minimum {
            return Self { cut, groups: Vec::new() };
        }
        let rest = groups.len();
        for (group, cell) in groups.iter_mut().zip(protect(&people, true, minimum)) {
            group.cell = cell;
            if cell.figure().is_none() {
                group.atom = rest;
            }
        }
        Self { cut, groups }
    }

    /// Whether it is by this one.
    pub(super) fn is_by(&self, by: Characteristic) -> bool {
        self.cut.by == [by]
    }

    /// One more than the highest atom.
    fn atoms(&self) -> usize {
        self.groups.iter().map(|group| group.atom + 1).max().unwrap_or_default()
    }

    fn is_alone(&self, group: &Group) -> bool {
        self.groups.iter().filter(|other| other.atom == group.atom).count() == 1
    }

    fn merge(&mut self, atoms: &[usize]) {
        let Some(first) = atoms.first() else { return };
        for group in self.groups.iter_mut().filter(|group| atoms.contains(&group.atom)) {
            group.atom = *first;
        }
    }

    /// In which atom each column is.
    fn atom_of_column(&self) -> Vec<usize> {
        let mut atoms = vec![0; self.cut.tally.people.len()];
        for group in &self.groups {
            for column in &group.columns {
                atoms.get_mut(*column).into_iter().for_each(|atom| *atom = group.atom);
            }
        }
        atoms
    }

    fn atom_of_value(&self, value: &str) -> usize {
        let has = |group: &&Group| group.value.members.iter().any(|member| member == value);
        self.groups.iter().find(has).map_or(0, |group| group.atom)
    }

    /// The table by this characteristic.
    pub(super) fn unit(&self) -> Unit<'a> {
        let group = |group: &Group| UnitGroup {
            values: vec![group.value.clone()],
            cell: group.cell,
            atom: self.is_alone(group).then_some(group.atom),
        };
        Unit {
            by: self.cut.by.clone(),
            tally: &self.cut.tally,
            atom_of_column: self.atom_of_column(),
            atoms: self.atoms(),
            groups: self.groups.iter().map(group).collect(),
        }
    }
}

/// Values with their columns: known ones in the order of their vocabulary, others by name, `unknown` last.
fn ordered(cut: &Cut) -> Vec<(&String, usize)> {
    let known = cut.by.first().is_some_and(|by| !by.values().is_empty());
    let mut values: Vec<_> =
        cut.columns.iter().filter_map(|(key, column)| key.first().map(|value| (value, *column))).collect();
    values.sort_by_key(|(value, column)| (if known { *column } else { 0 }, value.as_str() == UNKNOWN));
    values
}

/// Merges groups of two characteristics until each pair of them is nobody or enough people. Whether
/// there is a pair left to speak of.
pub(super) fn cross<'a>(cut: &Cut, (one, other): (&mut Dimension<'a>, &mut Dimension<'a>), minimum: i64) -> bool {
    let counts = pairs(cut, one, other);
    let turned: Vec<Vec<i64>> =
        (0..other.atoms()).map(|at| counts.iter().filter_map(|row| row.get(at)).copied().collect()).collect();
    for (counts, dimension) in [(counts, one), (turned, other)] {
        let margins: Vec<Cell> = counts.iter().map(|row| Cell::Shown(row.iter().sum())).collect();
        if let Some(shown) = rows_broken_down(std::slice::from_ref(&counts), &margins, minimum) {
            let hidden = shown.iter().enumerate().filter(|(_, shown)| !**shown).map(|(atom, _)| atom);
            dimension.merge(&hidden.collect::<Vec<_>>());
            return true;
        }
    }
    false
}

/// How many people there are in each pair of atoms.
fn pairs(cut: &Cut, one: &Dimension<'_>, other: &Dimension<'_>) -> Vec<Vec<i64>> {
    let mut counts = vec![vec![0; other.atoms()]; one.atoms()];
    for (key, column) in &cut.columns {
        let [first, second] = key.as_slice() else { continue };
        let cell = counts.get_mut(one.atom_of_value(first)).and_then(|row| row.get_mut(other.atom_of_value(second)));
        let people = cut.tally.people.get(*column).copied().unwrap_or_default();
        if let Some(cell) = cell {
            *cell += people;
        }
    }
    counts
}

/// The table by a pair of characteristics that are crossed; or of which nothing is said.
pub(super) fn crossed<'a>(cut: &'a Cut, (one, other): (&Dimension<'_>, &Dimension<'_>), said: bool) -> Unit<'a> {
    let counts = pairs(cut, one, other);
    let width = other.atoms();
    let mut atom_of_column = vec![0; cut.tally.people.len()];
    for (key, column) in &cut.columns {
        let [first, second] = key.as_slice() else { continue };
        let atom = one.atom_of_value(first) * width + other.atom_of_value(second);
        atom_of_column.get_mut(*column).into_iter().for_each(|to| *to = atom);
    }
    let alone = |dimension: &Dimension<'_>, group: &Group| said && dimension.is_alone(group);
    let group = |first: &Group, second: &Group| {
        let told = alone(one, first) && alone(other, second);
        let people = counts.get(first.atom).and_then(|row| row.get(second.atom)).copied().unwrap_or_default();
        UnitGroup {
            values: vec![first.value.clone(), second.value.clone()],
            cell: if told { Cell::Shown(people) } else { HIDDEN },
            atom: told.then_some(first.atom * width + second.atom),
        }
    };
    let group = &group;
    let groups = one.groups.iter().flat_map(|first| other.groups.iter().map(move |second| group(first, second)));
    let groups = groups.collect();
    Unit { by: cut.by.clone(), tally: &cut.tally, atom_of_column, atoms: one.atoms() * width, groups }
}

/// A group as it is shown: with its atom, where that holds nobody else.
#[derive(Clone)]
pub(super) struct UnitGroup {
    pub(super) values: Vec<GroupValue>,
    pub(super) cell: Cell,
    pub(super) atom: Option<usize>,
}

/// One table by which questions are broken down.
#[derive(Clone)]
pub(super) struct Unit<'a> {
    pub(super) by: Vec<Characteristic>,
    tally: &'a Tally,
    atom_of_column: Vec<usize>,
    atoms: usize,
    pub(super) groups: Vec<UnitGroup>,
}

/// One question's counts by atoms.
#[derive(Clone)]
pub(super) struct AtomTally {
    pub(super) people: Vec<i64>,
    pub(super) answered: Vec<i64>,
    pub(super) picked: Vec<Vec<i64>>,
}

/// In how many steps groups are merged for one question.
pub(super) const STEPS: usize = 4;

impl Unit<'_> {
    /// The same with the smallest groups merged, some more at each step; at the first none. None
    /// where that would be the step before.
    pub(super) fn coarser(&self, step: usize) -> Option<Self> {
        let people = self.by_atom(&self.tally.people);
        let mut order: Vec<(i64, usize)> = people.into_iter().zip(0..).filter(|(people, _)| *people > 0).collect();
        order.sort_unstable();
        let (merged, before) = (order.len() * step / STEPS, order.len() * step.saturating_sub(1) / STEPS);
        if step > 0 && (merged < 2 || merged == before) {
            return None;
        }
        let gone: Vec<usize> = order.into_iter().take(merged).map(|(_, atom)| atom).collect();
        let mut coarser = self.clone();
        let Some(first) = gone.first().copied() else { return Some(coarser) };
        for atom in coarser.atom_of_column.iter_mut().filter(|atom| gone.contains(atom)) {
            *atom = first;
        }
        for group in coarser.groups.iter_mut().filter(|group| group.atom.is_some_and(|atom| gone.contains(&atom))) {
            group.atom = None;
        }
        Some(coarser)
    }

    /// What the question at this place was answered, by atoms.
    pub(super) fn question(&self, at: usize) -> Option<AtomTally> {
        let question = self.tally.questions.get(at)?;
        Some(AtomTally {
            people: self.by_atom(&self.tally.people),
            answered: self.by_atom(&question.answered),
            picked: question.picked.iter().map(|(_, counts)| self.by_atom(counts)).collect(),
        })
    }

    fn by_atom(&self, counts: &[i64]) -> Vec<i64> {
        let mut atoms = vec![0; self.atoms];
        for (count, atom) in counts.iter().zip(&self.atom_of_column) {
            atoms.get_mut(*atom).into_iter().for_each(|sum| *sum += count);
        }
        atoms
    }
}

fn sum_of(counts: &[i64], columns: &[usize]) -> i64 {
    columns.iter().filter_map(|column| counts.get(*column)).sum()
}
