//! Agreements themselves.

use std::collections::HashMap;

use chrono::NaiveDate;
use klankbord_domain::agreements::{
    AGREEMENT_KEEPERS, Acceptance, Agreement, AgreementStatus, Party, PartyKind, Promises,
};
use klankbord_domain::participants::Member;
use klankbord_domain::policy::{Caller, Standing};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _, QueryTrait as _};
use uuid::Uuid;

use super::entity::agreement_parties as parties;
use super::entity::agreements::{Column, Entity, Model};
use crate::networks::network;
use crate::participants::membership;
use crate::store::{
    Failure, Page, PageRequest, Source, Stored, Tx, fetch_page, keyset, optional, parse, read_texts, rows, write_texts,
};

/// The kind of thing, in histories and the audit trail.
pub const KIND: &str = "agreement";
const TABLE: &str = "agreements";
/// How many ids one query names.
const BATCH: usize = 500;
/// Who speaks for a party that is an organisation.
const SPEAKERS: &[Standing] = &[Standing::Manager, Standing::Officer];

/// From where somebody looks at agreements.
#[derive(Debug, Clone, Default)]
pub struct AgreementSight {
    account: Option<Uuid>,
    persons: Vec<Uuid>,
    organisations: Vec<Uuid>,
    networks: Vec<Uuid>,
}

impl AgreementSight {
    /// From where this caller looks: their own, those that they keep, and those in which
    /// an organisation for which they speak is a party.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn of(source: &impl Source, caller: &Caller) -> Result<Self, Failure> {
        Ok(Self {
            account: caller.account,
            persons: caller.persons(),
            organisations: caller.organisations_of(SPEAKERS),
            networks: network::reach(source, caller.networks_of(AGREEMENT_KEEPERS)).await?,
        })
    }

    /// One's own; in a council's room as who it knows.
    fn own(&self) -> Condition {
        let known = membership::known(self.account).into_query();
        let theirs = Condition::any().add(Column::Council.eq(false)).add(Column::MembershipId.in_subquery(known));
        Condition::all().add(Column::ParticipantId.is_in(self.persons.iter().copied())).add(theirs)
    }

    fn selection(&self) -> Condition {
        let hosted = Condition::all()
            .add(Column::OrganisationId.is_in(self.organisations.iter().copied()))
            .add(Column::Council.eq(false));
        let promising = Query::select()
            .column(parties::Column::AgreementId)
            .from(parties::Entity)
            .and_where(Expr::col(parties::Column::Kind).eq(PartyKind::Organisation.code()))
            .and_where(Expr::col(parties::Column::PartyId).is_in(self.organisations.iter().copied()))
            .to_owned();
        Condition::any()
            .add(self.own())
            .add(hosted)
            .add(Column::NetworkId.is_in(self.networks.iter().copied()))
            .add(Column::Id.in_subquery(promising))
    }
}

/// Keeps a new agreement; `council`: it stands in a council's room.
///
/// # Errors
/// 409 `agreement.exists` when one is proposed already.
pub async fn insert(tx: &Tx, agreement: Agreement, council: bool) -> Result<Stored<Agreement>, Failure> {
    let stored = Stored { value: agreement, version: 1, created_at: tx.now(), updated_at: tx.now() };
    rows::insert(tx, row_of(&stored, council)?).await?;
    write_parties(tx, &stored.value).await?;
    note(tx, &stored.value, "agreement.proposed");
    Ok(stored)
}

/// Saves an agreement that was answered or moved.
///
/// # Errors
/// 412 when somebody changed it meanwhile; 409 `agreement.exists`.
pub async fn save(tx: &Tx, changed: Stored<Agreement>, council: bool) -> Result<Stored<Agreement>, Failure> {
    let read = changed.version;
    let stored = Stored { version: read + 1, updated_at: tx.now(), ..changed };
    rows::save(tx, row_of(&stored, council)?, [Column::Id, Column::Version], read).await?;
    parties::Entity::delete_many().filter(parties::Column::AgreementId.eq(stored.value.id)).exec(tx.beneath()).await?;
    write_parties(tx, &stored.value).await?;
    note(tx, &stored.value, &format!("agreement.{}", stored.value.status.code()));
    Ok(stored)
}

fn note(tx: &Tx, agreement: &Agreement, event: &str) {
    tx.happened(event, Some(agreement.organisation_id), KIND, agreement.id);
    tx.concerns(agreement.participant_id);
}

async fn write_parties(tx: &Tx, agreement: &Agreement) -> Result<(), Failure> {
    let row = |(party, position): (&Party, i32)| parties::Model {
        id: tx.new_id(),
        agreement_id: agreement.id,
        position,
        kind: party.kind.code().to_owned(),
        party_id: party.id,
        accepted_on: party.accepted.map(|said| said.on),
        channel: party.accepted.map(|said| said.channel.code().to_owned()),
        accepted_by: party.accepted.and_then(|said| said.by),
    };
    rows::insert_all(tx, agreement.parties.iter().zip(0..).map(row).collect()).await
}

