//! Organisations: parties, each a tenant.

use actix_web::{get, patch, post};
use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use klankbord_domain::organisations::operations as op;
use klankbord_domain::organisations::{ExternalScheme, Organisation as Domain, OrganisationKind};
use klankbord_domain::policy::Place;
use klankbord_domain::{Fault, Refusal};
use klankbord_persistence::organisations::organisation::{self, OrganisationFilter};
use klankbord_persistence::{Failure, Source, Stored, Tx};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::web::page::{Ordering, Paging, page};
use crate::web::patch::{self, patch_of};
use crate::web::{Answer, Call, Problem};

/// A number under which others know an organisation.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExternalId {
    /// Who gave it: CBS (`GM0363`), Logius (OIN), the trade register (`KvK`), Vektis (AGB).
    scheme: ExternalScheme,
    /// The number, written as its scheme writes it.
    #[schema(min_length = 1, max_length = 40, example = "GM0363")]
    value: String,
}

/// What an organisation is made from.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OrganisationCreate {
    /// What kind of party it is.
    kind: OrganisationKind,
    /// The name by which people know it.
    #[schema(min_length = 1, max_length = 200, example = "Gemeente Voorbeeldstad")]
    name: String,
    /// The numbers under which others know it.
    #[serde(default)]
    #[schema(max_items = 20)]
    external_ids: Vec<ExternalId>,
    /// The regions in which it sits: a youth region, a care region, a subsidy region.
    #[serde(default)]
    #[schema(max_items = 50)]
    regions: Vec<Uuid>,
    /// Clients stay here for long (Wmcz 2018 art. 7.1 h–i).
    #[serde(default)]
    long_stay: bool,
    /// Clients stay here day and night (Wmcz 2018 art. 8.1 f).
    #[serde(default)]
    day_and_night_care: bool,
    /// How many people give care here (Wmcz 2018 art. 3.1).
    #[schema(minimum = 0, maximum = 1_000_000)]
    care_givers: Option<i32>,
    /// Its website.
    #[schema(format = "uri", max_length = 500)]
    website: Option<String>,
}

patch_of!(
    /// What to change of an organisation.
    OrganisationPatch of OrganisationCreate
);

/// An organisation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Organisation {
    /// Its id.
    id: Uuid,
    #[serde(flatten)]
    content: OrganisationCreate,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it changed last.
    updated_at: DateTime<Utc>,
    /// The version and digest of this representation, for `If-Match`.
    #[schema(max_length = 100)]
    etag: Option<String>,
}

page!(
    /// A page of organisations.
    OrganisationPage of Organisation
);

/// Which organisations to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct OrganisationQuery {
    /// Only these kinds.
    #[param(max_items = 20)]
    kind: Option<Vec<OrganisationKind>>,
    /// Only those in this region.
    region_id: Option<Uuid>,
}

impl OrganisationCreate {
    fn into_domain(self, id: Uuid) -> Result<Domain, Refusal> {
        let Self { kind, name, external_ids, regions, long_stay, day_and_night_care, care_givers, website } = self;
        let external_ids = external_ids
            .into_iter()
            .map(|id| klankbord_domain::organisations::ExternalId { scheme: id.scheme, value: id.value });
        let external_ids = external_ids.collect();
        let made =
            Domain { id, kind, name, external_ids, regions, long_stay, day_and_night_care, care_givers, website };
        Refusal::unless_clean(made.check())?;
        Ok(made)
    }
}

impl From<Domain> for OrganisationCreate {
    fn from(organisation: Domain) -> Self {
        let Domain { id: _, kind, name, external_ids, regions, long_stay, day_and_night_care, care_givers, website } =
            organisation;
        let external_ids = external_ids.into_iter().map(|id| ExternalId { scheme: id.scheme, value: id.value });
        let external_ids = external_ids.collect();
        Self { kind, name, external_ids, regions, long_stay, day_and_night_care, care_givers, website }
    }
}

fn view(stored: Stored<Domain>) -> Organisation {
    let Stored { value, version: _, created_at, updated_at } = stored;
    Organisation { id: value.id, content: value.into(), created_at, updated_at, etag: None }
}

