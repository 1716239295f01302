//! Who holds, or held, which role in an organisation and its networks: for the
//! review that its managers do from time to time.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QuerySelect as _};
use uuid::Uuid;

use super::accounts;
use super::entity::{grants, sessions};
use super::grants::{Grant, read};
use crate::store::{Failure, Page, PageRequest, Source, fetch_page};

/// A role as a review shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewed {
    /// The role: whose, where, by whom, when, why.
    pub grant: Grant,
    /// The name that its holder goes by.
    pub display_name: String,
    /// When it was withdrawn; none while it holds.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// The account that withdrew it.
    pub withdrawn_by: Option<Uuid>,
    /// When its holder signed in last, as far as is known.
    pub signed_in_at: Option<DateTime<Utc>>,
}

/// The roles of an organisation and of its networks: those that hold, and those
/// withdrawn at this instant or later.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    source: &impl Source,
    organisation: Uuid,
    withdrawn_since: Option<DateTime<Utc>>,
    request: &PageRequest,
) -> Result<Page<Reviewed>, Failure> {
    let withdrawn = grants::Column::WithdrawnAt;
    let shown = Condition::any().add(withdrawn.is_null()).add_option(withdrawn_since.map(|since| withdrawn.gte(since)));
    let selection = grants::Entity::find().filter(grants::Column::OrganisationId.eq(organisation)).filter(shown);
    let keyset = crate::store::keyset!(crate::access::entity::grants);
    let page = fetch_page(source, selection, keyset, request).await?;
    let holders: Vec<Uuid> = page.items.iter().map(|row| row.account_id).collect();
    let names = accounts::names(source, &holders).await?;
    let signed_in = signed_in(source, &holders).await?;
    page.try_map(|row| {
        let holder = row.account_id;
        let (withdrawn_at, withdrawn_by) = (row.withdrawn_at, row.withdrawn_by);
        let display_name = names.get(&holder).cloned().unwrap_or_default();
        let signed_in_at = signed_in.get(&holder).copied();
        Ok(Reviewed { grant: read(row)?, display_name, withdrawn_at, withdrawn_by, signed_in_at })
    })
}

async fn signed_in(source: &impl Source, ids: &[Uuid]) -> Result<HashMap<Uuid, DateTime<Utc>>, Failure> {
    let latest = sessions::Entity::find()
        .select_only()
        .column(sessions::Column::AccountId)
        .column_as(sessions::Column::CreatedAt.max(), "latest")
        .filter(sessions::Column::AccountId.is_in(ids.iter().copied()))
        .group_by(sessions::Column::AccountId);
    let found: Vec<(Uuid, DateTime<Utc>)> = latest.into_tuple().all(source.beneath()).await?;
    Ok(found.into_iter().collect())
}
