//! The demo: how far each of its files was loaded, so that loading goes on
//! where it stopped and happens once.

pub(crate) mod entity;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::Expr};
use uuid::Uuid;

use self::entity::demo_loads;
use crate::organisations::entity::organisations;
use crate::store::{Failure, Source, Tx, rows};

const KIND: &str = "demo_load";

/// How far a file of the demo was loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoLoad {
    /// Its row.
    pub id: Uuid,
    /// The file's name.
    pub file: String,
    /// The digest of the file's text.
    pub digest: String,
    /// The day from which the file's days are counted.
    pub day_zero: NaiveDate,
    /// How many of its steps were carried out.
    pub steps_done: i32,
    /// When the last of them was; none while some are left.
    pub finished_at: Option<DateTime<Utc>>,
}

/// Every file of which a part was loaded.
///
/// # Errors
/// When the database refuses.
pub async fn all(source: &impl Source) -> Result<Vec<DemoLoad>, Failure> {
    let rows = demo_loads::Entity::find().all(source.beneath()).await?;
    Ok(rows.into_iter().map(read).collect())
}

/// Notes that a file is being loaded.
///
/// # Errors
/// When the database refuses.
pub async fn start(tx: &Tx, file: &str, digest: &str, day_zero: NaiveDate) -> Result<DemoLoad, Failure> {
    let row = demo_loads::Model {
        id: tx.new_id(),
        file: file.to_owned(),
        digest: digest.to_owned(),
        day_zero,
        steps_done: 0,
        started_at: tx.now(),
        finished_at: None,
    };
    rows::insert(tx, row.clone()).await?;
    tx.touches(None, KIND, row.id);
    Ok(read(row))
}

/// Notes how many steps of a file were carried out, and whether that is all.
///
/// # Errors
/// When the database refuses.
pub async fn progress(tx: &Tx, id: Uuid, steps_done: i32, finished: bool) -> Result<(), Failure> {
    let finished_at = finished.then(|| tx.now());
    let update = demo_loads::Entity::update_many()
        .col_expr(demo_loads::Column::StepsDone, Expr::val(steps_done))
        .col_expr(demo_loads::Column::FinishedAt, Expr::val(finished_at))
        .filter(demo_loads::Column::Id.eq(id));
    update.exec(tx.beneath()).await?;
    tx.touches(None, KIND, id);
    Ok(())
}

/// Whether there is any organisation.
///
/// # Errors
/// When the database refuses.
pub async fn any_organisation(source: &impl Source) -> Result<bool, Failure> {
    Ok(organisations::Entity::find().one(source.beneath()).await?.is_some())
}

fn read(row: demo_loads::Model) -> DemoLoad {
    let demo_loads::Model { id, file, digest, day_zero, steps_done, started_at: _, finished_at } = row;
    DemoLoad { id, file, digest, day_zero, steps_done, finished_at }
}
