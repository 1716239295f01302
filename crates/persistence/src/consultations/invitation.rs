//! Who was asked. Invitations are written when a consultation opens, and added
//! to when its audience grows; nobody is ever uninvited.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;
use klankbord_domain::consultations::{Audience, Consultation, LeftOut, Stratum, StratumBy, may_be_minor};
use klankbord_domain::networks::{Network, Perspective};
use klankbord_domain::participants::{AgeBand, MayBeAsked, Member, Membership, Participant, lowest_of};
use klankbord_domain::policy::Caller;
use klankbord_domain::privacy::ConsentPurpose;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QuerySelect as _, QueryTrait as _};
use uuid::Uuid;

use super::ask::{self, Ask};
use super::burden::{self, Asked, BurdenTerms};
use super::entity::invitations::{Column, Entity, Model};
use super::entity::{consultation_networks as networks, consultations};
use super::sample;
use crate::networks::network;
use crate::participants::entity::memberships;
use crate::participants::{membership, participant};
use crate::privacy::data_request::{self, STOPS};
use crate::privacy::standing::{self, ConsentTerms};
use crate::store::{Failure, Source, Tx, rows};

const TAKING_PART: ConsentPurpose = ConsentPurpose::Participation;

/// Invites everybody in the audience who wasn't yet. Gives who they are, and whether
/// there may be minors among the audience on this day.
///
/// # Errors
/// When the database refuses.
pub async fn invite(
    tx: &Tx,
    consultation: &Consultation,
    audience: Vec<Reached>,
    terms: BurdenTerms,
) -> Result<Invited, Failure> {
    let today = terms.today();
    let drawn = sample::strata_of(tx, consultation.id).await?;
    let mut asks = Vec::new();
    let before: HashSet<Uuid> = invited(tx, consultation.id).await?.into_iter().collect();
    let mut minors = false;
    let mut new = Vec::new();
    for reached in audience {
        let stratum = reached.stratum(today).by(&[StratumBy::Perspective]);
        let Reached { person, perspectives, .. } = reached;
        let age = person.age_on(today);
        minors = minors || perspectives.iter().any(|perspective| may_be_minor(age, *perspective));
        if !before.contains(&person.id) {
            let stratum = drawn.get(&person.id).copied().unwrap_or(stratum);
            asks.push(Ask::made(consultation, person.id, stratum, terms));
            new.push(Model {
                consultation_id: consultation.id,
                participant_id: person.id,
                channel: person.channel.code().to_owned(),
                invited_at: tx.now(),
            });
        }
    }
    for row in &new {
        tx.concerns(row.participant_id);
    }
    let persons = new.iter().map(|row| row.participant_id).collect();
    rows::insert_all(tx, new).await?;
    ask::insert_all(tx, asks).await?;
    Ok(Invited { minors, persons })
}

/// Who was invited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    /// Whether there may be minors among the whole audience.
    pub minors: bool,
    /// The persons who weren't asked before.
    pub persons: Vec<Uuid>,
}

/// Somebody whom an audience reaches.
#[derive(Debug)]
pub struct Reached {
    /// The person.
    pub person: Participant,
    /// From where they take part.
    perspectives: Vec<Perspective>,
    /// The first network that reaches them, in the order in which they are asked, and from
    /// where they take part in it.
    through: (Uuid, Perspective),
    /// The networks through which they are reached, and their memberships there.
    memberships: Vec<(Uuid, Uuid)>,
}

impl Reached {
    /// In which part of the audience they are, divided by everything.
    pub fn stratum(&self, today: NaiveDate) -> Stratum {
        Stratum {
            perspective: Some(self.through.1),
            age_band: self.person.age_on(today).map(AgeBand::of),
            network_id: Some(self.through.0),
            organisation_id: Some(self.person.organisation_id),
            channel: Some(self.person.channel),
        }
    }
}

