//! A person's own desk: lists over several kinds of things, in one order.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use klankbord_domain::policy::{Operation, Place};
use klankbord_persistence::store::{Page, PageRequest};
use serde::Serialize;
use uuid::Uuid;

use super::viewer::{Other, places};
use crate::web::{Answer, Call, Problem};

/// Something with the instant and id by which the desk sorts it.
pub(super) struct Dated<T> {
    pub(super) at: DateTime<Utc>,
    pub(super) id: Uuid,
    pub(super) item: T,
    /// Somebody else whose words these are.
    pub(super) others: Option<Other>,
}

impl<T> Dated<T> {
    fn key(&self) -> (DateTime<Utc>, Uuid) {
        (self.at, self.id)
    }
}

/// One page of several kinds. Each kind comes as its own page of the same
/// request, so that the first `limit` of all are among the first of each.
pub(super) fn merged<T>(parts: Vec<Page<Dated<T>>>, request: &PageRequest) -> Page<Dated<T>> {
    let counted: Option<Vec<u64>> = parts.iter().map(|part| part.total).collect();
    let total = counted.map(|counts| counts.into_iter().sum());
    let more = parts.iter().any(|part| part.next.is_some());
    let all = parts.into_iter().flat_map(|part| part.items).collect();
    let mut page = cut(all, request);
    if page.next.is_none() && more {
        page.next = page.items.last().map(Dated::key);
    }
    Page { total, ..page }
}

/// The page of a kind that is there as a whole.
pub(super) fn paged<T>(all: Vec<Dated<T>>, request: &PageRequest) -> Page<Dated<T>> {
    let total = request.count.then(|| u64::try_from(all.len()).unwrap_or(u64::MAX));
    let comes_after = |dated: &Dated<T>| match request.after {
        Some(last) if request.sort.descending => dated.key() < last,
        Some(last) => dated.key() > last,
        None => true,
    };
    let rest = all.into_iter().filter(comes_after).collect();
    Page { total, ..cut(rest, request) }
}

fn cut<T>(mut items: Vec<Dated<T>>, request: &PageRequest) -> Page<Dated<T>> {
    items.sort_by_key(Dated::key);
    if request.sort.descending {
        items.reverse();
    }
    let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
    let more = items.len() > limit;
    items.truncate(limit);
    let next = if more { items.last().map(Dated::key) } else { None };
    Page { items, next, total: None }
}

/// The answer: whose words are read is written down.
pub(super) async fn answer<O: Operation, T: Serialize>(
    call: &Call<O>,
    page: Page<Dated<T>>,
) -> Result<Answer, Problem> {
    witness_all(call, page.items.iter().filter_map(|dated| dated.others)).await?;
    call.page(page.map(|dated| dated.item))
}

/// Writes down that the words of these persons are read: a row for each
/// organisation that keeps them, and for each council to which they were said.
pub(super) async fn witness_all<O: Operation>(
    call: &Call<O>,
    others: impl Iterator<Item = Other>,
) -> Result<(), Problem> {
    let others: Vec<Other> = others.collect();
    let places = places(call.reader(), others.iter().map(|other| other.addressee)).await?;
    let mut subjects: BTreeMap<(Uuid, Option<Uuid>), Vec<Uuid>> = BTreeMap::new();
    for Other { organisation, person, addressee } in others {
        let room = places.get(&addressee).and_then(Place::room);
        subjects.entry((organisation, room)).or_default().push(person);
    }
    for ((organisation, room), persons) in subjects {
        call.witness_in(room, Some(organisation), ("organisation", organisation), persons).await?;
    }
    Ok(())
}

/// The id by which the desk sorts what concerns one of several persons: the
/// same thing can wait for two of them.
pub(super) fn for_person(thing: Uuid, person: Uuid) -> Uuid {
    Uuid::from_u128(thing.as_u128() ^ person.as_u128())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(limit: u64, after: Option<(DateTime<Utc>, Uuid)>, descending: bool) -> PageRequest {
        let mut request = PageRequest { limit, after, count: true, ..PageRequest::default() };
        request.sort.descending = descending;
        request
    }

    fn kinds() -> [Vec<Dated<u128>>; 3] {
        let dated = |second: i64, id: u128| {
            let at = DateTime::from_timestamp(second, 0).unwrap();
            Dated { at, id: Uuid::from_u128(id), item: id, others: None }
        };
        let one = vec![dated(1, 1), dated(2, 4), dated(2, 2), dated(9, 9)];
        [one, vec![dated(2, 3), dated(3, 5)], Vec::new()]
    }

    #[test]
    fn every_item_comes_once_and_in_order_whatever_the_limit() {
        for descending in [false, true] {
            let mut wanted = vec![1, 2, 3, 4, 5, 9];
            if descending {
                wanted.reverse();
            }
            for limit in 1..8 {
                let (mut seen, mut after) = (Vec::new(), None);
                loop {
                    let asked = request(limit, after, descending);
                    let parts = kinds().into_iter().map(|kind| paged(kind, &asked)).collect();
                    let page = merged(parts, &asked);
                    assert_eq!(page.total, Some(6));
                    assert!(page.items.len() <= usize::try_from(limit).unwrap());
                    seen.extend(page.items.into_iter().map(|dated| dated.item));
                    after = page.next;
                    if after.is_none() {
                        break;
                    }
                }
                assert_eq!(seen, wanted, "limit {limit}");
            }
        }
    }
}
