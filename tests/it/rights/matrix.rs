//! The matrix: every operation, called by everybody, about everybody's things.
//! What is refused leaves the database as it was.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use futures_util::StreamExt as _;

use super::actors::{Actor, World};
use super::cells::{Column, Row, rows};
use super::golden::{self, Letters};
use crate::support::database::{connect, contents};
use crate::support::{On, Service};

/// What is gone after the first who may delete it.
const ONCE: &[&str] = &[
    "createDeadlineExtension",
    "deleteAccountSecondFactor",
    "deleteClientCredential",
    "deleteConsultationLink",
    "deleteGrant",
    "deleteKiosk",
    "deleteMedium",
    "deleteSupport",
];

/// What ends callers' own sessions: it comes last, in this order.
const LAST: &[&str] = &["createSecondFactor", "createPasswordChange", "deleteOtherSessions", "deleteSession"];

/// What a refused call changes after all, with the reason.
const MOVES: &[(&str, &str, &str)] = &[
    ("createRecruitmentAnswer", "audit_", "a code that was tried in vain is written down"),
    ("redeemSignInCode", "audit_", "a code that was tried in vain is written down"),
    ("refreshSession", "audit_", "a token that was tried in vain is written down"),
];

/// How many refused calls are under way at once: none of them changes anything.
const AT_ONCE: usize = 8;

#[expect(clippy::disallowed_methods, reason = "a switch of the test run, not of the service")]
fn updates() -> bool {
    std::env::var("UPDATE_RIGHTS").is_ok_and(|value| value == "1")
}

/// Every cell: a row, a caller, a column.
fn cells<'a>(rows: &'a [Row], world: &'a World) -> Vec<(&'a Row, &'a Actor, Column)> {
    let last = |row: &Row| LAST.iter().position(|one| *one == row.operation.id).map_or(0, |at| at + 1);
    let mut ordered: Vec<&Row> = rows.iter().collect();
    ordered.sort_by_key(|row| last(row));
    let mut found = Vec::new();
    for row in ordered {
        for column in row.columns(world).into_iter().rev() {
            found.extend(world.actors.iter().map(|actor| (row, actor, column)));
        }
    }
    found
}

fn noted(letters: &mut Letters, (row, actor, column): (&Row, &Actor, Column), letter: char) {
    letters.entry(row.name.clone()).or_default().entry(actor.name.to_owned()).or_default().insert(column, letter);
}

/// Sends cells to copies of the service; what they are answered.
async fn on_copies(service: &Service, world: &World, cells: &[(&Row, &Actor, Column)]) -> Letters {
    let mut letters = Letters::new();
    let mut copy = service.copied().await;
    for (row, actor, column) in cells.iter().copied() {
        let request = row.request((column, actor), world);
        let reply = row.send(&request, actor, &copy.base).await;
        let letter = row.letter(&reply, column, world);
        assert_ne!(letter, '?', "{} {} {column:?}: {}", row.name, actor.name, reply.text);
        noted(&mut letters, (row, actor, column), letter);
        if reply.status < 300 && ONCE.contains(&row.operation.id.as_str()) {
            copy = service.copied().await;
        }
    }
    letters
}

