//! Legal representatives, and for whom an account acts at this instant. Their
//! names are sealed.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use klankbord_domain::participants::{
    Age, Evidence, LegalRepresentative, Participant, Representation, RepresentationStatus, RepresentativeKind, Turned,
};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, FromQueryResult, QueryFilter as _, QuerySelect as _,
    Statement,
};
use uuid::Uuid;

use super::entity::legal_representatives::{Column, Entity, Model};
use super::participant::birth_from;
use super::sealed_contact;
use crate::store::{ContactSealer, Failure, Page, PageRequest, Source, Stored, Tx, fetch_page, keyset, parse, rows};

/// The kind of thing, in histories and the audit trail.
pub const KIND: &str = "legal_representative";
const TABLE: &str = "legal_representatives";
/// How many ids one query names.
const BATCH: usize = 500;

fn bound_to(id: Uuid) -> String {
    format!("{TABLE}.name.{id}")
}

/// Records a legal representative of a person whom this organisation registered.
///
/// # Errors
/// 409 `representative.recorded_already` when the account represents them already.
pub async fn insert(
    tx: &Tx,
    made: LegalRepresentative,
    organisation: Uuid,
) -> Result<Stored<LegalRepresentative>, Failure> {
    let stored = Stored { value: made, version: 1, created_at: tx.now(), updated_at: tx.now() };
    rows::insert(tx, row_of(&tx.contact_sealer().await?, &stored)?).await?;
    written(tx, &stored.value, ("representative.recorded", organisation));
    Ok(stored)
}

/// Saves a changed record.
///
/// # Errors
/// 412 when somebody changed it meanwhile; 409 `representative.recorded_already`.
pub async fn save(
    tx: &Tx,
    changed: Stored<LegalRepresentative>,
    organisation: Uuid,
) -> Result<Stored<LegalRepresentative>, Failure> {
    let read = changed.version;
    let stored = Stored { version: read + 1, updated_at: tx.now(), ..changed };
    rows::save(tx, row_of(&tx.contact_sealer().await?, &stored)?, [Column::Id, Column::Version], read).await?;
    let event = match stored.value.representation.status {
        RepresentationStatus::Active => "representative.changed",
        RepresentationStatus::Ended => "representative.ended",
    };
    written(tx, &stored.value, (event, organisation));
    Ok(stored)
}

fn written(tx: &Tx, one: &LegalRepresentative, (event, organisation): (&str, Uuid)) {
    tx.happened(event, Some(organisation), KIND, one.id);
    tx.concerns(one.participant_id);
}

/// The record with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid) -> Result<Option<Stored<LegalRepresentative>>, Failure> {
    rows::one::<Entity>(source, id).await?.map(|row| read(source, &row)).transpose()
}

/// The record with this id, for changing it.
///
/// # Errors
/// When the database refuses.
pub async fn find_to_change(tx: &Tx, id: Uuid) -> Result<Option<Stored<LegalRepresentative>>, Failure> {
    rows::locked::<Entity>(tx, id).await?.map(|row| read(tx, &row)).transpose()
}

/// A page of those who represent a person, those who did included.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    participant: Uuid,
    request: &PageRequest,
) -> Result<Page<Stored<LegalRepresentative>>, Failure> {
    let selection = Entity::find().filter(Column::ParticipantId.eq(participant));
    let page = fetch_page(source, selection, keyset!(super::entity::legal_representatives), request).await?;
    page.try_map(|row| read(source, &row))
}

/// Those who are recorded to represent each of these persons, with their ids.
///
/// # Errors
/// When the database refuses.
pub async fn of_participants(
    source: &impl Source,
    persons: &[Uuid],
) -> Result<HashMap<Uuid, Vec<(Uuid, Representation)>>, Failure> {
    let mut found: HashMap<Uuid, Vec<(Uuid, Representation)>> = HashMap::new();
    for batch in persons.chunks(BATCH) {
        let selection = Entity::find().filter(Column::ParticipantId.is_in(batch.iter().copied()));
        for row in selection.all(source.beneath()).await? {
            found.entry(row.participant_id).or_default().push((row.id, representation_of(&row)?));
        }
    }
    Ok(found)
}

