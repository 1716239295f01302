//! Counts in two directions: what was answered, and how it came in.
//!
//! The margins stand beside the table, so a hidden cell must not follow from
//! its row or its column. A row is broken down as a whole or not at all, and
//! the rows that aren't, are never one alone: their sum, which everybody can
//! compute per column, is itself nobody or enough people. Which rows go is
//! decided in the order of their margins, which are known anyway. So what is
//! open to who knows all this, is a table of which only the margins are known,
//! all of them zero or enough; and no cell under the minimum follows from that.

use super::{Cell, ChoicesEach, ORGANISATION_MINIMUM, Why, protect};

const HIDDEN: Cell = Cell::Suppressed(Why::Complementary);

/// A table in two directions with its margins, as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Table {
    /// The total of each row.
    pub rows: Vec<Cell>,
    /// The total of each column.
    pub columns: Vec<Cell>,
    /// The cells, row by row.
    pub cells: Vec<Vec<Cell>>,
}

/// A table of people who are each counted once, under a shown total.
///
/// Rows and columns are protected in one direction each by [`protect`], the
/// columns without regard to the rows, so that two tables of the same people
/// with the same columns give the same columns. Rows that are shorter than the
/// longest count as filled up with zeros. Less than the minimum in all:
/// [`Why::Base`] throughout.
pub fn protect_table(counts: &[Vec<i64>], minimum: i64) -> Table {
    let minimum = minimum.max(ORGANISATION_MINIMUM);
    let width = counts.iter().map(Vec::len).max().unwrap_or_default();
    let columns: Vec<i64> = (0..width).map(|column| counts.iter().map(|row| at(row, column)).sum()).collect();
    let rows: Vec<i64> = counts.iter().map(|row| row.iter().sum()).collect();
    let rows = protect(&rows, true, minimum);
    let columns = protect(&columns, true, minimum);
    let cells = break_down(&[counts], &rows, &columns, minimum);
    Table { rows, columns, cells }
}

/// The cells of a table whose rows overlap ([`super::protect_overlapping`]),
/// where its margins are shown as given. `people` are those of whom the counts
/// are parts, per column, and `each` in how many of them everybody is.
pub fn protect_overlapping_table(
    counts: &[Vec<i64>],
    people: &[i64],
    margins: (&[Cell], &[Cell]),
    each: ChoicesEach,
    minimum: i64,
) -> Vec<Vec<Cell>> {
    let minimum = minimum.max(ORGANISATION_MINIMUM);
    let rest = |row: &Vec<i64>| people.iter().enumerate().map(|(column, of)| of - at(row, column)).collect();
    let out: Vec<Vec<i64>> = counts.iter().map(rest).collect();
    let cells = break_down(&[counts, &out], margins.0, margins.1, minimum);
    // Where a row is missing, nobody knows how many choices were made.
    let whole = |column: usize| cells.iter().all(|row| row.get(column).is_some_and(|cell| cell.figure().is_some()));
    if !(0..margins.1.len()).any(whole) {
        return cells;
    }
    let known = known_columns(counts, margins.1);
    let people_in = known_columns(&[people.to_vec()], margins.1).concat();
    let choices = (0..people_in.len()).map(|column| known.iter().map(|row| at(row, column)).sum());
    if people_in.iter().zip(choices).any(|(people, choices)| each.tells(choices, *people, minimum)) {
        return cells.into_iter().map(|row| vec![HIDDEN; row.len()]).collect();
    }
    cells
}

/// Which rows of a table may be broken down by all of its columns, where every column is known:
/// several tables of the same rows can stand side by side in it, and then a row is broken down in all of
/// them or in none. `layers` count the same rows in different ways, and each has to hold. None where no
/// row that says something may be broken down.
pub fn rows_broken_down(layers: &[Vec<Vec<i64>>], rows: &[Cell], minimum: i64) -> Option<Vec<bool>> {
    let hidden = hidden_rows(layers, rows, minimum.max(ORGANISATION_MINIMUM));
    let says = |(index, margin): (usize, &Cell)| margin.figure().is_none() || least(layers, index) > Some(0);
    let saying = rows.iter().enumerate().filter(|one| says(*one)).count();
    let some = hidden.len() < saying || saying == 0;
    some.then(|| (0..rows.len()).map(|index| !hidden.contains(&index)).collect())
}

