use std::collections::{BTreeSet, HashMap};

use proptest::prelude::*;

use super::*;
use crate::cells::{ChoicesEach, protect_overlapping};

fn figures(cells: &[Vec<Cell>]) -> Vec<Vec<Option<i64>>> {
    cells.iter().map(|row| row.iter().map(|cell| cell.figure()).collect()).collect()
}

#[test]
fn a_table_without_small_cells_is_shown_whole() {
    let table = protect_table(&[vec![12, 9], vec![0, 7]], 5);
    assert_eq!(figures(&table.cells), [[Some(12), Some(9)], [Some(0), Some(7)]]);
    assert_eq!(table.rows, [Cell::Shown(21), Cell::Shown(7)]);
    assert_eq!(table.columns, [Cell::Shown(12), Cell::Shown(16)]);
}

#[test]
fn a_row_with_a_small_cell_gets_company() {
    let table = protect_table(&[vec![30, 20], vec![9, 2], vec![6, 7]], 5);
    assert_eq!(figures(&table.cells), [vec![Some(30), Some(20)], vec![None; 2], vec![None; 2]]);
    assert_eq!(table.rows, [Cell::Shown(50), Cell::Shown(11), Cell::Shown(13)]);
    // A row of zeros is no company.
    let table = protect_table(&[vec![30, 20], vec![9, 2], vec![0, 0]], 5);
    assert_eq!(figures(&table.cells), [vec![None; 2], vec![None; 2], vec![Some(0); 2]]);
}

#[test]
fn a_column_without_a_margin_is_hidden_throughout() {
    let table = protect_table(&[vec![30, 3, 6], vec![20, 0, 0]], 5);
    assert_eq!(table.columns.iter().map(|cell| cell.figure()).collect::<Vec<_>>(), [Some(50), None, None]);
    assert_eq!(figures(&table.cells), [[Some(30), None, None], [Some(20), None, None]]);
    // Two of one sort by phone or visit: the rest of the row would tell.
    let table = protect_table(&[vec![30, 3, 4], vec![20, 0, 2]], 5);
    assert!(table.cells.iter().flatten().all(|cell| cell.figure().is_none()));
}

#[test]
fn too_few_in_all_is_said_everywhere() {
    let table = protect_table(&[vec![2, 1], vec![1, 0]], 5);
    let base = Cell::Suppressed(Why::Base);
    assert_eq!(table, Table { rows: vec![base; 2], columns: vec![base; 2], cells: vec![vec![base; 2]; 2] });
}

/// Every table of this many rows and columns with this total.
fn tables(rows: usize, columns: usize, total: i64) -> Vec<Vec<Vec<i64>>> {
    let mut all = vec![Vec::new()];
    for left in (0..rows * columns).rev() {
        let more = |cells: Vec<i64>| {
            let rest = total - cells.iter().sum::<i64>();
            let from = if left == 0 { rest } else { 0 };
            (from..=rest).map(move |n| [&cells[..], &[n]].concat())
        };
        all = all.into_iter().flat_map(more).collect();
    }
    all.into_iter().map(|cells| cells.chunks(columns).map(<[i64]>::to_vec).collect()).collect()
}

/// Everything that somebody would like to know of a table: cells and margins.
fn secrets(table: &[Vec<i64>]) -> Vec<i64> {
    let columns = (0..table[0].len()).map(|column| table.iter().map(|row| row[column]).sum());
    table.iter().flatten().copied().chain(table.iter().map(|row| row.iter().sum())).chain(columns).collect()
}

fn none_is_told<A: std::hash::Hash + Eq + std::fmt::Debug>(
    seen: impl Iterator<Item = (A, Vec<i64>)>,
    told: impl Fn(i64) -> bool,
) {
    let mut possible: HashMap<A, Vec<BTreeSet<i64>>> = HashMap::new();
    for (answer, secrets) in seen {
        let sets = possible.entry(answer).or_insert_with(|| vec![BTreeSet::new(); secrets.len()]);
        sets.iter_mut().zip(secrets).for_each(|(set, secret)| {
            set.insert(secret);
        });
    }
    for (answer, sets) in &possible {
        for known in sets.iter().filter(|set| set.len() == 1).filter_map(|set| set.first()) {
            assert!(!told(*known), "{answer:?} tells {known}");
        }
    }
}