/// Sends cells that are refused to the service itself: what they are answered, and
/// what they changed all the same.
async fn refused(service: &Service, world: &World, cells: &[(&Row, &Actor, Column)]) -> (Letters, Vec<String>) {
    let (mut letters, mut changed) = (Letters::new(), Vec::new());
    let database = connect(&service.running.app.config.database.url).await;
    let mut before = contents(&database).await;
    let mut moved = BTreeSet::new();
    for of_one in cells.chunk_by(|one, next| one.0.name == next.0.name) {
        let operation = &of_one[0].0.operation.id;
        let asked = of_one.iter().map(|(row, actor, column)| async move {
            let reply = row.send(&row.request((*column, actor), world), actor, &service.base).await;
            ((*row, *actor, *column), row.letter(&reply, *column, world))
        });
        let mut answered = futures_util::stream::iter(asked).buffer_unordered(AT_ONCE);
        while let Some((cell, letter)) = answered.next().await {
            noted(&mut letters, cell, letter);
        }
        drop(answered);
        let after = contents(&database).await;
        let tables: Vec<&String> =
            after.iter().filter(|(table, rows)| before[*table] != **rows).map(|one| one.0).collect();
        for table in tables {
            let known = MOVES.iter().find(|(one, start, _)| one == operation && table.starts_with(start));
            match known {
                Some(known) => drop(moved.insert(known.0)),
                None => changed.push(format!("{operation} changed {table}")),
            }
        }
        before = after;
    }
    database.close().await.unwrap();
    let stale = MOVES.iter().filter(|(one, ..)| !moved.contains(one));
    changed.extend(stale.map(|(one, table, _)| format!("{one} doesn't change {table}: its exemption is stale")));
    (letters, changed)
}

/// Where two tables of letters differ, of the cells that the second has.
fn differences(wanted: &Letters, found: &Letters) -> Vec<String> {
    let mut told = Vec::new();
    for (row, actors) in found {
        for (actor, cells) in actors {
            for (column, letter) in cells {
                let known = wanted.get(row).and_then(|actors| actors.get(actor)).and_then(|cells| cells.get(column));
                if known != Some(letter) {
                    told.push(format!("{row} {actor} {column:?}: {letter}, and not {known:?}"));
                }
            }
        }
    }
    told
}

fn is_refusal(letter: Option<&char>) -> bool {
    letter.is_some_and(|letter| "1234x".contains(*letter))
}

on_both! {
    /// On SQLite whole; on PostgreSQL what is refused.
    async fn everybody_may_what_the_matrix_says(service) {
        let begun = Instant::now();
        let world = World::of(service).await;
        let rows = rows();
        let built = begun.elapsed();
        let all = cells(&rows, &world);
        if updates() && service.on == On::Sqlite {
            golden::write(&golden::written(&rows, &on_copies(service, &world, &all).await));
        }
        let (text, wanted) = golden::read();
        let letter = |(row, actor, column): &(&Row, &Actor, Column)| {
            wanted.get(&row.name).and_then(|actors| actors.get(actor.name)).and_then(|cells| cells.get(column))
        };
        let (closed, open): (Vec<_>, Vec<_>) = all.iter().copied().partition(|cell| is_refusal(letter(cell)));
        let asking = Instant::now();
        let (mut letters, changed) = refused(service, &world, &closed).await;
        let asked = asking.elapsed();
        let mut faults = changed;
        faults.extend(differences(&wanted, &letters));
        if service.on == On::Sqlite {
            let opened = on_copies(service, &world, &open).await;
            faults.extend(differences(&wanted, &opened));
            for (row, actors) in opened {
                for (actor, cells) in actors {
                    letters.entry(row.clone()).or_default().entry(actor).or_default().extend(cells);
                }
            }
            if faults.is_empty() && text != golden::written(&rows, &letters) {
                faults.push("matrix.txt tells of cells that there aren't, or otherwise".to_owned());
            }
        }
        let operations: BTreeSet<&str> = rows.iter().map(|row| row.operation.id.as_str()).collect();
        let covered: BTreeSet<&str> = letters.keys().map(|row| row.split('/').next().unwrap()).collect();
        let sent = letters.values().flat_map(BTreeMap::values).map(BTreeMap::len).sum::<usize>();
        eprintln!(
            "operations={} covered={} rows={} callers={} cells={sent} refused={} on {:?}: {:.1} s, {:.1} s of it to build and {:.1} s to be refused",
            operations.len(), covered.len(), rows.len(), world.actors.len(), closed.len(), service.on,
            begun.elapsed().as_secs_f64(), built.as_secs_f64(), asked.as_secs_f64(),
        );
        assert!(faults.is_empty(), "{} faults: {:#?}", faults.len(), &faults[..faults.len().min(40)]);
        assert_eq!(covered, operations);
    }
}
