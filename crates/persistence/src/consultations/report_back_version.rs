//! What was published of report-backs, version by version. None ever changes.

use chrono::{DateTime, Utc};
use klankbord_domain::Texts;
use klankbord_domain::consultations::{Point, ReportBack, Theme};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use uuid::Uuid;

use super::codec::{read_points, read_themes, write_points, write_themes};
use super::entity::report_back_versions::{Column, Entity, Model};
use crate::store::{
    Failure, Page, PageRequest, Source, Tx, fetch_page, keyset, optional, read_texts, rows, write_texts,
};

const TABLE: &str = "report_back_versions";

/// What people could read of a report-back from a moment on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its id.
    pub id: Uuid,
    /// Of which report-back.
    pub report_back_id: Uuid,
    /// Which version, from 1.
    pub edition: i32,
    /// What was heard.
    pub heard: Texts,
    /// What came back in it.
    pub themes: Vec<Theme>,
    /// Point by point.
    pub points: Vec<Point>,
    /// Why it took the place of the version before.
    pub reason: Option<Texts>,
    /// From when on people could read it.
    pub published_at: DateTime<Utc>,
}

/// Keeps what is published now under this id, with why it takes the place of what stood
/// there.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, id: Uuid, told: &ReportBack, reason: Option<Texts>) -> Result<Version, Failure> {
    let version = Version {
        id,
        report_back_id: told.id,
        edition: told.edition,
        heard: told.heard.clone(),
        themes: told.themes.clone(),
        points: told.points.clone(),
        reason,
        published_at: tx.now(),
    };
    let row = Model {
        id,
        report_back_id: version.report_back_id,
        edition: version.edition,
        heard: write_texts(&version.heard)?,
        themes: write_themes(&version.themes)?,
        points: write_points(&version.points)?,
        reason: optional(version.reason.as_ref(), write_texts)?,
        published_at: version.published_at,
    };
    rows::insert(tx, row).await?;
    Ok(version)
}

/// A page of what was published of a report-back, the first version first.
///
/// # Errors
/// When the database refuses.
pub async fn list(source: &impl Source, report_back: Uuid, request: &PageRequest) -> Result<Page<Version>, Failure> {
    let selection = Entity::find().filter(Column::ReportBackId.eq(report_back));
    let keyset = keyset!(super::entity::report_back_versions, PublishedAt as published_at);
    fetch_page(source, selection, keyset, request).await?.try_map(|row| read(&row))
}

/// Every version of these report-backs, the first first.
///
/// # Errors
/// When the database refuses.
pub async fn of(source: &impl Source, report_backs: &[Uuid]) -> Result<Vec<Version>, Failure> {
    if report_backs.is_empty() {
        return Ok(Vec::new());
    }
    let found =
        Entity::find().filter(Column::ReportBackId.is_in(report_backs.iter().copied())).order_by_asc(Column::Edition);
    found.all(source.beneath()).await?.iter().map(read).collect()
}

fn read(row: &Model) -> Result<Version, Failure> {
    Ok(Version {
        id: row.id,
        report_back_id: row.report_back_id,
        edition: row.edition,
        heard: read_texts((TABLE, "heard"), &row.heard)?,
        themes: read_themes(&row.themes)?,
        points: read_points(&row.points)?,
        reason: optional(row.reason.as_deref(), |text| read_texts((TABLE, "reason"), text))?,
        published_at: row.published_at,
    })
}
