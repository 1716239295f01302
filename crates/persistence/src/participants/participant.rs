//! Participants. How they can be reached stands apart, sealed.

use std::collections::HashMap;

use chrono::NaiveDate;
use klankbord_domain::networks::Network;
use klankbord_domain::participants::KEEPERS;
use klankbord_domain::participants::operations::{READERS, registers};
use klankbord_domain::participants::{Birth, Contact, Participant, Turned};
use klankbord_domain::policy::{Caller, Place, Standing};
use sea_orm::sea_query::{Expr, ExprTrait as _, LikeExpr, Query};
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::entity::participants::{Column, Entity, Model};
use super::entity::{memberships, participant_contacts};
pub use super::sealed_contact::ThroughRepresentative;
use super::{membership, sealed_contact};
use crate::networks::network;
use crate::store::{
    Failure, Page, PageRequest, Source, Stored, Tx, fetch_page, from_json, keyset, optional, parse, rows, to_json,
};

/// The kind of thing, in the audit trail.
pub const KIND: &str = "participant";
const TABLE: &str = "participants";
/// How many ids one query names.
const BATCH: usize = 500;

/// Whom somebody may read: as their place says, one by one.
#[derive(Debug, Clone, Default)]
pub struct Sight {
    /// Those whom these organisations registered.
    pub organisations: Vec<Uuid>,
    /// Those who take part in these networks.
    pub networks: Vec<Uuid>,
    /// These persons: oneself.
    pub persons: Vec<Uuid>,
}

impl Sight {
    /// Whom this caller may read.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn of(source: &impl Source, caller: &Caller) -> Result<Self, Failure> {
        Ok(Self {
            organisations: caller.organisations_of(READERS),
            networks: network::reach(source, caller.networks_of(READERS)).await?,
            persons: caller.persons_as(Standing::Participant),
        })
    }
}

impl Sight {
    /// Whose record this caller keeps, and so may find by how to reach them.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn of_keeper(source: &impl Source, caller: &Caller) -> Result<Self, Failure> {
        let machine = if registers(caller) { caller.organisations_of(&[Standing::Client]) } else { Vec::new() };
        Ok(Self {
            organisations: [caller.organisations_of(KEEPERS), machine].concat(),
            networks: network::reach(source, caller.networks_of(KEEPERS)).await?,
            persons: caller.persons_as(Standing::Participant),
        })
    }
}

/// Which participants to list.
#[derive(Debug, Clone, Default)]
pub struct ParticipantFilter {
    /// Only those whom this organisation registered.
    pub organisation: Option<Uuid>,
    /// Only those who take part in this network.
    pub network: Option<Uuid>,
    /// Only those with this e-mail address.
    pub email_address: Option<String>,
    /// Only those whose name has this in it, in capitals or not.
    pub display_name: Option<String>,
}

/// Registers a participant.
///
/// # Errors
/// 409 `participant.account_taken` when the account is another one's there.
pub async fn insert(
    tx: &Tx,
    participant: Participant,
    contact: Option<&Contact>,
) -> Result<Stored<Participant>, Failure> {
    let stored = Stored { value: participant, version: 1, created_at: tx.now(), updated_at: tx.now() };
    rows::insert(tx, row_of(&stored)?).await?;
    written(tx, &stored.value, "participant.made", contact).await?;
    Ok(stored)
}

/// Saves a changed participant.
///
/// # Errors
/// 412 when somebody changed it meanwhile; 409 `participant.account_taken`.
pub async fn save(
    tx: &Tx,
    changed: Stored<Participant>,
    contact: Option<&Contact>,
) -> Result<Stored<Participant>, Failure> {
    let read = changed.version;
    let stored = Stored { version: read + 1, updated_at: tx.now(), ..changed };
    rows::save(tx, row_of(&stored)?, [Column::Id, Column::Version], read).await?;
    written(tx, &stored.value, "participant.changed", contact).await?;
    Ok(stored)
}

async fn written(tx: &Tx, participant: &Participant, event: &str, contact: Option<&Contact>) -> Result<(), Failure> {
    sealed_contact::put(tx, participant.id, contact).await?;
    tx.happened(event, Some(participant.organisation_id), KIND, participant.id);
    tx.concerns(participant.id);
    Ok(())
}

/// The participant with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid) -> Result<Option<Stored<Participant>>, Failure> {
    let found = rows::one::<Entity>(source, id).await?;
    found.filter(is_there).map(read).transpose()
}

/// The participant with this id, for changing it.
///
/// # Errors
/// When the database refuses.
pub async fn find_to_change(tx: &Tx, id: Uuid) -> Result<Option<Stored<Participant>>, Failure> {
    let found = rows::locked::<Entity>(tx, id).await?;
    found.filter(is_there).map(read).transpose()
}

