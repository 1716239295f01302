//! What goes with an answer of somebody: what was declared, as it stands at that moment.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use klankbord_domain::consultations::{Characteristic, Consultation, Described, Regions, Values};
use klankbord_domain::organisations::{ExternalScheme, RegionKind};
use klankbord_domain::participants::{Membership, MembershipStatus, Participant};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use uuid::Uuid;

use crate::organisations::entity::{organisation_external_ids as numbers, organisation_regions as within, regions};
use crate::participants::membership;
use crate::recruitment::entity::{recruitment_batches as batches, recruitment_candidates as candidates};
use crate::store::{Failure, Source};

/// What goes with the answer of this person on this day; nothing that wasn't declared.
///
/// # Errors
/// When the database refuses.
pub async fn of_person(
    source: &impl Source,
    asked: &Consultation,
    person: &Participant,
    today: NaiveDate,
) -> Result<Values, Failure> {
    let declares = |one: Characteristic| asked.breakdowns.by.contains(&one);
    let mut described = Described::default();
    if declares(Characteristic::Perspective) || declares(Characteristic::RecruitmentSource) {
        let through = invited_through(source, asked, person.id).await?;
        described.perspective = through.as_ref().map(|one| one.perspective);
        if let Some(through) = through.filter(|_| declares(Characteristic::RecruitmentSource)) {
            described.source = source_of(source, through.id).await?.map(|id| id.to_string());
        }
    }
    if declares(Characteristic::AgeBand) {
        described.age = person.age_on(today);
    }
    if declares(Characteristic::Municipality) {
        described.municipality.clone_from(&person.municipality);
    }
    if let Some(code) = person.municipality.as_ref().filter(|_| declares(Characteristic::Region)) {
        described.region = regions_of(source, std::slice::from_ref(code)).await?.remove(code);
    }
    Ok(asked.breakdowns.values_of(&described))
}

/// The membership through which somebody is asked: the first in the order of the networks.
async fn invited_through(
    source: &impl Source,
    asked: &Consultation,
    person: Uuid,
) -> Result<Option<Membership>, Failure> {
    let audience = &asked.audience;
    let place = |one: &Membership| audience.network_ids.iter().position(|id| *id == one.network_id);
    let from = |one: &Membership| audience.perspectives.is_empty() || audience.perspectives.contains(&one.perspective);
    let theirs = membership::of_participants(source, &[person]).await?.into_iter();
    let active = theirs.filter(|one| one.status == MembershipStatus::Active && place(one).is_some() && from(one));
    Ok(active.min_by_key(|one| (place(one), one.id)))
}

/// The organisation through which the person of a membership was recruited.
async fn source_of(source: &impl Source, membership: Uuid) -> Result<Option<Uuid>, Failure> {
    let came = candidates::Entity::find().filter(candidates::Column::MembershipId.eq(membership));
    let Some(came) = came.one(source.beneath()).await? else { return Ok(None) };
    let batch = batches::Entity::find_by_id(came.batch_id).one(source.beneath()).await?;
    Ok(batch.and_then(|batch| batch.source_id))
}

/// The youth regions of these municipalities (CBS codes), as far as they are known: by the organisation that
/// has the code, the first where it sits in several.
///
/// # Errors
/// When the database refuses.
pub async fn regions_of(source: &impl Source, codes: &[String]) -> Result<Regions, Failure> {
    if codes.is_empty() {
        return Ok(Regions::new());
    }
    let named = numbers::Entity::find()
        .filter(numbers::Column::Scheme.eq(ExternalScheme::CbsMunicipalityCode.code()))
        .filter(numbers::Column::Value.is_in(codes))
        .all(source.beneath())
        .await?;
    let sits = within::Entity::find()
        .filter(within::Column::OrganisationId.is_in(named.iter().map(|row| row.organisation_id)))
        .order_by_asc(within::Column::RegionId)
        .all(source.beneath())
        .await?;
    let youth = regions::Entity::find()
        .filter(regions::Column::Kind.eq(RegionKind::YouthRegion.code()))
        .filter(regions::Column::Id.is_in(sits.iter().map(|row| row.region_id)));
    let youth: Vec<Uuid> = youth.all(source.beneath()).await?.into_iter().map(|row| row.id).collect();
    let region = |row: &numbers::Model| {
        let mut theirs = sits.iter().filter(|one| one.organisation_id == row.organisation_id);
        theirs.find(|one| youth.contains(&one.region_id)).map(|one| (row.value.clone(), one.region_id.to_string()))
    };
    Ok(named.iter().filter_map(region).collect())
}

/// What people call these regions.
///
/// # Errors
/// When the database refuses.
pub async fn region_names(source: &impl Source, ids: &[Uuid]) -> Result<BTreeMap<Uuid, String>, Failure> {
    let found = regions::Entity::find().filter(regions::Column::Id.is_in(ids.iter().copied()));
    Ok(found.all(source.beneath()).await?.into_iter().map(|row| (row.id, row.name)).collect())
}
