//! How promises to report back were kept, by organisation and by network.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use klankbord_domain::Texts;
use klankbord_domain::calendar::day_of;
use klankbord_domain::consultations::{ConsultationStatus, Promise};
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QuerySelect as _, QueryTrait as _};
use uuid::Uuid;

use super::entity::{consultation_networks as asked, consultations};
use crate::networks::entity::networks;
use crate::organisations::entity::organisations;
use crate::store::{Failure, Page, PageRequest, Source, fetch_page, keyset, read_texts};

/// What of a consultation its promise is made of: owner, day, whether it was moved, the
/// first day, and when people heard back.
type Row = (Uuid, Uuid, NaiveDate, Option<String>, Option<NaiveDate>, Option<DateTime<Utc>>);

/// An organisation or a network, with what was promised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promises {
    /// The organisation, or the network's host.
    pub organisation_id: Uuid,
    /// Its name.
    pub organisation_name: String,
    /// The network, where it is one.
    pub network: Option<(Uuid, Texts)>,
    /// What was promised.
    pub promises: Vec<Promise>,
}

/// What was put to people and not called off, as in the register.
fn public() -> Condition {
    use consultations::Column as Of;
    Condition::all()
        .add(Of::OpenedAt.is_not_null())
        .add(Of::ReportBackDueOn.is_not_null())
        .add(Of::Council.eq(false))
        .add(Of::ClosingRoundOf.is_null())
        .add(Of::Status.ne(ConsultationStatus::Withdrawn.code()))
}

/// A page of the organisations that put something to people, or of one of them.
///
/// # Errors
/// When the database refuses.
pub async fn by_organisation(
    source: &impl Source,
    organisation: Option<Uuid>,
    zone: Tz,
    request: &PageRequest,
) -> Result<Page<Promises>, Failure> {
    use consultations::Column as Of;
    let ask = consultations::Entity::find().select_only().column(Of::OrganisationId).filter(public());
    let mut selection = organisations::Entity::find().filter(organisations::Column::Id.in_subquery(ask.into_query()));
    if let Some(organisation) = organisation {
        selection = selection.filter(organisations::Column::Id.eq(organisation));
    }
    let page = fetch_page(source, selection, keyset!(crate::organisations::entity::organisations), request).await?;
    let ids: Vec<Uuid> = page.items.iter().map(|row| row.id).collect();
    let rows = rows(source, Condition::all().add(Of::OrganisationId.is_in(ids))).await?;
    Ok(page.map(|row| Promises {
        organisation_id: row.id,
        organisation_name: row.name,
        network: None,
        promises: rows.iter().filter(|one| one.1 == row.id).map(|one| promise(one, zone)).collect(),
    }))
}

/// A page of the networks to which something was put, or of those of one host.
///
/// # Errors
/// When the database refuses.
pub async fn by_network(
    source: &impl Source,
    host: Option<Uuid>,
    zone: Tz,
    request: &PageRequest,
) -> Result<Page<Promises>, Failure> {
    use consultations::Column as Of;
    let all = consultations::Entity::find().select_only().column(Of::Id).filter(public());
    let ask = asked::Entity::find()
        .select_only()
        .column(asked::Column::NetworkId)
        .filter(asked::Column::ConsultationId.in_subquery(all.into_query()));
    let mut selection = networks::Entity::find().filter(networks::Column::Id.in_subquery(ask.into_query()));
    if let Some(host) = host {
        selection = selection.filter(networks::Column::HostId.eq(host));
    }
    let page = fetch_page(source, selection, keyset!(crate::networks::entity::networks), request).await?;
    let ids: Vec<Uuid> = page.items.iter().map(|row| row.id).collect();
    let links = asked::Entity::find().filter(asked::Column::NetworkId.is_in(ids)).all(source.beneath()).await?;
    let of: Vec<Uuid> = links.iter().map(|link| link.consultation_id).collect();
    let rows = rows(source, Condition::all().add(Of::Id.is_in(of))).await?;
    let rows: HashMap<Uuid, &Row> = rows.iter().map(|row| (row.0, row)).collect();
    let hosts: Vec<Uuid> = page.items.iter().map(|row| row.host_id).collect();
    let names = crate::organisations::organisation::names(source, &hosts).await?;
    page.try_map(|network| {
        let ours = links.iter().filter(|link| link.network_id == network.id);
        Ok(Promises {
            organisation_id: network.host_id,
            organisation_name: names.get(&network.host_id).cloned().unwrap_or_default(),
            promises: ours.filter_map(|link| rows.get(&link.consultation_id)).map(|row| promise(row, zone)).collect(),
            network: Some((network.id, read_texts(("networks", "name"), &network.name)?)),
        })
    })
}

async fn rows(source: &impl Source, which: Condition) -> Result<Vec<Row>, Failure> {
    use consultations::Column as Of;
    let found = consultations::Entity::find()
        .select_only()
        .columns([
            Of::Id,
            Of::OrganisationId,
            Of::ReportBackDueOn,
            Of::ReportBackDueReason,
            Of::ReportBackFirstDueOn,
            Of::ConcludedAt,
        ])
        .filter(public())
        .filter(which);
    Ok(found.into_tuple().all(source.beneath()).await?)
}

fn promise((_, _, due_on, reason, first_due_on, concluded_at): &Row, zone: Tz) -> Promise {
    Promise {
        due_on: *due_on,
        moved: reason.is_some(),
        first_due_on: *first_due_on,
        told_on: concluded_at.map(|at| day_of(at, zone)),
    }
}