/// Of who was erased only an empty row stays, for what hangs on it.
pub(super) fn is_there(row: &Model) -> bool {
    row.erased_at.is_none()
}

/// Where a participant stands for the policy: with the organisation that
/// registered them, the networks in which they take part, and themself.
///
/// # Errors
/// When the database refuses.
pub async fn place(source: &impl Source, participant: &Participant) -> Result<Place, Failure> {
    let memberships = membership::of_participants(source, &[participant.id]).await?;
    let within = memberships.iter().filter(|one| one.status.takes_part()).map(|one| one.network_id);
    let networks = network::find_all(source, &within.collect::<Vec<_>>()).await?;
    let places = network::places(source, networks.iter().map(|found| &found.value)).await?;
    Ok(Place {
        organisation: Some(participant.organisation_id),
        networks: places.into_iter().flat_map(|place| place.networks).collect(),
        participants: vec![participant.id],
        ..Place::default()
    })
}

/// Whether this organisation may have registered somebody within sight: it is
/// one of those seen whole, hosts one of the networks or takes part in it, or
/// registered one of the persons.
///
/// # Errors
/// When the database refuses.
pub async fn registers_any(source: &impl Source, sight: &Sight, organisation: Uuid) -> Result<bool, Failure> {
    if sight.organisations.contains(&organisation) {
        return Ok(true);
    }
    let networks = network::find_all(source, &sight.networks).await?;
    let among = |network: &Network| network.host_id == organisation || network.partners.contains(&organisation);
    if networks.iter().any(|found| among(&found.value)) {
        return Ok(true);
    }
    let persons = by_id(source, &sight.persons).await?;
    Ok(persons.values().any(|person| person.organisation_id == organisation))
}

/// How a participant can be reached. Only for who may read that one person.
///
/// # Errors
/// When the database refuses, or a detail can't be opened.
pub async fn contact(source: &impl Source, id: Uuid) -> Result<Option<Contact>, Failure> {
    sealed_contact::get(source, id).await
}

/// How these persons can be reached. For writing to them, never for showing.
///
/// # Errors
/// When the database refuses, or a detail can't be opened.
pub async fn contacts(source: &impl Source, ids: &[Uuid]) -> Result<HashMap<Uuid, Contact>, Failure> {
    sealed_contact::of(source, ids).await
}

/// Those who are reached through who represents them; of one person where one is named.
///
/// # Errors
/// When the database refuses.
pub async fn through_representatives(
    source: &impl Source,
    person: Option<Uuid>,
) -> Result<Vec<ThroughRepresentative>, Failure> {
    sealed_contact::through_representatives(source, person).await
}

/// Notes that an address of their own was asked of who represents a person.
///
/// # Errors
/// When the database refuses.
pub async fn asked_own_address(tx: &Tx, person: &Participant, day: NaiveDate) -> Result<(), Failure> {
    sealed_contact::asked_own(tx, person.id, day).await?;
    tx.happened("participant.asked_own_address", Some(person.organisation_id), KIND, person.id);
    tx.concerns(person.id);
    Ok(())
}

/// Ends the contact details of who represented a person.
///
/// # Errors
/// When the database refuses.
pub async fn end_contact(tx: &Tx, person: &Participant) -> Result<(), Failure> {
    sealed_contact::put(tx, person.id, None).await?;
    tx.happened("participant.contact_ended", Some(person.organisation_id), KIND, person.id);
    tx.concerns(person.id);
    Ok(())
}

/// The persons that an account is, one in each organisation at most.
///
/// # Errors
/// When the database refuses.
pub async fn of_account(source: &impl Source, account: Uuid) -> Result<Vec<Participant>, Failure> {
    let found = Entity::find().filter(Column::AccountId.eq(account)).all(source.beneath()).await?;
    found.into_iter().map(|row| Ok(read(row)?.value)).collect()
}

/// The participants with these ids; those that don't exist are left out.
///
/// # Errors
/// When the database refuses.
pub async fn by_id(source: &impl Source, ids: &[Uuid]) -> Result<HashMap<Uuid, Participant>, Failure> {
    let mut found = HashMap::new();
    for batch in ids.chunks(BATCH) {
        let rows = Entity::find().filter(Column::Id.is_in(batch.iter().copied())).all(source.beneath()).await?;
        for row in rows.into_iter().filter(is_there) {
            found.insert(row.id, read(row)?.value);
        }
    }
    Ok(found)
}