/// Of these persons, those for whom somebody who signs in acts on this day.
///
/// # Errors
/// When the database refuses.
pub async fn signing_in_for(
    source: &impl Source,
    persons: &[&Participant],
    today: NaiveDate,
) -> Result<HashSet<Uuid>, Failure> {
    let mut found = HashSet::new();
    for batch in persons.chunks(BATCH) {
        let selection = Entity::find()
            .filter(Column::ParticipantId.is_in(batch.iter().map(|person| person.id)))
            .filter(Column::AccountId.is_not_null());
        for row in selection.all(source.beneath()).await? {
            let person = batch.iter().find(|person| person.id == row.participant_id);
            let representation = representation_of(&row)?;
            if person.is_some_and(|person| representation.acts(person.age(), today)) {
                found.insert(row.participant_id);
            }
        }
    }
    Ok(found)
}

/// The records by which an account is recorded to represent a person.
///
/// # Errors
/// When the database refuses.
pub async fn of_account_for(source: &impl Source, (account, person): (Uuid, Uuid)) -> Result<Vec<Uuid>, Failure> {
    let selection = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::AccountId.eq(account))
        .filter(Column::ParticipantId.eq(person));
    Ok(selection.into_tuple().all(source.beneath()).await?)
}

/// Ends every record by which an account represents somebody, and the contact details that
/// are its own there: the account is erased.
///
/// # Errors
/// When the database refuses.
pub async fn end_of_account(tx: &Tx, account: Uuid) -> Result<(), Failure> {
    let theirs = Entity::find().filter(Column::AccountId.eq(account)).all(tx.beneath()).await?;
    if theirs.is_empty() {
        return Ok(());
    }
    Entity::update_many()
        .col_expr(Column::Status, Expr::val(RepresentationStatus::Ended.code()))
        .col_expr(Column::UpdatedAt, Expr::val(tx.now()))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::AccountId.eq(account))
        .exec(tx.beneath())
        .await?;
    let persons: Vec<Uuid> = theirs.iter().map(|row| row.participant_id).collect();
    for person in &persons {
        tx.concerns(*person);
    }
    sealed_contact::end_of_account(tx, account, &persons).await
}

/// By what a person is recorded to be represented, in whatever period.
///
/// # Errors
/// When the database refuses.
pub async fn of_participant(source: &impl Source, person: Uuid) -> Result<Vec<Representation>, Failure> {
    let found = of_participants(source, &[person]).await?;
    Ok(found.into_values().flatten().map(|(_, one)| one).collect())
}

fn representation_of(row: &Model) -> Result<Representation, Failure> {
    Ok(Representation {
        kind: parse((TABLE, "kind"), &row.kind)?,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        status: parse((TABLE, "status"), &row.status)?,
    })
}

/// A person for whom an account acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Represented {
    /// The person.
    pub participant_id: Uuid,
    /// The organisation that registered them.
    pub organisation_id: Uuid,
    /// By what they are represented.
    pub kind: RepresentativeKind,
    /// The last day on which that can hold; none where no end is known.
    pub last_day: Option<NaiveDate>,
}

/// Of an account, the persons whom it is recorded to represent, with what decides
/// whether that holds today. By the index on the account; asked at every call.
const RECORDED: &str = "
SELECT r.participant_id AS participant_id, p.organisation_id AS organisation_id, r.kind AS kind, r.status AS status,
       r.starts_on AS starts_on, r.ends_on AS ends_on, p.birth_year AS birth_year, p.birth_month AS birth_month,
       p.birth_band AS birth_band, p.birth_declared_on AS birth_declared_on,
       p.turned_16_on AS turned_16_on, p.turned_18_on AS turned_18_on, p.turned_21_on AS turned_21_on
  FROM legal_representatives r JOIN participants p ON p.id = r.participant_id
 WHERE r.account_id = $1 AND r.status = 'active'";

#[derive(FromQueryResult)]
struct Row {
    participant_id: Uuid,
    organisation_id: Uuid,
    kind: String,
    status: String,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
    birth_year: Option<i32>,
    birth_month: Option<i32>,
    birth_band: Option<String>,
    birth_declared_on: Option<NaiveDate>,
    turned_16_on: Option<NaiveDate>,
    turned_18_on: Option<NaiveDate>,
    turned_21_on: Option<NaiveDate>,
}

