//! Anonymous answers once they are sealed.

use klankbord_domain::consultations::Ballot;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use super::ballot_content::{Written, read, read_words};
use super::entity::sealed_ballots::{Column, Entity, Model};
use super::sealing::place;
use crate::store::{Failure, Page, PageRequest, Source};

/// How many are read at a time.
const BATCH: u64 = 1000;

/// Gives everything that was chosen for counting, some at a time; in no order that tells anything.
pub(super) async fn each(
    source: &impl Source,
    consultation: Uuid,
    mut count: impl FnMut(&Ballot) + Send,
) -> Result<(), Failure> {
    let mut after = None;
    loop {
        let rows = rows_after(source, (consultation, Uuid::nil()), after, BATCH).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = Some(last.id);
        for row in &rows {
            count(&read("sealed_ballots", &opened(source, row)?)?);
        }
    }
}

/// A page of what was written to one question, by the drawn ids.
///
/// # Errors
/// When the database refuses.
pub async fn written(
    source: &impl Source,
    (consultation, question): (Uuid, Uuid),
    request: &PageRequest,
) -> Result<Page<(Uuid, Written)>, Failure> {
    let after = request.after.map(|(_, id)| id);
    let mut rows = rows_after(source, (consultation, question), after, request.limit + 1).await?;
    let whole = usize::try_from(request.limit).unwrap_or(usize::MAX);
    let more = rows.len() > whole;
    rows.truncate(whole);
    let next = rows.last().filter(|_| more).map(|row| (chrono::DateTime::UNIX_EPOCH, row.id));
    let total = if request.count { Some(of((consultation, question)).count(source.beneath()).await?) } else { None };
    let items = rows.iter().map(|row| Ok((row.id, read_words(&opened(source, row)?)?)));
    Ok(Page { items: items.collect::<Result<_, Failure>>()?, next, total })
}

/// What was written, by this id, to one question.
pub(super) async fn one(source: &impl Source, of_what: (Uuid, Uuid), id: Uuid) -> Result<Option<Written>, Failure> {
    let found = of(of_what).filter(Column::Id.eq(id)).one(source.beneath()).await?;
    found.map(|row| read_words(&opened(source, &row)?)).transpose()
}

/// The ids of what was written to one question.
pub(super) async fn ids(source: &impl Source, of_what: (Uuid, Uuid)) -> Result<Vec<Uuid>, Failure> {
    let ids = of(of_what).select_only().column(Column::Id).order_by_asc(Column::Id);
    Ok(ids.into_tuple().all(source.beneath()).await?)
}

/// How many wrote something to a question.
pub(super) async fn wrote(source: &impl Source, of_what: (Uuid, Uuid)) -> Result<i64, Failure> {
    Ok(i64::try_from(of(of_what).count(source.beneath()).await?).unwrap_or(i64::MAX))
}

fn of((consultation, part): (Uuid, Uuid)) -> sea_orm::Select<Entity> {
    Entity::find().filter(Column::ConsultationId.eq(consultation)).filter(Column::Part.eq(part))
}

async fn rows_after(
    source: &impl Source,
    of_what: (Uuid, Uuid),
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Model>, Failure> {
    let mut selection = of(of_what).order_by_asc(Column::Id).limit(limit);
    if let Some(after) = after {
        selection = selection.filter(Column::Id.gt(after));
    }
    Ok(selection.all(source.beneath()).await?)
}

fn opened(source: &impl Source, row: &Model) -> Result<Vec<u8>, Failure> {
    source.keys().open_ballot(&place(row.consultation_id, row.part, row.id), &row.content)
}
