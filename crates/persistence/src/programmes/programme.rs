//! Programmes with their partners, pillars, phases and milestones.

use chrono::NaiveDate;
use klankbord_domain::programmes::{Milestone, Phase, Pillar, Product, Programme};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::entity::programme_partners as partners;
use super::entity::programmes::{Column, Entity, Model};
use crate::networks::entity::networks;
use crate::store::{
    Failure, Page, PageRequest, Source, Stored, TextRow, Tx, fetch_page, from_json, keyset, read_texts, rows,
    text_rows, texts_of, to_json, write_texts,
};

const KIND: &str = "programme";
const TABLE: &str = "programmes";

#[derive(Serialize, Deserialize)]
struct PillarRow {
    id: Uuid,
    number: i32,
    name: Vec<TextRow>,
}

#[derive(Serialize, Deserialize)]
struct PhaseRow {
    id: Uuid,
    name: Vec<TextRow>,
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
    products: Vec<ProductRow>,
}

#[derive(Serialize, Deserialize)]
struct ProductRow {
    name: Vec<TextRow>,
    due_on: Option<NaiveDate>,
    delivered_on: Option<NaiveDate>,
    url: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct MilestoneRow {
    id: Uuid,
    name: Vec<TextRow>,
    due_on: Option<NaiveDate>,
    reached_on: Option<NaiveDate>,
}

/// Which programmes to list.
#[derive(Debug, Clone, Default)]
pub struct ProgrammeFilter {
    /// Only this organisation's.
    pub host: Option<Uuid>,
    /// Only those in which this organisation takes part.
    pub partner: Option<Uuid>,
}

/// Makes a programme.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, programme: Programme) -> Result<Stored<Programme>, Failure> {
    let stored = Stored { value: programme, version: 1, created_at: tx.now(), updated_at: tx.now() };
    rows::insert(tx, row_of(&stored)?).await?;
    write_partners(tx, &stored.value).await?;
    tx.happened("programme.made", Some(stored.value.host_id), KIND, stored.value.id);
    Ok(stored)
}

/// Saves a changed programme.
///
/// # Errors
/// 412 when somebody changed it meanwhile.
pub async fn save(tx: &Tx, changed: Stored<Programme>) -> Result<Stored<Programme>, Failure> {
    let read = changed.version;
    let stored = Stored { version: read + 1, updated_at: tx.now(), ..changed };
    rows::save(tx, row_of(&stored)?, [Column::Id, Column::Version], read).await?;
    let old = partners::Entity::delete_many().filter(partners::Column::ProgrammeId.eq(stored.value.id));
    old.exec(tx.beneath()).await?;
    write_partners(tx, &stored.value).await?;
    tx.happened("programme.changed", Some(stored.value.host_id), KIND, stored.value.id);
    Ok(stored)
}

/// The programme with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid) -> Result<Option<Stored<Programme>>, Failure> {
    let row = rows::one::<Entity>(source, id).await?;
    Ok(with_partners(source, row.into_iter().collect()).await?.pop())
}

/// The programme with this id, for changing it or what hangs under it.
///
/// # Errors
/// When the database refuses.
pub async fn find_to_change(tx: &Tx, id: Uuid) -> Result<Option<Stored<Programme>>, Failure> {
    let row = rows::locked::<Entity>(tx, id).await?;
    Ok(with_partners(tx, row.into_iter().collect()).await?.pop())
}

/// This organisation, and the hosts and partners of the programmes that run on this day and
/// in which it has such a part.
///
/// # Errors
/// When the database refuses.
pub async fn together_with(source: &impl Source, organisation: Uuid, day: NaiveDate) -> Result<Vec<Uuid>, Failure> {
    let within = sea_orm::sea_query::Query::select()
        .column(partners::Column::ProgrammeId)
        .from(partners::Entity)
        .and_where(partners::Column::OrganisationId.eq(organisation))
        .to_owned();
    let part = sea_orm::Condition::any().add(Column::HostId.eq(organisation)).add(Column::Id.in_subquery(within));
    let found = with_partners(source, Entity::find().filter(part).all(source.beneath()).await?).await?;
    let runs = |programme: &Programme| {
        programme.starts_on.is_none_or(|first| first <= day) && programme.ends_on.is_none_or(|last| day <= last)
    };
    let running = found.into_iter().map(|stored| stored.value).filter(runs);
    let mut all: Vec<Uuid> = running.flat_map(|one| one.partners.into_iter().chain([one.host_id])).collect();
    all.push(organisation);
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// A page of programmes.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    filter: &ProgrammeFilter,
    request: &PageRequest,
) -> Result<Page<Stored<Programme>>, Failure> {
    let mut selection = Entity::find();
    if let Some(host) = filter.host {
        selection = selection.filter(Column::HostId.eq(host));
    }
    if let Some(partner) = filter.partner {
        let within = sea_orm::sea_query::Query::select()
            .column(partners::Column::ProgrammeId)
            .from(partners::Entity)
            .and_where(partners::Column::OrganisationId.eq(partner))
            .to_owned();
        selection = selection.filter(Column::Id.in_subquery(within));
    }
    let page = fetch_page(source, selection, keyset!(super::entity::programmes), request).await?;
    let (next, total) = (page.next, page.total);
    Ok(Page { items: with_partners(source, page.items).await?, next, total })
}

