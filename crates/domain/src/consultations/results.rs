//! Results that betray nobody: what may be shown of a tally.
//!
//! Everything that is shown here can be laid side by side, with the code, and
//! still no group under the minimum follows. For that, leaving a question open
//! counts as an answer to it (else the difference between those who took part
//! and those who answered would be a figure of a small group), and what is
//! shown depends on hidden counts only through `cells`, or shows less.

mod broken_down;
mod budget;
mod conditional;
mod details;
mod groups;
mod matrix;
mod published;

pub use self::broken_down::{BrokenDown, GroupResults};
pub use self::groups::{GroupValue, Regions};
pub(super) use self::published::levels;
pub use self::published::{Snapshots, needs_snapshot};

use uuid::Uuid;

use self::broken_down::Tables;
use self::conditional::asked_of;
use self::groups::Rolling;
use super::question::Counting;
use super::tally::{Counts, Cut};
use super::{Characteristic, Picked, Question, QuestionTally, Weighed};
use crate::cells::{
    Cell, ChoicesEach, Table, Why, protect, protect_overlapping, protect_overlapping_table, protect_table,
    protect_total,
};

pub(super) const HIDDEN: Cell = Cell::Suppressed(Why::Complementary);
pub(super) const ALIKE: Cell = Cell::Suppressed(Why::Homogeneous);

/// One thing that could be chosen, and how many people did.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ChoiceResult {
    /// What could be chosen.
    pub picked: Picked,
    /// How many people chose it.
    pub count: Cell,
    /// The same per channel, in the order of
    /// [`Channel::ALL`](crate::participants::Channel::ALL).
    pub channels: Vec<Cell>,
    /// What it got in all, of everybody alone: the points of options that are put in order, or dots; of other
    /// kinds nothing.
    pub total: Option<Cell>,
}

/// What one question was answered, as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct QuestionResults {
    /// Which question.
    pub question_id: Uuid,
    /// Of a matrix which row.
    pub row_id: Option<Uuid>,
    /// Of a question that is asked of some alone: how many of those who took part were asked it.
    pub asked: Option<Cell>,
    /// How many people answered it.
    pub answered: Cell,
    /// How many people took part, were asked it and left it open.
    pub unanswered: Cell,
    /// Choice by choice, in the question's order.
    pub choices: Vec<ChoiceResult>,
    /// The mean of a scale, in hundredths, rounded half away from zero; only
    /// where nothing is hidden.
    pub mean_hundredths: Option<i64>,
    /// The median of a scale, in hundredths; only where nothing is hidden.
    pub median_hundredths: Option<i64>,
}

/// What was answered, as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Results {
    /// How many people took part.
    pub responses: Cell,
    /// The same per channel, in the order of
    /// [`Channel::ALL`](crate::participants::Channel::ALL).
    pub channels: Vec<Cell>,
    /// Question by question.
    pub questions: Vec<QuestionResults>,
    /// By each declared breakdown.
    pub breakdowns: Vec<BrokenDown>,
}

fn at_minimum(questions: &[Question], counts: &Counts, rolling: Rolling<'_>, minimum: i64) -> Results {
    let tally = &counts.channels;
    let of = |counted: &QuestionTally| questions.iter().find(|question| question.id == counted.question_id);
    let pairs = tally.questions.iter().filter_map(|counted| of(counted).map(|question| (question, counted)));
    let counted = pairs.map(|(question, counted)| {
        let people = asked_of(question, questions, tally).unwrap_or_else(|| tally.people.clone());
        Counted::new((question, counted), people, &counts.weighed, minimum)
    });
    let asked: Vec<_> = counted
        .map(|counted| {
            let protected = counted.protected();
            (counted, protected)
        })
        .collect();
    let mut results = Results {
        responses: protect_total(sum(&tally.people), minimum),
        channels: protect(&tally.people, true, minimum),
        questions: asked.iter().map(|(counted, protected)| counted.shown(protected)).collect(),
        breakdowns: Vec::new(),
    };
    if !counts.cuts.is_empty() {
        let channels = Cut::of_channels(tally);
        let tables = Tables::of(counts, &channels, rolling, minimum);
        results.breakdowns = tables.results(&asked, counts.cuts.iter().map(|cut| &cut.by));
        let by_channel = tables.results(&asked, [&channels.by]);
        results.by_channel(by_channel.first().map_or(&[], |one| &one.groups));
    }
    results.tell_what_rests_on_what_is_told(questions);
    if counts.records.is_some() && !counts.cuts.iter().any(|cut| cut.by == [Characteristic::Channel]) {
        // Beside records it would be a third direction.
        let choices = results.questions.iter_mut().flat_map(|question| &mut question.choices);
        choices.flat_map(|choice| &mut choice.channels).for_each(|cell| *cell = either(*cell, HIDDEN));
    }
    results
}

