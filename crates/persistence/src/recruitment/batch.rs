//! How people were reached: through whom, by which channel, with codes or without.

use chrono::{DateTime, NaiveDate, Utc};
use klankbord_domain::recruitment::{Handed, Source as Reached};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::entity::recruitment_batches::{Column, Entity, Model};
use super::entity::recruitment_codes as codes;
use crate::store::{Failure, Page, PageRequest, Source, Tx, fetch_page, keyset, parse, rows};

/// The kind of thing, in the audit trail.
pub const KIND: &str = "recruitment_batch";
/// What the keyed hash of a code is made for.
const LABEL: &str = "recruitment-code";

/// People who were reached together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Its id.
    pub id: Uuid,
    /// In which campaign.
    pub campaign_id: Uuid,
    /// Through whom, and how.
    pub source: Reached,
    /// How many.
    pub reached: i32,
    /// Whether they got codes.
    pub coded: bool,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Keeps a batch with its codes, by their keyed hashes alone.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, organisation: Uuid, batch: Batch, codes: &[String]) -> Result<Batch, Failure> {
    let row = Model {
        id: batch.id,
        campaign_id: batch.campaign_id,
        source_id: batch.source.organisation,
        channel: batch.source.channel.code().to_owned(),
        reached: batch.reached,
        coded: batch.coded,
        made_by: tx.caller().account,
        created_at: batch.created_at,
    };
    rows::insert(tx, row).await?;
    let mut made = Vec::new();
    for code in codes {
        let code_hash = tx.keys().secret_lookup(LABEL, code);
        made.push(codes::Model { id: tx.random_id()?, batch_id: batch.id, code_hash, used_on: None });
    }
    rows::insert_all(tx, made).await?;
    tx.happened("recruitment_batch.made", Some(organisation), KIND, batch.id);
    Ok(batch)
}

/// The batch with this id.
///
/// # Errors
/// When the database refuses.
pub async fn find(source: &impl Source, id: Uuid) -> Result<Option<Batch>, Failure> {
    rows::one::<Entity>(source, id).await?.as_ref().map(read).transpose()
}

/// A page of a campaign's batches; only those of these organisations, where any are named.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    campaign: Uuid,
    sources: Option<&[Uuid]>,
    request: &PageRequest,
) -> Result<Page<Batch>, Failure> {
    let mut selection = Entity::find().filter(Column::CampaignId.eq(campaign));
    if let Some(sources) = sources {
        selection = selection.filter(Column::SourceId.is_in(sources.iter().copied()));
    }
    let keyset = keyset!(super::entity::recruitment_batches, CreatedAt as created_at);
    fetch_page(source, selection, keyset, request).await?.try_map(|row| read(&row))
}

/// All of a campaign's batches, for the funnel.
///
/// # Errors
/// When the database refuses.
pub async fn all(source: &impl Source, campaign: Uuid) -> Result<Vec<Batch>, Failure> {
    use sea_orm::QueryOrder as _;
    let selection = Entity::find().filter(Column::CampaignId.eq(campaign));
    let found = selection.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(source.beneath()).await?;
    found.iter().map(read).collect()
}

/// What a batch adds to the funnel.
pub fn handed(batch: &Batch) -> Handed {
    Handed { source: batch.source, reached: i64::from(batch.reached) }
}

/// Uses a code up on this day; gives the batch that it is of. None where there is no such
/// code, or it was used.
///
/// # Errors
/// When the database refuses.
pub async fn redeem(tx: &Tx, code: &str, day: NaiveDate) -> Result<Option<Batch>, Failure> {
    let hash = tx.keys().secret_lookup(LABEL, code.trim());
    let Some(row) = codes::Entity::find().filter(codes::Column::CodeHash.eq(&hash)).one(tx.beneath()).await? else {
        return Ok(None);
    };
    // Of two at once only one finds it unused.
    let used = codes::Entity::update_many()
        .col_expr(codes::Column::UsedOn, Expr::val(day))
        .filter(codes::Column::Id.eq(row.id))
        .filter(codes::Column::UsedOn.is_null())
        .exec(tx.beneath())
        .await?;
    if used.rows_affected == 0 { Ok(None) } else { find(tx, row.batch_id).await }
}

fn read(row: &Model) -> Result<Batch, Failure> {
    let channel = parse(("recruitment_batches", "channel"), &row.channel)?;
    Ok(Batch {
        id: row.id,
        campaign_id: row.campaign_id,
        source: Reached { organisation: row.source_id, channel },
        reached: row.reached,
        coded: row.coded,
        created_at: row.created_at,
    })
}
