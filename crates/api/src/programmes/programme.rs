//! Programmes: the frame of networks and consultations.

use actix_web::{get, patch, post};
use futures_util::FutureExt as _;
use klankbord_domain::Refusal;
use klankbord_domain::policy::Place;
use klankbord_domain::programmes::{Programme as Domain, operations as op};
use klankbord_persistence::organisations::organisation;
use klankbord_persistence::programmes::programme::{self, ProgrammeFilter};
use klankbord_persistence::{Failure, Source, Tx};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use uuid::Uuid;

use super::wire::{Programme, ProgrammeCreate, ProgrammePage, ProgrammePatch, view};
use crate::organisations::named;
use crate::web::page::{Ordering, Paging};
use crate::web::patch;
use crate::web::{Answer, Call, Problem};

/// Which programmes to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct ProgrammeQuery {
    /// Only those that this organisation runs.
    host_id: Option<Uuid>,
    /// Only those in which this organisation takes part.
    partner_id: Option<Uuid>,
}

/// List the programmes
#[utoipa::path(operation_id = "listProgrammes", tag = "Programmes", params(ProgrammeQuery, Paging, Ordering),
    responses((status = 200, description = "A page", body = ProgrammePage)))]
#[get("/programmes")]
pub(super) async fn list_programmes(call: Call<op::ListProgrammes>) -> Result<Answer, Problem> {
    let (query, request) = call.listing::<ProgrammeQuery>()?;
    let filter = ProgrammeFilter { host: query.host_id, partner: query.partner_id };
    let page = programme::list(call.reader(), &filter, &request).await?;
    call.page(page.map(view))
}

/// Make a programme
///
/// Its host owns it. Networks and consultations can hang under it.
#[utoipa::path(operation_id = "createProgramme", tag = "Programmes", request_body = ProgrammeCreate,
    responses((status = 201, description = "Made", body = Programme)))]
#[post("/programmes")]
pub(super) async fn create_programme(call: Call<op::CreateProgramme>) -> Result<Answer, Problem> {
    let new: ProgrammeCreate = call.body()?;
    call.command(new, |tx, new| create(tx, new).boxed()).await
}

async fn create(tx: &Tx, new: &ProgrammeCreate) -> Result<Answer, Failure> {
    named::authorised(tx, "/hostId", new.host_id).await?;
    let made = new.clone().into_domain(tx.new_id(), || tx.new_id())?;
    known_organisations(tx, &made).await?;
    let stored = programme::insert(tx, made).await?;
    let location = format!("/v1/programmes/{}", stored.value.id);
    Ok(Answer::created(location, stored.version, &view(stored)))
}

/// Read a programme
#[utoipa::path(operation_id = "getProgramme", tag = "Programmes",
    responses((status = 200, description = "The programme", body = Programme)))]
#[get("/programmes/{programmeId}")]
pub(super) async fn get_programme(call: Call<op::GetProgramme>) -> Result<Answer, Problem> {
    let found = programme::find(call.reader(), call.id("programmeId")?).await?.ok_or(Refusal::Hidden)?;
    call.authorise(&Place::of_organisation(found.value.host_id))?;
    Ok(Answer::resource(found.version, &view(found)))
}

/// Where a programme stands.
///
/// # Errors
/// 404 when there is none.
pub(crate) async fn place(source: &impl Source, id: Uuid) -> Result<Place, Failure> {
    let found = programme::find(source, id).await?.ok_or(Refusal::Hidden)?;
    Ok(Place::of_organisation(found.value.host_id))
}

/// Change a programme
///
/// Lists are replaced whole: keep the ids of the pillars, phases and milestones
/// that stay.
#[utoipa::path(operation_id = "updateProgramme", tag = "Programmes", request_body(
    content((ProgrammePatch = "application/merge-patch+json"), (ProgrammePatch = "application/json"))),
    responses((status = 200, description = "Changed", body = Programme)))]
#[patch("/programmes/{programmeId}")]
pub(super) async fn update_programme(call: Call<op::UpdateProgramme>) -> Result<Answer, Problem> {
    let input = (call.id("programmeId")?, call.body()?);
    call.command(input, |tx, (id, merge)| update(tx, *id, merge).boxed()).await
}

async fn update(tx: &Tx, id: Uuid, merge: &Value) -> Result<Answer, Failure> {
    let found = programme::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?;
    tx.authorise(&Place::of_organisation(found.value.host_id)).await?;
    let content: ProgrammeCreate = patch::apply(&ProgrammeCreate::from(found.value.clone()), merge)?;
    let changed = found.value.revised(content.into_domain(id, || tx.new_id())?);
    known_organisations(tx, &changed).await?;
    tx.fresh(found.version)?;
    if programme::pillars_in_use(tx, id, &found.value.pillars_left_out(&changed)).await? {
        return Err(Refusal::Conflict("pillar.in_use").into());
    }
    let stored = programme::save(tx, found.with(changed)).await?;
    Ok(Answer::resource(stored.version, &view(stored)))
}

async fn known_organisations(tx: &Tx, programme: &Domain) -> Result<(), Failure> {
    let at = |list: &str, ids: &[Uuid]| -> Vec<(String, Uuid)> {
        ids.iter().enumerate().map(|(index, id)| (format!("/{list}/{index}"), *id)).collect()
    };
    let mut named = at("partners", &programme.partners);
    named.extend(at("jointControllers", &programme.joint_controllers));
    named.extend(programme.commissioner_id.map(|id| ("/commissionerId".to_owned(), id)));
    Ok(Refusal::unless_clean(organisation::unknown(tx, &named).await?)?)
}
