//! Claims with their lines.

use std::collections::HashMap;

use chrono::NaiveDate;
use klankbord_domain::compensation::{Claim, ClaimLine, ClaimStatus, LineAmount};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use uuid::Uuid;

use super::ClaimSight;
use super::entity::claim_lines as lines;
use super::entity::claims::{Column, Entity, Model};
use crate::participants::{erased, participant};
use crate::store::{Failure, Page, PageRequest, Source, Stored, Tx, bury, fetch_page, keyset, parse, rows};

/// The kind of thing, in histories and the audit trail.
pub const KIND: &str = "claim";
const TABLE: &str = "claims";

/// Which claims to list.
#[derive(Debug, Clone, Default)]
pub struct ClaimFilter {
    /// Only those that this organisation pays.
    pub organisation: Option<Uuid>,
    /// Only those of this network.
    pub network: Option<Uuid>,
    /// Only those of this membership.
    pub membership: Option<Uuid>,
    /// Only those that stand so; empty: all.
    pub statuses: Vec<ClaimStatus>,
    /// Only those that are still awaited and were due before this day.
    pub late_on: Option<NaiveDate>,
}

/// Makes a claim. `council`: whether its network is in a council's room.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, claim: Claim, council: bool) -> Result<Stored<Claim>, Failure> {
    let stored = Stored { value: claim, version: 1, created_at: tx.now(), updated_at: tx.now() };
    erased::is_there(tx, stored.value.participant_id).await?;
    rows::insert(tx, row_of(&stored, council)).await?;
    write_lines(tx, &stored.value).await?;
    note(tx, &stored.value, "claim.made");
    Ok(stored)
}

/// Saves a changed claim. `council`: whether its network is in a council's room.
///
/// # Errors
/// 412 when somebody changed it meanwhile.
pub async fn save(tx: &Tx, changed: Stored<Claim>, council: bool) -> Result<Stored<Claim>, Failure> {
    let read = changed.version;
    let stored = Stored { version: read + 1, updated_at: tx.now(), ..changed };
    rows::save(tx, row_of(&stored, council), [Column::Id, Column::Version], read).await?;
    forget_lines(tx, stored.value.id).await?;
    write_lines(tx, &stored.value).await?;
    note(tx, &stored.value, &format!("claim.{}", stored.value.status.code()));
    Ok(stored)
}

/// Deletes a draft; a tombstone stays.
///
/// # Errors
/// When the database refuses.
pub async fn delete(tx: &Tx, claim: &Claim) -> Result<(), Failure> {
    forget_lines(tx, claim.id).await?;
    Entity::delete_by_id(claim.id).exec(tx.beneath()).await?;
    tx.concerns(claim.participant_id);
    bury(tx, claim.organisation_id, KIND, claim.id).await
}

fn note(tx: &Tx, claim: &Claim, event: &str) {
    tx.happened(event, Some(claim.organisation_id), KIND, claim.id);
    tx.concerns(claim.participant_id);
}

/// The claim with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid) -> Result<Option<Stored<Claim>>, Failure> {
    let row = rows::one::<Entity>(source, id).await?;
    Ok(with_lines(source, row.into_iter().collect()).await?.pop())
}

/// The claim with this id, for changing it.
///
/// # Errors
/// When the database refuses.
pub async fn find_to_change(tx: &Tx, id: Uuid) -> Result<Option<Stored<Claim>>, Failure> {
    let row = rows::locked::<Entity>(tx, id).await?;
    Ok(with_lines(tx, row.into_iter().collect()).await?.pop())
}

/// A page of the claims that can be seen from here.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    sight: &ClaimSight,
    filter: &ClaimFilter,
    request: &PageRequest,
) -> Result<Page<Stored<Claim>>, Failure> {
    let mut selection = Entity::find().filter(sight.selection());
    let exactly = [
        (Column::OrganisationId, filter.organisation),
        (Column::NetworkId, filter.network),
        (Column::MembershipId, filter.membership),
    ];
    for (column, wanted) in exactly {
        if let Some(id) = wanted {
            selection = selection.filter(column.eq(id));
        }
    }
    if !filter.statuses.is_empty() {
        selection = selection.filter(Column::Status.is_in(filter.statuses.iter().map(|status| status.code())));
    }
    if let Some(today) = filter.late_on {
        let awaited = ClaimStatus::ALL.iter().filter(|status| status.is_awaited()).map(|status| status.code());
        selection = selection.filter(Column::Status.is_in(awaited)).filter(Column::DueOn.lt(today));
    }
    let page = fetch_page(source, selection, keyset!(super::entity::claims), request).await?;
    let (next, total) = (page.next, page.total);
    Ok(Page { items: with_lines(source, page.items).await?, next, total })
}

/// Where somebody's claims are counted together: with one payer, outside its
/// councils, or in the room of one; and all of one's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Together {
    /// With this organisation, outside councils.
    Payer(Uuid),
    /// In this network, a council's room.
    Room(Uuid),
    /// Everywhere.
    All,
}

