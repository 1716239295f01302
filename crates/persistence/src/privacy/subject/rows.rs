//! Rows of whatever table, with the types that their entities know.

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait as _, Condition, EntityName as _, EntityTrait, IdenStatic as _, Iterable as _, ModelTrait as _,
    PrimaryKeyToColumn as _, QueryFilter as _, Value,
};
use uuid::Uuid;

use super::Person;
use super::ways::{As, about, in_rooms};
use crate::privacy::map::{DataMap, Subject, Table};
use crate::store::{Failure, Source};
use crate::{
    access, agreements, compensation, consultations, experience, feedback, participants, privacy, recruitment, store,
};

/// One column of one row.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    /// The column.
    pub(super) name: &'static str,
    /// What stands in it.
    pub(super) value: Value,
    /// Whether it may be empty.
    pub(super) nullable: bool,
    /// Whether the row is known by it.
    pub(super) key: bool,
}

/// One row.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Its columns.
    pub(super) cells: Vec<Cell>,
}

impl Row {
    /// The id that stands in a column.
    pub(super) fn id(&self, name: &str) -> Option<Uuid> {
        self.cells.iter().find(|cell| cell.name == name).and_then(|cell| uuid_of(&cell.value))
    }
}

/// The id that a value is.
pub(super) fn uuid_of(value: &Value) -> Option<Uuid> {
    match value {
        Value::Uuid(Some(id)) => Some(*id),
        _ => None,
    }
}

/// What was found of somebody in one table.
#[derive(Debug)]
pub(super) struct Found {
    /// The table's name.
    pub(super) name: &'static str,
    /// The table.
    pub(super) table: &'static Table,
    /// By whom the rows are found.
    pub(super) who: As,
    /// The rows that are about them.
    pub(super) about: Vec<Row>,
    /// The rows about others, or about nobody, that say that the account did something.
    pub(super) made: Vec<Row>,
}

/// Everything that is kept of a person, table by table.
pub(super) async fn gather(source: &impl Source, person: &Person) -> Result<Vec<Found>, Failure> {
    let map = DataMap::read()?;
    let mut found = Vec::new();
    for (name, table) in &map.table {
        for who in [As::Participant, As::Account] {
            if who == As::Account && person.account.is_none() {
                continue;
            }
            let mut rows = Vec::new();
            if let Some(which) = about(map, name, who, person)? {
                rows = fetch(source, name, seen(map, name, which, person)?).await?;
            }
            let made = match who {
                As::Account => made_by(source, (map, name, table), person, &rows).await?,
                As::Participant => Vec::new(),
            };
            if !(rows.is_empty() && made.is_empty()) {
                found.push(Found { name, table, who, about: rows, made });
            }
        }
    }
    Ok(found)
}

/// Those of the rows that may be shown.
fn seen(map: &'static DataMap, name: &'static str, which: Condition, person: &Person) -> Result<Condition, Failure> {
    let rooms = if person.outside_rooms { in_rooms(map, name)? } else { None };
    Ok(match rooms {
        Some(rooms) => Condition::all().add(which).add(rooms.not()),
        None => which,
    })
}

/// The rows that aren't about the account, and name it in a column.
async fn made_by(
    source: &impl Source,
    (map, name, table): (&'static DataMap, &'static str, &'static Table),
    person: &Person,
    about: &[Row],
) -> Result<Vec<Row>, Failure> {
    let Some(account) = person.account else { return Ok(Vec::new()) };
    let theirs = |subject| matches!(subject, Subject::Account | Subject::Participant);
    let columns = table.columns.iter().filter(|(_, column)| theirs(column.subject));
    let mut any = Condition::any();
    let mut named = false;
    for (column, _) in columns.filter(|(column, _)| names_account(column)) {
        any = any.add(Expr::col((name, column.as_str())).eq(account));
        named = true;
    }
    if !named {
        return Ok(Vec::new());
    }
    let rows = fetch(source, name, seen(map, name, any, person)?).await?;
    let known = |row: &Row| about.iter().any(|other| keys(other).eq(keys(row)));
    Ok(rows.into_iter().filter(|row| !known(row)).collect())
}

/// Whether a column of this name says which account.
pub(super) fn names_account(column: &str) -> bool {
    column.ends_with("_by") || column == "account_id" || column == "contact_id"
}

/// What a row is known by.
pub(super) fn keys(row: &Row) -> impl Iterator<Item = &Value> {
    row.cells.iter().filter(|cell| cell.key).map(|cell| &cell.value)
}

/// Reads rows by the entity of their table.
macro_rules! tables {
    ($($entity:path),+ $(,)?) => {
        /// The rows of a table for which this holds.
        async fn fetch(source: &impl Source, table: &str, which: Condition) -> Result<Vec<Row>, Failure> {
            $({
                use $entity as known;
                if known::Entity.table_name() == table {
                    return rows_of::<known::Entity>(source, which).await;
                }
            })+
            Err(Failure::Broken(format!("{table} holds data of people, and has no entity to read it by")))
        }
    };
}

tables!(
    access::entity::accounts,
    access::entity::client_credentials,
    access::entity::external_identities,
    access::entity::grants,
    access::entity::role_invitations,
    access::entity::second_factors,
    access::entity::sessions,
    access::entity::sign_in_codes,
    access::entity::sign_in_origins,
    access::entity::used_refresh_tokens,
    agreements::entity::agreement_parties,
    agreements::entity::agreements,
    compensation::entity::claim_lines,
    compensation::entity::claims,
    consultations::entity::ballot_code_batches,
    consultations::entity::burden_overrides,
    consultations::entity::codings,
    consultations::entity::consultation_asks,
    consultations::entity::consultation_facilitators,
    consultations::entity::consultation_links,
    consultations::entity::consultation_samples,
    consultations::entity::deadline_extensions,
    consultations::entity::invitations,
    consultations::entity::kiosks,
    consultations::entity::quotes,
    consultations::entity::report_back_tellings,
    consultations::entity::responses,
    consultations::entity::sample_members,
    consultations::entity::telling_attempts,
    consultations::entity::theme_results,
    experience::entity::experience_approaches,
    experience::entity::experience_offers,
    experience::entity::experience_profiles,
    feedback::entity::feedback,
    feedback::entity::official_responses,
    feedback::entity::supports,
    participants::entity::code_sessions,
    participants::entity::contact_verifications,
    participants::entity::contact_attempts,
    participants::entity::legal_representatives,
    participants::entity::membership_invitations,
    participants::entity::memberships,
    participants::entity::participant_contacts,
    participants::entity::participants,
    privacy::entity::consents,
    privacy::entity::data_exports,
    privacy::entity::data_requests,
    privacy::entity::retention_notices,
    recruitment::entity::recruitment_batches,
    recruitment::entity::recruitment_candidates,
    store::entity::audit_rows,
    store::entity::audit_subjects,
    store::entity::kept_answers,
    store::entity::mails,
    store::entity::transition_reasons,
    store::entity::transitions,
);

async fn rows_of<E>(source: &impl Source, which: Condition) -> Result<Vec<Row>, Failure>
where
    E: EntityTrait,
{
    let keys: Vec<&str> = E::PrimaryKey::iter().map(|key| key.into_column().as_str()).collect();
    let found = E::find().filter(which).all(source.beneath()).await?;
    let row = |model: E::Model| {
        let cell = |column: E::Column| {
            let name = column.as_str();
            let nullable = column.def().is_null();
            Cell { name, value: model.get(column), nullable, key: keys.contains(&name) }
        };
        Row { cells: E::Column::iter().map(cell).collect() }
    };
    Ok(found.into_iter().map(row).collect())
}