impl Row {
    /// For whom it acts on this day, if it does.
    fn acting(self, today: NaiveDate) -> Result<Option<Represented>, Failure> {
        let representation = Representation {
            kind: parse((TABLE, "kind"), &self.kind)?,
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            status: parse((TABLE, "status"), &self.status)?,
        };
        let told = self.birth_band.as_deref().zip(self.birth_declared_on);
        let birth = birth_from((self.birth_year, self.birth_month), told)?;
        let turned = Turned { sixteen: self.turned_16_on, eighteen: self.turned_18_on, twenty_one: self.turned_21_on };
        let age = Age { birth, turned };
        Ok(representation.acts(age, today).then(|| Represented {
            participant_id: self.participant_id,
            organisation_id: self.organisation_id,
            kind: representation.kind,
            last_day: representation.last_day(age),
        }))
    }
}

/// The persons for whom this account acts on this day, each once.
///
/// # Errors
/// When the database refuses.
pub async fn of_account(source: &impl Source, account: Uuid, today: NaiveDate) -> Result<Vec<Represented>, Failure> {
    let mut found = acting(source, (RECORDED.to_owned(), vec![account.into()]), today).await?;
    found.sort_by_key(|one| (one.participant_id, one.kind));
    found.dedup_by_key(|one| one.participant_id);
    Ok(found)
}

/// This person, where the account acts for them on this day.
///
/// # Errors
/// When the database refuses.
pub async fn of_person(
    source: &impl Source,
    (account, person): (Uuid, Uuid),
    today: NaiveDate,
) -> Result<Option<Represented>, Failure> {
    let sql = format!("{RECORDED} AND r.participant_id = $2");
    Ok(acting(source, (sql, vec![account.into(), person.into()]), today).await?.into_iter().next())
}

/// A person for whom somebody acts on this day, whoever that is; by the first record that
/// holds.
///
/// # Errors
/// When the database refuses.
pub async fn of_anybody(source: &impl Source, person: Uuid, today: NaiveDate) -> Result<Option<Represented>, Failure> {
    let Some(found) = super::participant::find(source, person).await? else { return Ok(None) };
    let (age, organisation_id) = (found.value.age(), found.value.organisation_id);
    let mut held = of_participant(source, person).await?;
    held.sort_by_key(|one| one.kind);
    let acting = held.into_iter().find(|one| one.acts(age, today));
    Ok(acting.map(|one| Represented {
        participant_id: person,
        organisation_id,
        kind: one.kind,
        last_day: one.last_day(age),
    }))
}

async fn acting(
    source: &impl Source,
    (sql, values): (String, Vec<sea_orm::Value>),
    today: NaiveDate,
) -> Result<Vec<Represented>, Failure> {
    let backend = source.beneath().get_database_backend();
    let rows = source.beneath().query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    let mut found = Vec::new();
    for row in &rows {
        found.extend(Row::from_query_result(row, "")?.acting(today)?);
    }
    Ok(found)
}

fn row_of(sealer: &ContactSealer, stored: &Stored<LegalRepresentative>) -> Result<Model, Failure> {
    let one = &stored.value;
    let live = one.account_id.filter(|_| one.representation.status == RepresentationStatus::Active);
    Ok(Model {
        id: one.id,
        version: stored.version,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        participant_id: one.participant_id,
        kind: one.representation.kind.code().to_owned(),
        name_sealed: sealer.seal(&bound_to(one.id), &one.name)?,
        account_id: one.account_id,
        starts_on: one.representation.starts_on,
        ends_on: one.representation.ends_on,
        evidence_document: one.evidence.document.code().to_owned(),
        evidence_seen_on: one.evidence.seen_on,
        evidence_seen_by: one.evidence.seen_by,
        recorded_by: one.recorded_by,
        status: one.representation.status.code().to_owned(),
        live_key: live.map(|account| format!("{}/{account}", one.participant_id)),
    })
}

fn read(source: &impl Source, row: &Model) -> Result<Stored<LegalRepresentative>, Failure> {
    let value = LegalRepresentative {
        id: row.id,
        participant_id: row.participant_id,
        name: source.keys().open_contact(&bound_to(row.id), &row.name_sealed)?,
        account_id: row.account_id,
        representation: representation_of(row)?,
        evidence: Evidence {
            document: parse((TABLE, "evidence_document"), &row.evidence_document)?,
            seen_on: row.evidence_seen_on,
            seen_by: row.evidence_seen_by,
        },
        recorded_by: row.recorded_by,
    };
    Ok(Stored { value, version: row.version, created_at: row.created_at, updated_at: row.updated_at })
}
