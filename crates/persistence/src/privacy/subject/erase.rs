//! Erasure (GDPR art. 17): what the person wrote goes, what was chosen and counted
//! stays, and leads to nobody any more.

use std::collections::{BTreeMap, HashMap};

use klankbord_domain::text::{MadeBy, Text, Texts};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{Condition, ConnectionTrait as _, Value};
use uuid::Uuid;

use super::Person;
use super::rows::{Cell, Found, Row, gather, names_account, uuid_of};
use super::ways::As;
use crate::consultations::without_text;
use crate::privacy::map::{Column, DataMap, Erasure, Subject};
use crate::store::{Failure, Source, Tx, write_texts};

/// What happens to the rows of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasedPart {
    /// The table.
    pub table: &'static str,
    /// What stands in it.
    pub about: &'static str,
    /// How many rows.
    pub rows: usize,
    /// What happens to which columns, and why.
    pub acts: Vec<(Erasure, Vec<&'static str>, String)>,
}

/// What an erasure did, or would do.
pub type Done = Vec<ErasedPart>;

/// What stands in the place of what an author removed.
const REMOVED: [(&str, &str); 3] = [
    ("nl", "Weggehaald door de schrijver."),
    ("nl-simple", "De schrijver heeft dit weggehaald."),
    ("en", "Removed by its author."),
];

/// What an erasure of this person would do, of what may be shown: not of these tables.
///
/// # Errors
/// When the database refuses.
pub async fn plan(source: &impl Source, person: &Person, left_out: &[&str]) -> Result<Done, Failure> {
    let map = DataMap::read()?;
    let all = gather(source, person).await?;
    let told = all.iter().filter(|found| !left_out.contains(&found.name));
    Ok(told.filter_map(|found| part(map, found, person)).collect())
}

/// Erases a person; gives what was done.
///
/// # Errors
/// When the database refuses: then nothing was done.
pub async fn erase(tx: &Tx, person: &Person) -> Result<Done, Failure> {
    let map = DataMap::read()?;
    let whole = Person { outside_rooms: false, ..person.clone() };
    let found = gather(tx, &whole).await?;
    let done = found.iter().filter_map(|one| part(map, one, &whole)).collect();
    let mut strangers = Strangers { tx, known: HashMap::new() };
    for one in &found {
        for row in one.about.iter().chain(&one.made) {
            change(tx, one, row, (&whole, &mut strangers)).await?;
        }
    }
    // What hangs on another row goes before it.
    let mut going: Vec<&Found> = found.iter().filter(|one| goes(one)).collect();
    going.sort_by_key(|one| std::cmp::Reverse(depth(map, one.name)));
    for one in going {
        for row in &one.about {
            let delete = Query::delete().from_table(one.name).cond_where(is(one.name, row)).to_owned();
            tx.beneath().execute(&delete).await?;
        }
    }
    forget_answers(tx, &whole).await?;
    Ok(done)
}

/// Whether the rows of a table that are about the person go.
fn goes(found: &Found) -> bool {
    let theirs = found.table.columns.values().filter(|column| found.who.owns(column.subject));
    theirs.clone().any(|column| column.erase == Some(Erasure::DeleteRow))
        && found
            .table
            .columns
            .values()
            .all(|column| !found.who.owns(column.subject) || column.erase == Some(Erasure::DeleteRow))
}

/// How many tables a row's way leads through.
fn depth(map: &DataMap, name: &str) -> usize {
    use crate::privacy::map::Lead;
    let Some(table) = map.table.get(name) else { return 0 };
    let through = table.participant.iter().chain(&table.account).filter_map(|lead| match lead {
        Lead::Through(way) => way.of.as_deref().filter(|of| *of != name),
        Lead::Column(_) => None,
    });
    through.map(|of| depth(map, of) + 1).max().unwrap_or(0)
}

/// What happens to a column of a row that is about the person, or names their account.
fn act_on(found: &Found, cell: &Cell, person: &Person, about: bool) -> Option<Erasure> {
    let column = found.table.columns.get(cell.name)?;
    let named = uuid_of(&cell.value);
    let own = |ids: &[Uuid]| named.is_some_and(|id| ids.contains(&id));
    let account: Vec<Uuid> = person.account.into_iter().collect();
    if is_link(cell) {
        if own(&account) {
            return column.erase;
        }
        // In a row about a participant who is erased their account leads to them, too.
        let loose = about && own(&person.own) && cell.nullable && !found.table.is_trail();
        if loose && found.who == As::Participant {
            return Some(Erasure::Unlink);
        }
        if column.subject == Subject::Account {
            return None; // somebody else's
        }
    }
    if about && found.who.owns(column.subject) { column.erase } else { None }
}

/// Whether a column says which account.
fn is_link(cell: &Cell) -> bool {
    matches!(cell.value, Value::Uuid(_)) && !cell.key && names_account(cell.name)
}

fn part(map: &'static DataMap, found: &Found, person: &Person) -> Option<ErasedPart> {
    let mut acts: BTreeMap<(Erasure, String), Vec<&'static str>> = BTreeMap::new();
    let rows = found.about.iter().map(|row| (row, true)).chain(found.made.iter().map(|row| (row, false)));
    for (row, about) in rows {
        for cell in &row.cells {
            let Some(act) = act_on(found, cell, person, about) else { continue };
            let Some(column) = found.table.columns.get(cell.name) else { continue };
            let columns = acts.entry((act, why(map, act, column))).or_default();
            if !columns.contains(&cell.name) {
                columns.push(cell.name);
            }
        }
    }
    let acts: Vec<_> = acts.into_iter().map(|((act, why), columns)| (act, columns, why)).collect();
    let rows = found.about.len() + found.made.len();
    (!acts.is_empty()).then(|| ErasedPart { table: found.name, about: &found.table.about, rows, acts })
}

