//! The ways from rows to the person whom they are about, as conditions.

use sea_orm::Condition;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SelectStatement};
use uuid::Uuid;

use super::Person;
use crate::privacy::map::{DataMap, Lead, Subject};
use crate::store::Failure;

/// By whom a row is found: as a participant, or as somebody with an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum As {
    /// As a participant.
    Participant,
    /// As somebody with an account.
    Account,
}

impl As {
    /// Whether a column of this subject is theirs in a row that is about them.
    pub(super) fn owns(self, subject: Subject) -> bool {
        match self {
            Self::Participant => matches!(subject, Subject::Participant | Subject::Person),
            Self::Account => matches!(subject, Subject::Account | Subject::Person),
        }
    }

    fn ids(self, person: &Person) -> Vec<Uuid> {
        match self {
            Self::Participant => person.participants.clone(),
            Self::Account => person.account.into_iter().collect(),
        }
    }
}

/// The rows of a table that are about the person; none where no way leads there.
pub(super) fn about(
    map: &'static DataMap,
    name: &'static str,
    who: As,
    person: &Person,
) -> Result<Option<Condition>, Failure> {
    let table = map.table(name)?;
    let leads = match who {
        As::Participant => &table.participant,
        As::Account => &table.account,
    };
    let mut any = Condition::any();
    let mut found = false;
    for lead in leads {
        let one = match lead {
            Lead::Column(by) => Some(Condition::all().add(column(name, by).is_in(who.ids(person)))),
            Lead::Through(way) => {
                let within = match &way.of {
                    None => Some(column(name, &way.by).is_in(who.ids(person))),
                    Some(of) => about(map, of, who, person)?.map(|beyond| {
                        let at = way.at.as_deref().unwrap_or("id");
                        column(name, &way.by).in_subquery(select(of, at, beyond))
                    }),
                };
                within.map(|within| {
                    let values = way.only.iter().map(|(only, value)| column(name, only).eq(value.as_str()));
                    let all = values.fold(Condition::all().add(within), Condition::add);
                    match &way.own {
                        Some(own) => all.add(column(name, own).is_in(person.own.clone())),
                        None => all,
                    }
                })
            }
        };
        if let Some(one) = one {
            any = any.add(one);
            found = true;
        }
    }
    Ok(found.then_some(any))
}

/// The rows of a table that stand in a council's room; none where none can.
pub(super) fn in_rooms(map: &'static DataMap, name: &'static str) -> Result<Option<Condition>, Failure> {
    let table = map.table(name)?;
    let mut any = Condition::any();
    let mut found = false;
    if table.columns.contains_key("council") {
        any = any.add(column(name, "council").eq(true));
        found = true;
    }
    if table.columns.contains_key("room_id") {
        any = any.add(column(name, "room_id").is_not_null());
        found = true;
    }
    for lead in &table.room {
        let Lead::Through(way) = lead else { continue };
        let Some(of) = &way.of else { continue };
        if let Some(beyond) = in_rooms(map, of)? {
            any = any.add(column(name, &way.by).in_subquery(select(of, "id", beyond)));
            found = true;
        }
    }
    Ok(found.then_some(any))
}

fn select(of: &'static str, at: &'static str, which: Condition) -> SelectStatement {
    Query::select().column((of, at)).from(of).cond_where(which).to_owned()
}

fn column(table: &'static str, name: &'static str) -> Expr {
    Expr::col((table, name))
}