impl Results {
    /// Takes how choices came in from a breakdown by that.
    fn by_channel(&mut self, groups: &[GroupResults]) {
        for (at, question) in self.questions.iter_mut().enumerate() {
            for (choice_at, choice) in question.choices.iter_mut().enumerate() {
                let cell = |group: &GroupResults| group.questions.get(at)?.choices.get(choice_at).map(|one| one.count);
                for (channel, told) in choice.channels.iter_mut().zip(groups) {
                    *channel = cell(told).unwrap_or(HIDDEN);
                }
            }
        }
    }
}

/// One question and its counts, on the way to what may be shown.
struct Counted<'a> {
    question: &'a Question,
    tally: &'a QuestionTally,
    /// Who were asked it.
    people: Vec<i64>,
    weighed: Option<&'a Weighed>,
    unanswered: Vec<i64>,
    minimum: i64,
}

/// Cells of a question: per choice, then who left it open.
struct Protected {
    counts: Vec<Cell>,
    unanswered: Cell,
    channels: Vec<Vec<Cell>>,
}

impl<'a> Counted<'a> {
    fn new(
        (question, tally): (&'a Question, &'a QuestionTally),
        people: Vec<i64>,
        weighed: &'a [Weighed],
        minimum: i64,
    ) -> Self {
        let unanswered = people.iter().zip(&tally.answered).map(|(all, some)| all - some).collect();
        let weighed = weighed.iter().find(|one| one.question_id == question.id);
        Self { question, tally, people, weighed, unanswered, minimum }
    }

    /// Everybody knows that nobody left a required question open: there it is
    /// no cell behind which another could hide.
    fn may_be_left_open(&self) -> bool {
        !self.question.required || sum(&self.unanswered) > 0
    }

    fn rows(&self) -> Vec<Vec<i64>> {
        self.tally.picked.iter().map(|(_, counts)| counts.clone()).collect()
    }

    fn margins(&self) -> Vec<i64> {
        self.tally.picked.iter().map(|(_, counts)| sum(counts)).collect()
    }

    fn protected(&self) -> Protected {
        let protected = self.without_alike(match self.question.kind.counting() {
            Counting::One => self.exclusive(),
            Counting::Several { freely, each } => self.overlapping(freely, each),
            Counting::Rows => self.one_of_several(),
            Counting::Tight => self.tight(),
            Counting::Words => self.written(),
        });
        if self.is_asked_of_all() {
            return protected;
        }
        Protected { channels: hide_all(protected.channels, HIDDEN), ..protected }
    }

    fn is_asked_of_all(&self) -> bool {
        self.question.placement.only_if.is_none()
    }

    fn shown(&self, protected: &Protected) -> QuestionResults {
        let answered = match protected.unanswered {
            Cell::Shown(_) => Cell::Shown(sum(&self.tally.answered)),
            why @ Cell::Suppressed(_) => why,
        };
        let picked = self.tally.picked.iter().zip(protected.counts.iter().zip(&protected.channels));
        let choice = |((picked, _), (count, channels)): ((&Picked, _), (&Cell, &Vec<Cell>))| ChoiceResult {
            picked: *picked,
            count: *count,
            channels: channels.clone(),
            total: None,
        };
        QuestionResults {
            question_id: self.question.id,
            row_id: self.tally.row_id,
            asked: None,
            answered,
            unanswered: protected.unanswered,
            choices: picked.map(|((picked, counts), cells)| choice(((picked, counts), cells))).collect(),
            mean_hundredths: None,
            median_hundredths: None,
        }
    }

