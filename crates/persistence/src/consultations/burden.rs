//! How often people were asked, over all networks: by consultations, and by requests for
//! their experience; and where a ceiling on that was overridden.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use klankbord_domain::calendar::{day_of, start_of};
use klankbord_domain::consultations::AskingTerms;
use klankbord_domain::participants::{AskCeilings, MayBeAsked, Participant, counts_from, may_be_asked};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
};
use uuid::Uuid;

use super::closing_round;
use super::entity::burden_overrides::{Column, Entity, Model};
use super::entity::{consultation_networks, invitations};
use crate::experience::approach;
use crate::participants::entity::participants;
use crate::store::{Failure, Page, PageRequest, Source, Tx, fetch_page, keyset, rows};

/// The kind of thing, in the audit trail.
pub const KIND: &str = "burden_override";
/// How many ids one query names.
const BATCH: usize = 500;

/// What holds for everybody on an installation.
#[derive(Debug, Clone, Copy)]
pub struct BurdenTerms {
    /// For how many days being asked counts.
    pub window: u64,
    /// How often somebody may be asked within it, by default. Times.
    pub ceiling: Option<i32>,
    /// From which age on people consent themselves. Years.
    pub consent_from: i32,
    /// The zone in which a day begins.
    pub zone: Tz,
    /// The instant of the question.
    pub now: DateTime<Utc>,
    /// Until when people are asked to answer, and how they are reminded.
    pub asking: AskingTerms,
}

impl BurdenTerms {
    /// The day of the question.
    pub fn today(&self) -> NaiveDate {
        day_of(self.now, self.zone)
    }

    /// The first instant that counts.
    fn since(&self) -> DateTime<Utc> {
        start_of(counts_from(self.window, self.today()), self.zone)
    }
}

/// Somebody about whom it is asked: with the lowest ceiling of the networks
/// through which they are reached, and whether theirs is overridden.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'p> {
    /// The person.
    pub person: &'p Participant,
    /// The lowest ceiling of those networks.
    pub network: Option<i32>,
    /// Whether it is overridden.
    pub overridden: bool,
}

/// Whether each of these may be asked now. What counts is what was asked of the
/// person in any organisation: by the account, where they have one.
///
/// # Errors
/// When the database refuses.
pub async fn weigh(
    source: &impl Source,
    asked: &[Asked<'_>],
    terms: BurdenTerms,
) -> Result<HashMap<Uuid, MayBeAsked>, Failure> {
    let persons: Vec<&Participant> = asked.iter().map(|one| one.person).collect();
    let same = same_persons(source, &persons).await?;
    let mut times = times(source, &same, Condition::all(), terms).await?;
    let ids: Vec<Uuid> = same.keys().copied().collect();
    // Being approached for one's experience is being asked.
    for (person, approached) in approach::times(source, &ids, terms.since()).await? {
        times.entry(person).or_default().extend(approached.into_iter().map(|at| day_of(at, terms.zone)));
    }
    let mut by_account: HashMap<Uuid, Vec<Same>> = HashMap::new();
    for one in same.values() {
        if let Some(account) = one.account {
            by_account.entry(account).or_default().push(*one);
        }
    }
    let found = asked.iter().map(|one| {
        let alone = Same { id: one.person.id, account: None, ceiling: one.person.ask_ceiling };
        let everywhere = one.person.account_id.and_then(|account| by_account.get(&account).cloned());
        let everywhere = everywhere.unwrap_or_else(|| vec![alone]);
        let own = everywhere.iter().filter_map(|other| other.ceiling).min();
        let ceilings = AskCeilings { own, network: one.network, installation: terms.ceiling };
        let days = everywhere.iter().flat_map(|other| times.get(&other.id).into_iter().flatten().copied());
        let days: Vec<NaiveDate> = days.collect();
        (one.person.id, may_be_asked(&days, (ceilings, one.overridden), (terms.window, terms.today())))
    });
    Ok(found.collect())
}

/// How often each of these was asked within the window by these networks' own
/// consultations. Times.
///
/// # Errors
/// When the database refuses.
pub async fn asked_by(
    source: &impl Source,
    network: Uuid,
    persons: &[Uuid],
    terms: BurdenTerms,
) -> Result<Vec<usize>, Failure> {
    let own = consultation_networks::Entity::find()
        .select_only()
        .column(consultation_networks::Column::ConsultationId)
        .filter(consultation_networks::Column::NetworkId.eq(network));
    let own = invitations::Column::ConsultationId.in_subquery(own.into_query());
    let persons: HashMap<Uuid, Same> = persons.iter().map(|id| (*id, Same::default())).collect();
    let times = times(source, &persons, Condition::all().add(own), terms).await?;
    Ok(persons.keys().map(|id| times.get(id).map_or(0, Vec::len)).collect())
}

/// What a person is registered as somewhere, as far as asking needs it.
#[derive(Debug, Clone, Copy, Default)]
struct Same {
    id: Uuid,
    account: Option<Uuid>,
    ceiling: Option<i32>,
}

/// These persons, and what their accounts are elsewhere.
async fn same_persons(source: &impl Source, persons: &[&Participant]) -> Result<HashMap<Uuid, Same>, Failure> {
    let mut same: HashMap<Uuid, Same> = persons
        .iter()
        .map(|one| (one.id, Same { id: one.id, account: one.account_id, ceiling: one.ask_ceiling }))
        .collect();
    let accounts: Vec<Uuid> = persons.iter().filter_map(|one| one.account_id).collect();
    for batch in accounts.chunks(BATCH) {
        let theirs = participants::Entity::find()
            .filter(participants::Column::AccountId.is_in(batch.iter().copied()))
            .all(source.beneath())
            .await?;
        for row in theirs {
            same.insert(row.id, Same { id: row.id, account: row.account_id, ceiling: row.ask_ceiling });
        }
    }
    Ok(same)
}

/// The days on which each was asked within the window. A closing round doesn't count: it
/// is the end of what was asked before.
async fn times(
    source: &impl Source,
    persons: &HashMap<Uuid, Same>,
    which: Condition,
    terms: BurdenTerms,
) -> Result<HashMap<Uuid, Vec<NaiveDate>>, Failure> {
    let ids: Vec<Uuid> = persons.keys().copied().collect();
    let mut found: HashMap<Uuid, Vec<NaiveDate>> = HashMap::new();
    for batch in ids.chunks(BATCH) {
        let selection = invitations::Entity::find()
            .filter(invitations::Column::ParticipantId.is_in(batch.iter().copied()))
            .filter(invitations::Column::InvitedAt.gte(terms.since()))
            .filter(invitations::Column::ConsultationId.not_in_subquery(closing_round::all().into_query()))
            .filter(which.clone());
        for row in selection.all(source.beneath()).await? {
            found.entry(row.participant_id).or_default().push(day_of(row.invited_at, terms.zone));
        }
    }
    Ok(found)
}

/// Holds the rows of these persons, and of what their accounts are elsewhere, until
/// the command ends: two consultations that open at once don't both count one too
/// few. In one order, so that they don't wait for each other.
///
/// # Errors
/// When the database refuses.
pub async fn hold(tx: &Tx, persons: &[&Participant]) -> Result<(), Failure> {
    let mut ids: Vec<Uuid> = same_persons(tx, persons).await?.into_keys().collect();
    ids.sort_unstable();
    for batch in ids.chunks(BATCH) {
        participants::Entity::find()
            .select_only()
            .column(participants::Column::Id)
            .filter(participants::Column::Id.is_in(batch.iter().copied()))
            .order_by_asc(participants::Column::Id)
            .lock_exclusive()
            .into_tuple::<Uuid>()
            .all(tx.beneath())
            .await?;
    }
    Ok(())
}

/// That a ceiling is overridden in a consultation, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BurdenOverride {
    /// Its id.
    pub id: Uuid,
    /// The consultation.
    pub consultation_id: Uuid,
    /// For whom; none: for everybody whom it asks.
    pub membership_id: Option<Uuid>,
    /// Why; none where it was erased.
    pub reason: Option<String>,
    /// The account that did.
    pub made_by: Option<Uuid>,
    /// When.
    pub made_at: DateTime<Utc>,
}