/// Of whom an audience reaches, those who may be asked now: who weren't asked too often
/// lately, whose consent to taking part stands where it is asked, and who didn't ask to be
/// left alone. Those who were
/// asked in this consultation before stay among them.
///
/// # Errors
/// When the database refuses.
pub async fn may_be_asked(
    source: &impl Source,
    consultation: &Consultation,
    audience: Vec<Reached>,
    terms: BurdenTerms,
) -> Result<Vec<Reached>, Failure> {
    let sifted = sift(source, consultation, audience, terms).await?;
    Ok(sifted.into_iter().filter(|(_, why)| why.is_none()).map(|(one, _)| one).collect())
}

/// Everybody whom an audience reaches, and why who can't be asked now is left out.
///
/// # Errors
/// When the database refuses.
pub async fn sift(
    source: &impl Source,
    consultation: &Consultation,
    audience: Vec<Reached>,
    terms: BurdenTerms,
) -> Result<Vec<(Reached, Option<LeftOut>)>, Failure> {
    let before: HashSet<Uuid> = invited(source, consultation.id).await?.into_iter().collect();
    let networks = network::find_all(source, &consultation.audience.network_ids).await?;
    let (some, everybody) = burden::overridden(source, consultation.id).await?;
    let asked: Vec<Asked<'_>> = audience
        .iter()
        .map(|one| {
            let through = |network: &&Network| one.memberships.iter().any(|(id, _)| *id == network.id);
            Asked {
                person: &one.person,
                network: lowest_of(networks.iter().map(|found| &found.value).filter(through)),
                overridden: everybody || one.memberships.iter().any(|(_, membership)| some.contains(membership)),
            }
        })
        .collect();
    let weighed = burden::weigh(source, &asked, terms).await?;
    let persons: Vec<&Participant> = audience.iter().map(|one| &one.person).collect();
    let today = ConsentTerms { today: terms.today(), from: terms.consent_from };
    let consents = standing::of(source, &persons, &[TAKING_PART], today).await?;
    let ids: Vec<Uuid> = persons.iter().map(|person| person.id).collect();
    let stopped = data_request::stopped(source, &ids, STOPS).await?;
    let consents = |id: &Uuid| consents.get(&(*id, TAKING_PART)).is_none_or(|state| state.allows());
    let why = |id: &Uuid| match id {
        id if before.contains(id) => None,
        id if stopped.contains(id) => Some(LeftOut::Objection),
        id if !consents(id) => Some(LeftOut::NoConsent),
        id if weighed.get(id) != Some(&MayBeAsked::Yes) => Some(LeftOut::Burden),
        _ => None,
    };
    let sifted = audience.into_iter().map(|one| {
        let why = why(&one.person.id);
        (one, why)
    });
    Ok(sifted.collect())
}

/// Whom the audience reaches now: the active memberships in its networks, by
/// perspective and municipality, each person once.
///
/// # Errors
/// When the database refuses.
pub async fn audience(source: &impl Source, consultation: &Consultation) -> Result<Vec<Reached>, Failure> {
    let audience = &consultation.audience;
    let active = membership::active_in(source, &audience.network_ids).await?;
    let mut by_person: BTreeMap<Uuid, Vec<Membership>> = BTreeMap::new();
    for one in active {
        if let Member::Participant(id) = one.member {
            by_person.entry(id).or_default().push(one);
        }
    }
    let ids: Vec<Uuid> = by_person.keys().copied().collect();
    let mut known = participant::by_id(source, &ids).await?;
    let asked = by_person.into_iter().filter_map(|(id, memberships)| {
        let person = known.remove(&id)?;
        let from: Vec<(Uuid, Perspective)> = memberships.iter().map(|one| (one.network_id, one.perspective)).collect();
        let asks = audience.asks(&from, person.municipality.as_deref());
        let through = through(audience, &from)?;
        let perspectives = from.into_iter().map(|(_, perspective)| perspective).collect();
        let memberships = memberships.iter().map(|one| (one.network_id, one.id)).collect();
        asks.then_some(Reached { person, perspectives, through, memberships })
    });
    Ok(asked.collect())
}