    /// One answer each: a table of choices, and of leaving it open.
    fn exclusive(&self) -> Protected {
        let mut rows = self.rows();
        if self.may_be_left_open() {
            rows.push(self.unanswered.clone());
        }
        let Table { rows: mut counts, cells: mut channels, .. } = protect_table(&rows, self.minimum);
        let unanswered = if self.may_be_left_open() { counts.pop().unwrap_or(HIDDEN) } else { self.none_open() };
        channels.truncate(counts.len());
        self.unless_nobody(Protected { counts, unanswered, channels })
    }

    /// Only how many wrote something.
    fn written(&self) -> Protected {
        let unanswered = if self.may_be_left_open() { self.who_answered().1 } else { self.none_open() };
        self.unless_nobody(Protected { counts: Vec::new(), unanswered, channels: Vec::new() })
    }

    /// Several answers each. Where some few left it open, who chose and who
    /// didn't can't be told beside how many had to choose; then leaving it
    /// open takes part as a choice of its own, if one could choose freely,
    /// else nothing is shown.
    fn overlapping(&self, freely: bool, each: ChoicesEach) -> Protected {
        let margins = self.margins();
        let answered = sum(&self.tally.answered);
        if !self.may_be_left_open() {
            let counts = protect_overlapping(&margins, sum(&self.people), each, self.minimum);
            let channels = self.by_channel(&counts, &self.people, each);
            return Protected { counts, unanswered: self.none_open(), channels };
        }
        let (counts, unanswered) = match self.who_answered().1 {
            base @ Cell::Suppressed(Why::Base) => (vec![base; margins.len()], base),
            Cell::Shown(_) | Cell::Suppressed(_) if freely => self.as_choice(&margins, each),
            open @ Cell::Shown(_) => (protect_overlapping(&margins, answered, each, self.minimum), open),
            Cell::Suppressed(_) => (vec![HIDDEN; margins.len()], HIDDEN),
        };
        let channels = match unanswered {
            Cell::Shown(_) if self.answered_per_channel() => self.by_channel(&counts, &self.tally.answered, each),
            Cell::Shown(_) => vec![vec![HIDDEN; self.people.len()]; margins.len()],
            why @ Cell::Suppressed(_) => vec![vec![why; self.people.len()]; margins.len()],
        };
        self.unless_nobody(Protected { counts, unanswered, channels })
    }

    /// The choices beside leaving it open, as if that were one of them.
    fn as_choice(&self, margins: &[i64], each: ChoicesEach) -> (Vec<Cell>, Cell) {
        let mut all = margins.to_vec();
        all.push(sum(&self.unanswered));
        // Who left it open chose that and nothing else.
        let one_or_more = ChoicesEach { least: 1, most: i64::MAX };
        let mut counts = protect_overlapping(&all, sum(&self.people), one_or_more, self.minimum);
        let unanswered = counts.pop().unwrap_or(HIDDEN);
        if unanswered.figure().is_some() {
            counts = both(&counts, &protect_overlapping(margins, sum(&self.tally.answered), each, self.minimum));
        }
        (counts, unanswered)
    }

    /// How many answered and how many left it open.
    fn who_answered(&self) -> (Cell, Cell) {
        let pair = [sum(&self.tally.answered), sum(&self.unanswered)];
        let cells = protect(&pair, true, self.minimum);
        let cell = |at: usize| cells.get(at).copied().unwrap_or(HIDDEN);
        (cell(0), cell(1))
    }

    /// Whether it may be known per channel how many answered.
    fn answered_per_channel(&self) -> bool {
        let table = protect_table(&[self.tally.answered.clone(), self.unanswered.clone()], self.minimum);
        let columns = table.columns.iter().enumerate().filter(|(_, cell)| cell.figure().is_some());
        let known = |at: usize| table.cells.iter().all(|row| row.get(at).is_some_and(|cell| cell.figure().is_some()));
        columns.map(|(at, _)| at).all(known)
    }