/// Why something stays; of what goes, what becomes of it.
fn why(map: &DataMap, act: Erasure, column: &Column) -> String {
    let word = |words: &BTreeMap<String, String>, code: Option<&String>| {
        code.and_then(|code| words.get(code)).cloned().unwrap_or_default()
    };
    if act != Erasure::Keep {
        return map.erase.get(act.code()).cloned().unwrap_or_default();
    }
    let ground = word(&map.ground, column.ground.as_ref());
    let retention = word(&map.retention, column.retention.as_ref());
    format!("it says nothing about the person by itself, or is kept on this ground: {ground}; {retention}")
}

/// Ids that stand for nobody, one in each place: a person's answers in one consultation
/// can't be joined with those in another.
struct Strangers<'t> {
    tx: &'t Tx,
    known: HashMap<(Uuid, Uuid), Uuid>,
}

impl Strangers<'_> {
    fn of(&mut self, row: &Row, old: Uuid) -> Result<Uuid, Failure> {
        let place = row.id("consultation_id").or_else(|| row.id("id")).unwrap_or(old);
        if let Some(known) = self.known.get(&(place, old)) {
            return Ok(*known);
        }
        let new = self.tx.random_id()?;
        self.known.insert((place, old), new);
        Ok(new)
    }
}

async fn change(
    tx: &Tx,
    found: &Found,
    row: &Row,
    (person, strangers): (&Person, &mut Strangers<'_>),
) -> Result<(), Failure> {
    let about = found.about.iter().any(|one| std::ptr::eq(one, row));
    let mut values: Vec<(&'static str, Value)> = Vec::new();
    for cell in &row.cells {
        let Some(act) = act_on(found, cell, person, about) else { continue };
        if let Some(new) = changed(act, (row, cell), strangers)? {
            values.push((cell.name, new));
        }
    }
    if values.is_empty() {
        return Ok(());
    }
    let mut update = Query::update();
    update.table(found.name).cond_where(is(found.name, row));
    for (name, value) in values {
        update.value(name, Expr::val(value));
    }
    tx.beneath().execute(&update).await?;
    Ok(())
}

/// What stands in a column afterwards, where it changes.
fn changed(act: Erasure, (row, cell): (&Row, &Cell), strangers: &mut Strangers<'_>) -> Result<Option<Value>, Failure> {
    let empty = cell.value.as_null();
    Ok(match act {
        Erasure::Keep | Erasure::DeleteRow => None,
        Erasure::Null | Erasure::Unlink if cell.nullable => Some(empty),
        Erasure::Null => Some(match &cell.value {
            Value::Bytes(_) => Value::from(Vec::<u8>::new()),
            _ => Value::from(String::new()),
        }),
        Erasure::Unlink => Some(match uuid_of(&cell.value) {
            Some(old) => Value::from(strangers.of(row, old)?),
            None => Value::from(format!("erased-{}", strangers.tx.random_id()?)),
        }),
        Erasure::Mark => Some(Value::from("author".to_owned())),
        Erasure::Replace => Some(Value::from(write_texts(&removed()?)?)),
        Erasure::StripText => match &cell.value {
            Value::String(Some(answers)) => Some(Value::from(without_text(answers)?)),
            _ => None,
        },
    })
}

fn removed() -> Result<Texts, Failure> {
    let variant = |(language, value): &(&str, &str)| Text {
        language: (*language).to_owned(),
        value: (*value).to_owned(),
        made_by: MadeBy::Human,
        stale: false,
    };
    Texts::new(REMOVED.iter().map(variant).collect()).map_err(|faults| Failure::Broken(format!("{faults:?}")))
}

/// That it is this row.
fn is(table: &'static str, row: &Row) -> Condition {
    let keys = row.cells.iter().filter(|cell| cell.key);
    keys.fold(Condition::all(), |all, cell| all.add(Expr::col((table, cell.name)).eq(cell.value.clone())))
}

/// Empties what was answered lately to whoever had to do with the person: answers that
/// are kept for repeats, and may say something about them. Who repeats such a request is
/// told that it can't be answered again.
async fn forget_answers(tx: &Tx, person: &Person) -> Result<(), Failure> {
    use crate::store::entity::{audit_rows, audit_subjects, kept_answers};
    let subjects = Query::select()
        .column(audit_subjects::Column::AuditId)
        .from(audit_subjects::Entity)
        .and_where(Expr::col(audit_subjects::Column::ParticipantId).is_in(person.participants.clone()))
        .to_owned();
    let actors = Query::select()
        .column(audit_rows::Column::ActorId)
        .from(audit_rows::Entity)
        .and_where(Expr::col(audit_rows::Column::Id).in_subquery(subjects))
        .and_where(Expr::col(audit_rows::Column::ActorId).is_not_null())
        .to_owned();
    let update = Query::update()
        .table(kept_answers::Entity)
        .value(kept_answers::Column::Body, Expr::val(Option::<Vec<u8>>::None))
        .and_where(Expr::col(kept_answers::Column::AccountId).in_subquery(actors))
        .to_owned();
    tx.beneath().execute(&update).await?;
    Ok(())
}