/// The strongest attacker: knows the rule and the total, and lists every table
/// that would have given the very same answer.
fn attack(rows: usize, columns: usize, total: i64) {
    let all = tables(rows, columns, total);
    let seen = all.iter().map(|table| (protect_table(table, 5), secrets(table)));
    none_is_told(seen, |known| 0 < known && known < 5);
}

#[test]
fn who_knows_the_rule_and_the_margins_computes_no_small_cell() {
    for total in 5..=30 {
        attack(2, 2, total);
    }
    for total in 5..=15 {
        attack(3, 2, total);
    }
    for total in 5..=15 {
        attack(2, 3, total);
    }
    for total in 5..=10 {
        attack(3, 3, total);
    }
    for total in 5..=11 {
        attack(4, 2, total);
    }
}

/// The same for overlapping rows; the attacker also knows how many options
/// everybody had to choose at least and could choose at most.
fn attack_overlapping(options: usize, people: &[i64], (least, most): (i64, i64)) {
    let total = people.iter().sum::<i64>();
    let mut all = vec![Vec::new()];
    for of in people.iter().cycle().take(options * people.len()) {
        all = all.into_iter().flat_map(|t: Vec<i64>| (0..=*of).map(move |n| [&t[..], &[n]].concat())).collect();
    }
    let columns = protect(people, true, 5);
    let tables = all.iter().map(|cells| cells.chunks(people.len()).map(<[i64]>::to_vec).collect::<Vec<_>>());
    let made = |table: &[Vec<i64>], column: usize| table.iter().map(|row| row[column]).sum::<i64>();
    let fits = |made: i64, of: i64| least * of <= made && made <= most * of;
    let legal = tables.filter(|table| (0..people.len()).all(|column| fits(made(table, column), people[column])));
    let seen = legal.map(|table| {
        let margins: Vec<i64> = table.iter().map(|row| row.iter().sum()).collect();
        let each = ChoicesEach { least, most };
        let rows = protect_overlapping(&margins, total, each, 5);
        let cells = protect_overlapping_table(&table, people, (&rows, &columns), each, 5);
        let rest = |row: &Vec<i64>| people.iter().zip(row).map(|(of, n)| of - n).collect::<Vec<_>>();
        let secrets = table.iter().flatten().copied().chain(table.iter().flat_map(rest));
        let margins_out = margins.iter().map(|n| total - n);
        ((rows, cells), secrets.chain(margins.iter().copied()).chain(margins_out).collect())
    });
    none_is_told(seen, |known| 0 < known && known < 5);
}

#[test]
fn who_knows_the_rule_and_what_could_be_chosen_computes_no_small_cell() {
    for people in [[5, 5], [6, 7], [10, 10], [12, 8], [14, 13]] {
        for limits in [(1, 2), (2, 2)] {
            attack_overlapping(2, &people, limits);
        }
    }
    for people in [[5, 5], [7, 5]] {
        for limits in [(1, 2), (1, 3), (2, 2), (2, 3)] {
            attack_overlapping(3, &people, limits);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    #[test]
    fn what_is_left_over_in_a_row_or_column_is_nobody_or_enough(
        table in prop::collection::vec(prop::collection::vec(0i64..40, 3), 2..7),
        minimum in 5i64..12,
    ) {
        let shown = protect_table(&table, minimum);
        let clean = |n: i64| n == 0 || n >= minimum;
        for (row, cells) in table.iter().zip(&shown.cells) {
            prop_assert!(cells.iter().zip(row).all(|(cell, n)| cell.figure().is_none_or(|f| f == *n && clean(f))));
        }
        let hidden = |row: usize, column: usize| shown.cells[row][column].figure().is_none();
        let columns = (0..3).filter(|column| shown.columns[*column].figure().is_some());
        for column in columns {
            let gone: Vec<i64> = (0..table.len()).filter(|row| hidden(*row, column)).map(|row| table[row][column]).collect();
            prop_assert!(gone.len() != 1 && clean(gone.iter().sum()));
        }
        for row in (0..table.len()).filter(|row| shown.rows[*row].figure().is_some()) {
            let gone: Vec<i64> = (0..3).filter(|column| hidden(row, *column)).map(|column| table[row][column]).collect();
            prop_assert!(gone.len() != 1 && clean(gone.iter().sum()));
        }
    }
}
