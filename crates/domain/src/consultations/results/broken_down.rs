//! Questions by declared breakdowns.
//!
//! Of one question the same choices are broken down by every breakdown, or by none of them: who made one of
//! the others could have made any of those without a figure changing. A breakdown by which no choice can be
//! told is left out for that question; the one that was declared first goes first. Of characteristics that are
//! crossed either the pair is told with both, or one of them alone: from three tables around
//! one that is hidden, that could be computed.

use std::collections::BTreeMap;

use super::groups::{AtomTally, Dimension, GroupValue, Rolling, STEPS, Unit, cross, crossed};
use super::{ALIKE, ChoiceResult, Counted, HIDDEN, Protected, QuestionResults, is_alike, sum};
use crate::cells::{Cell, Why, rows_broken_down};
use crate::consultations::breakdown::Characteristic;
use crate::consultations::question::Counting;
use crate::consultations::tally::{Counts, Cut};
use crate::consultations::{QuestionKind, QuestionTally};

/// What one group answered, as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct GroupResults {
    /// The group: by one value, or by two.
    pub values: Vec<GroupValue>,
    /// How many of them took part.
    pub people: Cell,
    /// Question by question; nothing by channel.
    pub questions: Vec<QuestionResults>,
}

/// What was answered by a declared breakdown, as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BrokenDown {
    /// By what: one or two.
    pub by: Vec<Characteristic>,
    /// Group by group; nothing where there are too few people in all.
    pub groups: Vec<GroupResults>,
}

/// A part of a question's counts in the same rows, in columns that stand side by side.
type Layers = Vec<Vec<Vec<i64>>>;

/// The tables by which questions are broken down, and which of them belong together.
pub(super) struct Tables<'a> {
    units: Vec<Unit<'a>>,
    /// Those that are told together or one at a time: by one characteristic, and crossed.
    families: Vec<Family>,
    minimum: i64,
}

#[derive(Default)]
struct Family {
    single: Vec<usize>,
    pairs: Vec<usize>,
}

/// A table by which one question is told: where it stands among all, and the question's counts in it.
type Told<'a> = (usize, Unit<'a>, AtomTally);

/// By which breakdowns one question can be told.
struct Chosen<'a> {
    tables: Vec<Told<'a>>,
    rows: Vec<bool>,
    alike: bool,
}

impl<'a> Tables<'a> {
    /// Everything that was counted, in groups; how answers came in (`channels`) as the last, where that wasn't
    /// declared.
    pub(super) fn of(counts: &'a Counts, channels: &'a Cut, rolling: Rolling<'_>, minimum: i64) -> Self {
        let single = counts.cuts.iter().filter(|cut| cut.by.len() == 1);
        let declared = single.clone().any(|cut| cut.by == [Characteristic::Channel]);
        let single = single.chain((!declared).then_some(channels));
        let mut dimensions: Vec<_> = single.map(|cut| Dimension::of(cut, rolling, minimum)).collect();
        let mut family_of: Vec<usize> = (0..dimensions.len()).collect();
        let pairs: Vec<&Cut> = counts.cuts.iter().filter(|cut| cut.by.len() == 2).collect();
        let mut said = Vec::new();
        for pair in &pairs {
            let (one, other) = places(&dimensions, pair);
            let told = with_two(&mut dimensions, (one, other), |first, second| cross(pair, (first, second), minimum));
            said.push(told);
            if told {
                let (from, to) = (family_of.get(other).copied(), family_of.get(one).copied().unwrap_or_default());
                family_of.iter_mut().filter(|family| Some(**family) == from).for_each(|family| *family = to);
            }
        }
        let mut families: BTreeMap<usize, Family> = BTreeMap::new();
        let mut units: Vec<Unit<'a>> = Vec::new();
        for (dimension, family) in dimensions.iter().zip(&family_of) {
            families.entry(*family).or_default().single.push(units.len());
            units.push(dimension.unit());
        }
        for (pair, told) in pairs.into_iter().zip(said) {
            let (one, other) = places(&dimensions, pair);
            let (Some(first), Some(second)) = (dimensions.get(one), dimensions.get(other)) else { continue };
            if told {
                let family = family_of.get(one).copied().unwrap_or_default();
                families.entry(family).or_default().pairs.push(units.len());
            }
            units.push(crossed(pair, (first, second), told));
        }
        Self { units, families: families.into_values().collect(), minimum }
    }