/// The claims of these persons that count towards what they get.
///
/// # Errors
/// When the database refuses.
pub async fn counting(source: &impl Source, persons: &[Uuid], together: Together) -> Result<Vec<Claim>, Failure> {
    let counts = ClaimStatus::ALL.iter().filter(|status| status.counts()).map(|status| status.code());
    let selection = Entity::find()
        .filter(Column::ParticipantId.is_in(persons.iter().copied()))
        .filter(Column::Status.is_in(counts));
    let selection = match together {
        Together::Payer(organisation) => {
            selection.filter(Column::OrganisationId.eq(organisation)).filter(Column::Council.eq(false))
        }
        Together::Room(network) => selection.filter(Column::NetworkId.eq(network)),
        Together::All => selection,
    };
    let found = selection.order_by_asc(Column::Id).all(source.beneath()).await?;
    Ok(with_lines(source, found).await?.into_iter().map(|found| found.value).collect())
}

/// Holds a person's row until the command ends: two claims at once don't pass a
/// ceiling unseen.
///
/// # Errors
/// When the database refuses.
pub async fn hold_person(tx: &Tx, person: Uuid) -> Result<(), Failure> {
    participant::find_to_change(tx, person).await.map(drop)
}

async fn forget_lines(tx: &Tx, claim: Uuid) -> Result<(), Failure> {
    lines::Entity::delete_many().filter(lines::Column::ClaimId.eq(claim)).exec(tx.beneath()).await?;
    Ok(())
}

async fn write_lines(tx: &Tx, claim: &Claim) -> Result<(), Failure> {
    let row = |(line, position): (&ClaimLine, i32)| {
        let (quantity, rate_id, rate_cents) = match line.amount {
            LineAmount::Counted { quantity, rate_id, rate_cents } => (Some(quantity), Some(rate_id), Some(rate_cents)),
            LineAmount::Told(_) => (None, None, None),
        };
        lines::Model {
            id: line.id,
            claim_id: claim.id,
            position,
            kind: line.kind.code().to_owned(),
            happened_on: line.happened_on,
            quantity,
            rate_id,
            rate_cents,
            cents: line.cents(),
            description: line.description.clone(),
            proven: line.proven,
        }
    };
    rows::insert_all(tx, claim.lines.iter().zip(0..).map(row).collect()).await
}

fn row_of(stored: &Stored<Claim>, council: bool) -> Model {
    let claim = &stored.value;
    Model {
        id: claim.id,
        version: stored.version,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        membership_id: claim.membership_id,
        network_id: claim.network_id,
        organisation_id: claim.organisation_id,
        participant_id: claim.participant_id,
        account_id: claim.account_id,
        council,
        perspective: claim.perspective.code().to_owned(),
        trained: claim.trained,
        basis: claim.basis.code().to_owned(),
        status: claim.status.code().to_owned(),
        entered_by: claim.entered_by,
        submitted_by: claim.submitted_by,
        submitted_on: claim.submitted_on,
        due_on: claim.due_on,
        paid_on: claim.paid_on,
    }
}

async fn with_lines(source: &impl Source, found: Vec<Model>) -> Result<Vec<Stored<Claim>>, Failure> {
    let ids: Vec<Uuid> = found.iter().map(|row| row.id).collect();
    let mut of_claim: HashMap<Uuid, Vec<ClaimLine>> = HashMap::new();
    for batch in ids.chunks(500) {
        let selection = lines::Entity::find().filter(lines::Column::ClaimId.is_in(batch.iter().copied()));
        for row in selection.order_by_asc(lines::Column::Position).all(source.beneath()).await? {
            of_claim.entry(row.claim_id).or_default().push(read_line(row)?);
        }
    }
    found
        .into_iter()
        .map(|row| {
            let lines = of_claim.remove(&row.id).unwrap_or_default();
            read(&row, lines)
        })
        .collect()
}

fn read_line(row: lines::Model) -> Result<ClaimLine, Failure> {
    let amount = match (row.quantity, row.rate_id, row.rate_cents) {
        (Some(quantity), Some(rate_id), Some(rate_cents)) => LineAmount::Counted { quantity, rate_id, rate_cents },
        _told => LineAmount::Told(row.cents),
    };
    Ok(ClaimLine {
        id: row.id,
        kind: parse(("claim_lines", "kind"), &row.kind)?,
        happened_on: row.happened_on,
        amount,
        description: row.description,
        proven: row.proven,
    })
}

fn read(row: &Model, lines: Vec<ClaimLine>) -> Result<Stored<Claim>, Failure> {
    let value = Claim {
        id: row.id,
        membership_id: row.membership_id,
        network_id: row.network_id,
        organisation_id: row.organisation_id,
        participant_id: row.participant_id,
        account_id: row.account_id,
        perspective: parse((TABLE, "perspective"), &row.perspective)?,
        trained: row.trained,
        basis: parse((TABLE, "basis"), &row.basis)?,
        lines,
        status: parse((TABLE, "status"), &row.status)?,
        entered_by: row.entered_by,
        submitted_by: row.submitted_by,
        submitted_on: row.submitted_on,
        due_on: row.due_on,
        paid_on: row.paid_on,
    };
    Ok(Stored { value, version: row.version, created_at: row.created_at, updated_at: row.updated_at })
}