    fn by_channel(&self, counts: &[Cell], people: &[i64], each: ChoicesEach) -> Vec<Vec<Cell>> {
        let columns = protect(&self.people, true, self.minimum);
        protect_overlapping_table(&self.rows(), people, (counts, &columns), each, self.minimum)
    }

    /// That nobody left it open, where there is anybody to speak of.
    fn none_open(&self) -> Cell {
        match protect_total(sum(&self.people), self.minimum) {
            Cell::Shown(_) => Cell::Shown(0),
            why @ Cell::Suppressed(_) => why,
        }
    }

    /// A true zero shows only on a base; and that nobody answered looks like
    /// too few who did.
    fn unless_nobody(&self, protected: Protected) -> Protected {
        if sum(&self.tally.answered) > 0 {
            return protected;
        }
        Protected {
            counts: protected.counts.into_iter().map(hide).collect(),
            unanswered: hide(protected.unanswered),
            channels: protected.channels.into_iter().map(|row| row.into_iter().map(hide).collect()).collect(),
        }
    }

    /// A sensitive question that (almost) everybody answered alike tells of
    /// each of them, however many they are. Per channel the same.
    fn without_alike(&self, protected: Protected) -> Protected {
        if !self.question.sensitive || protected.unanswered == Cell::Suppressed(Why::Base) {
            return protected;
        }
        if is_alike(&self.margins(), sum(&self.tally.answered)) {
            let unanswered = if self.may_be_left_open() { self.who_answered().1 } else { self.none_open() };
            let counts = vec![ALIKE; protected.counts.len()];
            return Protected { counts, unanswered, channels: hide_all(protected.channels, ALIKE) };
        }
        let columns = protect(&self.people, true, self.minimum);
        let hidden = |counts: &[i64]| {
            let pairs = counts.iter().zip(&columns);
            pairs.filter(|(_, cell)| cell.figure().is_none()).map(|(count, _)| count).sum::<i64>()
        };
        let at = |counts: &[i64], at: usize| counts.get(at).copied().unwrap_or_default();
        let shown = columns.iter().enumerate().filter(|(_, cell)| cell.figure().is_some()).map(|(at, _)| at);
        let rows = self.rows();
        let alone = |column: usize| {
            let column_of = |row: &Vec<i64>| at(row, column);
            is_alike(&rows.iter().map(column_of).collect::<Vec<_>>(), at(&self.tally.answered, column))
        };
        let together = is_alike(&rows.iter().map(|row| hidden(row)).collect::<Vec<_>>(), hidden(&self.tally.answered));
        if !together && !shown.into_iter().any(alone) {
            return protected;
        }
        Protected { channels: hide_all(protected.channels, ALIKE), ..protected }
    }
}

fn sum(counts: &[i64]) -> i64 {
    counts.iter().sum()
}

/// Whether nine in ten or more gave one answer.
pub(super) fn is_alike(counts: &[i64], answered: i64) -> bool {
    answered > 0 && counts.iter().any(|count| count * 10 >= answered * 9)
}

/// The cell without its figure; too few in all stays said.
fn hide(cell: Cell) -> Cell {
    if cell == Cell::Suppressed(Why::Base) { cell } else { HIDDEN }
}

fn hide_all(cells: Vec<Vec<Cell>>, why: Cell) -> Vec<Vec<Cell>> {
    cells.into_iter().map(|row| vec![why; row.len()]).collect()
}

/// What both show, cell by cell.
pub(super) fn both(cells: &[Cell], others: &[Cell]) -> Vec<Cell> {
    cells.iter().zip(others).map(|(cell, other)| either(*cell, *other)).collect()
}

/// The figure where both have one, else why not.
fn either(cell: Cell, other: Cell) -> Cell {
    match (cell, other) {
        (Cell::Shown(_), Cell::Suppressed(_)) => HIDDEN,
        (Cell::Shown(_), Cell::Shown(_)) | (Cell::Suppressed(_), _) => cell,
    }
}

#[cfg(test)]
mod audit;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod weighed_tests;