/// The agreement with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid) -> Result<Option<Stored<Agreement>>, Failure> {
    let row = rows::one::<Entity>(source, id).await?;
    Ok(with_parties(source, row.into_iter().collect()).await?.pop())
}

/// The agreement with this id, for answering or moving it.
///
/// # Errors
/// When the database refuses.
pub async fn find_to_change(tx: &Tx, id: Uuid) -> Result<Option<Stored<Agreement>>, Failure> {
    let row = rows::locked::<Entity>(tx, id).await?;
    Ok(with_parties(tx, row.into_iter().collect()).await?.pop())
}

/// Ends what was agreed with people who are erased, and takes back what was proposed to
/// them. Nothing names it outside: it may stand in a council's room.
///
/// # Errors
/// When the database refuses.
pub async fn end_of(tx: &Tx, persons: &[Uuid]) -> Result<(), Failure> {
    for (from, to) in
        [(AgreementStatus::Proposed, AgreementStatus::Declined), (AgreementStatus::Accepted, AgreementStatus::Ended)]
    {
        Entity::update_many()
            .col_expr(Column::Status, Expr::val(to.code()))
            .col_expr(Column::LiveKey, Expr::val(Option::<String>::None))
            .col_expr(Column::UpdatedAt, Expr::val(tx.now()))
            .col_expr(Column::Version, Expr::col(Column::Version).add(1))
            .filter(Column::ParticipantId.is_in(persons.iter().copied()))
            .filter(Column::Status.eq(from.code()))
            .exec(tx.beneath())
            .await?;
    }
    Ok(())
}

/// The agreement that a membership has, once every party said yes.
///
/// # Errors
/// When the database refuses.
pub async fn held(source: &impl Source, membership: Uuid) -> Result<Option<Uuid>, Failure> {
    let accepted = Entity::find()
        .filter(Column::MembershipId.eq(membership))
        .filter(Column::Status.eq(AgreementStatus::Accepted.code()));
    Ok(accepted.one(source.beneath()).await?.map(|row| row.id))
}

/// A page of a network's agreements that can be seen from here; only in these states, if
/// any are named.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    network: Uuid,
    (sight, statuses): (&AgreementSight, &[AgreementStatus]),
    request: &PageRequest,
) -> Result<Page<Stored<Agreement>>, Failure> {
    let mut selection = Entity::find().filter(Column::NetworkId.eq(network)).filter(sight.selection());
    if !statuses.is_empty() {
        selection = selection.filter(Column::Status.is_in(statuses.iter().map(|status| status.code())));
    }
    let page = fetch_page(source, selection, keyset!(super::entity::agreements), request).await?;
    let (next, total) = (page.next, page.total);
    Ok(Page { items: with_parties(source, page.items).await?, next, total })
}

/// One's own agreements, the oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn own(source: &impl Source, caller: &Caller) -> Result<Vec<Stored<Agreement>>, Failure> {
    let persons = caller.persons_as(Standing::Participant);
    let sight = AgreementSight { account: caller.account, persons, ..AgreementSight::default() };
    let selection = Entity::find().filter(sight.own());
    let found = selection.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(source.beneath()).await?;
    with_parties(source, found).await
}

/// The agreements of these persons, the oldest first.
///
/// # Errors
/// When the database refuses.
async fn of_persons(source: &impl Source, persons: &[Uuid]) -> Result<Vec<Stored<Agreement>>, Failure> {
    let selection = Entity::find().filter(Column::ParticipantId.is_in(persons.iter().copied()));
    let found = selection.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(source.beneath()).await?;
    with_parties(source, found).await
}