    /// The results by each declared breakdown, and how this question's choices may be shown by channel.
    pub(super) fn results<'d>(
        &self,
        asked: &[(Counted<'_>, Protected)],
        declared: impl IntoIterator<Item = &'d Vec<Characteristic>>,
    ) -> Vec<BrokenDown> {
        let chosen: Vec<_> =
            asked.iter().enumerate().map(|(at, (counted, protected))| self.choose(at, counted, protected)).collect();
        let of = |by: &'d Vec<Characteristic>| {
            let (place, unit) = self.units.iter().enumerate().find(|(_, unit)| unit.by == *by)?;
            let group = |(at, group): (usize, &super::groups::UnitGroup)| GroupResults {
                values: group.values.clone(),
                people: group.cell,
                questions: asked
                    .iter()
                    .zip(&chosen)
                    .map(|((counted, _), chosen)| chosen.shown(counted, (place, at), group.cell))
                    .collect(),
            };
            Some(BrokenDown { by: by.clone(), groups: unit.groups.iter().enumerate().map(group).collect() })
        };
        declared.into_iter().filter_map(of).collect()
    }

    /// By which breakdowns this question is told: of each family all, else one, else none.
    fn choose(&self, at: usize, counted: &Counted<'_>, protected: &Protected) -> Chosen<'a> {
        let mut chosen = Chosen { tables: Vec::new(), rows: Vec::new(), alike: protected.counts.contains(&ALIKE) };
        let margins = counted.row_margins(protected);
        let says_nothing = chosen.alike || sum(&counted.tally.answered) == 0 || !counted.is_asked_of_all();
        if says_nothing || margins.contains(&Cell::Suppressed(Why::Base)) {
            return chosen;
        }
        let forced = margins.iter().filter(|cell| cell.figure().is_none()).count();
        let mut layers = Layers::new();
        for family in &self.families {
            let by_opinion = self.is_by_opinion(family);
            if by_opinion && !matches!(counted.question.kind, QuestionKind::Statement) {
                continue;
            }
            let attempts = self.attempts(family);
            let told = [true, false].into_iter().find_map(|whole| {
                attempts.iter().find_map(|attempt| {
                    let tried = self.join(&layers, attempt, (at, counted, protected));
                    chosen.alike |= !by_opinion && matches!(tried, Err(Unfit::Alike));
                    let (wider, tables) = tried.ok()?;
                    let rows = rows_broken_down(&wider, &margins, self.minimum)?;
                    let hidden = rows.iter().filter(|shown| !**shown).count();
                    if hidden == 0 && counted.tells(&wider, self.minimum) {
                        return None;
                    }
                    // What was declared isn't told less for groups that were found afterwards.
                    let costs_nothing = !by_opinion || chosen.tables.is_empty() || rows == chosen.rows;
                    (costs_nothing && (!whole || hidden == forced)).then_some((wider, tables, rows))
                })
            });
            if let Some((wider, tables, rows)) = told {
                (layers, chosen.rows) = (wider, rows);
                chosen.tables.extend(tables);
            }
        }
        chosen
    }

    fn is_by_opinion(&self, family: &Family) -> bool {
        let first = family.single.first().and_then(|at| self.units.get(*at));
        first.is_some_and(|unit| unit.by == [Characteristic::OpinionGroup])
    }

    /// What to try for a family, the best first.
    fn attempts(&self, family: &Family) -> Vec<Vec<(usize, Unit<'a>)>> {
        let unit = |at: &usize| self.units.get(*at).map(|unit| (*at, unit.clone()));
        let mut attempts = Vec::new();
        if !family.pairs.is_empty() {
            attempts.push(family.single.iter().chain(&family.pairs).filter_map(unit).collect());
        }
        for (at, unit) in family.single.iter().filter_map(unit) {
            let coarser = (0..STEPS).filter_map(|step| unit.coarser(step));
            attempts.extend(coarser.map(|unit| vec![(at, unit)]));
        }
        attempts
    }

    /// The layers with those of these tables beside them.
    fn join(
        &self,
        layers: &Layers,
        attempt: &[(usize, Unit<'a>)],
        (at, counted, protected): (usize, &Counted<'_>, &Protected),
    ) -> Result<(Layers, Vec<Told<'a>>), Unfit> {
        let (mut wider, mut tables) = (layers.clone(), Vec::new());
        for (place, unit) in attempt {
            let atoms = unit.question(at).ok_or(Unfit::Small)?;
            if counted.question.sensitive && atoms.has_alike() {
                return Err(Unfit::Alike);
            }
            let new = counted.row_layers(&atoms, protected, self.minimum).ok_or(Unfit::Small)?;
            if wider.is_empty() {
                wider = new;
            } else {
                let rows = wider.iter_mut().flatten().zip(new.into_iter().flatten());
                rows.for_each(|(row, more)| row.extend(more));
            }
            tables.push((*place, unit.clone(), atoms));
        }
        Ok((wider, tables))
    }
}

/// Why a question can't be told by a breakdown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unfit {
    Small,
    Alike,
}

/// Where two characteristics stand among all.
fn places(dimensions: &[Dimension<'_>], pair: &Cut) -> (usize, usize) {
    let at = |index: usize| {
        let by = pair.by.get(index);
        dimensions.iter().position(|dimension| by.is_some_and(|by| dimension.is_by(*by))).unwrap_or_default()
    };
    (at(0), at(1))
}

/// Does something with two different ones.
fn with_two<'a>(
    dimensions: &mut [Dimension<'a>],
    (one, other): (usize, usize),
    work: impl FnOnce(&mut Dimension<'a>, &mut Dimension<'a>) -> bool,
) -> bool {
    let Ok([first, second]) = dimensions.get_disjoint_mut([one, other]) else { return false };
    work(first, second)
}

impl AtomTally {
    fn has_alike(&self) -> bool {
        let column = |at: usize| self.picked.iter().filter_map(|row| row.get(at)).copied().collect::<Vec<_>>();
        self.answered.iter().enumerate().any(|(at, answered)| is_alike(&column(at), *answered))
    }

    fn open(&self) -> Vec<i64> {
        self.people.iter().zip(&self.answered).map(|(all, some)| all - some).collect()
    }
}

impl Counted<'_> {
    /// The totals of the rows that are broken down.
    fn row_margins(&self, protected: &Protected) -> Vec<Cell> {
        let open = self.may_be_left_open().then_some(protected.unanswered);
        match self.question.kind.counting() {
            Counting::One => protected.counts.iter().copied().chain(open).collect(),
            Counting::Several { .. } | Counting::Rows | Counting::Tight => protected.counts.clone(),
            Counting::Words => {
                let answered = match protected.unanswered {
                    Cell::Shown(_) => Cell::Shown(sum(&self.tally.answered)),
                    why @ Cell::Suppressed(_) => why,
                };
                [answered].into_iter().chain(open).collect()
            }
        }
    }

    /// Whether a column of these layers, of which every row is known, tells of a few how many they chose.
    fn tells(&self, layers: &Layers, minimum: i64) -> bool {
        let (Counting::Several { each, .. }, [within, without]) = (self.question.kind.counting(), layers.as_slice())
        else {
            return false;
        };
        let at = |row: &Vec<i64>, column: usize| row.get(column).copied().unwrap_or_default();
        let width = within.first().map(Vec::len).unwrap_or_default();
        (0..width).any(|column| {
            let people = within.iter().zip(without).map(|(some, others)| at(some, column) + at(others, column)).next();
            let choices = within.iter().map(|row| at(row, column)).sum();
            each.tells(choices, people.unwrap_or_default(), minimum)
        })
    }

    /// The rows, in each way in which they have to hold; none where that can't be told by these atoms at all.
    fn row_layers(&self, atoms: &AtomTally, protected: &Protected, minimum: i64) -> Option<Layers> {
        let open = self.may_be_left_open().then(|| atoms.open());
        match self.question.kind.counting() {
            Counting::One => Some(vec![atoms.picked.iter().cloned().chain(open).collect()]),
            // Who didn't choose is told from who left it open, so that both have to be known.
            Counting::Several { .. } => {
                let clean = |count: &i64| *count == 0 || *count >= minimum;
                let known = open.is_none_or(|open| atoms.answered.iter().chain(&open).all(clean));
                let known = known && protected.unanswered.figure().is_some();
                let out = |row: &Vec<i64>| atoms.answered.iter().zip(row).map(|(all, some)| all - some).collect();
                known.then(|| vec![atoms.picked.clone(), atoms.picked.iter().map(out).collect()])
            }
            // Who left it open is told by another row, perhaps by other groups.
            Counting::Rows => (sum(&self.unanswered) == 0).then(|| vec![atoms.picked.clone()]),
            // Who wrote isn't known: words stand apart from everything else. And of what is left of a budget
            // nothing is told by group.
            Counting::Words | Counting::Tight => None,
        }
    }
}

impl Chosen<'_> {
    /// What a group of a breakdown answered to the question.
    fn shown(&self, counted: &Counted<'_>, (place, group): (usize, usize), people: Cell) -> QuestionResults {
        let why = match people {
            Cell::Suppressed(why) => Cell::Suppressed(why),
            Cell::Shown(_) if self.alike => ALIKE,
            Cell::Shown(_) => HIDDEN,
        };
        let table = self.tables.iter().find(|(at, _, _)| *at == place).filter(|_| people.figure().is_some());
        let at = table.and_then(|(_, unit, _)| unit.groups.get(group)).and_then(|group| group.atom);
        let (Some((_, _, atoms)), Some(at)) = (table, at) else { return nothing(counted.tally, why) };
        let figure = |row: Option<&Vec<i64>>, index: usize| {
            let shown = self.rows.get(index).copied().unwrap_or_default();
            row.and_then(|row| row.get(at)).filter(|_| shown).map_or(HIDDEN, |count| Cell::Shown(*count))
        };
        let count = |index: usize| figure(atoms.picked.get(index), index);
        let (answered, open) = (atoms.answered.get(at).copied(), atoms.open().get(at).copied());
        let unanswered = match counted.question.kind.counting() {
            _ if !counted.may_be_left_open() => Cell::Shown(0),
            Counting::Several { .. } | Counting::Rows | Counting::Tight => open.map_or(HIDDEN, Cell::Shown),
            Counting::One => figure(Some(&atoms.open()), atoms.picked.len()),
            Counting::Words => figure(Some(&atoms.open()), 1),
        };
        QuestionResults {
            answered: answered.filter(|_| unanswered.figure().is_some()).map_or(HIDDEN, Cell::Shown),
            unanswered,
            ..nothing(counted.tally, HIDDEN).with(count)
        }
    }
}

impl QuestionResults {
    fn with(mut self, count: impl Fn(usize) -> Cell) -> Self {
        for (index, choice) in self.choices.iter_mut().enumerate() {
            choice.count = count(index);
        }
        self
    }
}

/// The question without a figure.
fn nothing(tally: &QuestionTally, why: Cell) -> QuestionResults {
    let choice = |picked| ChoiceResult { picked, count: why, channels: Vec::new(), total: None };
    QuestionResults {
        question_id: tally.question_id,
        row_id: tally.row_id,
        asked: None,
        answered: why,
        unanswered: why,
        choices: tally.picked.iter().map(|(picked, _)| choice(*picked)).collect(),
        mean_hundredths: None,
        median_hundredths: None,
    }
}