/// A page of the participants within sight.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    sight: &Sight,
    filter: &ParticipantFilter,
    request: &PageRequest,
) -> Result<Page<Stored<Participant>>, Failure> {
    let within = Condition::any()
        .add(Column::OrganisationId.is_in(sight.organisations.clone()))
        .add(Column::Id.in_subquery(active_members(&sight.networks)))
        .add(Column::Id.is_in(sight.persons.clone()));
    let mut selection = Entity::find().filter(within).filter(Column::ErasedAt.is_null());
    if let Some(organisation) = filter.organisation {
        selection = selection.filter(Column::OrganisationId.eq(organisation));
    }
    if let Some(network) = filter.network {
        selection = selection.filter(Column::Id.in_subquery(active_members(&[network])));
    }
    if let Some(address) = &filter.email_address {
        let lookup = source.keys().email_lookup(address);
        let reached = Query::select()
            .column(participant_contacts::Column::ParticipantId)
            .from(participant_contacts::Entity)
            .and_where(participant_contacts::Column::EmailLookup.eq(lookup))
            .to_owned();
        selection = selection.filter(Column::Id.in_subquery(reached));
    }
    if let Some(name) = &filter.display_name {
        let part: String = folded(name).chars().flat_map(escaped).collect();
        let like = LikeExpr::new(format!("%{part}%")).escape('\\');
        selection = selection.filter(Expr::col(Column::NameFolded).like(like));
    }
    fetch_page(source, selection, keyset!(super::entity::participants), request).await?.try_map(read)
}

/// The ids of the persons who take part in these networks.
fn active_members(networks: &[Uuid]) -> sea_orm::sea_query::SelectStatement {
    use memberships::Column as Of;
    Query::select()
        .column(Of::MemberId)
        .from(memberships::Entity)
        .and_where(Of::MemberKind.eq(KIND))
        .and_where(Of::NetworkId.is_in(networks.iter().copied()))
        .and_where(Of::Status.eq(klankbord_domain::participants::MembershipStatus::Active.code()))
        .to_owned()
}

/// The same for names that differ in capitals only.
fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

fn escaped(letter: char) -> Vec<char> {
    if matches!(letter, '%' | '_' | '\\') { vec!['\\', letter] } else { vec![letter] }
}

fn row_of(stored: &Stored<Participant>) -> Result<Model, Failure> {
    let person = &stored.value;
    let (year, month, band, declared_on) = match person.birth {
        None => (None, None, None, None),
        Some(Birth::Month { year, month }) => {
            let month = i32::try_from(month).map_err(|error| Failure::Broken(format!("a month: {error}")))?;
            (Some(year), Some(month), None, None)
        }
        Some(Birth::Band { band, declared_on }) => (None, None, Some(band.code().to_owned()), Some(declared_on)),
    };
    Ok(Model {
        id: person.id,
        version: stored.version,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        organisation_id: person.organisation_id,
        account_id: person.account_id,
        display_name: person.display_name.clone(),
        name_folded: folded(&person.display_name),
        channel: person.channel.code().to_owned(),
        language: person.language.clone(),
        birth_year: year,
        birth_month: month,
        birth_band: band,
        birth_declared_on: declared_on,
        municipality: person.municipality.clone(),
        expertise: to_json(&person.expertise)?,
        ask_ceiling: person.ask_ceiling,
        turned_16_on: person.turned.sixteen,
        turned_18_on: person.turned.eighteen,
        turned_21_on: person.turned.twenty_one,
        erased_at: None,
        contact_times: to_json(&person.contact_times)?,
        access_needs: to_json(&person.access_needs)?,
    })
}

/// What is kept of a birth, from its columns: year and month, band and day.
pub(super) fn birth_from(
    month: (Option<i32>, Option<i32>),
    told: Option<(&str, NaiveDate)>,
) -> Result<Option<Birth>, Failure> {
    if let (Some(year), Some(month)) = month {
        let month = u32::try_from(month).map_err(|error| Failure::unreadable(TABLE, "birth_month", error))?;
        return Ok(Some(Birth::Month { year, month }));
    }
    optional(told, |(band, declared_on)| Ok(Birth::Band { band: parse((TABLE, "birth_band"), band)?, declared_on }))
}

pub(super) fn read(row: Model) -> Result<Stored<Participant>, Failure> {
    let told = row.birth_band.as_deref().zip(row.birth_declared_on);
    let birth = birth_from((row.birth_year, row.birth_month), told)?;
    let value = Participant {
        id: row.id,
        organisation_id: row.organisation_id,
        account_id: row.account_id,
        display_name: row.display_name,
        channel: parse((TABLE, "channel"), &row.channel)?,
        language: row.language,
        birth,
        turned: Turned { sixteen: row.turned_16_on, eighteen: row.turned_18_on, twenty_one: row.turned_21_on },
        municipality: row.municipality,
        expertise: from_json((TABLE, "expertise"), &row.expertise)?,
        ask_ceiling: row.ask_ceiling,
        contact_times: from_json((TABLE, "contact_times"), &row.contact_times)?,
        access_needs: from_json((TABLE, "access_needs"), &row.access_needs)?,
    };
    Ok(Stored { value, version: row.version, created_at: row.created_at, updated_at: row.updated_at })
}