/// Whether a network stands under one of these pillars of a programme.
///
/// # Errors
/// When the database refuses.
pub async fn pillars_in_use(source: &impl Source, programme: Uuid, pillars: &[Uuid]) -> Result<bool, Failure> {
    let under = networks::Entity::find()
        .filter(networks::Column::ProgrammeId.eq(programme))
        .filter(networks::Column::PillarId.is_in(pillars.iter().copied()));
    Ok(!pillars.is_empty() && under.one(source.beneath()).await?.is_some())
}

async fn write_partners(tx: &Tx, programme: &Programme) -> Result<(), Failure> {
    let programme_id = programme.id;
    let rows = programme.partners.iter().zip(0..).map(|(id, position)| partners::Model {
        programme_id,
        position,
        organisation_id: *id,
    });
    rows::insert_all(tx, rows.collect()).await
}

async fn with_partners(source: &impl Source, found: Vec<Model>) -> Result<Vec<Stored<Programme>>, Failure> {
    let ids = found.iter().map(|row| row.id);
    let others = partners::Entity::find()
        .filter(partners::Column::ProgrammeId.is_in(ids))
        .order_by_asc(partners::Column::Position)
        .all(source.beneath())
        .await?;
    found.iter().map(|row| read(row, &others)).collect()
}

fn row_of(stored: &Stored<Programme>) -> Result<Model, Failure> {
    let programme = &stored.value;
    let pillars = programme.pillars.iter().map(|pillar| PillarRow {
        id: pillar.id,
        number: pillar.number,
        name: text_rows(&pillar.name),
    });
    let phases = programme.phases.iter().map(|phase| PhaseRow {
        id: phase.id,
        name: text_rows(&phase.name),
        starts_on: phase.starts_on,
        ends_on: phase.ends_on,
        products: phase.products.iter().map(product_row).collect(),
    });
    let milestones = programme.milestones.iter().map(|milestone| MilestoneRow {
        id: milestone.id,
        name: text_rows(&milestone.name),
        due_on: milestone.due_on,
        reached_on: milestone.reached_on,
    });
    Ok(Model {
        id: programme.id,
        version: stored.version,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        host_id: programme.host_id,
        commissioner_id: programme.commissioner_id,
        joint_controllers: to_json(&programme.joint_controllers)?,
        name: write_texts(&programme.name)?,
        summary: write_texts(&programme.summary)?,
        starts_on: programme.starts_on,
        ends_on: programme.ends_on,
        pillars: to_json(&pillars.collect::<Vec<_>>())?,
        phases: to_json(&phases.collect::<Vec<_>>())?,
        milestones: to_json(&milestones.collect::<Vec<_>>())?,
    })
}

fn product_row(product: &Product) -> ProductRow {
    let Product { name, due_on, delivered_on, url } = product;
    ProductRow { name: text_rows(name), due_on: *due_on, delivered_on: *delivered_on, url: url.clone() }
}

fn read(row: &Model, others: &[partners::Model]) -> Result<Stored<Programme>, Failure> {
    let pillars: Vec<PillarRow> = from_json((TABLE, "pillars"), &row.pillars)?;
    let phases: Vec<PhaseRow> = from_json((TABLE, "phases"), &row.phases)?;
    let milestones: Vec<MilestoneRow> = from_json((TABLE, "milestones"), &row.milestones)?;
    let own = others.iter().filter(|partner| partner.programme_id == row.id);
    let value = Programme {
        id: row.id,
        host_id: row.host_id,
        commissioner_id: row.commissioner_id,
        partners: own.map(|partner| partner.organisation_id).collect(),
        joint_controllers: from_json((TABLE, "joint_controllers"), &row.joint_controllers)?,
        name: read_texts((TABLE, "name"), &row.name)?,
        summary: read_texts((TABLE, "summary"), &row.summary)?,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        pillars: pillars.into_iter().map(read_pillar).collect::<Result<_, _>>()?,
        phases: phases.into_iter().map(read_phase).collect::<Result<_, _>>()?,
        milestones: milestones.into_iter().map(read_milestone).collect::<Result<_, _>>()?,
    };
    Ok(Stored { value, version: row.version, created_at: row.created_at, updated_at: row.updated_at })
}

fn read_pillar(row: PillarRow) -> Result<Pillar, Failure> {
    Ok(Pillar { id: row.id, number: row.number, name: texts_of((TABLE, "pillars"), row.name)? })
}

fn read_phase(row: PhaseRow) -> Result<Phase, Failure> {
    let PhaseRow { id, name, starts_on, ends_on, products } = row;
    let products = products.into_iter().map(|product| {
        let ProductRow { name, due_on, delivered_on, url } = product;
        Ok(Product { name: texts_of((TABLE, "phases"), name)?, due_on, delivered_on, url })
    });
    let products = products.collect::<Result<_, Failure>>()?;
    Ok(Phase { id, name: texts_of((TABLE, "phases"), name)?, starts_on, ends_on, products })
}

fn read_milestone(row: MilestoneRow) -> Result<Milestone, Failure> {
    let MilestoneRow { id, name, due_on, reached_on } = row;
    Ok(Milestone { id, name: texts_of((TABLE, "milestones"), name)?, due_on, reached_on })
}