/// A network's agreements that held within these days, by when they were made.
///
/// # Errors
/// When the database refuses.
pub async fn held_within(
    source: &impl Source,
    network: Uuid,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<Agreement>, Failure> {
    let held = [AgreementStatus::Accepted, AgreementStatus::Ended].map(AgreementStatus::code);
    let open = Condition::any().add(Column::EndsOn.is_null()).add(Column::EndsOn.gte(from));
    let selection = Entity::find()
        .filter(Column::NetworkId.eq(network))
        .filter(Column::Status.is_in(held))
        .filter(Column::StartsOn.lte(to))
        .filter(open);
    let found = selection.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(source.beneath()).await?;
    Ok(with_parties(source, found).await?.into_iter().map(|found| found.value).collect())
}

/// How many members take part in a network without an agreement that holds on this day.
///
/// # Errors
/// When the database refuses.
pub async fn members_without(source: &impl Source, network: Uuid, day: NaiveDate) -> Result<usize, Failure> {
    let held = held_within(source, network, (day, day)).await?;
    let holds = |id: Uuid| held.iter().any(|one| one.membership_id == id && one.holds_on(day));
    let active = membership::active_in(source, &[network]).await?;
    let persons = active.iter().filter(|one| matches!(one.member, Member::Participant(_)));
    Ok(persons.filter(|one| !holds(one.id)).count())
}

/// Within how many days what this person brings is answered, by the agreements that hold
/// on this day with who is addressed: an organisation, or a network.
///
/// # Errors
/// When the database refuses.
pub async fn answer_days(
    source: &impl Source,
    person: Uuid,
    addressee: Uuid,
    day: NaiveDate,
) -> Result<Option<i32>, Failure> {
    let all = of_persons(source, &[person]).await?.into_iter().map(|found| found.value);
    let with = |agreement: &Agreement| {
        agreement.network_id == addressee || agreement.parties.iter().any(|party| party.id == addressee)
    };
    Ok(all.filter(|one| one.holds_on(day) && with(one)).filter_map(|one| one.promises.answer_days).min())
}

async fn with_parties(source: &impl Source, found: Vec<Model>) -> Result<Vec<Stored<Agreement>>, Failure> {
    let ids: Vec<Uuid> = found.iter().map(|row| row.id).collect();
    let mut of: HashMap<Uuid, Vec<Party>> = HashMap::new();
    for batch in ids.chunks(BATCH) {
        let selection = parties::Entity::find()
            .filter(parties::Column::AgreementId.is_in(batch.iter().copied()))
            .order_by_asc(parties::Column::Position);
        for row in selection.all(source.beneath()).await? {
            of.entry(row.agreement_id).or_default().push(read_party(&row)?);
        }
    }
    found
        .into_iter()
        .map(|row| {
            let parties = of.remove(&row.id).unwrap_or_default();
            read(row, parties)
        })
        .collect()
}

fn read_party(row: &parties::Model) -> Result<Party, Failure> {
    let place = |column| ("agreement_parties", column);
    let accepted = match (row.accepted_on, &row.channel) {
        (Some(on), Some(channel)) => {
            Some(Acceptance { on, channel: parse(place("channel"), channel)?, by: row.accepted_by })
        }
        _unanswered => None,
    };
    Ok(Party { kind: parse(place("kind"), &row.kind)?, id: row.party_id, accepted })
}

/// What is unique among a membership's agreements that aren't over: one of each.
fn live_key(agreement: &Agreement) -> Option<String> {
    match agreement.status {
        AgreementStatus::Proposed | AgreementStatus::Accepted => {
            Some(format!("{}/{}", agreement.membership_id, agreement.status.code()))
        }
        AgreementStatus::Declined | AgreementStatus::Ended => None,
    }
}

fn row_of(stored: &Stored<Agreement>, council: bool) -> Result<Model, Failure> {
    let agreement = &stored.value;
    let promises = &agreement.promises;
    Ok(Model {
        id: agreement.id,
        version: stored.version,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        membership_id: agreement.membership_id,
        network_id: agreement.network_id,
        organisation_id: agreement.organisation_id,
        participant_id: agreement.participant_id,
        council,
        perspective: agreement.perspective.code().to_owned(),
        agreement_version: agreement.agreement_version,
        replaces_id: agreement.replaces_id,
        role: write_texts(&promises.role)?,
        starts_on: promises.starts_on,
        ends_on: promises.ends_on,
        expected_minutes: promises.expected_minutes,
        rate_id: promises.rate_id,
        training: promises.training.as_ref().map(write_texts).transpose()?,
        contact_id: promises.contact_id,
        answer_days: promises.answer_days,
        status: agreement.status.code().to_owned(),
        live_key: live_key(agreement),
    })
}

fn read(row: Model, parties: Vec<Party>) -> Result<Stored<Agreement>, Failure> {
    let promises = Promises {
        role: read_texts((TABLE, "role"), &row.role)?,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        expected_minutes: row.expected_minutes,
        rate_id: row.rate_id,
        training: optional(row.training, |json| read_texts((TABLE, "training"), &json))?,
        contact_id: row.contact_id,
        answer_days: row.answer_days,
    };
    let value = Agreement {
        id: row.id,
        membership_id: row.membership_id,
        network_id: row.network_id,
        organisation_id: row.organisation_id,
        participant_id: row.participant_id,
        perspective: parse((TABLE, "perspective"), &row.perspective)?,
        agreement_version: row.agreement_version,
        replaces_id: row.replaces_id,
        promises,
        parties,
        status: parse((TABLE, "status"), &row.status)?,
    };
    Ok(Stored { value, version: row.version, created_at: row.created_at, updated_at: row.updated_at })
}