/// The first of these memberships by which the audience reaches somebody.
fn through(audience: &Audience, memberships: &[(Uuid, Perspective)]) -> Option<(Uuid, Perspective)> {
    let place = |network: &Uuid| audience.network_ids.iter().position(|id| id == network);
    let asked = |one: &Perspective| audience.perspectives.is_empty() || audience.perspectives.contains(one);
    let reach = memberships.iter().filter(|(_, perspective)| asked(perspective));
    reach.min_by_key(|(network, perspective)| (place(network), *perspective)).copied()
}

/// Everybody who was invited.
///
/// # Errors
/// When the database refuses.
pub async fn invited(source: &impl Source, consultation: Uuid) -> Result<Vec<Uuid>, Failure> {
    let all = Entity::find().select_only().column(Column::ParticipantId);
    Ok(all.filter(Column::ConsultationId.eq(consultation)).into_tuple().all(source.beneath()).await?)
}

/// Of the caller's persons, those as whom they were asked.
///
/// # Errors
/// When the database refuses.
pub async fn of_caller(source: &impl Source, caller: &Caller, consultation: Uuid) -> Result<Vec<Uuid>, Failure> {
    let found = asked_of(source, caller, &[consultation]).await?;
    Ok(found.into_iter().map(|(_, person)| person).collect())
}

/// Of these persons, those who were invited.
///
/// # Errors
/// When the database refuses.
pub async fn among(source: &impl Source, consultation: Uuid, persons: &[Uuid]) -> Result<Vec<Uuid>, Failure> {
    let asked = asked(source, persons, &[consultation], Condition::all()).await?;
    Ok(asked.into_iter().map(|(_, person)| person).collect())
}

/// That somebody who was asked takes part with this account, where a council asks
/// in its own room.
pub(super) fn heard(account: Option<Uuid>) -> Condition {
    let rooms = consultations::Entity::find()
        .select_only()
        .column(consultations::Column::Id)
        .filter(consultations::Column::Council.eq(true));
    let of = |column: memberships::Column| Expr::col((memberships::Entity, column));
    let asked = networks::Entity::find().select_only().column(networks::Column::NetworkId).filter(
        Expr::col((networks::Entity, networks::Column::ConsultationId)).equals((Entity, Column::ConsultationId)),
    );
    let known = membership::known(account)
        .filter(memberships::Column::NetworkId.in_subquery(asked.into_query()))
        .filter(of(memberships::Column::MemberId).equals((Entity, Column::ParticipantId)));
    Condition::any()
        .add(Column::ConsultationId.not_in_subquery(rooms.into_query()))
        .add(Expr::exists(known.into_query()))
}

/// What of these consultations was asked of this caller, as which of their persons.
///
/// # Errors
/// When the database refuses.
pub(super) async fn asked_of(
    source: &impl Source,
    caller: &Caller,
    consultations: &[Uuid],
) -> Result<Vec<(Uuid, Uuid)>, Failure> {
    asked(source, &caller.persons(), consultations, heard(caller.account)).await
}

async fn asked(
    source: &impl Source,
    persons: &[Uuid],
    consultations: &[Uuid],
    heard: Condition,
) -> Result<Vec<(Uuid, Uuid)>, Failure> {
    if persons.is_empty() || consultations.is_empty() {
        return Ok(Vec::new());
    }
    let found = Entity::find()
        .filter(Column::ParticipantId.is_in(persons.iter().copied()))
        .filter(Column::ConsultationId.is_in(consultations.iter().copied()))
        .filter(heard);
    let found = found.all(source.beneath()).await?;
    Ok(found.into_iter().map(|row| (row.consultation_id, row.participant_id)).collect())
}