/// Overrides the network's and the installation's ceiling in a consultation of this
/// organisation; `person`: about whom it is, where it is about one.
///
/// # Errors
/// When the database refuses.
pub async fn insert(
    tx: &Tx,
    organisation: Uuid,
    made: BurdenOverride,
    person: Option<Uuid>,
) -> Result<BurdenOverride, Failure> {
    let BurdenOverride { id, consultation_id, membership_id, reason, made_by, made_at } = made.clone();
    rows::insert(tx, Model { id, consultation_id, membership_id, reason, made_by, made_at }).await?;
    tx.happened("burden_override.made", Some(organisation), KIND, id);
    if let Some(person) = person {
        tx.concerns(person);
    }
    Ok(made)
}

/// A page of a consultation's overrides.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    consultation: Uuid,
    request: &PageRequest,
) -> Result<Page<BurdenOverride>, Failure> {
    let selection = Entity::find().filter(Column::ConsultationId.eq(consultation));
    let keyset = keyset!(super::entity::burden_overrides, MadeAt as made_at);
    Ok(fetch_page(source, selection, keyset, request).await?.map(read))
}

/// For whom the ceilings are overridden in a consultation: for these memberships,
/// and whether for everybody.
///
/// # Errors
/// When the database refuses.
pub(super) async fn overridden(source: &impl Source, consultation: Uuid) -> Result<(HashSet<Uuid>, bool), Failure> {
    let all = Entity::find().filter(Column::ConsultationId.eq(consultation)).all(source.beneath()).await?;
    let everybody = all.iter().any(|row| row.membership_id.is_none());
    Ok((all.into_iter().filter_map(|row| row.membership_id).collect(), everybody))
}

/// Forgets the overrides of a draft that is deleted.
pub(super) async fn forget(tx: &Tx, consultation: Uuid) -> Result<(), Failure> {
    Entity::delete_many().filter(Column::ConsultationId.eq(consultation)).exec(tx.beneath()).await?;
    Ok(())
}

fn read(row: Model) -> BurdenOverride {
    let Model { id, consultation_id, membership_id, reason, made_by, made_at } = row;
    BurdenOverride { id, consultation_id, membership_id, reason, made_by, made_at }
}