fn least(layers: &[Vec<Vec<i64>>], index: usize) -> Option<i64> {
    layers.iter().filter_map(|layer| layer.get(index)).map(|row| row.iter().sum()).min()
}

fn at(row: &[i64], column: usize) -> i64 {
    row.get(column).copied().unwrap_or_default()
}

/// The cells under these margins. Every layer counts the same rows in another
/// way, and each of them has to hold.
fn break_down(layers: &[&[Vec<i64>]], rows: &[Cell], columns: &[Cell], minimum: i64) -> Vec<Vec<Cell>> {
    if rows.iter().chain(columns).any(|cell| *cell == Cell::Suppressed(Why::Base)) {
        return vec![vec![Cell::Suppressed(Why::Base); columns.len()]; rows.len()];
    }
    let layers: Vec<Vec<Vec<i64>>> = layers.iter().map(|counts| known_columns(counts, columns)).collect();
    let hidden = hidden_rows(&layers, rows, minimum);
    let Some(counts) = layers.first().filter(|_| columns.iter().any(|cell| cell.figure().is_some())) else {
        return vec![vec![HIDDEN; columns.len()]; rows.len()];
    };
    let cells = |index: usize| {
        let mut known = counts.get(index).into_iter().flatten();
        let row = columns.iter().map(|column| match column {
            Cell::Shown(_) if hidden.contains(&index) => HIDDEN,
            Cell::Shown(_) => known.next().map_or(HIDDEN, |count| Cell::Shown(*count)),
            Cell::Suppressed(_) => HIDDEN,
        });
        row.collect()
    };
    (0..rows.len()).map(cells).collect()
}

/// The columns that can be computed: each that is shown, and what the hidden
/// ones come to together, last.
fn known_columns(counts: &[Vec<i64>], columns: &[Cell]) -> Vec<Vec<i64>> {
    let split = |row: &Vec<i64>| {
        let shown = columns.iter().enumerate().filter(|(_, cell)| cell.figure().is_some());
        let hidden = columns.iter().enumerate().filter(|(_, cell)| cell.figure().is_none());
        let mut known: Vec<i64> = shown.map(|(column, _)| at(row, column)).collect();
        known.push(hidden.map(|(column, _)| at(row, column)).sum());
        known
    };
    counts.iter().map(split).collect()
}

/// Which rows aren't broken down: those without a margin, and of the others,
/// the smallest first, as few as will do. Rows of nobody and of everybody hold
/// no secret, so that they are always shown and keep no other row company.
fn hidden_rows(layers: &[Vec<Vec<i64>>], rows: &[Cell], minimum: i64) -> Vec<usize> {
    let rank = |(index, margin): (usize, &Cell)| match margin.figure() {
        None => Some((index, 0)),
        Some(_) => least(layers, index).filter(|least| *least > 0).map(|least| (index, least)),
    };
    let mut order: Vec<(usize, i64)> = rows.iter().enumerate().filter_map(rank).collect();
    order.sort_by_key(|(_, least)| *least);
    let mut order: Vec<usize> = order.into_iter().map(|(index, _)| index).collect();
    let forced = rows.iter().filter(|cell| cell.figure().is_none()).count();
    let holds = |count: usize| {
        let (hidden, shown) = order.split_at(count);
        count != 1 && layers.iter().all(|layer| layer_holds(layer, hidden, shown, minimum))
    };
    let count = (forced..order.len()).find(|count| holds(*count)).unwrap_or(order.len());
    order.truncate(count);
    order
}

fn layer_holds(layer: &[Vec<i64>], hidden: &[usize], shown: &[usize], minimum: i64) -> bool {
    let clean = |count: i64| count <= 0 || count >= minimum;
    let rows = |indexes: &[usize]| indexes.iter().filter_map(|index| layer.get(*index)).collect::<Vec<_>>();
    let width = layer.first().map(Vec::len).unwrap_or_default();
    let together = |column: usize| rows(hidden).into_iter().map(|row| at(row, column)).sum::<i64>();
    (0..width).all(|column| clean(together(column))) && rows(shown).into_iter().flatten().all(|count| clean(*count))
}

#[cfg(test)]
mod tests;