/// List the organisations
///
/// Who takes part on the side of municipalities, care providers, client
/// organisations and the others.
#[utoipa::path(operation_id = "listOrganisations", tag = "Organisations", params(OrganisationQuery, Paging, Ordering),
    responses((status = 200, description = "A page", body = OrganisationPage)))]
#[get("/organisations")]
pub(super) async fn list_organisations(call: Call<op::ListOrganisations>) -> Result<Answer, Problem> {
    let (query, request) = call.listing::<OrganisationQuery>()?;
    let filter = OrganisationFilter { kinds: query.kind.unwrap_or_default(), region: query.region_id };
    let page = organisation::list(call.reader(), &filter, &request).await?;
    call.page(page.map(view))
}

/// Make an organisation
#[utoipa::path(operation_id = "createOrganisation", tag = "Organisations", request_body = OrganisationCreate,
    responses((status = 201, description = "Made", body = Organisation)))]
#[post("/organisations")]
pub(super) async fn create_organisation(call: Call<op::CreateOrganisation>) -> Result<Answer, Problem> {
    let new: OrganisationCreate = call.body()?;
    call.command(new, |tx, new| create(tx, new).boxed()).await
}

async fn create(tx: &Tx, new: &OrganisationCreate) -> Result<Answer, Failure> {
    tx.authorise(&Place::installation()).await?;
    let made = new.clone().into_domain(tx.new_id())?;
    known_regions(tx, &made).await?;
    let stored = organisation::insert(tx, made).await?;
    let location = format!("/v1/organisations/{}", stored.value.id);
    Ok(Answer::created(location, stored.version, &view(stored)))
}

/// Read an organisation
#[utoipa::path(operation_id = "getOrganisation", tag = "Organisations",
    responses((status = 200, description = "The organisation", body = Organisation)))]
#[get("/organisations/{organisationId}")]
pub(super) async fn get_organisation(call: Call<op::GetOrganisation>) -> Result<Answer, Problem> {
    let found = organisation::find(call.reader(), call.id("organisationId")?).await?.ok_or(Refusal::Hidden)?;
    call.authorise(&Place::of_organisation(found.value.id))?;
    Ok(Answer::resource(found.version, &view(found)))
}

/// Where an organisation stands.
///
/// # Errors
/// 404 when there is none.
pub(crate) async fn place(source: &impl Source, id: Uuid) -> Result<Place, Failure> {
    organisation::find(source, id).await?.ok_or(Refusal::Hidden)?;
    Ok(Place::of_organisation(id))
}

/// Change an organisation
#[utoipa::path(operation_id = "updateOrganisation", tag = "Organisations", request_body(
    content((OrganisationPatch = "application/merge-patch+json"), (OrganisationPatch = "application/json"))),
    responses((status = 200, description = "Changed", body = Organisation)))]
#[patch("/organisations/{organisationId}")]
pub(super) async fn update_organisation(call: Call<op::UpdateOrganisation>) -> Result<Answer, Problem> {
    let input = (call.id("organisationId")?, call.body()?);
    call.command(input, |tx, (id, merge)| update(tx, *id, merge).boxed()).await
}

async fn update(tx: &Tx, id: Uuid, merge: &Value) -> Result<Answer, Failure> {
    let found = organisation::find_to_change(tx, id).await?.ok_or(Refusal::Hidden)?;
    tx.authorise(&Place::of_organisation(id)).await?;
    let content: OrganisationCreate = patch::apply(&OrganisationCreate::from(found.value.clone()), merge)?;
    let changed = content.into_domain(id)?;
    known_regions(tx, &changed).await?;
    tx.fresh(found.version)?;
    let stored = organisation::save(tx, found.with(changed)).await?;
    Ok(Answer::resource(stored.version, &view(stored)))
}

async fn known_regions(tx: &Tx, organisation: &Domain) -> Result<(), Failure> {
    let faults: Vec<Fault> = organisation::unknown_regions(tx, &organisation.regions).await?;
    Ok(Refusal::unless_clean(faults)?)
}
